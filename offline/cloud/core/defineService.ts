import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AwsError, notEmulated } from "./awsError";
import type { BodyLimit } from "./body";
import { type Model, modelOf, type Operation } from "./model";
import { type PageOptions, paginate } from "./page";
import { json, rawJson } from "./protocol/json";
import type { Protocol, Received, Sent } from "./protocol/protocol";
import { query } from "./protocol/query";
import { restJson } from "./protocol/restJson";
import { restXml } from "./protocol/restXml";
import { Malformed } from "./protocol/scalars";
import { type Call, faultOf, type Service } from "./service";
import type { Input } from "./types";
import { mistakesOf } from "./validate";

/** A request to an operation. */
export interface OperationCall extends Call {
  operation: string;
  input: Input;
  /** The request's id in the answer. */
  requestId: string;
  /** See {@link paginate}. */
  page<T>(all: T[], options?: PageOptions<T>): object;
}

/** Declared as a method, so that an operation can state the types of the members that it reads. */
type Run<State> = { run(state: State, input: Input, call: OperationCall): unknown }["run"];

export interface ServiceOptions {
  /** The name in the signatures of its requests. @default the model's name */
  signingName?: string;
  /** Further models whose operations have the same signing name. @default none */
  models?: string[];
  /** The code of an error for values that the model's constraints forbid. @default the protocol's, `ValidationException` in JSON */
  invalid?: string;
  /** The code of an error for a request that cannot be read. @default the protocol's, `SerializationException` in JSON */
  malformed?: string;
  /** Whether the constraints of the model are checked. @default true */
  validate?: boolean;
  /**
   * Whether input and output are the JSON that is sent, unread and unchecked: for a service that has an implementation
   * of its own. @default false
   */
  raw?: boolean;
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

/**
 * Declares an emulated service: its operations, one function each, over a state. AWS's own model of the service does
 * the rest: it finds the operation, reads and checks the input, writes the answer or the error.
 *
 *     export const logs = defineService<JobLogs>("logs", {
 *       GetLogEvents: (logs, { logStreamName }: { logStreamName: string }) => ({ events: logs.read(logStreamName) }),
 *     });
 *     const service = logs.serve(new JobLogs());
 *
 * To add a service: declare it, add it to `offline/cloud/definitions.ts`, and run `npm run models`, which writes
 * `core/models/NAME.json` from botocore with exactly the operations that are declared. The model is read with the first
 * request.
 *
 * **Input** is what the model says, by the names of its members, wherever the protocol had them (body, path, query or
 * headers): types, required members, ranges, lengths, patterns and enums have been checked, and the caller has got
 * AWS's error with all mistakes. So an operation states the types of the members that it reads (as a type, since
 * TypeScript does not take an interface for it). Times are milliseconds since 1970, blobs are Buffers, absent members and
 * nulls are undefined, and members that the model does not know are gone.
 *
 * **Output** is an object with the members of the model: times as milliseconds, blobs as Buffers; undefined, null and
 * whatever the model does not know are left out. Members may be headers or the status, as the model says. `undefined`
 * stands for an empty output. It may be a promise.
 *
 * **Errors**: throw `new AwsError(code, message)`. Status and form are the model's; further members of the error's
 * document, or another status, are arguments. Any other exception becomes the service's internal error.
 *
 * **Lists**: `return call.page(all, { show, positionOf, most })` answers with one page and its token, by the model's
 * paginator.
 *
 * **Streams and other special cases**: `call` has the raw request and response. A blob that the model streams is not
 * read (for S3, `call.request` is the stream; `call.payload` verifies it); in the output it may be a Readable, Buffer or
 * text. Headers that the operation sets on `call.response` are kept; if it has begun to answer by itself, nothing more is sent.
 *
 * Operations that the model has and that are not declared answer `NotEmulated`, others with AWS's error for unknown
 * ones. The endpoint's hooks run after the input has been read, and before it is checked.
 *
 * A service whose code is there only when a program needs it is served in `lazyService`. A resource of a model whose
 * bounds are missing gets them from `core/models/NAME.extras.json`: `{ "shapes": { "Name": { "max": 10 } } }`.
 * @param name of the service's folder in botocore, such as `emr-serverless`
 */
export function defineService<State extends object>(
  name: string,
  operations: Record<string, Run<State>>,
  options: ServiceOptions = {},
): Definition<State> {
  const { signingName = name, models = [], limit } = options;
  const definition: Definition<State> = {
    models: [name, ...models],
    signingName,
    operations,
    options,
    serve: (state) =>
      Object.assign(state, {
        signingNames: [signingName],
        limit,
        handle: (call: Call) => answer(definition, state, call),
      }),
  };
  return definition;
}

const PROTOCOLS: Record<string, Protocol> = { json, query, "rest-json": restJson, "rest-xml": restXml };

/** A request, and what is known of it. */
interface Work {
  call: Call;
  received: Received;
  model: Model;
  protocol: Protocol;
  /** The operation that is asked for. */
  name: string;
  requestId: string;
}

async function answer<State extends object>(definition: Definition<State>, state: State, call: Call): Promise<void> {
  const work = workOf(definition, call);
  const { model, protocol, requestId } = work;
  try {
    await perform(definition, state, work);
  } catch (thrown) {
    if (call.response.headersSent) throw thrown;
    const { message } = thrown as Error;
    const error = thrown instanceof AwsError ? thrown : new AwsError(protocol.codes.internal, message, 500);
    await send(call, protocol.refuse(model, error, statusOf(model, error), requestId));
  }
}

/** The first of the service's models is the one of operations that none of them has. */
function workOf({ models, options }: Definition<never>, call: Call): Work {
  const { request, body } = call;
  const received = { request, url: options.urlOf?.(call) ?? request.url ?? "/", body };
  const all = models.map((one): Work => {
    const model = modelOf(one);
    const protocol = options.raw ? rawJson : PROTOCOLS[model.metadata.protocol];
    if (!protocol) throw new Error(`The protocol ${model.metadata.protocol} is not implemented`);
    const name = protocol.operationOf(model, received) ?? "";
    return { call, received, model, protocol, name, requestId: randomUUID() };
  });
  return all.find(({ model, name }) => Object.hasOwn(model.operations, name)) ?? (all[0] as Work);
}

async function perform<State extends object>(definition: Definition<State>, state: State, work: Work): Promise<void> {
  const { call, received, model, protocol, name, requestId } = work;
  const { signingName, operations, options } = definition;
  const operation = Object.hasOwn(model.operations, name) ? model.operations[name] : undefined;
  if (!operation) throw protocol.unknown(model, received);
  const run = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!run) throw notEmulated(signingName, `${signingName} ${name}`, `, only ${Object.keys(operations).join(", ")}`);
  const input = readInput(work, operation, options);
  const fault = faultOf(call.hooks, { service: signingName, operation: name, input, headers: call.request.headers });
  if (fault instanceof AwsError) throw fault;
  if (fault === "throttle") throw new AwsError(protocol.codes.throttled, "Rate exceeded");
  if (fault === "request lost") return void call.response.destroy();
  const isChecked = options.validate !== false && !options.raw;
  const mistakes = isChecked ? mistakesOf(model, operation.input, input) : undefined;
  if (mistakes !== undefined) throw new AwsError(options.invalid ?? protocol.codes.invalid, mistakes);
  const page = <T>(all: T[], pageOptions: PageOptions<T> = {}) => paginate(model, name, input, all, pageOptions);
  const output = await run(state, input, { ...call, operation: name, input, requestId, page });
  if (fault === "answer lost") return void call.response.destroy();
  if (call.response.headersSent) return;
  await send(call, protocol.write(model, operation, name, (output ?? {}) as object, requestId));
}

