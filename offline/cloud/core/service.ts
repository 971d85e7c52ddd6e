import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Graph } from "../../engine/graph";
import type { AwsError } from "./awsError";
import type { BodyLimit } from "./body";
import type { Payload } from "./signature/payload";
import type { Change, Input, Scope } from "./types";

/** A service of the cloud: what it takes from a program's graph, and the requests that it answers. */
export interface Service {
  /** The signing names of the requests that it answers. */
  readonly signingNames?: readonly string[];
  /** The largest body that it accepts. @default 16 MiB */
  readonly limit?: BodyLimit;
  /** Answers a request. @throws AwsError if the API would refuse the request */
  handle?(call: Call): void | Promise<void>;
  /** Answers a request that nobody has to sign. Returns whether it is one. */
  handleUnsigned?(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** Takes over its part of a graph, and returns what changed. */
  reconcile?(graph: Graph): Change[] | Promise<Change[]>;
  /** Starts background work, once every service has taken over the graph. */
  settle?(graph: Graph): void;
  /** Why some of the program is not served, one sentence each. */
  readonly problems?: string[];
  close?(): void | Promise<void>;
}

/** A request that is signed for a service. */
export interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  scope: Scope;
  /** The whole body; empty for S3, which reads it as a stream. */
  body: Buffer;
  payload: Payload;
  /** Run before each operation, in this order. */
  hooks: readonly Hook[];
}

/** A failure of a call: it is refused, throttled, or its connection breaks before or after the work is done. */
export type Fault = AwsError | "throttle" | "request lost" | "answer lost";

/** Runs before each operation: takes note of it, or makes it fail. */
export type Hook = (call: {
  /** The service's signing name. */
  service: string;
  operation: string;
  input: Input;
  headers: IncomingHttpHeaders;
}) => Fault | undefined;

/** The first fault that the hooks want. */
export function faultOf(hooks: readonly Hook[], call: Parameters<Hook>[0]): Fault | undefined {
  return hooks.map((hook) => hook(call)).find((fault) => fault !== undefined);
}

/** The content type of the JSON 1.1 protocol, whose operation is in the header X-Amz-Target. */
export const JSON_1_1 = "application/x-amz-json-1.1";

/** The operation in the header X-Amz-Target, such as `ListSteps` of `ElasticMapReduce.ListSteps`. */
export function targetOf({ headers }: { headers: IncomingHttpHeaders }): string {
  return String(headers["x-amz-target"] ?? "").replace(/^.*\./, "");
}
