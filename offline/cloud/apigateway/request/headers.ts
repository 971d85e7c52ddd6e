import { validateHeaderName, validateHeaderValue } from "node:http";
import type { Answer } from "../../core/answer";
import { headerPairs } from "../../core/headerPairs";
import type { GatewayRequest } from "./request";

/** Headers that describe the caller's connection or message, which API Gateway does not pass on. */
export const DROPPED_FROM_REQUESTS = new Set([
  "connection",
  "content-length",
  "content-md5",
  "expect",
  "keep-alive",
  "max-forwards",
  "proxy-authenticate",
  "proxy-authorization",
  "server",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "www-authenticate",
]);
/** Names that reach the function in this spelling, however the caller spells them. */
const RESPELLED = new Map(["Authorization", "Host", "User-Agent"].map((name) => [name.toLowerCase(), name]));
/** Headers of an integration's response that reach the caller under another name. */
const REMAPPED_IN_RESPONSES = new Set([
  "authorization",
  "connection",
  "content-length",
  "content-md5",
  "date",
  "expect",
  "host",
  "max-forwards",
  "proxy-authenticate",
  "server",
  "trailer",
  "upgrade",
  "user-agent",
  "www-authenticate",
  "x-amzn-requestid",
]);

/** The values of a request's headers, as a function receives them. */
export function headersReceived(request: GatewayRequest): Record<string, string[]> {
  const { rawHeaders, sourceIp, headers } = request;
  const groups = new Map<string, { name: string; values: string[] }>();
  for (const [name, value] of headerPairs(rawHeaders)) {
    const lower = name.toLowerCase();
    const group = groups.get(lower);
    if (group) group.values.push(value);
    else if (!DROPPED_FROM_REQUESTS.has(lower)) {
      groups.set(lower, { name: RESPELLED.get(lower) ?? name, values: [value] });
    }
  }
  // A header to which every proxy adds stays one value.
  const append = (name: string, value: string) => {
    const sent = groups.get(name.toLowerCase())?.values ?? [];
    groups.set(name.toLowerCase(), { name, values: [[...sent, value].join(", ")] });
  };
  append("X-Forwarded-For", sourceIp);
  append("X-Forwarded-Port", headers.host?.split(":")[1] ?? "80");
  append("X-Forwarded-Proto", "http");
  groups.set("x-amzn-trace-id", { name: "X-Amzn-Trace-Id", values: [request.trace.received] });
  return Object.fromEntries([...groups.values()].map(({ name, values }) => [name, values]));
}

/**
 * An integration's headers as the caller gets them.
 * @throws TypeError for a name or value that HTTP does not allow
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function headersReturned(headers: Answer["headers"]): Answer["headers"] {
  return headers
    .filter(([name]) => name.toLowerCase() !== "transfer-encoding")
    .map(([name, value]) => {
      validateHeaderName(name);
      validateHeaderValue(name, value);
      return [REMAPPED_IN_RESPONSES.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name, value];
    });
}
