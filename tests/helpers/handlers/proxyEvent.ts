import type { APIGatewayProxyEvent } from "aws-lambda";

export interface ProxyRequest {
  /** Text, or a value to send as JSON. */
  body?: unknown;
  /** Sent as API Gateway sends bodies of binary media types. */
  bytes?: Buffer;
  headers?: Record<string, string>;
  query?: Record<string, string | string[]>;
  userArn?: string;
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
