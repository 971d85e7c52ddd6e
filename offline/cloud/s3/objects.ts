import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { AwsError, notEmulated } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import { queryOf } from "../core/signature/signature";
import type { Bucket, Condition } from "./bucket";
import type { Buckets } from "./buckets";
import { type Conditions, missing, outcomeOf, preconditionFailed, writeCondition } from "./conditions";
import { keptHeaders, type ObjectInfo } from "./properties";
import { receive } from "./receive";

export type ObjectInput = { Bucket: string; Key: string };
type VersionInput = ObjectInput & { VersionId?: string; PartNumber?: number };

/** How an object is read: whole, in part, or only described, and under which conditions. */
export interface Reading {
  method?: string;
  headers: IncomingHttpHeaders;
  /** Its target, whose query may have headers for the answer. @default none */
  url?: string;
}

export interface ObjectAnswer {
  status: number;
  headers: Record<string, string>;
  /** Absent where there is nothing to send. */
  body?: Readable;
}

/** Headers that a request may override in its answer. */
const OVERRIDES = ["type", "disposition", "encoding", "language"]
  .map((name) => `response-content-${name}`)
  .concat("response-cache-control", "response-expires");

/** @throws AwsError NoSuchKey, PreconditionFailed or InvalidRange */
export async function readObject(bucket: Bucket, key: string, reading: Reading): Promise<ObjectAnswer> {
  if (reading.method === "HEAD") {
    const { status, headers } = describe(reading, (await bucket.find(key)) ?? missing(key));
    return { status, headers };
  }
  const { handle, info } = (await bucket.open(key)) ?? missing(key);
  try {
    const { status, headers, range } = describe(reading, info);
    if (status !== 304 && range.start <= range.end) return { status, headers, body: handle.createReadStream(range) };
    await handle.close();
    return { status, headers };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** GetObject, and HeadObject by the request's method. */
export async function getObject(buckets: Buckets, input: VersionInput, call: OperationCall): Promise<object> {
  refuseVersions(input, call);
  const { status, headers, body } = await readObject(buckets.demand(input.Bucket), input.Key, call.request);
  call.response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) call.response.setHeader(name, value);
  return { Body: body };
}

export async function putObject(
  buckets: Buckets,
  { Bucket, Key, ...conditions }: ObjectInput & Conditions,
  call: OperationCall,
): Promise<object> {
  const bucket = buckets.demand(Bucket);
  const condition = writeCondition(Key, conditions);
  return buckets.stage(async (file) => {
    const { md5 } = await receive(call, file);
    const headers = keptHeaders(call.request.headers);
    const info = await bucket.write(Key, { file, etag: quote(md5), headers }, condition);
    buckets.announce?.({ name: "ObjectCreated:Put", bucket, key: Key, info, call });
    return { ETag: info.etag };
  });
}

export async function deleteObject(
  buckets: Buckets,
  input: VersionInput & Conditions,
  call: OperationCall,
): Promise<void> {
  refuseVersions(input, call);
  await deleteIn(buckets, input, call, writeCondition(input.Key, input));
}

/** Deleting an object that does not exist is not an error, and no event. */
export async function deleteIn(
  buckets: Buckets,
  { Bucket, Key: key }: ObjectInput,
  call: OperationCall,
  condition: Condition = () => {},
): Promise<void> {
  const bucket = buckets.demand(Bucket);
  const existed = await bucket.delete(key, condition);
  if (existed) buckets.announce?.({ name: "ObjectRemoved:Delete", bucket, key, call });
}

/** An MD5 as an ETag. */
export function quote(md5: Buffer): string {
  return `"${md5.toString("hex")}"`;
}

function refuseVersions(input: VersionInput, { operation }: OperationCall): void {
  const given = (["VersionId", "PartNumber"] as const).find((name) => input[name] !== undefined);
  if (given) throw notEmulated("s3", `s3 ${operation} with ${given}`);
}

/** The status, the headers that describe an object, and the range that was requested. */
function describe({ headers: given, url = "" }: Reading, info: ObjectInfo) {
  const outcome = outcomeOf(given, info);
  if (outcome === 412) throw preconditionFailed();
  const whole = { start: 0, end: info.size - 1 };
  const common = { "Last-Modified": info.modified.toUTCString(), ETag: info.etag, "Accept-Ranges": "bytes" };
  if (outcome === 304) return { status: 304, headers: common, range: whole };
  const part = readRange(String(given.range ?? ""), info.size);
  const range = part ?? whole;
  const query = queryOf(url);
  const overrides = OVERRIDES.filter((name) => query.has(name)).map((name) => [
    name.replace("response-", ""),
    query.get(name),
  ]);
  const headers = {
    "content-type": "binary/octet-stream",
    ...info.headers,
    ...Object.fromEntries(overrides),
    ...common,
    "Content-Length": String(range.end - range.start + 1),
    ...(part && { "Content-Range": `bytes ${range.start}-${range.end}/${info.size}` }),
  };
  return { status: part ? 206 : 200, headers, range };
}

interface Range {
  start: number;
  /** The last byte's position. */
  end: number;
}

/** Undefined for the whole object, which S3 also sends for several ranges. */
export function readRange(header: string, size: number): Range | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (!from && !to) return undefined;
  const start = from ? Number(from) : Math.max(0, size - Number(to));
  const end = from && to ? Math.min(Number(to), size - 1) : size - 1;
  if (from && to && Number(to) < Number(from)) return undefined;
  if (start >= size) {
    throw new AwsError("InvalidRange", `The requested range is not satisfiable: it has ${size} bytes`, 416);
  }
  return { start, end };
}
