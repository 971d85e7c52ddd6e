import type { Readable } from "node:stream";
import {
  type Answer,
  bucketOf,
  type Call,
  decodePath,
  headerOf,
  keptHeaders,
  missing,
  preconditionFailed,
  writeCondition,
} from "./call";
import { s3Error } from "./errors";
import { outcomeOf, quote, readRange } from "./objects";
import type { ObjectInfo } from "./properties";
import { save } from "./receive";
import { document } from "./xml";

export async function copyObject(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  const condition = writeCondition(call);
  const replaces = headerOf(call, "x-amz-metadata-directive") === "REPLACE";
  const { stream, info, name } = await openSource(call);
  if (!replaces && name === `${bucket.name}/${call.key}`) {
    stream.destroy();
    throw s3Error("InvalidRequest", "This copy request changes nothing: it copies an object onto itself");
  }
  return call.buckets.stage(async (file) => {
    const { md5 } = await save(stream, file);
    const headers = replaces ? keptHeaders(call) : info.headers;
    const { etag, modified } = await bucket.write(call.key, { file, etag: quote(md5), headers }, condition);
    return { body: document("CopyObjectResult", { LastModified: modified.toISOString(), ETag: etag }) };
  });
}

/** The source object of a copy, or the requested range of it. */
export async function openSource(call: Call): Promise<{ stream: Readable; info: ObjectInfo; name: string }> {
  const [source = "", version] = headerOf(call, "x-amz-copy-source").split("?");
  if (version) throw s3Error("NotEmulated", `Versions are not emulated offline (${version})`);
  const name = decodePath(source).replace(/^\//, "");
  const [bucketName = "", ...rest] = name.split("/");
  const key = rest.join("/");
  const { handle, info } = (await bucketOf(call, bucketName).open(key)) ?? missing(key);
  const conditions = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"];
  const values = Object.fromEntries(conditions.map((one) => [one, headerOf(call, `x-amz-copy-source-${one}`)]));
  try {
    if (outcomeOf(values, info) !== undefined) throw preconditionFailed();
    const range = readRange(headerOf(call, "x-amz-copy-source-range"), info.size);
    return { stream: handle.createReadStream(range), info, name };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
