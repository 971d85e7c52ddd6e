import type { Answer } from "../../core/answer";
import type { Invoker, Target } from "../../core/invoker";
import { isMap } from "../../core/resources";
import type { Integration } from "../definition/document";
import { headersReturned } from "../request/headers";
import type { BinaryTypes } from "../request/mediaTypes";
import { type GatewayRequest, withDefaults } from "../request/request";
import { Rejection } from "../responses/responses";
import { eventFor } from "./event";

/**
 * Passes the request to a function as a proxy event (payload format 1.0) and turns its result into an answer.
 * @throws Rejection if the function fails or does not return a response
 */
export async function callFunction(
  functions: Invoker,
  target: Target,
  request: GatewayRequest,
  isBinary: BinaryTypes,
): Promise<Answer> {
  const event = eventFor(target, request, isBinary);
  const { payload, error, refusal } = await functions.invoke(target, event, { tenantId: request.tenantId });
  if (error || payload === undefined) throw failureOf(refusal);
  return answerIn(payload, target, request, { acceptsBinary: isBinary(request.headers.accept) });
}

/**
 * The answer for a call that fails: 502 if the function ran, and 500 if Lambda refuses the call.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html
 */
export function failureOf(refusal: Error | undefined): Rejection {
  return new Rejection(refusal ? "INTEGRATION_FAILURE" : "DEFAULT_5XX", "Internal server error");
}

/** How a result is read. */
interface Reading {
  /** Whether the caller takes bytes. @default false */
  acceptsBinary?: boolean;
  /** Whether it is the metadata of a streamed response, which has cookies and no body. @default false */
  metadata?: boolean;
}

/** The answer that a function's result describes. @throws Rejection if it describes none */
export function answerIn(
  result: string,
  target: Target,
  request: GatewayRequest,
  { acceptsBinary = false, metadata = false }: Reading = {},
): Answer {
  try {
    const response: unknown = JSON.parse(result);
    checkResponse(response, metadata);
    return answerOf(response, request, acceptsBinary);
  } catch (failure) {
    throw failure instanceof Rejection ? failure : malformed(target, (failure as Error).message);
  }
}

export function malformed({ name }: Target, why: string): Rejection {
  const explanation = `Malformed Lambda proxy response of ${name}: ${why}`;
  return new Rejection("DEFAULT_5XX", "Internal server error", undefined, explanation);
}

/** Headers that an integration must not set; API Gateway accepts the mapping and fails every request. */
const RESERVED_BY_HTTP = ["content-length", "transfer-encoding"];
const RESERVED_BY_AWS = [...RESERVED_BY_HTTP, "authorization", "connection", "expect", "proxy-authenticate", "te"];

/** Why API Gateway fails every request of an integration that it accepts. */
export function faultOf({ type = "", httpMethod, uri = "", requestParameters = {} }: Integration): string | undefined {
  const isAws = /^aws/i.test(type);
  if (isAws && uri.includes(":lambda:path/") && httpMethod && httpMethod.toUpperCase() !== "POST") {
    return `the integration's httpMethod is ${httpMethod}, but a function is always called with POST`;
  }
  const reserved = isAws ? RESERVED_BY_AWS : /^http/i.test(type) ? RESERVED_BY_HTTP : [];
  const mapped = Object.keys(requestParameters).filter((name) => {
    const [, header = ""] = /^integration\.request\.header\.(.+)$/i.exec(name) ?? [];
    return reserved.includes(header.toLowerCase());
  });
  return mapped.length === 0 ? undefined : `an integration must not map ${mapped.join(", ")}`;
}

interface ProxyResponse {
  statusCode?: number | string | null;
  headers?: Record<string, unknown> | null;
  multiValueHeaders?: Record<string, unknown[]> | null;
  cookies?: unknown[];
  body?: string | number | boolean | null;
  isBase64Encoded?: unknown;
}

const PROPERTIES = ["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"];

/** @throws Error that names every invalid part of the response */
function checkResponse(response: unknown, metadata: boolean): asserts response is ProxyResponse {
  if (!isMap(response)) throw new Error("it is not an object with statusCode, headers and body");
  const { statusCode, headers, multiValueHeaders, cookies, body } = response;
  const problems: string[] = [];
  const unknown = metadata ? [] : Object.keys(response).filter((name) => !PROPERTIES.includes(name));
  if (unknown.length > 0) {
    const cookie = unknown.includes("cookies") ? ' (cookies belong in multiValueHeaders["Set-Cookie"])' : "";
    problems.push(`a REST API does not know ${unknown.join(", ")}, only ${PROPERTIES.join(", ")}${cookie}`);
  }
  if (!isStatus(statusCode ?? 200)) problems.push(`its statusCode is ${JSON.stringify(statusCode)}`);
  if (!isMap(headers ?? {}) || !Object.values(headers ?? {}).every(isScalar)) {
    problems.push("its headers are not an object of texts");
  }
  if (!isMap(multiValueHeaders ?? {}) || !Object.values(multiValueHeaders ?? {}).every(isListOfScalars)) {
    problems.push("its multiValueHeaders are not an object of lists of texts");
  }
  if (metadata && !isListOfScalars(cookies ?? [])) problems.push("its cookies are not a list of texts");
  if (!isScalar(body)) problems.push("its body is not text: pass it through JSON.stringify");
  if (problems.length > 0) throw new Error(problems.join("; "));
}

function isStatus(value: unknown): boolean {
  const status = typeof value === "string" || typeof value === "number" ? Number(value) : Number.NaN;
  return Number.isInteger(status) && status >= 200 && status <= 999;
}

function isScalar(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

function isListOfScalars(value: unknown): boolean {
  return Array.isArray(value) && value.every(isScalar);
}

function answerOf(response: ProxyResponse, request: GatewayRequest, acceptsBinary: boolean): Answer {
  const body = String(response.body ?? "");
  const defaults: Answer["headers"] = [
    ["Content-Type", "application/json"],
    ["X-Amzn-Trace-Id", request.trace.returned],
  ];
  return {
    status: Number(response.statusCode ?? 200),
    headers: withDefaults(defaults, headersReturned(mergeHeaders(response))),
    body: response.isBase64Encoded === true && acceptsBinary ? decode(body) : body,
  };
}

function decode(body: string): Buffer {
  if (!/[^A-Za-z0-9+/=\s]/.test(body)) return Buffer.from(body, "base64");
  const explanation = "its body is not base64, although isBase64Encoded is true";
  throw new Rejection("API_CONFIGURATION_ERROR", "Internal server error", undefined, explanation);
}

/**
 * A name in both maps gets its values of the multi-value map, then its single value if that is not among them. There can
 * only be one Content-Type.
 */
function mergeHeaders({ headers, multiValueHeaders, cookies }: ProxyResponse): Answer["headers"] {
  const lists: [string, unknown[]][] = Object.entries(multiValueHeaders ?? {});
  if (cookies) lists.push(["Set-Cookie", cookies]);
  const multiple = lists.flatMap(([name, values]) => values.map((value): [string, string] => [name, String(value)]));
  const isAmong = (name: string, value: string) =>
    multiple.some(
      ([other, its]) => other.toLowerCase() === name.toLowerCase() && (its === value || /^content-type$/i.test(name)),
    );
  const single = Object.entries(headers ?? {})
    .map(([name, value]): [string, string] => [name, String(value)])
    .filter(([name, value]) => !isAmong(name, value));
  return [...multiple, ...single];
}
