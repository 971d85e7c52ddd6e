import { type IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type Answer, sendAnswer } from "../../core/answer";
import { queryOf } from "../../core/signature/signature";
import { traceOf } from "../../core/trace";
import { extendedIdOf, type GatewayRequest } from "./request";

/** Where a request's URL leads. */
interface Location extends Pick<GatewayRequest, "path" | "stagePath"> {
  stage: Pick<GatewayRequest, "api" | "stage">;
}

/** API Gateway refuses larger requests before it looks at the document. */
export const LIMIT = { bytes: 10 * 2 ** 20, error: new Error("HTTP content length exceeded 10485760 bytes.") };
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
  const time = Date.now();
  return {
    id,
    time,
    trace: traceOf({ id, time, headers }),
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

/** The headers with a request's ids, for REST APIs. */
export function idsOf(id: string): Record<string, string> {
  return { "x-amzn-RequestId": id, "x-amz-apigw-id": extendedIdOf(id) };
}

/** The response to a request to change protocols that is refused. It ends the connection. */
export function responseOver(socket: Duplex, message: IncomingMessage): ServerResponse {
  const response = new ServerResponse(message);
  response.shouldKeepAlive = false;
  // Node's HTTP server has nothing but sockets.
  response.assignSocket(socket as Socket);
  return response.on("finish", () => socket.end());
}

/** Sends an answer with the request's ids. */
export function send(response: ServerResponse, ids: Record<string, string>, answer: Answer): void {
  try {
    sendAnswer(response, answer, ids);
  } catch {
    // The document sets a status or header that HTTP does not allow.
    sendAnswer(response, messageAnswer(502, "Internal server error"), ids);
  }
}

/** An answer with a message of our own. */
export function messageAnswer(status: number, message: string): Answer {
  return { status, headers: [["Content-Type", "application/json"]], body: JSON.stringify({ message }) };
}

/** As API Gateway answers a request that it refuses before it looks at the document. */
export function textAnswer(status: number, body: string): Answer {
  return { status, headers: [["Content-Type", "text/plain"]], body };
}
