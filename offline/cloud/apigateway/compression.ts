import { Readable } from "node:stream";
import { deflateSync, gzipSync } from "node:zlib";
import type { Answer } from "../core/answer";

const codings = new Map([
  ["gzip", gzipSync],
  ["deflate", deflateSync],
]);

/**
 * An answer in the first coding that its caller accepts, if it is large enough and has no coding of its own.
 * @param least how many bytes it must have. @default no answer is compressed
 * @param accepted the header Accept-Encoding
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html
 */
export function compressed(answer: Answer, least: number | undefined, accepted: string | string[] = ""): Answer {
  const { headers, body } = answer;
  if (least === undefined || body instanceof Readable || Buffer.byteLength(body) < least) return answer;
  if (headers.some(([name]) => name.toLowerCase() === "content-encoding")) return answer;
  const names = String(accepted)
    .toLowerCase()
    .split(",")
    .filter((one) => !/;\s*q=0(?:\.0*)?\s*$/.test(one))
    .map((one) => one.replace(/;.*/s, "").trim());
  const name = names.find((one) => codings.has(one));
  const compress = name && codings.get(name);
  return compress ? { ...answer, headers: [...headers, ["Content-Encoding", name]], body: compress(body) } : answer;
}
