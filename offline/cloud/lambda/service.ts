import { randomUUID } from "node:crypto";
import * as inspector from "node:inspector";
import type { Graph } from "../../engine/graph";
import { AwsError, notEmulated } from "../core/awsError";
import type { BodyLimit } from "../core/body";
import { Events } from "../core/events";
import type { Target } from "../core/invoker";
import type { Call, Service } from "../core/service";
import type { Change } from "../core/types";
import { AsyncInvocations } from "./asynchronous";
import { encodeEvent } from "./eventStream";
import { type Caller, Functions, type FunctionsOptions, type Result } from "./functions";
import { Invocations } from "./invocations";
import { type InvokeRequest, readInvokeRequest, sizeMistake } from "./invokeRequest";
import { LogTail } from "./logTail";
import { FunctionUrls, type ServedUrl, type UrlOptions } from "./url/functionUrls";

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_PAYLOAD_BYTES = 6 * 2 ** 20;
const TOO_LARGE = new AwsError(
  "RequestEntityTooLargeException",
  `Request must be smaller than ${MAX_PAYLOAD_BYTES} bytes for the InvokeFunction operation`,
  413,
);
/** Where Node's debuggers look by default. */
const INSPECTOR_PORT = 9229;

/** The part of Lambda that runs functions: Invoke in all its forms, function URLs, and the calls of a deployment. */
export class LambdaService extends Functions implements Service {
  readonly signingNames = ["lambda"];
  readonly limit: BodyLimit = { bytes: MAX_PAYLOAD_BYTES, error: TOO_LARGE };
  private readonly events: Events;
  private readonly asynchronous: AsyncInvocations;
  private readonly invocations: Invocations;
  private readonly urls: FunctionUrls;
  private inspecting = false;

  /** @param file records which calls of the deployment were made, for later runs. @default memory */
  constructor(options: FunctionsOptions & Pick<UrlOptions, "hosts" | "port">, file?: string) {
    super(options);
    this.events = new Events({ ...options, invoke: (arn, payload, hops) => this.submit(arn, payload, hops) });
    this.asynchronous = new AsyncInvocations({
      events: this.events,
      invoke: (target, payload, caller) => this.invoke(target, payload, caller),
      modelOf: (name) => this.modelOf(name),
    });
    this.invocations = new Invocations({ functions: this, log: options.log, file });
    this.urls = new FunctionUrls({ ...options, limit: this.limit, functions: this });
  }

  /** @throws Error if a debugger is asked for and its port is in use */
  override async reconcile(graph: Graph): Promise<Change[]> {
    if (this.options.inspect && !inspector.url()) this.openInspector();
    const changes = await super.reconcile(graph);
    await this.urls.reconcile(graph);
    return changes;
  }

  /** The function URLs, with the address of each. */
  get servedUrls(): ServedUrl[] {
    return this.urls.served;
  }

  override get problems(): string[] {
    return [...super.problems, ...this.urls.problems];
  }

  /** To a debugger, the functions are worker threads of this process. */
  private openInspector(): void {
    inspector.open(INSPECTOR_PORT, "127.0.0.1");
    this.inspecting = inspector.url() !== undefined;
    if (!this.inspecting)
      throw new Error(`Port ${INSPECTOR_PORT} is in use: stop the other process that is being debugged`);
  }

  settle(graph: Graph): void {
    this.invocations.reconcile(graph);
  }

  async handle(call: Call): Promise<void> {
    const { request, response, scope } = call;
    const asked = readInvokeRequest(call);
    if (!asked) {
      const { pathname } = new URL(request.url ?? "/", "http://localhost");
      throw notEmulated("lambda", `lambda ${request.method} ${pathname}`, ", only Invoke and InvokeWithResponseStream");
    }
    const { type, payload, requestId, clientContext, tenantId, streams } = asked;
    const target = this.targetOf(asked, scope.region);
    const mistake = this.tenantMistake(target, tenantId);
    if (mistake) throw mistake;
    response.setHeader("x-amzn-RequestId", requestId);
    if (type === "DryRun") return void response.writeHead(204).end();
    if (type === "Event") {
      this.asynchronous.submit({ target, payload, requestId, caller: { clientContext, tenantId } });
      return void response.writeHead(202).end();
    }
    await (streams ? this.stream(target, asked, response) : this.answer(target, asked, response));
  }

  /** The function that a request names. @throws AwsError if the program does not have it */
  private targetOf({ reference, qualifier }: InvokeRequest, region: string): Target {
    try {
      return this.resolve(reference, qualifier, region);
    } catch (error) {
      const { message, status } = error as AwsError;
      if (status === 404) this.options.log(`error: ${message}; the program has ${this.names.join(", ") || "none"}`);
      throw error;
    }
  }

  private async answer(target: Target, asked: InvokeRequest, response: Call["response"]): Promise<void> {
    const { result, log } = await this.run(target, asked);
    const { payload, error, version } = result;
    response.writeHead(200, {
      "Content-Type": "application/json",
      "X-Amz-Executed-Version": version,
      ...(error && { "X-Amz-Function-Error": "Unhandled" }),
      ...(log !== undefined && { "X-Amz-Log-Result": log }),
    });
    response.end(error ? JSON.stringify(error) : payload);
  }

  /** Sends the response as an event stream while the handler writes it. A handler that returns it is one piece. */
  private async stream(target: Target, asked: InvokeRequest, response: Call["response"]): Promise<void> {
    const version = this.versionOf(target);
    response.setHeader("Content-Type", "application/vnd.amazon.eventstream");
    response.setHeader("X-Amz-Executed-Version", version);
    const send = (chunk: Uint8Array) =>
      void response.write(encodeEvent("PayloadChunk", "application/octet-stream", chunk));
    const { result, log } = await this.run(target, asked, { version, onChunk: send });
    const { payload, error } = result;
    if (payload !== undefined) send(Buffer.from(payload));
    const end = {
      ...(error && { ErrorCode: error.errorType, ErrorDetails: JSON.stringify(error) }),
      ...(log !== undefined && { LogResult: log }),
    };
    response.end(encodeEvent("InvokeComplete", "application/json", Buffer.from(JSON.stringify(end))));
  }

  /** @throws AwsError if Lambda refuses the call */
  private async run(
    target: Target,
    { payload, requestId, clientContext, tenantId, tail }: InvokeRequest,
    caller: Caller = {},
  ): Promise<{ result: Result; log?: string }> {
    const model = this.modelOf(target.name);
    const log = tail && model ? new LogTail(requestId, model) : undefined;
    const onOutput = log && ((text: string, level?: string) => log.add(text, level));
    const result = await this.invoke(target, payload, {
      ...caller,
      requestId,
      clientContext,
      tenantId,
      onOutput,
    });
    if (result.refusal) throw result.refusal;
    return { result, log: log?.finish(result) };
  }

  /** Invokes a function asynchronously. Returns why it cannot, or undefined. */
  private submit(arn: string, payload: string, hops: number): string | undefined {
    const target = this.find(arn);
    if (!target) return `the program has no such function; it has ${this.names.join(", ") || "none"}`;
    const mistake = sizeMistake(payload) ?? this.tenantMistake(target, undefined);
    if (!mistake) this.asynchronous.submit({ target, payload, requestId: randomUUID(), hops });
    return mistake?.message;
  }

  override async close(): Promise<void> {
    this.invocations.close();
    this.asynchronous.close();
    this.events.close();
    await this.urls.close();
    if (this.inspecting) inspector.close();
    await super.close();
  }
}
