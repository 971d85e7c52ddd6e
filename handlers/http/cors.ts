/** The response headers that a script of another origin may read. */
export const exposedHeaders = ["ETag", "Idempotent-Replayed", "Location", "Retry-After", "x-request-id"];

/**
 * The headers that let a page of another origin read a response; the gateway handles preflight requests.
 * @param origin the request's Origin
 * @param allowed `*`, or origins separated by commas; none by default
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function corsHeaders(origin: string | undefined, allowed = ""): Record<string, string> {
  const origins = allowed.split(",").map((entry) => entry.trim());
  const expose = { "Access-Control-Expose-Headers": exposedHeaders.join(", ") };
  if (origins.includes("*")) return { "Access-Control-Allow-Origin": "*", ...expose };
  if (allowed === "") return {};
  if (origin === undefined || !origins.includes(origin)) return { Vary: "Origin" };
  return { "Access-Control-Allow-Origin": origin, Vary: "Origin", ...expose };
}
