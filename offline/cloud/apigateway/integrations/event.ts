import type { Target } from "../../core/invoker";
import { headersReceived } from "../request/headers";
import type { BinaryTypes } from "../request/mediaTypes";
import { contextOf, type GatewayRequest } from "../request/request";
import { Rejection } from "../responses/responses";

/** Lambda's limit, which is lower than API Gateway's. */
const MAX_EVENT_BYTES = 6 * 2 ** 20;

/** The event, as JSON, with which the request is passed to a function. @throws Rejection if it is too large */
export function eventFor(target: Target, request: GatewayRequest, isBinary: BinaryTypes): string {
  const event = JSON.stringify(proxyEventOf(request, isBinary(request.headers["content-type"])));
  if (Buffer.byteLength(event) > MAX_EVENT_BYTES) throw new Rejection("REQUEST_TOO_LARGE", "Request Too Long");
  request.invoked = target.name;
  return event;
}

/**
 * The event of a request in payload format 1.0.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function proxyEventOf(request: GatewayRequest, binary: boolean) {
  const { query, body, pathParameters, stage } = request;
  const { isCanaryRequest: _, ...requestContext } = contextOf(request);
  const headers = headersReceived(request);
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
    requestContext,
    body: body.length === 0 ? null : body.toString(binary ? "base64" : "utf8"),
    isBase64Encoded: binary && body.length > 0,
  };
}

function mapLast(map: Record<string, string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([name, values]) => [name, values.at(-1) ?? ""]));
}

function orNull<Map extends object>(map: Map): Map | null {
  return Object.keys(map).length === 0 ? null : map;
}
