import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Graph } from "../../../engine/graph";
import { type Answer, sendAnswer } from "../../core/answer";
import { AwsError } from "../../core/awsError";
import { type BodyLimit, readBody } from "../../core/body";
import type { Hosts } from "../../core/hosts";
import type { Identities } from "../../core/iam/identities";
import { Listeners, stablePort } from "../../core/listeners";
import { corsHeaders, preflightHeaders } from "../../core/payload/cors";
import { answerOf } from "../../core/payload/response";
import { printableUrl } from "../../core/printableUrl";
import type { ServedUrl } from "../../core/served";
import { Verifier } from "../../core/signature/verifier";
import { traceOf } from "../../core/trace";
import type { Functions } from "../functions";
import { accessDenied, authorize } from "./authorization";
import { eventFor } from "./event";
import { readUrls, type UrlSettings } from "./settings";
import { streamAnswer } from "./stream";

export interface UrlOptions {
  /** The port of the APIs. With 0, the URLs get any free ports too. */
  port: number;
  functions: Functions;
  /** The host names that the URLs answer to. */
  hosts: Hosts;
  /** Who may sign requests. */
  identities: Identities;
  limit: BodyLimit;
  log(line: string): void;
}

/** Serves the program's function URLs, each on a loopback port of its own, as each has an origin of its own in the cloud. */
export class FunctionUrls {
  /** Which URLs answer every request with an error, and why, one sentence each. */
  problems: string[] = [];
  private urls: UrlSettings[] = [];
  private readonly listeners: Listeners<UrlSettings>;
  private readonly verifier: Verifier;

  constructor(private readonly options: UrlOptions) {
    this.verifier = new Verifier((accessKeyId) => options.identities.keyOf(accessKeyId));
    this.listeners = new Listeners(
      (settings, request, response) => this.answer(settings, request, response),
      options.log,
    );
  }

  /** Switches to the URLs of a graph. Those that stay keep their address. */
  async reconcile(graph: Graph): Promise<void> {
    const { functions, port } = this.options;
    const urls = readUrls(graph);
    this.problems = urls
      .filter(({ functionName, qualifier }) => !functions.find(functionName, qualifier))
      .map(({ name, functionName, qualifier }) => {
        const what = qualifier ? `${functionName}:${qualifier}` : functionName;
        return `function URL ${name} answers 403: the program has no function ${what}`;
      });
    const preferred = (urn: string) => (port === 0 ? 0 : stablePort(urn));
    await this.listeners.reconcile(urls.map((site) => ({ key: site.urn, site, port: preferred(site.urn) })));
    this.urls = urls;
    // Not awaited: a request that arrives sooner waits for its own worker only.
    for (const { functionName } of urls) void functions.warm(functionName);
  }

  get served(): ServedUrl[] {
    return this.urls.flatMap(({ urn, name, functionName, auth, region }) => {
      const url = this.listeners.urlOf(urn);
      return url ? { name, url, functionName, auth, region } : [];
    });
  }

  close(): Promise<void> {
    return this.listeners.close();
  }

  private async answer(settings: UrlSettings, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const requestId = randomUUID();
    const line = `${request.method} ${settings.name} ${printableUrl(request.url)}`;
    const trace = traceOf({ id: requestId, headers: request.headers });
    const answer = await this.serve(settings, request, requestId, trace.received).catch((error: Error) => {
      if (error instanceof AwsError) return refusal(error);
      if (!request.socket.destroyed) this.options.log(`${line} | ${error.message}`);
      return { status: 502, headers: JSON_TYPE, body: "Internal Server Error" };
    });
    const left = request.socket.destroyed;
    if (!left) {
      sendAnswer(response, answer, {
        ...corsHeaders(settings.cors, request),
        "x-amzn-RequestId": requestId,
        "X-Amzn-Trace-Id": trace.returned,
      });
    }
    const outcome = left ? "unanswered, the caller left," : response.statusCode;
    const time = (performance.now() - started).toFixed(1);
    this.options.log(`${line} ${outcome} ${time} ms → ${settings.functionName}`);
  }

  /** @throws AwsError if Lambda itself refuses the request, or Error if the function fails or returns no valid response */
  private async serve(
    settings: UrlSettings,
    request: IncomingMessage,
    requestId: string,
    trace: string,
  ): Promise<Answer> {
    const { verifier } = this;
    const { hosts, identities, functions, limit } = this.options;
    const foreign = hosts.refusal(request);
    if (foreign) throw new AwsError("MisdirectedRequest", foreign, 421);
    const page = hosts.refusalOfPage(request);
    if (page) throw new AwsError("AccessDeniedException", page, 403);
    const preflight = preflightHeaders(settings.cors, request);
    if (preflight) return { status: 200, headers: Object.entries(preflight), body: "" };
    const { functionName, qualifier, auth, id, streams } = settings;
    const target = functions.find(functionName, qualifier);
    if (!target) throw accessDenied();
    const body = await readBody(request, limit);
    const caller = auth === "iam" ? authorize(request, body, settings, { verifier, identities }) : undefined;
    const event = eventFor(request, body, { id, requestId, caller, trace });
    if (Buffer.byteLength(event) > limit.bytes) throw limit.error;
    if (streams) return streamAnswer((onChunk) => functions.invoke(target, event, { requestId, onChunk }));
    const { payload = "null", error, refusal: refused } = await functions.invoke(target, event, { requestId });
    if (error) throw refused ?? new Error("the function failed");
    return answerOf(payload);
  }
}

const JSON_TYPE: Answer["headers"] = [["Content-Type", "application/json"]];

/** An error of Lambda itself. After it, the rest of a body that is too large is not read. */
function refusal({ code, message, status = 400 }: AwsError): Answer {
  const headers: Answer["headers"] = [...JSON_TYPE, ["x-amzn-ErrorType", code]];
  if (status === 413) headers.push(["Connection", "close"]);
  return { status, headers, body: JSON.stringify({ Message: message }) };
}
