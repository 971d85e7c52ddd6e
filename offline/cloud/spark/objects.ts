import * as fs from "node:fs";
import * as path from "node:path";
import { pathOf } from "../s3/keys";

/** Where the objects of the program's buckets lie on this machine. */
export interface BucketFolders {
  /** Undefined for a bucket that the program does not have. */
  folderOf(bucket: string): string | undefined;
}

/** The scheme and the bucket of an S3 URI: by itself, in a list, in a pair `NAME=URI` or after an alias. */
const LOCATION = /(?<![\w+.-])s3[an]?:\/\/([a-z0-9][a-z0-9.-]*)(?=[/,;\s"']|$)/g;

/** Replaces the URIs of buckets in a text with their folders, each after a prefix such as `file://`. */
export function toLocal(text: string, buckets: BucketFolders, prefix = ""): string {
  return text.replace(LOCATION, (location, bucket: string) => {
    const folder = buckets.folderOf(bucket);
    return folder === undefined ? location : `${prefix}${folder}`;
  });
}

const OBJECT = /^s3[an]?:\/\/([^/]*)\/?(.*)$/s;

/** The file of an object in one of the program's buckets; undefined for any other text. */
export function fileOf(uri: string, buckets: BucketFolders): string | undefined {
  const [, bucket, key = ""] = OBJECT.exec(uri) ?? [];
  const folder = bucket && buckets.folderOf(bucket);
  return folder ? path.join(folder, pathOf(key)) : undefined;
}

/** The place of a log below the log URI of a cluster or a job, if it has one. */
export function logFileIn(uri: string | undefined, stream: string): { logFile?: string } {
  return uri ? { logFile: `${uri.replace(/\/+$/, "")}/${stream}.gz` } : {};
}

/** AWS's own buckets, with jars such as script-runner.jar; their contents are not checked. */
const OF_EMR = /(^|\.)elasticmapreduce$/;

/** Why a file cannot be used: it is in S3, but not in a bucket of the program. Undefined if it can. */
export function whyMissing(uri: string, buckets: BucketFolders): string | undefined {
  const [, bucket] = OBJECT.exec(uri) ?? [];
  if (bucket === undefined || OF_EMR.test(bucket)) return undefined;
  const file = fileOf(uri, buckets);
  if (file === undefined) return `${uri} does not exist: the program has no bucket "${bucket}"`;
  return isFile(file)
    ? undefined
    : `${uri} does not exist: upload it before the job, as a BucketObject or with PutObject`;
}

/** Symbolic links are not objects. */
function isFile(file: string): boolean {
  try {
    return fs.lstatSync(file).isFile();
  } catch {
    return false;
  }
}
