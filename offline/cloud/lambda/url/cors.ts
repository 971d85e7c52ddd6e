import type { IncomingMessage } from "node:http";
import type { Cors } from "./settings";

/**
 * The headers that a function URL adds to a response; they replace those of the function.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
 */
export function corsHeaders(cors: Cors | undefined, { headers }: IncomingMessage): Record<string, string> {
  const { origin } = headers;
  if (!cors || origin === undefined) return {};
  const { allowOrigins, allowCredentials, exposeHeaders } = cors;
  const isAny = allowOrigins.includes("*");
  if (!isAny && !allowOrigins.includes(origin)) return {};
  return {
    "Access-Control-Allow-Origin": isAny && !allowCredentials ? "*" : origin,
    Vary: "Origin",
    ...(allowCredentials && { "Access-Control-Allow-Credentials": "true" }),
    ...(exposeHeaders.length > 0 && { "Access-Control-Expose-Headers": exposeHeaders.join(",") }),
  };
}

/** The headers of the answer to a preflight, which never reaches the function; undefined for any other request. */
export function preflightHeaders(cors: Cors | undefined, request: IncomingMessage): Record<string, string> | undefined {
  const method = request.headers["access-control-request-method"];
  if (!cors || request.method !== "OPTIONS" || method === undefined) return undefined;
  const { allowMethods, allowHeaders, maxAge } = cors;
  const allowed = corsHeaders(cors, request);
  const isAllowed = allowMethods.includes("*") || allowMethods.includes(method);
  if (!isAllowed || Object.keys(allowed).length === 0) return {};
  return {
    ...allowed,
    "Access-Control-Allow-Methods": allowMethods.join(","),
    ...(allowHeaders.length > 0 && { "Access-Control-Allow-Headers": allowHeaders.join(",") }),
    ...(maxAge !== undefined && { "Access-Control-Max-Age": String(maxAge) }),
  };
}
