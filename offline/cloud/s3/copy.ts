import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { AwsError } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import type { Buckets } from "./buckets";
import { type Conditions, missing, outcomeOf, preconditionFailed, writeCondition } from "./conditions";
import { decodePath } from "./keys";
import { type ObjectInput, quote, readRange } from "./objects";
import { keptHeaders, type ObjectInfo } from "./properties";
import { save } from "./receive";

export type CopyInput = ObjectInput & { CopySource: string; CopySourceRange?: string };

export async function copyObject(
  buckets: Buckets,
  input: CopyInput & Conditions & { MetadataDirective?: string },
  call: OperationCall,
): Promise<object> {
  const { headers } = call.request;
  const bucket = buckets.demand(input.Bucket);
  const condition = writeCondition(input.Key, input);
  const replaces = input.MetadataDirective === "REPLACE";
  const { stream, info, name } = await openSource(buckets, input, headers);
  if (!replaces && name === `${bucket.name}/${input.Key}`) {
    stream.destroy();
    throw new AwsError("InvalidRequest", "This copy request changes nothing: it copies an object onto itself");
  }
  return buckets.stage(async (file) => {
    const { md5 } = await save(stream, file);
    const staged = { file, etag: quote(md5), headers: replaces ? keptHeaders(headers) : info.headers };
    const copied = await bucket.write(input.Key, staged, condition);
    buckets.announce?.({ name: "ObjectCreated:Copy", bucket, key: input.Key, info: copied, call });
    const { etag: ETag, modified: LastModified } = copied;
    return { CopyObjectResult: { LastModified, ETag } };
  });
}

/** The source object of a copy, or the requested range of it. */
export async function openSource(
  buckets: Buckets,
  { CopySource, CopySourceRange = "" }: CopyInput,
  headers: IncomingHttpHeaders,
): Promise<{ stream: Readable; info: ObjectInfo; name: string }> {
  const [source = "", version] = CopySource.split("?");
  if (version) throw new AwsError("NotEmulated", `Versions are not emulated offline (${version})`, 501);
  const name = decodePath(source).replace(/^\//, "");
  const [bucketName = "", ...rest] = name.split("/");
  const key = rest.join("/");
  const { handle, info } = (await buckets.demand(bucketName).open(key)) ?? missing(key);
  const conditions = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"];
  const values = Object.fromEntries(conditions.map((one) => [one, headers[`x-amz-copy-source-${one}`]]));
  try {
    if (outcomeOf(values, info) !== undefined) throw preconditionFailed();
    return { stream: handle.createReadStream(readRange(CopySourceRange, info.size)), info, name };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
