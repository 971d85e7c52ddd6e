import { AwsError } from "../awsError";
import { type Member, type Model, shapeOf } from "../model";
import { isMap } from "../resources";
import type { Input } from "../types";
import type { Protocol } from "./protocol";
import { Malformed } from "./scalars";
import { readTree, writeTree } from "./tree";

/** The codes that services speaking JSON share. */
export const jsonCodes = {
  internal: "InternalFailure",
  throttled: "ThrottlingException",
  invalid: "ValidationException",
  malformed: "SerializationException",
};

/** How bodies are written. */
interface Codec {
  contentType(model: Model): string;
  /** @throws Malformed */
  parse(body: Buffer): unknown;
  print(value: unknown): string | Buffer;
  /** Whether blobs and times have types of their own, which are Uint8Array and Date. */
  isNative: boolean;
}

/** A protocol with the operation in the header X-Amz-Target, and one object each way. */
export function targetProtocol({ contentType, parse, print, isNative }: Codec): Protocol {
  const headersOf = headersWith(contentType);
  return {
    codes: jsonCodes,
    operationOf: ({ metadata }, { request }) => {
      const [, prefix, name] = /^(.*)\.(.*)$/.exec(String(request.headers["x-amz-target"] ?? "")) ?? [];
      return prefix === metadata.targetPrefix ? name : undefined;
    },
    unknown: () => new AwsError("UnknownOperationException", ""),
    read: (model, { input }, { body }) => {
      const value = parse(body);
      return input === undefined ? {} : (readTree(model, input, value) as Input);
    },
    write: (model, { output }, _, value, requestId) => {
      const body = output === undefined ? "" : print(writeTree(model, output, value, isNative));
      return { status: 200, headers: headersOf(model, requestId), body };
    },
    refuse: (model, error, status, requestId) => {
      const body = print({ __type: error.code, ...errorMembers(model, error) });
      return { status, headers: { ...headersOf(model, requestId), ...queryError(model, error, status) }, body };
    },
    encode: (model, member, value) => ({
      contentType: contentType(model),
      body: print(writeTree(model, member, value, isNative)),
    }),
  };
}

const jsonType = ({ metadata }: Model) => `application/x-amz-json-${metadata.jsonVersion}`;
const headersOf = headersWith(jsonType);

export const json = targetProtocol({
  contentType: jsonType,
  parse: (body) => parseJson(body),
  print: (value) => JSON.stringify(value),
  isNative: false,
});

/**
 * The code of the error in the query protocol, by which SDKs know it where a service has moved on to JSON.
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html (aws.protocols#awsQueryCompatible)
 */
function queryError({ metadata, shapes }: Model, { code }: AwsError, status: number): Record<string, string> {
  if (!metadata.awsQueryCompatible) return {};
  const type = status < 500 ? "Sender" : "Receiver";
  return { "x-amzn-query-error": `${shapes[code]?.error?.code ?? code};${type}` };
}

/**
 * The same, with input and output as they are on the wire. The members of an error with a `__type` among them are its
 * whole document. The errors of the protocol itself have the namespaces of AWS's framework.
 */
export const rawJson: Protocol = {
  ...json,
  codes: {
    internal: "com.amazon.coral.service#InternalFailure",
    throttled: "com.amazon.coral.availability#ThrottlingException",
    invalid: "com.amazon.coral.validate#ValidationException",
    malformed: "com.amazon.coral.service#SerializationException",
  },
  unknown: () => new AwsError("com.amazon.coral.service#UnknownOperationException", ""),
  read: (_, __, { body }) => {
    const value = body.length > 0 ? parseJson(body) : undefined;
    if (!isMap(value)) throw new Malformed("Start of structure or map expected");
    return value;
  },
  write: (model, _, __, value, requestId) => ({
    status: 200,
    headers: headersOf(model, requestId),
    body: JSON.stringify(value),
  }),
  refuse: (model, error, status, requestId) =>
    "__type" in error.members
      ? { status, headers: headersOf(model, requestId), body: JSON.stringify(error.members) }
      : json.refuse(model, error, status, requestId),
};

function headersWith(contentType: Codec["contentType"]) {
  return (model: Model, requestId: string) => ({ "Content-Type": contentType(model), "x-amzn-RequestId": requestId });
}

/**
 * An empty body is an empty object.
 * @param problem the error's message. @default none, as DynamoDB and the services like it answer
 * @throws Malformed
 */
export function parseJson(body: Buffer, problem = ""): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new Malformed(problem);
  }
}

/** The members of an error's document: its message, under the name that the model gives it, and its further members. */
export function errorMembers(model: Model, { code, message, members }: AwsError): object {
  const shape = model.shapes[code];
  const name = Object.keys(shape?.members ?? {}).find((one) => one.toLowerCase() === "message") ?? "message";
  return { ...(message && { [name]: message }), ...members };
}

/** The member that is the whole body, with its name. */
export function payloadOf(model: Model, of: Member | undefined): { name: string; member: Member } | undefined {
  const { payload, members = {} } = of ? shapeOf(model, of.shape) : {};
  const member = payload === undefined ? undefined : members[payload];
  return payload === undefined || !member ? undefined : { name: payload, member };
}
