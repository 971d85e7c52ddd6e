import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type { HttpRequest } from "./message";

/** What an authorizer says of the caller. */
interface Authorizer {
  iam?: { userArn: string };
  jwt?: { claims: { sub?: string } };
  /** The context that a Lambda authorizer returned. */
  lambda?: { principalId?: string } | null;
}

/** An event of an HTTP API, with or without an authorizer. */
export interface HttpApiEvent extends APIGatewayProxyEventV2 {
  requestContext: APIGatewayProxyEventV2["requestContext"] & { authorizer?: Authorizer };
}

/**
 * The request in an event of an HTTP API (payload 2.0).
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function requestOf2(event: HttpApiEvent): HttpRequest {
  const { http, requestId } = event.requestContext;
  return {
    method: http.method,
    path: routedPath(event),
    clientPath: encodePath(event.rawPath),
    headers: headersOf(event),
    query: queryOf(event),
    body: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
    caller: callerOf(event.requestContext),
    id: requestId,
  };
}

/**
 * The route's path with the values of its parameters: `rawPath` starts with the stage, or the base path of a custom
 * domain, and is decoded, so that a slash in a parameter can no longer be told from one between segments.
 * @see https://github.com/middleapi/standard-server/pull/93, where requests to each kind of API were recorded
 */
function routedPath({ routeKey, rawPath, pathParameters = {}, requestContext: { stage } }: HttpApiEvent) {
  const [, template] = routeKey.split(" ");
  if (template === undefined) return encodePath(rawPath.slice(rawPath.startsWith(`/${stage}/`) ? stage.length + 1 : 0));
  return template.replace(/\{([^+}]*)(\+?)\}/g, (_, name: string, greedy: string) => {
    const value = pathParameters[name] ?? "";
    return greedy ? encodePath(value) : encodeURIComponent(value);
  });
}

function encodePath(path: string): string {
  return encodeURI(path).replace(/[?#]/g, encodeURIComponent);
}

/** Cookies are kept apart from the other headers. */
function headersOf({ headers, cookies }: HttpApiEvent): Map<string, string> {
  const entries = Object.entries(headers).map(([name, value = ""]): [string, string] => [name.toLowerCase(), value]);
  return new Map(cookies ? [...entries, ["cookie", cookies.join("; ")]] : entries);
}

/** `queryStringParameters` joins repeated values with commas, which values may contain. */
function queryOf({ rawQueryString }: HttpApiEvent): Map<string, string[]> {
  const sent = new URLSearchParams(rawQueryString);
  return new Map([...sent.keys()].map((name) => [name, sent.getAll(name)]));
}

function callerOf({ authorizer }: HttpApiEvent["requestContext"]): string {
  const { iam, jwt, lambda } = authorizer ?? {};
  return iam?.userArn ?? lambda?.principalId ?? jwt?.claims.sub ?? "anonymous";
}
