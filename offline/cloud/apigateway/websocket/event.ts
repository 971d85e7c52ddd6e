import { commonLogTime } from "../../core/answer";
import { headersReceived } from "../request/headers";
import { extendedIdOf, type GatewayRequest } from "../request/request";

/** What events say about a connection. */
export interface Connected {
  id: string;
  connectedAt: number;
  /** The request that it began with. */
  request: GatewayRequest;
}

/** An event of a connection: its beginning, a message, or its end. */
export interface Occurrence {
  type: "CONNECT" | "MESSAGE" | "DISCONNECT";
  routeKey: string;
  /** A UUID. */
  requestId: string;
  /** In milliseconds since 1970. */
  time: number;
  body?: string;
  disconnect?: { code: number; reason: string };
}

/**
 * The context of an event, as functions and templates see it.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */
export function contextOf({ id, connectedAt, request }: Connected, occurrence: Occurrence) {
  const { api, stage, headers, sourceIp, authorizer, caller, apiKey } = request;
  const { type, routeKey, requestId, time, disconnect } = occurrence;
  return {
    routeKey,
    ...(authorizer && { authorizer }),
    ...(type === "MESSAGE" && { messageId: extendedIdOf(requestId) }),
    ...(disconnect && { disconnectStatusCode: disconnect.code, disconnectReason: disconnect.reason }),
    eventType: type,
    extendedRequestId: extendedIdOf(requestId),
    requestTime: commonLogTime(time),
    messageDirection: "IN",
    stage: stage.name,
    connectedAt,
    requestTimeEpoch: time,
    identity: {
      ...(caller && { accessKey: caller.accessKeyId, accountId: api.account, caller: caller.accessKeyId }),
      ...(caller && { user: caller.accessKeyId, userArn: caller.arn }),
      ...(apiKey && { apiKey: apiKey.value, apiKeyId: apiKey.id }),
      ...(headers["user-agent"] && { userAgent: headers["user-agent"] }),
      sourceIp,
    },
    requestId,
    domainName: headers.host ?? "",
    connectionId: id,
    apiId: api.id,
  };
}

/** The event that a function gets for an occurrence. */
export function eventOf(connection: Connected, occurrence: Occurrence): object {
  const { stage } = connection.request;
  return {
    ...partsOf(connection, occurrence),
    ...(Object.keys(stage.variables).length > 0 && { stageVariables: stage.variables }),
    requestContext: contextOf(connection, occurrence),
    ...(occurrence.body !== undefined && { body: occurrence.body }),
    isBase64Encoded: false,
  };
}

/** What only some events have. */
function partsOf({ request }: Connected, { type }: Occurrence): object {
  if (type === "MESSAGE") return {};
  if (type === "DISCONNECT") return headersOf(goodbyeHeaders(request));
  const query = Object.fromEntries(
    [...new Set(request.query.keys())].map((name) => [name, request.query.getAll(name)]),
  );
  return {
    ...headersOf(headersReceived(request)),
    ...(Object.keys(query).length > 0 && {
      queryStringParameters: last(query),
      multiValueQueryStringParameters: query,
    }),
  };
}

function headersOf(headers: Record<string, string[]>): object {
  return { headers: last(headers), multiValueHeaders: headers };
}

function last(map: Record<string, string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([name, values]) => [name, values.at(-1) ?? ""]));
}

/** API Gateway itself makes this call, and leaves these headers empty. */
function goodbyeHeaders({ headers }: GatewayRequest): Record<string, string[]> {
  return { Host: [headers.host ?? ""], "x-api-key": [""], "X-Forwarded-For": [""], "x-restapi": [""] };
}

/** The event that an authorizer gets for a connection. */
export function authorizerEvent(connection: Connected, occurrence: Occurrence, methodArn: string): object {
  const { isBase64Encoded: _, ...event } = eventOf(connection, occurrence) as Record<string, unknown>;
  const { query, stage } = connection.request;
  return {
    type: "REQUEST",
    methodArn,
    ...event,
    queryStringParameters: event.queryStringParameters ?? Object.fromEntries(query),
    multiValueQueryStringParameters: event.multiValueQueryStringParameters ?? {},
    stageVariables: stage.variables,
  };
}
