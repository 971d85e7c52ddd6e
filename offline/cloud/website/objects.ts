import { AwsError } from "../core/awsError";
import type { Buckets } from "../s3/buckets";
import { readObject } from "../s3/objects";
import type { Access, Reader } from "./access";
import type { SiteAnswer, SiteRequest } from "./site";

/** Reads the objects of buckets for those who may. */
export class Objects {
  constructor(
    private readonly buckets: Buckets,
    readonly access: Access,
  ) {}

  /** @throws AwsError such as NoSuchKey or AccessDenied */
  async read(reader: Reader, bucketName: string, key: string, request: SiteRequest): Promise<SiteAnswer> {
    const bucket = this.buckets.find(bucketName);
    const found = await bucket?.find(key);
    if (!found && (reader === "public" || this.access.lists(reader, bucketName))) throw noSuchKey(key);
    if (!bucket || !found || !this.access.reads(reader, bucketName, key)) {
      throw new AwsError("AccessDenied", "Access Denied", 403);
    }
    return readObject(bucket, key, request);
  }

  async exists(bucketName: string, key: string): Promise<boolean> {
    return (await this.buckets.find(bucketName)?.find(key)) !== undefined;
  }
}

function noSuchKey(key: string): AwsError {
  return new AwsError("NoSuchKey", "The specified key does not exist.", 404, { Key: key });
}
