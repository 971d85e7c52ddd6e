import type { IncomingMessage } from "node:http";

/** The body is larger than the limit it was read with. */
export class BodyTooLarge extends Error {
  constructor(limit: number) {
    super(`The request has more than ${limit} bytes`);
  }
}

/**
 * Reads a request's whole body, `limit` bytes at most.
 * @throws BodyTooLarge as soon as the limit is passed, or announced to be
 */
export function readBody(request: IncomingMessage, limit = 16 * 2 ** 20): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers["content-length"]) > limit) return reject(new BodyTooLarge(limit));
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) reject(new BodyTooLarge(limit));
      else chunks.push(chunk);
    });
    request.on("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.on("error", reject);
    // A caller that goes away in the middle ends the request without an error or an end.
    request.on("close", () => reject(new Error("the caller closed the connection")));
  });
}
