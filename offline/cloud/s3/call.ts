import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { AwsError } from "../core/awsError";
import { bucketInHost } from "../core/hosts";
import type { Call as SignedCall } from "../core/service";
import type { Payload } from "../core/signature/payload";
import type { Bucket, Condition } from "./bucket";
import type { Buckets } from "./buckets";
import { s3Error } from "./errors";
import type { ObjectInfo } from "./properties";
import type { Uploads } from "./uploads";

/** A parsed request. */
export interface Call {
  request: IncomingMessage;
  payload: Payload;
  buckets: Buckets;
  uploads: Uploads;
  /** Empty if the request is not about a bucket. */
  bucketName: string;
  /** Empty if the request is not about an object. */
  key: string;
  query: URLSearchParams;
}

/** What reading an object takes. */
export type Reading = Pick<Call, "buckets" | "bucketName" | "key" | "query"> & {
  request: Pick<IncomingMessage, "headers">;
};

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Readable;
}

/**
 * Parses a request: the bucket is in the path, or before `localhost` in the host, where SDKs put it if their endpoint
 * is `http://localhost`.
 */
export function readCall({ request, payload }: SignedCall, buckets: Buckets, uploads: Uploads): Call {
  const [, rawPath = "", search = ""] = /^\/?([^?]*)\??(.*)$/s.exec(request.url ?? "") ?? [];
  const hosted = bucketInHost(request.headers.host);
  const [first = "", ...rest] = hosted === undefined ? rawPath.split("/") : [hosted, rawPath];
  const query = new URLSearchParams(search);
  return { request, payload, buckets, uploads, bucketName: decodePath(first), key: decodePath(rest.join("/")), query };
}

/** @throws AwsError for text that is not UTF-8 */
export function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw s3Error("InvalidURI", "Couldn't parse the specified URI.");
  }
}

/** A header of the request; empty if it is missing. */
export function headerOf({ request }: Pick<Reading, "request">, name: string): string {
  return String(request.headers[name] ?? "");
}

/** @throws AwsError when the program has no such bucket */
export function bucketOf({ buckets, bucketName }: Pick<Call, "buckets" | "bucketName">, name = bucketName): Bucket {
  const bucket = buckets.find(name);
  if (!bucket) throw s3Error("NoSuchBucket", `The specified bucket does not exist: the program has no "${name}"`);
  return bucket;
}

/** @throws AwsError always: the object does not exist */
export function missing(key: string): never {
  throw s3Error("NoSuchKey", `The specified key does not exist: ${key}`);
}

export function matches(etags: string, etag: string): boolean {
  const plain = (text: string) => text.trim().replace(/^(?:W\/)?"?(.*?)"?$/, "$1");
  return etags.split(",").some((one) => plain(one) === "*" || plain(one) === plain(etag));
}

/** The condition in the headers `If-Match` and `If-None-Match` of a write. */
export function writeCondition(call: Call): Condition {
  const ifMatch = headerOf(call, "if-match");
  const ifNoneMatch = headerOf(call, "if-none-match");
  if (ifNoneMatch && ifNoneMatch !== "*") {
    throw s3Error("NotEmulated", "If-None-Match of a write must be *, as in S3");
  }
  return (present: ObjectInfo | undefined) => {
    if (ifMatch && !present) missing(call.key);
    const failed = (ifMatch && present && !matches(ifMatch, present.etag)) || (ifNoneMatch && present);
    if (failed) throw preconditionFailed();
  };
}

export function preconditionFailed(): AwsError {
  return s3Error("PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
}

const KEPT_HEADERS =
  /^(?:content-type|content-disposition|content-language|cache-control|expires|x-amz-website-redirect-location|x-amz-meta-.+)$/;

/** The headers of a write that are kept with the object. */
export function keptHeaders({ request }: Call): Record<string, string> {
  const kept = Object.entries(request.headers).filter(([name]) => KEPT_HEADERS.test(name));
  // `aws-chunked` describes the request, the rest describes the object.
  const encodings = String(request.headers["content-encoding"] ?? "").split(",");
  const encoding = encodings.filter((one) => one.trim() !== "aws-chunked").join(",");
  return Object.fromEntries([...kept, ...(encoding ? [["content-encoding", encoding]] : [])]);
}
