import {
  type Answer,
  bucketOf,
  type Call,
  headerOf,
  keptHeaders,
  matches,
  missing,
  preconditionFailed,
  type Reading,
  writeCondition,
} from "./call";
import { s3Error } from "./errors";
import type { ObjectInfo } from "./properties";
import { receive } from "./receive";

/** Headers that a GetObject request may override in its answer. */
export const OVERRIDES = ["type", "disposition", "encoding", "language"]
  .map((name) => `response-content-${name}`)
  .concat("response-cache-control", "response-expires");

export async function getObject(call: Reading): Promise<Answer> {
  const opened = (await bucketOf(call).open(call.key)) ?? missing(call.key);
  const { handle, info } = opened;
  const answer = await describeOr(call, info, () => handle.close());
  const { start, end } = answer.range;
  if (answer.status === 304 || end < start) {
    await handle.close();
    return answer;
  }
  return { ...answer, body: handle.createReadStream({ start, end }) };
}

export async function headObject(call: Reading): Promise<Answer> {
  return describe(call, (await bucketOf(call).find(call.key)) ?? missing(call.key));
}

export async function putObject(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  const condition = writeCondition(call);
  return call.buckets.stage(async (file) => {
    const { md5 } = await receive(call, file);
    const { etag } = await bucket.write(call.key, { file, etag: quote(md5), headers: keptHeaders(call) }, condition);
    return { headers: { ETag: etag } };
  });
}

/** Deleting an object that does not exist is not an error. */
export async function deleteObject(call: Call): Promise<Answer> {
  await bucketOf(call).delete(call.key, writeCondition(call));
  return { status: 204 };
}

/** An MD5 as an ETag. */
export function quote(md5: Buffer): string {
  return `"${md5.toString("hex")}"`;
}

type Described = Answer & { range: Range };

async function describeOr(call: Reading, info: ObjectInfo, release: () => Promise<void>): Promise<Described> {
  try {
    return describe(call, info);
  } catch (error) {
    await release();
    throw error;
  }
}

/** The headers that describe an object, and the range that was requested. */
function describe(call: Reading, info: ObjectInfo): Described {
  const outcome = outcomeOf(call.request.headers, info);
  if (outcome === 412) throw preconditionFailed();
  const whole = { start: 0, end: info.size - 1 };
  const common = { "Last-Modified": info.modified.toUTCString(), ETag: info.etag, "Accept-Ranges": "bytes" };
  if (outcome === 304) return { status: 304, headers: common, range: whole };
  const part = readRange(headerOf(call, "range"), info.size);
  const range = part ?? whole;
  const overrides = OVERRIDES.filter((name) => call.query.has(name)).map((name) => [
    name.replace("response-", ""),
    call.query.get(name),
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

/**
 * The status that the conditions of a read lead to instead of the object. The ETag takes precedence over the time.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
 */
export function outcomeOf(headers: Record<string, unknown>, { etag, modified }: ObjectInfo): 304 | 412 | undefined {
  const value = (name: string) => String(headers[name] ?? "");
  // HTTP dates have no fractions of a second.
  const time = Math.floor(modified.getTime() / 1000) * 1000;
  const ifMatch = value("if-match");
  const ifNoneMatch = value("if-none-match");
  if (ifMatch ? !matches(ifMatch, etag) : time > Date.parse(value("if-unmodified-since"))) return 412;
  if (ifNoneMatch ? matches(ifNoneMatch, etag) : time <= Date.parse(value("if-modified-since"))) return 304;
  return undefined;
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
  if (start >= size) throw s3Error("InvalidRange", `The requested range is not satisfiable: it has ${size} bytes`);
  return { start, end };
}
