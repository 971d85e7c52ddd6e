import * as http from "node:http";
import * as https from "node:https";
import type { Answer } from "../../core/answer";
import { headerPairs } from "../../core/headerPairs";
import { type Integration, NotServable } from "../definition/document";
import { DROPPED_FROM_REQUESTS, headersReturned } from "../request/headers";
import type { GatewayRequest } from "../request/request";
import { Rejection, timedOut } from "../responses/responses";
import { mapHeaders } from "../templates/template";
import type { Responder } from "./pipeline";

/** Headers of the caller that do not reach the server, besides those that no integration passes on. */
const NOT_PASSED = new Set([...DROPPED_FROM_REQUESTS, "content-encoding", "host"]);
/** Headers that API Gateway drops although they are mapped, and `trailer`, which Node sends only with trailers. */
const NOT_MAPPED = new Set(["connection", "expect", "proxy-authenticate", "te", "trailer", "via"]);
/** Host names that lead to AWS. What the program has there does not exist, or belongs to someone else. */
const OF_AWS = /\.(?:amazonaws\.com(?:\.cn)?|cloudfront\.net|on\.aws)$/i;

/**
 * An integration that passes requests on to an HTTP server, wherever it is.
 * @param uri with `{name}` for what `requestParameters` map to `integration.request.path.name`
 * @param timeout in milliseconds. @default none
 * @throws NotServable if the server is inside a VPC or at an address of AWS
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
 */
export function compileHttpProxy(
  { connectionType, httpMethod, requestParameters = {} }: Integration,
  uri: string,
  timeout?: number,
): Responder {
  checkAddress(uri, connectionType);
  return async (request) => {
    const url = urlFor(uri, requestParameters, request);
    const isAny = !httpMethod || httpMethod.toUpperCase() === "ANY";
    const sent = { method: isAny ? request.method : httpMethod, headers: headersFor(requestParameters, request) };
    return answerOf(await exchangeWithin(timeout, url, sent, request.body));
  };
}

/**
 * Sends a request to an HTTP server.
 * @param timeout in milliseconds. @default none
 * @throws Rejection if it takes longer, or the server does not answer
 */
export async function exchangeWithin(
  timeout: number | undefined,
  url: URL,
  options: http.RequestOptions,
  body: Buffer,
): Promise<Response> {
  const signal = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
  try {
    return await exchange(url, { ...options, signal }, body);
  } catch (error) {
    if (signal?.aborted) throw timedOut();
    const why = `${url.origin}: ${(error as Error).message}`;
    throw new Rejection("INTEGRATION_TIMEOUT", "Network error communicating with endpoint", undefined, why);
  }
}

/** @throws NotServable if an HTTP server is inside a VPC or at an address of AWS */
export function checkAddress(uri: string, connectionType = ""): void {
  if (connectionType.toUpperCase() === "VPC_LINK") throw new NotServable("its integration goes through a VPC link");
  const { protocol, hostname } = URL.canParse(uri) ? new URL(uri) : { protocol: "", hostname: "" };
  if (!/^https?:$/.test(protocol)) throw new NotServable(`its integration ${uri} is not an HTTP or HTTPS URL`);
  if (OF_AWS.test(hostname)) throw new NotServable(`its integration ${uri} is an address of AWS`);
}

/** The caller's query follows the URI's own, and what is mapped comes last. */
function urlFor(uri: string, parameters: Record<string, string>, request: GatewayRequest): URL {
  const url = new URL(fillPath(uri, mapHeaders(parameters, "integration.request.path.", request)));
  const added = [...request.query, ...mapHeaders(parameters, "integration.request.querystring.", request)];
  for (const [name, value] of added) url.searchParams.append(name, value);
  return url;
}

/** A URI or a path with its values for `{name}`. */
export function fillPath(uri: string, path: Answer["headers"]): string {
  const values = new Map(path);
  return uri.replace(/\{([\w.-]+)\}/g, (_, name) => values.get(name) ?? "");
}

function headersFor(parameters: Record<string, string>, request: GatewayRequest): http.OutgoingHttpHeaders {
  const given = Object.entries(request.headers).filter(([name]) => !NOT_PASSED.has(name));
  return {
    ...Object.fromEntries(given),
    ...mappedHeaders(mapHeaders(parameters, "integration.request.header.", request)),
    "x-amzn-apigateway-api-id": request.api.id,
    "x-amzn-trace-id": request.trace.received,
    "x-forwarded-for": request.sourceIp,
    "x-forwarded-proto": "http",
    ...(request.body.length > 0 && { "content-length": request.body.length }),
  };
}

/** The headers that an integration maps, as they reach its server. */
export function mappedHeaders(mapped: Answer["headers"]): Record<string, string> {
  const lower = mapped.map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(lower.filter(([name]) => !NOT_MAPPED.has(name)));
}

/** A server's response as it is. */
export type Response = Answer & { body: Buffer };

/** Sends a request to an HTTP server. */
export function exchange(url: URL, options: http.RequestOptions, body: Buffer): Promise<Response> {
  return new Promise((resolve, reject) => {
    const start = url.protocol === "https:" ? https.request : http.request;
    const outgoing = start(url, { ...options, agent: false }, (answer) => {
      const { statusCode: status = 502, rawHeaders } = answer;
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => resolve({ status, headers: headerPairs(rawHeaders), body: Buffer.concat(chunks) }));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function answerOf({ status, headers, body }: Response): Answer {
  return { status, headers: headersReturned(headers.filter(([name]) => !/^keep-alive$/i.test(name))), body };
}
