import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import { queryOf, withoutSignature } from "../core/signature/signature";
import type { GatewayAnswer, GatewayRequest } from "./request";

/** A request as a stage of an API handles it. */
export function createRequest(
  id: string,
  message: IncomingMessage,
  { api, stage }: Pick<GatewayRequest, "api" | "stage">,
  path: string,
  found: { route: { path: string }; parameters: Record<string, string> } | undefined,
): GatewayRequest {
  const { method = "GET", url = "/", headers, rawHeaders, httpVersion, socket } = message;
  return {
    id,
    time: Date.now(),
    method,
    path,
    url,
    query: queryOf(url),
    headers,
    rawHeaders,
    body: Buffer.alloc(0),
    sourceIp: socket.remoteAddress ?? "127.0.0.1",
    protocol: `HTTP/${httpVersion}`,
    stage,
    api,
    resourcePath: found?.route.path ?? "/",
    pathParameters: found?.parameters ?? {},
  };
}

export function send(response: ServerResponse, id: string, { status, headers, body }: GatewayAnswer): void {
  try {
    response.statusCode = status;
    for (const [name, value] of headers) {
      // Most callers ignore a content type that is given twice.
      if (name.toLowerCase() === "content-type") response.setHeader(name, value);
      else response.appendHeader(name, value);
    }
    response.setHeader("x-amzn-RequestId", id);
    const bodiless = status === 204 || status === 304;
    if (body instanceof Readable) {
      // Without a length, as it is not known yet. A function that fails on the way breaks the connection off.
      pipeline(body, response, () => undefined);
      return;
    }
    if (!bodiless) response.setHeader("Content-Length", Buffer.byteLength(body));
    response.end(bodiless ? undefined : body);
  } catch {
    // The document sets a status or header that HTTP does not allow.
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    response
      .writeHead(502, { "Content-Type": "application/json", "x-amzn-RequestId": id })
      .end('{"message":"Internal server error"}');
  }
}

/** An answer with a message of our own. */
export function messageAnswer(status: number, message: string): GatewayAnswer {
  return { status, headers: [["Content-Type", "application/json"]], body: JSON.stringify({ message }) };
}

/** Keeps control characters away from the terminal, and signatures out of the log. */
export function printable(url: string): string {
  return withoutSignature(url).replace(/[^\x20-\x7e]/g, (character) => encodeURIComponent(character));
}
