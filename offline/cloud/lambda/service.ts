import { randomUUID } from "node:crypto";
import * as inspector from "node:inspector";
import type { Graph } from "../../engine/graph";
import { AwsError, notEmulated } from "../core/awsError";
import type { BodyLimit } from "../core/body";
import { type Call, parse, type Service } from "../core/service";
import type { Change } from "../core/types";
import { Functions, type FunctionsOptions } from "./functions";
import { Invocations } from "./invocations";

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_PAYLOAD_BYTES = 6 * 2 ** 20;
/** Where Node's debuggers look by default. */
const INSPECTOR_PORT = 9229;
const INVOCATIONS = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Lambda, as far as functions are called: by Invoke, waited for or asynchronous, and by the deployment itself. */
export class LambdaService extends Functions implements Service {
  readonly signingNames = ["lambda"];
  readonly limit: BodyLimit = {
    bytes: MAX_PAYLOAD_BYTES,
    error: new AwsError(
      "RequestTooLargeException",
      `Request must be smaller than ${MAX_PAYLOAD_BYTES} bytes for the InvokeFunction operation`,
      413,
    ),
  };
  private readonly invocations: Invocations;
  private inspecting = false;

  /** @param file keeps across runs which calls of the deployment were made; in memory without it */
  constructor(options: FunctionsOptions, file?: string) {
    super(options);
    this.invocations = new Invocations({ functions: this, log: options.log, ...(file && { file }) });
  }

  /** @throws Error when the inspector is wanted and its port is in use */
  override reconcile(graph: Graph): Promise<Change[]> {
    if (this.options.inspect && !inspector.url()) this.openInspector();
    return super.reconcile(graph);
  }

  /** Debuggers see the functions as worker threads of this process. */
  private openInspector(): void {
    inspector.open(INSPECTOR_PORT, "127.0.0.1");
    this.inspecting = inspector.url() !== undefined;
    if (!this.inspecting) throw new Error(`Port ${INSPECTOR_PORT} is in use: end the other process that is debugged`);
  }

  settle(graph: Graph): void {
    this.invocations.reconcile(graph);
  }

  async handle({ request, response, body }: Call): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const reference = request.method === "POST" ? INVOCATIONS.exec(pathname)?.[1] : undefined;
    if (!reference) throw notEmulated("lambda", `lambda ${request.method} ${pathname}`, ", only Invoke");
    const name = parse(() => decodeURIComponent(reference), "ValidationException");
    const target = this.find(name, searchParams.get("Qualifier") ?? undefined);
    if (!target) {
      const message = `Function not found: ${name}. The program has ${this.names.join(", ") || "none"}`;
      throw new AwsError("ResourceNotFoundException", message, 404);
    }
    const event = body.toString() || "{}";
    parse(() => JSON.parse(event), "InvalidRequestContentException");
    response.setHeader("x-amzn-RequestId", randomUUID());
    const type = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
    if (type === "DryRun") return void response.writeHead(204).end();
    if (type === "Event") {
      void this.invoke(target, event);
      return void response.writeHead(202).end();
    }
    const { requestId, payload: result, error } = await this.invoke(target, event);
    response.writeHead(200, {
      "Content-Type": "application/json",
      "x-amzn-RequestId": requestId,
      "X-Amz-Executed-Version": target.qualifier ?? "$LATEST",
      ...(error && { "X-Amz-Function-Error": "Unhandled" }),
    });
    response.end(error ? JSON.stringify(error) : result);
  }

  override async close(): Promise<void> {
    this.invocations.close();
    if (this.inspecting) inspector.close();
    await super.close();
  }
}
