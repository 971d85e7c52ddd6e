import { hash, randomUUID } from "node:crypto";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { Graph } from "../../../engine/graph";
import { type Answer, sendAnswer } from "../../core/answer";
import { AwsError } from "../../core/awsError";
import { type BodyLimit, readBody } from "../../core/body";
import type { Hosts } from "../../core/hosts";
import { Verifier } from "../../core/signature/verifier";
import type { Credentials } from "../../core/types";
import { answerUnreadable } from "../../core/unreadable";
import type { Functions } from "../functions";
import { accessDenied, authorize } from "./authorization";
import { corsHeaders, preflightHeaders } from "./cors";
import { eventOf } from "./event";
import { answerOf } from "./response";
import { readUrls, type UrlSettings } from "./settings";
import { streamAnswer } from "./stream";

export interface UrlOptions {
  /** The port of the APIs. With 0, the URLs get any free ports too. */
  port: number;
  functions: Functions;
  /** The host names that it answers to. */
  hosts: Hosts;
  credentials: Credentials;
  limit: BodyLimit;
  log(line: string): void;
}

/** A function URL as it is served. */
export interface ServedUrl {
  name: string;
  /** With a trailing slash, as in the cloud. */
  url: string;
  functionName: string;
  auth: "iam" | "none";
  /** The region that its callers sign for. */
  region: string;
}

interface Listener {
  settings: UrlSettings;
  server: http.Server;
}

/** A URL keeps its port across runs: one of these, unless something else listens there. */
const FIRST_PORT = 20_000;
const PORTS = 10_000;

/** Serves the program's function URLs, each on a loopback port of its own, as each has an origin of its own in the cloud. */
export class FunctionUrls {
  /** Why some of them answer every request with an error, one sentence each. */
  problems: string[] = [];
  private readonly listeners = new Map<string, Listener>();
  private readonly verifier: Verifier;

  constructor(private readonly options: UrlOptions) {
    this.verifier = new Verifier(options.credentials);
  }

  /** Switches to the URLs of a graph. Those that stay keep their address. */
  async reconcile(graph: Graph): Promise<void> {
    const next = readUrls(graph);
    const { functions } = this.options;
    this.problems = next
      .filter(({ functionName, qualifier }) => !functions.find(functionName, qualifier))
      .map(({ name, functionName, qualifier }) => {
        const what = qualifier ? `${functionName}:${qualifier}` : functionName;
        return `function URL ${name} answers 403: the program has no function ${what}`;
      });
    const urns = new Set(next.map(({ urn }) => urn));
    for (const [urn, listener] of this.listeners) if (!urns.has(urn)) await this.end(urn, listener);
    for (const settings of next) {
      const listener = this.listeners.get(settings.urn);
      if (listener) listener.settings = settings;
      else this.listeners.set(settings.urn, await this.listen(settings));
      // Not awaited: a request that arrives sooner waits for its own worker only.
      void functions.warm(settings.functionName);
    }
  }

  get served(): ServedUrl[] {
    return [...this.listeners.values()].map(({ settings: { name, functionName, auth, region }, server }) => {
      const { port } = server.address() as AddressInfo;
      return { name, url: `http://127.0.0.1:${port}/`, functionName, auth, region };
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.listeners].map(([urn, listener]) => this.end(urn, listener)));
  }

  private async listen(settings: UrlSettings): Promise<Listener> {
    const server = http.createServer((request, response) => void this.answer(listener, request, response));
    const listener: Listener = { settings, server };
    answerUnreadable(server, this.options.log);
    const digest = Number.parseInt(hash("sha256", settings.urn).slice(0, 8), 16);
    const port = this.options.port === 0 ? 0 : FIRST_PORT + (digest % PORTS);
    await once(server.listen(port, "127.0.0.1"), "listening").catch(() =>
      once(server.listen(0, "127.0.0.1"), "listening"),
    );
    return listener;
  }

  private async end(urn: string, { server }: Listener): Promise<void> {
    this.listeners.delete(urn);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private async answer({ settings }: Listener, request: http.IncomingMessage, response: http.ServerResponse) {
    const started = performance.now();
    const requestId = randomUUID();
    const line = `${request.method} ${settings.name} ${pathOf(request)}`;
    const answer = await this.serve(settings, request, requestId).catch((error: Error) => {
      if (error instanceof AwsError) return refusal(error);
      if (!request.socket.destroyed) this.options.log(`${line} | ${error.message}`);
      return { status: 502, headers: JSON_TYPE, body: "Internal Server Error" };
    });
    const left = request.socket.destroyed;
    if (!left) {
      sendAnswer(response, answer, { ...corsHeaders(settings.cors, request), "x-amzn-RequestId": requestId });
    }
    const outcome = left ? "unanswered, the caller left," : response.statusCode;
    const time = (performance.now() - started).toFixed(1);
    this.options.log(`${line} ${outcome} ${time} ms → ${settings.functionName}`);
  }

  /** @throws AwsError for an answer of Lambda itself, or Error that says why the function's is none */
  private async serve(settings: UrlSettings, request: http.IncomingMessage, requestId: string): Promise<Answer> {
    const { hosts, functions, limit } = this.options;
    const foreign = hosts.refusal(request);
    if (foreign) throw new AwsError("MisdirectedRequest", foreign, 421);
    const page = hosts.refusalOfPage(request);
    if (page) throw new AwsError("AccessDeniedException", page, 403);
    const preflight = preflightHeaders(settings.cors, request);
    if (preflight) return { status: 200, headers: Object.entries(preflight), body: "" };
    const { functionName, qualifier, auth, region, id, streams } = settings;
    const target = functions.find(functionName, qualifier);
    if (!target) throw accessDenied();
    const body = await readBody(request, limit);
    const caller = auth === "iam" ? authorize(request, body, region, this.verifier) : undefined;
    const event = eventOf(request, body, { id, requestId, caller });
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

/** For the log: without the query, which may have a signature, and without what a terminal may take for a command. */
function pathOf({ url = "/" }: http.IncomingMessage): string {
  return url.replace(/\?.*/s, "").replace(/[^\x20-\x7e]/g, encodeURIComponent);
}
