import type { IncomingMessage } from "node:http";
import { asMap, asNumber, asTexts, isGiven } from "../resources";

export interface Cors {
  allowCredentials: boolean;
  allowHeaders: string[];
  allowMethods: string[];
  /** Also `*`, `https://*` and `http://*`. */
  allowOrigins: string[];
  exposeHeaders: string[];
  /** In seconds. */
  maxAge?: number;
}

/** @returns undefined if nothing is set */
export function readCors(settings: unknown): Cors | undefined {
  if (!isGiven(settings)) return undefined;
  const { allowCredentials, allowHeaders, allowMethods, allowOrigins, exposeHeaders, maxAge } = asMap(settings);
  return {
    allowCredentials: allowCredentials === true,
    allowHeaders: asTexts(allowHeaders),
    allowMethods: asTexts(allowMethods),
    allowOrigins: asTexts(allowOrigins),
    exposeHeaders: asTexts(exposeHeaders),
    maxAge: asNumber(maxAge),
  };
}

/**
 * The headers that a function URL or an HTTP API adds to a response; they replace those of the function.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function corsHeaders(
  cors: Cors | undefined,
  { headers }: Pick<IncomingMessage, "headers">,
): Record<string, string> {
  const { origin } = headers;
  if (!cors || origin === undefined) return {};
  const { allowOrigins, allowCredentials, exposeHeaders } = cors;
  const isAny = allowOrigins.includes("*");
  if (!isAny && !allowOrigins.some((allowed) => covers(allowed, origin))) return {};
  return {
    "Access-Control-Allow-Origin": isAny && !allowCredentials ? "*" : origin,
    Vary: "Origin",
    ...(allowCredentials && { "Access-Control-Allow-Credentials": "true" }),
    ...(exposeHeaders.length > 0 && { "Access-Control-Expose-Headers": exposeHeaders.join(",") }),
  };
}

/** An origin, or those of a scheme, such as `https://*`. */
function covers(allowed: string, origin: string): boolean {
  return allowed === origin || (/^https?:\/\/\*$/.test(allowed) && origin.startsWith(allowed.slice(0, -1)));
}

/** The headers of the answer to a preflight, which never reaches the function; undefined for any other request. */
export function preflightHeaders(
  cors: Cors | undefined,
  request: Pick<IncomingMessage, "method" | "headers">,
): Record<string, string> | undefined {
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
