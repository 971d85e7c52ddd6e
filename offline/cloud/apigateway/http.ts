import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";
import { queryOf } from "../core/signature/signature";
import { extendedIdOf, type GatewayAnswer, type GatewayRequest } from "./request";

/** Where a request's URL leads. */
export interface Location<Stage = Pick<GatewayRequest, "api" | "stage">>
  extends Pick<GatewayRequest, "path" | "stagePath"> {
  stage: Stage;
}

/** Of the request line and the header values together. */
const MAX_HEAD_BYTES = 10_240;

/** @see "Amazon API Gateway quotas": the combined size of request line and header values */
export function refusalOfHead({ method = "", url = "", httpVersion, rawHeaders }: IncomingMessage): string | undefined {
  const line = `${method} ${url} HTTP/${httpVersion}`;
  const values = rawHeaders.filter((_, index) => index % 2 === 1);
  const bytes = values.reduce((sum, { length }) => sum + length, line.length);
  return bytes > MAX_HEAD_BYTES ? `HTTP header is larger than ${MAX_HEAD_BYTES} bytes.` : undefined;
}

/** A request as a stage of an API handles it. */
export function createRequest(
  id: string,
  message: IncomingMessage,
  { stage: { api, stage }, path, stagePath }: Location,
  found: { route: { path: string; operationId?: string }; parameters: Record<string, string> } | undefined,
): GatewayRequest {
  const { method = "GET", url = "/", headers, rawHeaders, httpVersion, socket } = message;
  return {
    id,
    time: Date.now(),
    method,
    path,
    stagePath,
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
    operationId: found?.route.operationId,
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
    identify(response, id);
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
    identify(response, id);
    response.writeHead(502, { "Content-Type": "application/json" }).end('{"message":"Internal server error"}');
  }
}

function identify(response: ServerResponse, id: string): void {
  response.setHeader("x-amzn-RequestId", id);
  response.setHeader("x-amz-apigw-id", extendedIdOf(id));
}

/** An answer with a message of our own. */
export function messageAnswer(status: number, message: string): GatewayAnswer {
  return { status, headers: [["Content-Type", "application/json"]], body: JSON.stringify({ message }) };
}

/** As API Gateway answers a request that it refuses before it looks at the document. */
export function textAnswer(status: number, body: string): GatewayAnswer {
  return { status, headers: [["Content-Type", "text/plain"]], body };
}
