import type { ServerResponse } from "node:http";
import { pipeline, Readable } from "node:stream";

/** An answer over HTTP. */
export interface Answer {
  status: number;
  /** In order; a name may appear twice. */
  headers: [name: string, value: string][];
  /** Not yet complete if it is a stream. */
  body: string | Buffer | Readable;
}

/** Sends an answer, which must not have a status or a header that HTTP does not allow. @throws TypeError or RangeError */
export function sendAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  response.statusCode = status;
  for (const [name, value] of headers) response.appendHeader(name, value);
  if (body instanceof Readable) {
    // Without a length, as it is not known yet. An error on the way breaks the connection off.
    pipeline(body, response, () => undefined);
    return;
  }
  const bodiless = status === 204 || status === 304;
  if (!bodiless) response.setHeader("Content-Length", Buffer.byteLength(body));
  response.writeHead(status).end(bodiless ? undefined : body);
}

/** A time in Common Log Format, such as `09/Apr/2015:12:34:56 +0000`. @param time in milliseconds since 1970 */
export function commonLogTime(time: number): string {
  return new Date(time).toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) (\S+) GMT$/, "$1/$2/$3:$4 +0000");
}
