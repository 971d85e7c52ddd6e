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

/**
 * Sends an answer.
 * @param replacing headers in place of the answer's own of the same name
 * @throws TypeError or RangeError for a status or a header that HTTP does not allow; nothing is sent then
 */
export function sendAnswer(
  response: ServerResponse,
  { status, headers, body }: Answer,
  replacing: Record<string, string> = {},
): void {
  try {
    for (const [name, value] of headers) {
      // Most callers ignore a content type that is given twice.
      if (name.toLowerCase() === "content-type") response.setHeader(name, value);
      else response.appendHeader(name, value);
    }
    for (const [name, value] of Object.entries(replacing)) response.setHeader(name, value);
    const isHead = response.req.method === "HEAD";
    const isBodiless = status === 204 || status === 304;
    const hasLength = body instanceof Readable || isBodiless || (isHead && response.hasHeader("Content-Length"));
    if (!hasLength) response.setHeader("Content-Length", Buffer.byteLength(body));
    response.writeHead(status);
    if (isHead || isBodiless) {
      if (body instanceof Readable) body.destroy();
      response.end();
      // The length of a stream is not known yet. An error on the way breaks the connection off.
    } else if (body instanceof Readable) pipeline(body, response, () => undefined);
    else response.end(body);
  } catch (error) {
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    throw error;
  }
}

/** A time in Common Log Format, such as `09/Apr/2015:12:34:56 +0000`. @param time in milliseconds since 1970 */
export function commonLogTime(time: number): string {
  const [, day, month, year, clock] = new Date(time).toUTCString().split(" ");
  return `${day}/${month}/${year}:${clock} +0000`;
}
