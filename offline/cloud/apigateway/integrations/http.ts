import type { Integration } from "../definition/document";
import { checkAddress, exchangeWithin, fillPath, mappedHeaders } from "./httpProxy";
import type { Backend } from "./pipeline";

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
    const sent = {
      method: httpMethod.toUpperCase() === "ANY" ? request.method : httpMethod.toUpperCase(),
      headers: {
        accept: "application/json",
        ...(body.length > 0 && { "content-type": request.headers["content-type"] ?? "application/json" }),
        "user-agent": `AmazonAPIGateway_${request.api.id}`,
        ...mappedHeaders(headers),
        "content-length": Buffer.byteLength(body),
        "x-amzn-apigateway-api-id": request.api.id,
        "x-amzn-trace-id": request.trace.received,
      },
    };
    const answer = await exchangeWithin(timeout, url, sent, Buffer.from(body));
    return { ...answer, outcome: String(answer.status) };
  };
}
