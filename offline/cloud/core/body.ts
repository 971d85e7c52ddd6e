import type { IncomingMessage } from "node:http";
import { AwsError } from "./awsError";

export interface BodyLimit {
  bytes: number;
  /** Thrown for a larger body. */
  error: Error;
}

const MAX_BYTES = 16 * 2 ** 20;

/** The limit of DynamoDB; no other service that reads whole bodies allows more. */
const USUAL: BodyLimit = {
  bytes: MAX_BYTES,
  error: new AwsError("RequestTooLarge", `The request has more than ${MAX_BYTES} bytes`, 413),
};

/**
 * Reads a request's whole body.
 * @throws the limit's error as soon as the body, or its announced length, exceeds it
 */
export function readBody(request: IncomingMessage, { bytes, error }: BodyLimit = USUAL): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers["content-length"]) > bytes) return reject(error);
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > bytes) reject(error);
      else chunks.push(chunk);
    });
    request.on("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.on("error", reject);
    // A caller that disconnects midway causes neither an error nor an end event.
    request.on("close", () => reject(new Error("the caller closed the connection")));
  });
}
