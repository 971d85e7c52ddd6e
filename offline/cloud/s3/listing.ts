import { AwsError } from "../core/awsError";
import type { Buckets } from "./buckets";

const MAX_KEYS = 1000;

type ListInput = { Bucket: string; Prefix?: string; Delimiter?: string; MaxKeys?: number; EncodingType?: string };
type V2Input = ListInput & { ContinuationToken?: string; StartAfter?: string };

/** Where a page begins. */
interface Start {
  /** Only keys after this one, regardless of common prefixes. */
  afterKey?: string;
  /** Only keys and common prefixes after this one, the last of an earlier page. */
  afterEntry?: string;
}

interface Page {
  /** The part of the answer that both versions of the operation have. */
  content: object;
  encode(text: string): string;
  count: number;
  /** The last key or common prefix, when more follow. */
  last: string | undefined;
}

export async function listObjectsV2(buckets: Buckets, input: V2Input): Promise<object> {
  const { ContinuationToken, StartAfter } = input;
  const start = ContinuationToken ? { afterEntry: readToken(ContinuationToken) } : { afterKey: StartAfter };
  const { content, encode, count, last } = await readPage(buckets, input, start);
  return {
    ...content,
    KeyCount: count,
    ContinuationToken,
    StartAfter: StartAfter && encode(StartAfter),
    NextContinuationToken: last && Buffer.from(last).toString("base64url"),
  };
}

export async function listObjects(buckets: Buckets, input: ListInput & { Marker?: string }): Promise<object> {
  const { Marker = "", Delimiter } = input;
  const { content, encode, last } = await readPage(buckets, input, { afterEntry: Marker });
  return { ...content, Marker: encode(Marker), NextMarker: last && Delimiter !== undefined ? encode(last) : undefined };
}

async function readPage(buckets: Buckets, input: ListInput, start: Start): Promise<Page> {
  const { Prefix = "", Delimiter = "", EncodingType } = input;
  const bucket = buckets.demand(input.Bucket);
  const maxKeys = Math.min(input.MaxKeys ?? MAX_KEYS, MAX_KEYS);
  if (maxKeys < 0)
    throw new AwsError("InvalidArgument", "Argument maxKeys must be an integer between 0 and 2147483647");
  const encode = EncodingType === "url" ? encodeKey : (text: string) => text;
  const keys = (await bucket.keys(Prefix)).filter((key) => isAfter(key, start.afterKey));
  const entries = [...new Set(keys.map((key) => entryOf(key, Prefix, Delimiter)))];
  const following = entries.filter((entry) => isAfter(entry, start.afterEntry));
  const page = following.slice(0, maxKeys);
  const isPrefix = (entry: string) => Delimiter !== "" && entry.includes(Delimiter, Prefix.length);
  const objects = await Promise.all(page.filter((entry) => !isPrefix(entry)).map((key) => bucket.find(key)));
  const truncated = maxKeys > 0 && following.length > maxKeys;
  const content = {
    Name: bucket.name,
    Prefix: encode(Prefix),
    Delimiter: Delimiter ? encode(Delimiter) : undefined,
    MaxKeys: maxKeys,
    EncodingType,
    IsTruncated: truncated,
    Contents: objects
      .flatMap((info) => info ?? [])
      .map(({ key, modified, etag, size }) => ({
        Key: encode(key),
        LastModified: modified,
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

function readToken(token: string): string {
  const last = Buffer.from(token, "base64url").toString();
  if (Buffer.from(last).toString("base64url") === token) return last;
  throw new AwsError("InvalidArgument", "The continuation token provided is incorrect");
}

function encodeKey(text: string): string {
  return encodeURIComponent(text).replaceAll("%2F", "/");
}
