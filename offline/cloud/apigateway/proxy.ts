import { validateHeaderName, validateHeaderValue } from "node:http";
import type { Invoker, Target } from "../core/invoker";
import { isMap } from "../core/resources";
import type { BinaryTypes } from "./mediaTypes";
import { contextOf, type GatewayAnswer, type GatewayRequest, withDefaults } from "./request";
import { Rejection } from "./responses";

/** Hop-by-hop headers, which API Gateway does not pass on. */
const CONNECTION_HEADERS = new Set([
  "connection",
  "expect",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html */
const REMAPPED_HEADERS = new Set(["connection", "date", "server", "upgrade", "www-authenticate"]);
const DROPPED_HEADERS = new Set(["content-length", "transfer-encoding"]);

/** Lambda's limit, which is lower than API Gateway's. */
const MAX_EVENT_BYTES = 6 * 2 ** 20;

/**
 * Passes the request to a function as a proxy event (payload format 1.0) and turns its result into an answer.
 * @throws Rejection if the function fails or does not return a response
 */
export async function callFunction(
  functions: Invoker,
  target: Target,
  request: GatewayRequest,
  isBinary: BinaryTypes,
): Promise<GatewayAnswer> {
  const event = eventFor(target, request, isBinary);
  const { payload, error } = await functions.invoke(target, event, { tenantId: request.tenantId });
  if (error || payload === undefined) throw new Rejection("DEFAULT_5XX", "Internal server error");
  return answerIn(payload, target, isBinary(request.headers.accept));
}

/** The event, as JSON, with which the request is passed to a function. @throws Rejection if it is too large */
export function eventFor(target: Target, request: GatewayRequest, isBinary: BinaryTypes): string {
  const event = JSON.stringify(eventOf(request, isBinary(request.headers["content-type"])));
  if (Buffer.byteLength(event) > MAX_EVENT_BYTES) throw new Rejection("REQUEST_TOO_LARGE", "Request Too Long");
  request.invoked = target.name;
  return event;
}

/** The answer that a function's result describes. @throws Rejection if it describes none */
export function answerIn(result: string, target: Target, acceptsBinary = false): GatewayAnswer {
  try {
    return answerOf(JSON.parse(result), acceptsBinary);
  } catch (failure) {
    throw malformed(target, (failure as Error).message);
  }
}

export function malformed({ name }: Target, why: string): Rejection {
  const explanation = `Malformed Lambda proxy response of ${name}: ${why}`;
  return new Rejection("DEFAULT_5XX", "Internal server error", undefined, explanation);
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
function eventOf(request: GatewayRequest, binary: boolean) {
  const { query, body, pathParameters, stage } = request;
  const headers = groupHeaders(request);
  const multiValueQuery = Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)]));
  return {
    resource: request.resourcePath,
    path: request.path,
    httpMethod: request.method,
    headers: mapLast(headers),
    multiValueHeaders: headers,
    queryStringParameters: orNull(mapLast(multiValueQuery)),
    multiValueQueryStringParameters: orNull(multiValueQuery),
    pathParameters: orNull(pathParameters),
    stageVariables: orNull(stage.variables),
    requestContext: contextOf(request),
    body: body.length === 0 ? null : body.toString(binary ? "base64" : "utf8"),
    isBase64Encoded: binary && body.length > 0,
  };
}

function groupHeaders({ rawHeaders, sourceIp, headers, id }: GatewayRequest): Record<string, string[]> {
  const groups = new Map<string, { name: string; values: string[] }>();
  const add = (name: string, value: string) => {
    const lower = name.toLowerCase();
    const group = groups.get(lower);
    if (group) group.values.push(value);
    else if (!CONNECTION_HEADERS.has(lower)) groups.set(lower, { name, values: [value] });
  };
  for (let index = 0; index < rawHeaders.length; index += 2) add(rawHeaders[index] ?? "", rawHeaders[index + 1] ?? "");
  add("X-Forwarded-For", sourceIp);
  add("X-Forwarded-Port", headers.host?.split(":")[1] ?? "80");
  add("X-Forwarded-Proto", "http");
  add("X-Amzn-Trace-Id", `Root=1-${id.slice(0, 8)}-${id.replaceAll("-", "").slice(8)}`);
  return Object.fromEntries([...groups.values()].map(({ name, values }) => [name, values]));
}

function mapLast(map: Record<string, string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([name, values]) => [name, values.at(-1) ?? ""]));
}

function orNull<Map extends object>(map: Map): Map | null {
  return Object.keys(map).length === 0 ? null : map;
}

interface ProxyResult {
  statusCode: number | string;
  headers?: Record<string, unknown> | null;
  multiValueHeaders?: Record<string, unknown[]> | null;
  body?: string | number | boolean | null;
  isBase64Encoded?: unknown;
}

/** @throws Error that names the invalid part of the response */
function answerOf(result: unknown, acceptsBinary: boolean): GatewayAnswer {
  checkResult(result);
  const body = String(result.body ?? "");
  return {
    status: Number(result.statusCode),
    headers: responseHeaders(result),
    body: result.isBase64Encoded === true && acceptsBinary ? Buffer.from(body, "base64") : body,
  };
}

function checkResult(result: unknown): asserts result is ProxyResult {
  if (!isMap(result)) throw new Error("it is not an object with statusCode, headers and body");
  const { statusCode, headers, multiValueHeaders, body } = result;
  const status = Number(statusCode ?? Number.NaN);
  if (!Number.isInteger(status) || status < 200 || status > 999) throw new Error(`its statusCode is ${statusCode}`);
  if (!isMap(headers ?? {})) throw new Error("its headers are not an object");
  const lists = isMap(multiValueHeaders ?? {}) && Object.values(multiValueHeaders ?? {}).every(Array.isArray);
  if (!lists) throw new Error("its multiValueHeaders are not an object of lists");
  if (typeof body === "object" && body !== null)
    throw new Error("its body is not text: pass it through JSON.stringify");
}

/** A name in both maps gets its values of the multi-value map, and its single value if that is not among them. */
function responseHeaders({ headers, multiValueHeaders }: ProxyResult): [string, string][] {
  const multiple = Object.entries(multiValueHeaders ?? {}).flatMap(([name, values]) =>
    values.map((value): [string, string] => [name, String(value)]),
  );
  const single = Object.entries(headers ?? {})
    .map(([name, value]): [string, string] => [name, String(value)])
    .filter(
      ([name, value]) => !multiple.some(([other, its]) => other.toLowerCase() === name.toLowerCase() && its === value),
    );
  const all = [...single, ...multiple]
    .filter(([name]) => !DROPPED_HEADERS.has(name.toLowerCase()))
    .map(([name, value]): [string, string] => [
      REMAPPED_HEADERS.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name,
      value,
    ]);
  for (const [name, value] of all) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  return withDefaults([["Content-Type", "application/json"]], all);
}
