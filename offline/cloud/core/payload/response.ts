import { validateHeaderName, validateHeaderValue } from "node:http";
import type { Answer } from "../answer";
import { asMap, isMap } from "../resources";

/** Headers that the connection sets by itself. */
const DROPPED = new Set(["connection", "content-length", "transfer-encoding"]);

/**
 * The answer that a function's result stands for in payload format 2.0. Unless it has a `statusCode`, the result itself is
 * the body.
 * @param result as JSON
 * @param contentType of a response that has a `statusCode` and no content type
 * @throws Error that says what is wrong with it
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export function answerOf(result: string, contentType?: string): Answer {
  const value: unknown = JSON.parse(result);
  if (!isMap(value) || value.statusCode === undefined) return { ...headOf({}), body: textOf(value) };
  return { ...headOf(value, contentType), body: contentOf(value) };
}

/** The body of a response, decoded if it says so. */
export function contentOf({ body, isBase64Encoded }: Record<string, unknown>): string | Buffer {
  const text = textOf(body ?? "");
  return isBase64Encoded === true ? Buffer.from(text, "base64") : text;
}

/**
 * The status and the headers that a result, or the metadata of a stream, describes.
 * @param contentType unless there is one
 * @param more headers after its own
 * @throws Error that says what is wrong with them
 */
export function headOf(
  { statusCode = 200, headers, cookies }: Record<string, unknown>,
  contentType = "application/json",
  more: Answer["headers"] = [],
): Pick<Answer, "status" | "headers"> {
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) throw new Error(`its statusCode is ${statusCode}`);
  if (!isMap(headers ?? {})) throw new Error("its headers are not an object");
  if (!Array.isArray(cookies ?? [])) throw new Error("its cookies are not a list");
  const own = Object.entries((headers ?? {}) as Record<string, unknown>)
    .filter(([name]) => !DROPPED.has(name.toLowerCase()))
    .map(([name, value]): [string, string] => [name, String(value)])
    .concat(more);
  const set = ((cookies ?? []) as unknown[]).map((cookie): [string, string] => ["Set-Cookie", String(cookie)]);
  const all = [...own, ...set];
  for (const [name, value] of all) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  const hasType = own.some(([name]) => name.toLowerCase() === "content-type");
  return { status, headers: hasType ? all : [["Content-Type", contentType], ...all] };
}

/** The headers in `multiValueHeaders`, one for each value. */
export function repeatedHeaders(multiValueHeaders: unknown): Answer["headers"] {
  return Object.entries(asMap(multiValueHeaders)).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, String(value)]),
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
