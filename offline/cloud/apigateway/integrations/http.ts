import type { Integration } from "../definition/document";
import { checkAddress, exchangeWithin, fillPath } from "./httpProxy";
import type { Backend } from "./pipeline";

/** Headers that API Gateway drops although they are mapped, and `trailer`, which Node sends only with trailers. */
const DROPPED = new Set(["connection", "expect", "proxy-authenticate", "te", "trailer", "via"]);

/**
 * The backend of an integration that sends a mapped request to an HTTP server, wherever it is. Nothing of the caller's
 * headers and query reaches the server unless it is mapped.
 * @param uri with `{name}` for what is mapped to `integration.request.path.name`
 * @param timeout in milliseconds. @default none
 * @throws NotServable if the server is inside a VPC or at an address of AWS
 */
export function compileHttp(
  { connectionType, httpMethod = "ANY" }: Integration,
  uri: string,
  timeout?: number,
): Backend {
  checkAddress(uri, connectionType);
  return async ({ body, headers, query, path }, request) => {
    const url = new URL(fillPath(uri, path));
    for (const [name, value] of query) url.searchParams.append(name, value);
    const mapped = headers.map(([name, value]) => [name.toLowerCase(), value] as const);
    const sent = {
      method: httpMethod.toUpperCase() === "ANY" ? request.method : httpMethod.toUpperCase(),
      headers: {
        accept: "application/json",
        ...(body.length > 0 && { "content-type": request.headers["content-type"] ?? "application/json" }),
        "user-agent": `AmazonAPIGateway_${request.api.id}`,
        ...Object.fromEntries(mapped.filter(([name]) => !DROPPED.has(name))),
        "content-length": Buffer.byteLength(body),
        "x-amzn-apigateway-api-id": request.api.id,
        "x-amzn-trace-id": request.trace.received,
      },
    };
    const answer = await exchangeWithin(timeout, url, sent, Buffer.from(body));
    return { ...answer, outcome: String(answer.status) };
  };
}