function readInput({ protocol, model, received }: Work, operation: Operation, { malformed }: ServiceOptions): Input {
  try {
    return protocol.read(model, operation, received);
  } catch (error) {
    // A RangeError is a document that is nested too deeply.
    if (!(error instanceof Malformed || error instanceof URIError || error instanceof RangeError)) throw error;
    throw new AwsError(malformed ?? protocol.codes.malformed, error.message);
  }
}

function statusOf({ shapes }: Model, { code, status }: AwsError): number {
  const shape = shapes[code];
  return status ?? shape?.error?.httpStatusCode ?? (shape?.fault ? 500 : 400);
}

async function send({ request, response }: Call, { status, headers, body }: Sent): Promise<void> {
  // Discards what is left of the body, so that the connection can be used again.
  request.resume();
  for (const [name, value] of Object.entries(headers)) if (!response.hasHeader(name)) response.setHeader(name, value);
  response.statusCode = status;
  if (body instanceof Readable) {
    // A caller that disconnects midway is not an error.
    await pipeline(body, response).catch(() => {});
    return;
  }
  const isBodiless = request.method === "HEAD" || status === 204 || status === 304;
  if (!response.hasHeader("Content-Length") && !isBodiless)
    response.setHeader("Content-Length", Buffer.byteLength(body));
  response.end(isBodiless ? undefined : body);
}
