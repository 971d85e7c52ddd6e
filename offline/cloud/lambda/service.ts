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

/** The part of Lambda that runs functions: Invoke, synchronous or asynchronous, and the calls of a deployment. */
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

  /** @param file records which calls of the deployment were made, for later runs. @default memory */
  constructor(options: FunctionsOptions, file?: string) {
    super(options);
    this.invocations = new Invocations({ functions: this, log: options.log, file });
  }

  /** @throws Error if a debugger is asked for and its port is in use */
  override reconcile(graph: Graph): Promise<Change[]> {
    if (this.options.inspect && !inspector.url()) this.openInspector();
    return super.reconcile(graph);
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
    const clientContext = parse(
      () => readClientContext(request.headers["x-amz-client-context"]),
      "InvalidRequestContentException",
    );
    const tenantId = request.headers["x-amz-tenant-id"]?.toString();
    const mistake = this.tenantMistake(target, tenantId);
    if (mistake) throw new AwsError("InvalidParameterValueException", mistake, 400);
    const caller = { clientContext, tenantId };
    response.setHeader("x-amzn-RequestId", randomUUID());
    const type = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
    if (type === "DryRun") return void response.writeHead(204).end();
    if (type === "Event") {
      void this.invoke(target, event, caller);
      return void response.writeHead(202).end();
    }
    const { requestId, payload: result, error } = await this.invoke(target, event, caller);
    response.writeHead(200, {
      "Content-Type": "application/json",
      "x-amzn-RequestId": requestId,
      "X-Amz-Executed-Version": this.versionOf(target),
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

/** JSON in Base64. */
function readClientContext(header: string | string[] | undefined): unknown {
  return header && JSON.parse(Buffer.from(String(header), "base64").toString());
}
