import type { APIGatewayProxyEvent } from "aws-lambda";
import type { HttpRequest, HttpResponse } from "./message";
import { segmentsOf } from "./router";

/**
 * The request in an event of a REST API (payload 1.0).
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function requestOf1(event: APIGatewayProxyEvent): HttpRequest {
  const { identity, authorizer, path: clientPath = event.path, requestId } = event.requestContext;
  return {
    method: event.httpMethod,
    path: routedPath(event),
    clientPath,
    headers: headersOf(event),
    query: queryOf(event),
    body: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
    caller: identity.userArn ?? authorizer?.principalId ?? authorizer?.claims?.sub ?? "anonymous",
    id: requestId,
  };
}

/** A response as a REST API expects it. It refuses members that it does not know. */
export function response1({ cookies, ...response }: HttpResponse) {
  return cookies ? { ...response, multiValueHeaders: { "Set-Cookie": cookies } } : response;
}

/**
 * On a custom domain `path` starts with the mapping's base path, and only the number of segments in `resource` tells
 * where it ends. (`resource` is absent behind some other gateways.)
 */
function routedPath({ resource, path }: APIGatewayProxyEvent): string {
  if (!resource || resource.includes("+}")) return path;
  return `/${path.split("/").slice(-segmentsOf(resource).length).join("/")}`;
}

function headersOf(event: APIGatewayProxyEvent): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(event.headers ?? {})) headers.set(name.toLowerCase(), value ?? "");
  for (const [name, values] of Object.entries(event.multiValueHeaders ?? {})) {
    headers.set(name.toLowerCase(), (values ?? []).join(", "));
  }
  return headers;
}

/** Gateways that do not support repetition leave the second map out. */
function queryOf({ queryStringParameters, multiValueQueryStringParameters }: APIGatewayProxyEvent) {
  const query = new Map<string, string[]>();
  for (const [name, value] of Object.entries(queryStringParameters ?? {})) query.set(name, [value ?? ""]);
  for (const [name, values] of Object.entries(multiValueQueryStringParameters ?? {})) query.set(name, values ?? []);
  return query;
}
