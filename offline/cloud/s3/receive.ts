import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import { AwsError } from "../core/awsError";
import type { Call } from "../core/service";
import { type ChunkSignatures, checkPayload } from "../core/signature/payload";
import { checksums } from "./checksums";

/** A body that has been written to a file. */
export interface Received {
  size: number;
  md5: Buffer;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MAX_BYTES = 5 * 2 ** 30;

/**
 * Writes a request's body to a new file, decoded if an SDK has sent it in chunks of its own (`aws-chunked`).
 * @throws AwsError if the length, a checksum or the signature does not match
 */
export async function receive(
  { request, payload }: Pick<Call, "request" | "payload">,
  file: string,
): Promise<Received> {
  const { headers } = request;
  const chunked = /^STREAMING-/.test(String(headers["x-amz-content-sha256"]));
  const announced = headers[chunked ? "x-amz-decoded-content-length" : "content-length"];
  if (announced === undefined) {
    throw new AwsError("MissingContentLength", "You must provide the Content-Length HTTP header.", 411);
  }
  if (Number(announced) > MAX_BYTES) throw new AwsError("EntityTooLarge", "A single upload takes at most 5 GiB");
  const claims: Record<string, unknown> = { ...headers };
  const names = [...Object.keys(headers), ...String(headers["x-amz-trailer"] ?? "").split(",")];
  const claimed = Object.entries(checksums).filter(([name]) => names.includes(name));
  const computed = await Promise.all(claimed.map(async ([name, create]) => ({ name, digest: await create() })));
  const signed = createHash("sha256");
  const body = chunked ? decodeChunks(request, claims, payload.chunks) : request;
  const received = await save(body, file, (data) => {
    for (const { digest } of computed) digest.update(data);
    if (payload.sha256) signed.update(data);
  });
  if (received.size !== Number(announced)) {
    throw new AwsError("IncompleteBody", `The body has ${received.size} bytes, but ${announced} were announced`);
  }
  checkPayload(payload, signed);
  for (const { name, digest } of computed) {
    if (digest.digest().toString("base64") === claims[name]) continue;
    throw new AwsError("BadDigest", `The ${name} you specified did not match what we received.`);
  }
  return received;
}

/** Writes data to a new file. */
export async function save(
  body: AsyncIterable<Buffer>,
  file: string,
  look: (data: Buffer) => void = () => {},
): Promise<Received> {
  const md5 = createHash("md5");
  let size = 0;
  const handle = await fs.open(file, "wx");
  try {
    for await (const data of body) {
      md5.update(data);
      look(data);
      size += data.length;
      await handle.appendFile(data);
    }
  } finally {
    await handle.close();
  }
  return { size, md5: md5.digest() };
}

/**
 * The data of chunks `SIZE[;signature]\r\nDATA\r\n`; the last is empty, and the trailers after it go into `trailers`.
 * Reads the whole body before it fails, so that the caller gets the answer.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
async function* decodeChunks(
  body: AsyncIterable<Buffer>,
  trailers: Record<string, unknown>,
  signatures?: ChunkSignatures,
): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  let left: number | undefined;
  let ended = false;
  let signature = "";
  let hash = createHash("sha256");
  let trailing = "";
  const finishChunk = () => {
    signatures?.checkChunk(hash.digest("hex"), signature);
    hash = createHash("sha256");
  };
  for await (const data of body) {
    rest = Buffer.concat([rest, data]);
    while (rest.length > 0) {
      if (left) {
        const piece = rest.subarray(0, left);
        yield piece;
        hash.update(piece);
        rest = rest.subarray(piece.length);
        left -= piece.length;
        if (left === 0) finishChunk();
        continue;
      }
      const end = rest.indexOf("\r\n");
      if (end < 0) break;
      const line = rest.toString("latin1", 0, end);
      rest = rest.subarray(end + 2);
      const [, name = "", value = ""] = /^([^:]+):(.*)$/.exec(line) ?? [];
      if (ended && name.toLowerCase() === "x-amz-trailer-signature") signatures?.checkTrailers(trailing, value.trim());
      else if (ended && name) {
        trailers[name.toLowerCase()] = value.trim();
        trailing += `${name.toLowerCase()}:${value.trim()}\n`;
      } else if (line !== "") {
        left = Number.parseInt(/^[0-9a-f]+/i.exec(line)?.[0] ?? "", 16);
        signature = /;chunk-signature=(\w+)/.exec(line)?.[1] ?? "";
        ended = left === 0;
        if (ended) finishChunk();
      }
    }
  }
  if (!ended) throw new AwsError("IncompleteBody", "The body ends before its last chunk");
  if (signatures?.valid === false) {
    const message = "The chunk signature we calculated does not match the chunk signature you provided.";
    throw new AwsError("SignatureDoesNotMatch", message, 403);
  }
}
