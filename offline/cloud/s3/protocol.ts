import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { AwsError } from "../core/awsError";
import type { Call } from "../core/service";
import type { Buckets } from "./buckets";
import { type Answer, readCall } from "./call";
import { runOperation } from "./operations";
import { Uploads } from "./uploads";
import { errorDocument } from "./xml";

/** S3's wire protocol in front of the buckets. */
export function speakS3(buckets: Buckets): (call: Call) => Promise<void> {
  const uploads = new Uploads();
  return async (call) => {
    const { request, response } = call;
    const answer = await answerTo(call, buckets, uploads);
    // Discards the rest of the body, so that the connection can be reused.
    request.resume();
    await send(request, response, answer);
  };
}

async function answerTo(call: Call, buckets: Buckets, uploads: Uploads): Promise<Answer> {
  try {
    return await runOperation(readCall(call, buckets, uploads));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { code, message, status = 400 } = error;
    return { status, body: errorDocument({ Code: code, Message: message, Resource: call.request.url }) };
  }
}

async function send(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const { status = 200, headers, body = "" } = answer;
  const text = typeof body === "string" && request.method !== "HEAD" ? body : "";
  response.writeHead(status, {
    "x-amz-request-id": randomUUID(),
    ...(text && { "Content-Type": "application/xml" }),
    ...(typeof body === "string" && status !== 204 && status !== 304 && { "Content-Length": Buffer.byteLength(text) }),
    ...headers,
  });
  if (typeof body === "string") response.end(text);
  // A caller that disconnects midway is not an error.
  else await pipeline(body, response).catch(() => {});
}
