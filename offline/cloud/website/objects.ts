import { AwsError } from "../core/awsError";
import type { Buckets } from "../s3/buckets";
import type { Reading } from "../s3/call";
import { getObject, headObject } from "../s3/objects";
import type { Access, Reader } from "./access";
import type { SiteAnswer, SiteRequest } from "./site";

/** Reads the objects of buckets for those who may. */
export class Objects {
  constructor(
    private readonly buckets: Buckets,
    readonly access: Access,
  ) {}

  /** @throws AwsError such as NoSuchKey or AccessDenied */
  async read(reader: Reader, bucketName: string, key: string, { method, headers }: SiteRequest): Promise<SiteAnswer> {
    const found = await this.find(bucketName, key);
    if (!found && (reader === "public" || this.access.lists(reader, bucketName))) throw noSuchKey(key);
    if (!found || !this.access.reads(reader, bucketName, key)) throw new AwsError("AccessDenied", "Access Denied", 403);
    const call: Reading = {
      buckets: this.buckets,
      bucketName,
      key,
      query: new URLSearchParams(),
      request: { headers },
    };
    const { status = 200, headers: given = {}, body } = await (method === "HEAD" ? headObject(call) : getObject(call));
    return { status, headers: given, ...(body !== undefined && { body }) };
  }

  async exists(bucketName: string, key: string): Promise<boolean> {
    return (await this.find(bucketName, key)) !== undefined;
  }

  private find(bucketName: string, key: string) {
    return this.buckets.find(bucketName)?.find(key) ?? Promise.resolve(undefined);
  }
}

function noSuchKey(key: string): AwsError {
  return new AwsError("NoSuchKey", "The specified key does not exist.", 404, { Key: key });
}
