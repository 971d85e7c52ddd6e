import { type Answer, bucketOf, type Call } from "./call";
import { s3Error } from "./errors";
import { type Content, document } from "./xml";

const MAX_KEYS = 1000;

/** Where a page begins. */
interface Start {
  /** Only keys after this one, regardless of common prefixes. */
  afterKey?: string;
  /** Only keys and common prefixes after this one, the last of an earlier page. */
  afterEntry?: string;
}

interface Page {
  /** The part of the answer that both versions of the operation have. */
  content: Record<string, Content>;
  encode(text: string): string;
  count: number;
  /** The last key or common prefix, when more follow. */
  last: string | undefined;
}

export async function listObjectsV2(call: Call): Promise<Answer> {
  const { query } = call;
  const token = query.get("continuation-token");
  const startAfter = query.get("start-after") ?? undefined;
  const start = token ? { afterEntry: readToken(token) } : { afterKey: startAfter };
  const { content, encode, count, last } = await readPage(call, start);
  const body = document("ListBucketResult", {
    ...content,
    KeyCount: count,
    ContinuationToken: token ?? undefined,
    StartAfter: startAfter && encode(startAfter),
    NextContinuationToken: last && Buffer.from(last).toString("base64url"),
  });
  return { body };
}

export async function listObjects(call: Call): Promise<Answer> {
  const marker = call.query.get("marker") ?? "";
  const { content, encode, last } = await readPage(call, { afterEntry: marker });
  const body = document("ListBucketResult", {
    ...content,
    Marker: encode(marker),
    NextMarker: last && call.query.has("delimiter") ? encode(last) : undefined,
  });
  return { body };
}

async function readPage(call: Call, start: Start): Promise<Page> {
  const { query } = call;
  const bucket = bucketOf(call);
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const maxKeys = readMaxKeys(query.get("max-keys"));
  const encode = query.get("encoding-type") === "url" ? encodeKey : (text: string) => text;
  const keys = (await bucket.keys(prefix)).filter((key) => isAfter(key, start.afterKey));
  const entries = [...new Set(keys.map((key) => entryOf(key, prefix, delimiter)))];
  const following = entries.filter((entry) => isAfter(entry, start.afterEntry));
  const page = following.slice(0, maxKeys);
  const isPrefix = (entry: string) => delimiter !== "" && entry.includes(delimiter, prefix.length);
  const objects = await Promise.all(page.filter((entry) => !isPrefix(entry)).map((key) => bucket.find(key)));
  const truncated = maxKeys > 0 && following.length > maxKeys;
  const content = {
    Name: bucket.name,
    Prefix: encode(prefix),
    Delimiter: delimiter ? encode(delimiter) : undefined,
    MaxKeys: maxKeys,
    EncodingType: query.get("encoding-type") ?? undefined,
    IsTruncated: truncated,
    Contents: objects
      .flatMap((info) => info ?? [])
      .map(({ key, modified, etag, size }) => ({
        Key: encode(key),
        LastModified: modified.toISOString(),
        ETag: etag,
        Size: size,
        StorageClass: "STANDARD",
      })),
    CommonPrefixes: page.filter(isPrefix).map((one) => ({ Prefix: encode(one) })),
  };
  return { content, encode, count: page.length, last: truncated ? page.at(-1) : undefined };
}

/** The key, or its common prefix: everything up to the first delimiter after the requested prefix. */
function entryOf(key: string, prefix: string, delimiter: string): string {
  const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
  return end < 0 ? key : key.slice(0, end + delimiter.length);
}

function isAfter(text: string, other: string | undefined): boolean {
  return other === undefined || Buffer.compare(Buffer.from(text), Buffer.from(other)) > 0;
}

function readMaxKeys(text: string | null): number {
  if (!text) return MAX_KEYS;
  if (!/^\d+$/.test(text))
    throw s3Error("InvalidArgument", `max-keys is "${text}", but must be a number from 0 to ${MAX_KEYS}`);
  return Math.min(Number(text), MAX_KEYS);
}

function readToken(token: string): string {
  const last = Buffer.from(token, "base64url").toString();
  if (Buffer.from(last).toString("base64url") === token) return last;
  throw s3Error("InvalidArgument", "The continuation token provided is incorrect");
}

function encodeKey(text: string): string {
  return encodeURIComponent(text).replaceAll("%2F", "/");
}
