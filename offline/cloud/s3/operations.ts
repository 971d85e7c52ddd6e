import { AwsError } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import { defineService } from "../core/defineService";
import { bucketInHost } from "../core/hosts";
import { element } from "../core/protocol/xml";
import type { Call } from "../core/service";
import type { Buckets } from "./buckets";
import { copyObject } from "./copy";
import { decodePath } from "./keys";
import { listObjects, listObjectsV2 } from "./listing";
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listParts,
  uploadPart,
  uploadPartCopy,
} from "./multipart";
import { deleteIn, deleteObject, getObject, putObject } from "./objects";

type BucketInput = { Bucket: string };
type ListBucketsInput = { Prefix?: string; BucketRegion?: string };
type DeleteObjectsInput = BucketInput & { Delete: { Objects: ({ Key: string } & object)[]; Quiet?: boolean } };

const MAX_DELETED = 1000;

/**
 * Amazon S3 with the program's buckets.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
export const s3 = defineService<Buckets>(
  "s3",
  {
    ListBuckets: listBuckets,
    HeadBucket: (buckets, { Bucket }: BucketInput) => ({ BucketRegion: buckets.demand(Bucket).region }),
    GetBucketLocation: getBucketLocation,
    ListObjects: listObjects,
    ListObjectsV2: listObjectsV2,
    GetObject: getObject,
    HeadObject: getObject,
    PutObject: putObject,
    CopyObject: copyObject,
    DeleteObject: deleteObject,
    DeleteObjects: deleteObjects,
    CreateMultipartUpload: createMultipartUpload,
    UploadPart: uploadPart,
    UploadPartCopy: uploadPartCopy,
    ListParts: listParts,
    CompleteMultipartUpload: completeMultipartUpload,
    AbortMultipartUpload: abortMultipartUpload,
  },
  { urlOf },
);

/** The bucket is in the path, or before `localhost` in the host, where SDKs put it if their endpoint is `http://localhost`. */
function urlOf({ request: { url = "/", headers } }: Call): string {
  decodePath(url.split("?")[0] ?? "");
  const hosted = bucketInHost(headers.host);
  return hosted === undefined ? url : `/${hosted}${url}`;
}

async function listBuckets(buckets: Buckets, input: ListBucketsInput, { page }: OperationCall): Promise<object> {
  const { Prefix = "", BucketRegion } = input;
  const found = buckets
    .list()
    .filter(({ name, region }) => name.startsWith(Prefix) && region === (BucketRegion ?? region));
  const described = found.map(async (bucket) => ({ Name: bucket.name, CreationDate: await bucket.created() }));
  return { Prefix: input.Prefix, ...page(await Promise.all(described), { positionOf: ({ Name }) => Name }) };
}

/** The region is the text of the document itself, which the model cannot describe. */
function getBucketLocation(buckets: Buckets, { Bucket }: BucketInput): object {
  const { region } = buckets.demand(Bucket);
  const namespace = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  // For historical reasons, the first region has no name here.
  return { LocationConstraint: element("LocationConstraint", region === "us-east-1" ? "" : region, namespace) };
}

async function deleteObjects(
  buckets: Buckets,
  { Bucket, Delete }: DeleteObjectsInput,
  call: OperationCall,
): Promise<object> {
  buckets.demand(Bucket);
  const { Objects, Quiet } = Delete;
  if (Objects.length > MAX_DELETED) {
    throw new AwsError("MalformedXML", `At most ${MAX_DELETED} objects are allowed, not ${Objects.length}`);
  }
  const Deleted: object[] = [];
  const Errors: object[] = [];
  for (const { Key, ...conditions } of Objects) {
    const [condition] = Object.keys(conditions);
    if (condition) {
      Errors.push({ Key, Code: "NotEmulated", Message: `${condition} in DeleteObjects is not emulated offline` });
      continue;
    }
    await deleteIn(buckets, { Bucket, Key }, call);
    if (!Quiet) Deleted.push({ Key });
  }
  return { Deleted, Errors };
}
