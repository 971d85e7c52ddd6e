import { type GetObjectCommandOutput, S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import type { Resource } from "../../../offline/engine/graph";
import type { Properties } from "../../../offline/engine/values";
import { resource } from "./graph";
import type { Served } from "./served";

/** A client as programs create it, with only the endpoint and the credentials. */
export function s3Of({ endpoint, credentials }: Served, config: S3ClientConfig = {}): S3Client {
  return new S3Client({ endpoint, region: "eu-west-1", credentials: { ...credentials }, maxAttempts: 1, ...config });
}

export function bucket(name: string, inputs: Properties = {}): Resource {
  return resource("aws:s3/bucket:Bucket", name, inputs, { bucket: name, id: name });
}

export function bucketObject(bucketName: string, key: string, inputs: Properties): Resource {
  return resource("aws:s3/bucketObjectv2:BucketObjectv2", key, { bucket: bucketName, key, ...inputs });
}

export async function textOf({ Body }: GetObjectCommandOutput): Promise<string> {
  return (await Body?.transformToString()) ?? "";
}

/** The name of the error that a call rejects with, or "none". */
export function errorOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "none",
    (error: Error) => error.name,
  );
}
