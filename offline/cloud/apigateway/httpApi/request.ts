import type { Answer } from "../../core/answer";
import { traceOf } from "../../core/trace";
import { contextOf, extendedIdOf, type GatewayRequest } from "../request/request";
import type { Arrival } from "../stage";
import type { HttpApiModel, HttpStageModel } from "./model";

/** A request that a stage of an HTTP API has received. Its path parameters are decoded. */
export interface HttpRequest extends GatewayRequest {
  /** Such as `GET /items/{id}`. */
  routeKey: string;
  /** The id that the caller gets. */
  requestId: string;
  /** The path with the stage, decoded. */
  rawPath: string;
  /** The query as sent, without its question mark. */
  rawQuery: string;
  /** The path that a mapping puts in the place of the integration's own. */
  newPath?: string;
  /** What an authorizer has said of the caller. */
  grant?: Grant;
}

export interface Grant {
  /** As an event of payload format 2.0 has it, by the kind of authorizer. */
  event: object;
  /** As payload format 1.0 and mappings have it. @default nothing */
  context?: object;
}

export type Responder = (request: HttpRequest) => Answer | Promise<Answer>;

/** Ends a request with an answer of the gateway itself. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** For the log only, not for the caller. */
    readonly explanation?: string,
    readonly headers: [name: string, value: string][] = [],
  ) {
    super(message);
  }
}

/** The function, or the definition of the API, has made a mistake. */
export function internalError(explanation?: string): HttpError {
  return new HttpError(500, "Internal Server Error", explanation);
}

export function tooLarge(): HttpError {
  return new HttpError(413, "Request Entity Too Large", undefined, [["Connection", "close"]]);
}

export function timedOut(explanation?: string): HttpError {
  return new HttpError(503, "Service Unavailable", explanation);
}

const EMPTY = Buffer.alloc(0);

/** A request as a stage handles it, whose body is still to be read. */
export function createHttpRequest(
  { id, message, ...location }: Arrival,
  { api, stage }: { api: HttpApiModel; stage: HttpStageModel },
  found: { route: { key: string; path: string }; parameters: Record<string, string> } | undefined,
): HttpRequest {
  const { method = "GET", url = "/", headers, rawHeaders, httpVersion, socket } = message;
  const time = Date.now();
  const rawQuery = /\?(.*)$/s.exec(url)?.[1] ?? "";
  return {
    id,
    time,
    trace: traceOf({ id, time, headers }),
    method,
    ...location,
    url,
    query: new URLSearchParams(rawQuery),
    headers,
    rawHeaders,
    body: EMPTY,
    sourceIp: socket.remoteAddress ?? "127.0.0.1",
    protocol: `HTTP/${httpVersion}`,
    stage: { name: stage.name, variables: stage.variables },
    api: { id: api.id, account: api.account, region: api.region, resourceIds: {} },
    resourcePath: found?.route.path ?? "",
    pathParameters: found?.parameters ?? {},
    routeKey: found?.route.key ?? "",
    requestId: extendedIdOf(id),
    rawPath: decodePath(location.stagePath),
    rawQuery,
  };
}

/** A path, decoded as far as it can be. */
export function decodePath(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * The request's context, as events of payload format 1.0 and mappings have it. It has a deployment only in REST APIs.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export function httpContextOf(request: HttpRequest) {
  const { deploymentId: _, identity, ...context } = contextOf(request);
  const { grant, rawPath, requestId, routeKey } = request;
  return {
    ...context,
    ...(grant?.context && { authorizer: grant.context }),
    extendedRequestId: requestId,
    identity: { ...identity, userAgent: identity.userAgent ?? "" },
    path: rawPath,
    requestId,
    resourceId: routeKey,
  };
}
