import { notEmulated } from "../core/awsError";
import { withoutSignature } from "../core/signature/signature";
import { type Answer, bucketOf, type Call } from "./call";
import { copyObject } from "./copy";
import { s3Error } from "./errors";
import { listObjects, listObjectsV2 } from "./listing";
import {
  abortMultipartUpload,
  completeMultipartUpload,
  createMultipartUpload,
  listParts,
  uploadPart,
  uploadPartCopy,
} from "./multipart";
import { deleteObject, getObject, headObject, OVERRIDES, putObject } from "./objects";
import { readWhole } from "./receive";
import { type Content, demandElements, document, readText } from "./xml";

/**
 * An operation is identified by its method, its target and the parameters in its query. With a parameter that it does
 * not take, the request is another operation, which is not emulated.
 */
interface Operation {
  method: string;
  on: "service" | "bucket" | "object";
  needs?: string[];
  takes?: string[];
  /** Whether it has the header `x-amz-copy-source`. @default false */
  copies?: boolean;
  run(call: Call): Promise<Answer>;
}

/**
 * Parameters that SDKs add: the signature of a presigned URL (version 4 or 2), the headers that boto3 repeats in
 * version 2, and the operation's name.
 */
const SIGNING = /^(?:x-.*|AWSAccessKeyId|Signature|Expires|content-type|content-md5)$/i;

const LISTING = ["prefix", "delimiter", "max-keys", "encoding-type"];

const OPERATIONS: Operation[] = [
  { method: "GET", on: "service", run: listBuckets },
  { method: "HEAD", on: "bucket", run: headBucket },
  { method: "GET", on: "bucket", needs: ["location"], run: getBucketLocation },
  {
    method: "GET",
    on: "bucket",
    needs: ["list-type"],
    takes: [...LISTING, "continuation-token", "start-after", "fetch-owner"],
    run: listObjectsV2,
  },
  { method: "GET", on: "bucket", takes: [...LISTING, "marker"], run: listObjects },
  { method: "POST", on: "bucket", needs: ["delete"], run: deleteObjects },
  { method: "GET", on: "object", takes: OVERRIDES, run: getObject },
  { method: "HEAD", on: "object", takes: OVERRIDES, run: headObject },
  { method: "PUT", on: "object", run: putObject },
  { method: "PUT", on: "object", copies: true, run: copyObject },
  { method: "DELETE", on: "object", run: deleteObject },
  { method: "POST", on: "object", needs: ["uploads"], run: createMultipartUpload },
  { method: "PUT", on: "object", needs: ["uploadId", "partNumber"], run: uploadPart },
  { method: "PUT", on: "object", needs: ["uploadId", "partNumber"], copies: true, run: uploadPartCopy },
  { method: "GET", on: "object", needs: ["uploadId"], takes: ["max-parts", "part-number-marker"], run: listParts },
  { method: "POST", on: "object", needs: ["uploadId"], run: completeMultipartUpload },
  { method: "DELETE", on: "object", needs: ["uploadId"], run: abortMultipartUpload },
];

/** @throws AwsError if the request is refused; if the operation is not emulated, the error names it */
export function runOperation(call: Call): Promise<Answer> {
  const { request, bucketName, key, query } = call;
  const on = key ? "object" : bucketName ? "bucket" : "service";
  const copies = request.headers["x-amz-copy-source"] !== undefined;
  const parameters = [...query.keys()].filter((name) => !SIGNING.test(name));
  const operation = OPERATIONS.find(
    ({ method, needs = [], takes = [], ...other }) =>
      method === request.method &&
      other.on === on &&
      (other.copies ?? false) === copies &&
      needs.every((name) => query.has(name)) &&
      parameters.every((name) => [...needs, ...takes].includes(name)),
  );
  if (operation) return operation.run(call);
  const name = query.get("x-id") ?? nameOf(request.method ?? "", on, parameters[0] ?? "");
  throw notEmulated("s3", `s3 ${name}`, ` (${request.method} ${withoutSignature(request.url ?? "/")})`);
}

/** Such as GetBucketPolicy for `GET /bucket?policy`. */
function nameOf(method: string, on: string, parameter: string): string {
  const capitalize = (text: string) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
  const verb = method === "PUT" && !parameter ? "Create" : capitalize(method);
  return verb + capitalize(on) + parameter.split("-").map(capitalize).join("");
}

async function listBuckets({ buckets }: Call): Promise<Answer> {
  const all = await Promise.all(
    buckets.list().map(async (bucket) => ({ Name: bucket.name, CreationDate: (await bucket.created()).toISOString() })),
  );
  const body = document("ListAllMyBucketsResult", { Buckets: { Bucket: all } });
  return { body };
}

async function headBucket(call: Call): Promise<Answer> {
  return { headers: { "x-amz-bucket-region": bucketOf(call).region } };
}

async function getBucketLocation(call: Call): Promise<Answer> {
  const { region } = bucketOf(call);
  // For historical reasons, the first region has no name here.
  return { body: document("LocationConstraint", region === "us-east-1" ? "" : region) };
}

async function deleteObjects(call: Call): Promise<Answer> {
  const bucket = bucketOf(call);
  const xml = await readWhole(call);
  const objects = demandElements(xml, "Object");
  if (objects.length > 1000) throw s3Error("MalformedXML", `At most 1000 objects are allowed, not ${objects.length}`);
  const quiet = readText(xml, "Quiet") === "true";
  const deleted: Content[] = [];
  const errors: Content[] = [];
  for (const object of objects) {
    const Key = readText(object, "Key") ?? "";
    const condition = ["VersionId", "ETag", "LastModifiedTime", "Size"].find((name) => readText(object, name));
    if (condition) {
      const Message = `${condition} in DeleteObjects is not emulated offline`;
      errors.push({ Key, Code: "NotEmulated", Message });
      continue;
    }
    await bucket.delete(Key);
    if (!quiet) deleted.push({ Key });
  }
  return { body: document("DeleteResult", { Deleted: deleted, Error: errors }) };
}
