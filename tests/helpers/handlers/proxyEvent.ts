import type { APIGatewayProxyEvent } from "aws-lambda";
import type { HttpApiEvent } from "../../../handlers/http/payload2";

export interface ProxyRequest {
  /** Text, or a value to send as JSON. */
  body?: unknown;
  /** Sent as API Gateway sends bodies of binary media types. */
  bytes?: Buffer;
  headers?: Record<string, string>;
  query?: Record<string, string | string[]>;
  userArn?: string;
  /** The version of the event's payload. @default "1.0" */
  version?: PayloadVersion;
}

let requests = 0;

/** API Gateway's event for a request (REST, payload format 1.0), such as `proxyEvent("GET", "/items")`. */
export function proxyEvent(method: string, path: string, request: ProxyRequest = {}): APIGatewayProxyEvent {
  const { body, bytes, query = {}, userArn = null } = request;
  const headers =
    body === undefined && !bytes ? { ...request.headers } : { "Content-Type": "application/json", ...request.headers };
  const values = Object.entries(query).map(([name, value]): [string, string[]] => [name, [value].flat()]);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const { resource, id } = resourceOf(path);
  return {
    resource,
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters:
      values.length === 0 ? null : Object.fromEntries(values.map(([name, all]) => [name, all.at(-1)])),
    multiValueQueryStringParameters: values.length === 0 ? null : Object.fromEntries(values),
    pathParameters: id === undefined ? null : { id },
    stageVariables: null,
    body: bytes?.toString("base64") ?? text ?? null,
    isBase64Encoded: bytes !== undefined,
    requestContext: requestContext(method, path, resource, userArn),
  };
}

/**
 * The event of an HTTP API (payload 2.0) for the same request, on the same stage.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpEvent(method: string, path: string, request: ProxyRequest = {}): HttpApiEvent {
  const event = proxyEvent(method, path, request);
  const { resource, headers, multiValueQueryStringParameters, pathParameters, body, isBase64Encoded } = event;
  const { accountId, apiId, stage, requestId, requestTimeEpoch: timeEpoch } = event.requestContext;
  const query = Object.entries(multiValueQueryStringParameters ?? {});
  const pairs = query.flatMap(([name, values = []]) => values.map((value): [string, string] => [name, value]));
  const { cookie, ...others } = Object.fromEntries(
    Object.entries(headers).map(([name, value = ""]) => [name.toLowerCase(), value]),
  );
  const rawPath = `/${stage}${decodeURIComponent(path)}`;
  const routeKey = `${method} ${resource}`;
  const id = pathParameters?.id;
  const { userArn } = request;
  return {
    version: "2.0",
    routeKey,
    rawPath,
    rawQueryString: new URLSearchParams(pairs).toString(),
    ...(cookie && { cookies: cookie.split("; ") }),
    headers: others,
    ...(query.length > 0 && {
      queryStringParameters: Object.fromEntries(query.map(([name, values]) => [name, values?.join(",")])),
    }),
    ...(id && { pathParameters: { id: decodeURIComponent(id) } }),
    requestContext: {
      accountId,
      apiId,
      ...(userArn && { authorizer: { iam: { userArn } } }),
      domainName: `${apiId}.execute-api.eu-west-1.amazonaws.com`,
      domainPrefix: apiId,
      http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
      requestId,
      routeKey,
      stage,
      time: new Date(timeEpoch).toUTCString(),
      timeEpoch,
    },
    ...(body !== null && { body }),
    isBase64Encoded,
  };
}

/** What makes an event of each version of the payload. */
export const events = { "1.0": proxyEvent, "2.0": httpEvent };
export type PayloadVersion = keyof typeof events;

/** The resource that API Gateway would find for a path, in a document with items, jobs, steps, instances and runs. */
function resourceOf(path: string): { resource: string; id?: string } {
  const [, noun, id, rest = ""] =
    /^\/(jobs|steps|instances|runs)\/([^/]+)(\/(?:summary|start|stop))?$/.exec(path) ?? [];
  if (id !== undefined) return { resource: `/${noun}/{id}${rest}`, id };
  if (["/items", "/jobs", "/steps", "/instances", "/runs"].includes(path)) return { resource: path };
  return { resource: "/items/{id}", id: path.startsWith("/items/") ? path.slice("/items/".length) : undefined };
}

function requestContext(httpMethod: string, path: string, resourcePath: string, userArn: string | null) {
  requests += 1;
  return {
    accountId: "123456789012",
    apiId: "api",
    authorizer: null,
    protocol: "HTTP/1.1",
    httpMethod,
    path: `/Prod${path}`,
    resourcePath,
    resourceId: "resource",
    stage: "Prod",
    requestId: `request-${requests}`,
    requestTimeEpoch: Date.now(),
    identity: {
      accessKey: null,
      accountId: null,
      apiKey: null,
      apiKeyId: null,
      caller: null,
      clientCert: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: "127.0.0.1",
      user: null,
      userAgent: "test",
      userArn,
    },
  };
}
