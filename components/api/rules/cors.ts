import type { CorsArgs } from "./operation";
import { type Method, methods } from "./routes";

/** The part of a route that cross-origin rules depend on. */
interface CorsRoute {
  method: Method;
  headers: string[];
}

/** The headers that pages need to send JSON, signed or not, with their own request id. */
const usualHeaders = [
  "Authorization",
  "Content-Type",
  "X-Amz-Content-Sha256",
  "X-Amz-Date",
  "X-Amz-Security-Token",
  "X-Request-Id",
];

/** How long browsers may cache a preflight response, in seconds. */
export const usualMaxAge = 600;

/** The headers of responses to any cross-origin request, with their values. */
export function corsHeaders({
  allowOrigins: [origin = ""],
  exposeHeaders = [],
  allowCredentials,
}: CorsArgs): Record<string, string> {
  return {
    "Access-Control-Allow-Origin": origin,
    ...(allowCredentials ? { "Access-Control-Allow-Credentials": "true" } : {}),
    ...(exposeHeaders.length ? { "Access-Control-Expose-Headers": exposeHeaders.join(",") } : {}),
  };
}

/** The headers of the response to a preflight request, with their values. */
export function preflightHeaders(cors: CorsArgs, routes: CorsRoute[]): Record<string, string> {
  const own = new Set<string>(routes.map(({ method }) => method));
  const answered = own.has("ANY") ? methods.filter((method) => method !== "ANY") : [...own, "OPTIONS"];
  const { "Access-Control-Expose-Headers": _, ...shared } = corsHeaders(cors);
  return {
    ...shared,
    "Access-Control-Allow-Methods": (cors.allowMethods ?? answered).join(","),
    "Access-Control-Allow-Headers": allowedHeaders(cors, routes).join(","),
    "Access-Control-Max-Age": String(cors.maxAge ?? usualMaxAge),
  };
}

/** The request headers that pages may send. */
export function allowedHeaders({ allowHeaders }: CorsArgs, routes: Pick<CorsRoute, "headers">[]): string[] {
  return allowHeaders ?? [...new Set([...usualHeaders, ...routes.flatMap(({ headers }) => headers)])];
}

/** Headers as API Gateway's mappings write them: constants are in single quotes. */
export function quoted(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `'${value}'`]));
}
