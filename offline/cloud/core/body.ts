import type { IncomingMessage } from "node:http";
import { AwsError } from "./awsError";

export interface BodyLimit {
  bytes: number;
  /** What is thrown for a body with more. */
  error: Error;
}

const MAX_BYTES = 16 * 2 ** 20;

/** DynamoDB takes no more, and none of the services that read bodies whole does. */
const USUAL: BodyLimit = {
  bytes: MAX_BYTES,
  error: new AwsError("RequestTooLarge", `The request has more than ${MAX_BYTES} bytes`, 413),
};

/**
 * Reads a request's whole body.
 * @throws the limit's error as soon as it is passed, or announced to be
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
    // A caller that goes away in the middle ends the request without an error or an end.
    request.on("close", () => reject(new Error("the caller closed the connection")));
  });
}
