import { randomUUID } from "node:crypto";
import * as inspector from "node:inspector";
import type { Graph } from "../../engine/graph";
import { AwsError } from "../core/awsError";
import type { BodyLimit } from "../core/body";
import { Events } from "../core/events";
import type { Target } from "../core/invoker";
import type { ServedUrl } from "../core/served";
import type { Change } from "../core/types";
import { type AsyncEvent, AsyncInvocations, sizeMistake } from "./asynchronous";
import type { EventSourceMappings } from "./eventSourceMappings";
import { Functions, type FunctionsOptions } from "./functions";
import { Invocations } from "./invocations";
import { FunctionUrls, type UrlOptions } from "./url/functionUrls";

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_PAYLOAD_BYTES = 6 * 2 ** 20;
const TOO_LARGE = new AwsError(
  "RequestEntityTooLargeException",
  `Request must be smaller than ${MAX_PAYLOAD_BYTES} bytes for the InvokeFunction operation`,
  413,
);
/** Where Node's debuggers look by default. */
const INSPECTOR_PORT = 9229;

/** How a request names a function. */
export type Named = { FunctionName: string; Qualifier?: string };

/** The program's functions: Lambda's operations on them, their URLs, and the calls of a deployment. */
export class Lambda extends Functions {
  /** The latest graph; there is one before the first request. */
  graph: Graph | undefined;
  readonly limit: BodyLimit = { bytes: MAX_PAYLOAD_BYTES, error: TOO_LARGE };
  /** Delivers what services emit. */
  readonly events: Events;
  /** Set once they exist: they need the functions. */
  mappings!: EventSourceMappings;
  private readonly asynchronous: AsyncInvocations;
  private readonly invocations: Invocations;
  private readonly urls: FunctionUrls;
  private inspecting = false;

  /** @param file records which calls of the deployment were made, for later runs. @default memory */
  constructor(options: FunctionsOptions & Pick<UrlOptions, "hosts" | "identities" | "port">, file?: string) {
    super(options);
    this.events = new Events({ ...options, invoke: (arn, payload, hops) => this.submitTo(arn, payload, hops) });
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
    this.graph = graph;
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

  /** The function that an invocation names. @throws AwsError if the program does not have it */
  locate({ FunctionName, Qualifier }: Named, region: string): Target {
    try {
      return this.resolve(FunctionName, Qualifier, region, "$LATEST");
    } catch (error) {
      const { message, status } = error as AwsError;
      if (status === 404) this.options.log(`error: ${message}; the program has ${this.names.join(", ") || "none"}`);
      throw error;
    }
  }

  /** Takes an event, which runs in the background. */
  submit(event: AsyncEvent): void {
    this.asynchronous.submit(event);
  }

  /** Invokes a function asynchronously. Returns why it cannot, or undefined. */
  private submitTo(arn: string, payload: string, hops: number): AwsError | undefined {
    const target = this.find(arn);
    if (!target) {
      const message = `the program has no such function; it has ${this.names.join(", ") || "none"}`;
      return new AwsError("ResourceNotFoundException", message);
    }
    const mistake = sizeMistake(payload) ?? this.tenantMistake(target, undefined);
    if (!mistake) this.submit({ target, payload, requestId: randomUUID(), hops });
    return mistake;
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
