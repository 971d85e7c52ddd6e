import type { AwsError } from "./awsError";
import type { BodyLimit } from "./body";
import type { PageOptions } from "./page";
import type { Call, Service } from "./service";
import type { Input } from "./types";

/** A request to an operation. */
export interface OperationCall extends Call {
  operation: string;
  input: Input;
  /** The request's id in the answer. */
  requestId: string;
  /** See `paginate` in page.ts. */
  page<T>(all: T[], options?: PageOptions<T>): object;
  /**
   * A message of the stream that is the operation's output.
   * @param type the name of an event or an error among the stream's members, or `initial-response`, which comes first
   */
  event(type: string, content: object): Buffer;
}

/** Declared as a method, so that an operation can state the types of the members that it reads. */
export type Run<State> = { run(state: State, input: Input, call: OperationCall): unknown }["run"];

export interface ServiceOptions {
  /** The name in the signatures of its requests. @default the model's name */
  signingName?: string;
  /** Further models whose operations have the same signing name. @default none */
  models?: string[];
  /** The code of an error for values that the model's constraints forbid. @default the protocol's, `ValidationException` in JSON */
  invalid?: string;
  /**
   * The error for a required member that is missing. With it, the service itself checks the values of the others.
   * @default the model's constraints are checked
   */
  missing?(member: string): AwsError;
  /**
   * Whether input and output are the JSON that is sent, unread and unchecked: for a service that has an implementation
   * of its own. @default false
   */
  raw?: boolean;
  /** Whether callers may also send `application/x-amz-cbor-1.1`, which no model lists. @default false */
  cbor?: boolean;
  /** The largest body. @default 16 MiB */
  limit?: BodyLimit;
  /** The target of a request, if the model does not tell it: S3's bucket may be in the host name. @default its URL */
  urlOf?(call: Call): string;
}

/** A service as it is declared. */
export interface Definition<State extends object> {
  /** The names of its models. */
  models: string[];
  signingName: string;
  operations: Record<string, Run<State>>;
  options: ServiceOptions;
  /** Makes a state answer requests; what else a service has, such as `reconcile`, is the state's own. */
  serve<S extends State>(state: S): S & Required<Pick<Service, "signingNames" | "handle">> & Pick<Service, "limit">;
}
