import { createHash, randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AwsError, notEmulated } from "./awsError";
import { readBody } from "./body";
import type { Definition, OperationCall } from "./declaration";
import { encodeEvent } from "./eventStream";
import { type Model, membersOf, modelOf, type Operation, shapeOf } from "./model";
import { type PageOptions, paginate } from "./page";
import { cbor } from "./protocol/cbor";
import { ec2 } from "./protocol/ec2";
import { json, rawJson } from "./protocol/json";
import type { Protocol, Received, Sent } from "./protocol/protocol";
import { query } from "./protocol/query";
import { isStreamed } from "./protocol/rest";
import { restJson } from "./protocol/restJson";
import { restXml } from "./protocol/restXml";
import { Malformed } from "./protocol/scalars";
import { type Call, faultOf } from "./service";
import { checkPayload } from "./signature/payload";
import type { Input } from "./types";
import { missingMember, mistakesOf } from "./validate";

const PROTOCOLS: Record<string, Protocol> = { ec2, json, query, "rest-json": restJson, "rest-xml": restXml };

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

/** Answers a request to a declared service. */
export async function answer<State extends object>(
  definition: Definition<State>,
  state: State,
  call: Call,
): Promise<void> {
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
  const requestId = randomUUID();
  let first: Work | undefined;
  for (const one of models) {
    const model = modelOf(one);
    const protocol = protocolOf(model, request, options);
    const name = protocol.operationOf(model, received) ?? "";
    const work = { call, received, model, protocol, name, requestId };
    if (Object.hasOwn(model.operations, name)) return work;
    first ??= work;
  }
  return first as Work;
}

function protocolOf(
  { metadata }: Model,
  { headers }: Call["request"],
  { raw, cbor: hasCbor }: Definition<never>["options"],
): Protocol {
  if (hasCbor && AWS_CBOR.test(headers["content-type"] ?? "")) return cbor;
  if (metadata.awsQueryCompatible && headers["x-amz-target"] === undefined) return query;
  const protocol = raw ? rawJson : PROTOCOLS[metadata.protocol];
  if (!protocol) throw new Error(`The protocol ${metadata.protocol} is not implemented`);
  return protocol;
}

async function perform<State extends object>(definition: Definition<State>, state: State, work: Work): Promise<void> {
  const { call, received, model, protocol, name, requestId } = work;
  const { signingName, operations, options } = definition;
  if (protocol !== cbor && !model.metadata.protocol.startsWith("rest") && isCbor(call.request)) {
    const message = `${signingName} does not read CBOR offline, as its model has no such protocol: use JSON, such as with AWS_CBOR_DISABLE=true`;
    throw new AwsError("UnsupportedMediaTypeException", message, 415);
  }
  const operation = Object.hasOwn(model.operations, name) ? model.operations[name] : undefined;
  if (!operation) throw protocol.unknown(model, received);
  const run = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!run) throw notEmulated(signingName, `${signingName} ${name}`, `, only ${Object.keys(operations).join(", ")}`);
  // The endpoint leaves the bodies of S3, which may be streams.
  if (!call.request.readableEnded && !isStreamed(model, operation.input)) {
    received.body = await readBody(call.request, options.limit);
    checkPayload(call.payload, createHash("sha256").update(received.body));
  }
  const input = readInput(work, operation);
  const fault = faultOf(call.hooks, { service: signingName, operation: name, input, headers: call.request.headers });
  if (fault instanceof AwsError) throw fault;
  if (fault === "throttle") throw new AwsError(protocol.codes.throttled, "Rate exceeded");
  if (fault === "request lost") return void call.response.destroy();
  const missing = options.missing && missingMember(model, operation.input, input);
  if (missing !== undefined) throw options.missing?.(missing);
  const mistakes = options.raw || options.missing ? undefined : mistakesOf(model, operation.input, input);
  if (mistakes !== undefined) throw new AwsError(options.invalid ?? protocol.codes.invalid, mistakes);
  const page = <T>(all: T[], pageOptions: PageOptions<T> = {}) =>
    paginate(model, name, input, all, { invalid: options.invalid ?? protocol.codes.invalid, ...pageOptions });
  const event = eventsOf(work, operation);
  const output = await run(state, input, { ...call, operation: name, input, requestId, page, event });
  if (fault === "answer lost") return void call.response.destroy();
  if (call.response.headersSent) return;
  await send(call, protocol.write(model, operation, name, (output ?? {}) as object, requestId));
}

function readInput({ protocol, model, received }: Work, operation: Operation): Input {
  try {
    return protocol.read(model, operation, received);
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    throw new AwsError(protocol.codes.malformed, problem);
  }
}

/** What is wrong with a request that cannot be read. The messages of the JavaScript engine differ between its versions. */
function problemOf(error: unknown): string | undefined {
  if (error instanceof URIError) return "The path is not valid UTF-8";
  if (error instanceof RangeError) return "The body is nested too deeply";
  return error instanceof Malformed ? error.message : undefined;
}

/** How an operation's events are written. */
function eventsOf({ model, protocol }: Work, { output = { shape: "" } }: Operation): OperationCall["event"] {
  return (type, content) => {
    const streams = membersOf(shapeOf(model, output.shape)).map(({ member }) => shapeOf(model, member.shape));
    const member = streams.flatMap(({ members = {} }) => members[type] ?? [])[0] ?? output;
    const encoded = protocol.encode?.(model, member, content);
    if (!encoded) throw new Error(`Events of the protocol ${model.metadata.protocol} are not implemented`);
    const kind = type.endsWith("Exception") ? "exception" : "event";
    return encodeEvent(type, encoded.contentType, Buffer.from(encoded.body), kind);
  };
}

const AWS_CBOR = /^application\/x-amz-cbor-1\.1/;

/** Whether a body is CBOR, as Kinesis's and Smithy's RPC clients write it. With REST, what is stored may be CBOR. */
function isCbor({ headers }: Call["request"]): boolean {
  return AWS_CBOR.test(headers["content-type"] ?? "") || headers["smithy-protocol"] === "rpc-v2-cbor";
}

function statusOf({ shapes }: Model, { code, status }: AwsError): number {
  const shape = shapes[code];
  return status ?? shape?.error?.httpStatusCode ?? (shape?.fault ? 500 : 400);
}

async function send({ request, response }: Call, { status, headers, body }: Sent): Promise<void> {
  // Discards what is left of the body, so that the connection can be used again.
  request.resume();
  for (const [name, value] of Object.entries(headers)) if (!response.hasHeader(name)) response.setHeader(name, value);
  // Unless the operation has set another one.
  if (response.statusCode === 200) response.statusCode = status;
  if (body instanceof Readable) {
    // A caller that disconnects midway is not an error.
    await pipeline(body, response).catch(() => {});
    return;
  }
  const isBodiless = request.method === "HEAD" || response.statusCode === 204 || response.statusCode === 304;
  if (!response.hasHeader("Content-Length") && !isBodiless)
    response.setHeader("Content-Length", Buffer.byteLength(body));
  response.end(isBodiless ? undefined : body);
}
