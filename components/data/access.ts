import * as pulumi from "@pulumi/pulumi";
import { type FunctionAccess, type Statement, serviceAt } from "../access";

/** How a function or job may use a bucket: read, write (without deletes), or both with deletes. */
export type DataBucketAccessLevel = "read" | "write" | "readWrite";

/** Which part of a bucket `access()` is for, and which environment variable names the bucket. */
export interface DataBucketAccessOptions {
  /** The folder that objects are in, such as `events/`. @default the whole bucket */
  prefix?: string;
  /**
   * S3 answers a request for an object that does not exist with 404 only if the bucket may be listed without a prefix;
   * otherwise, and by default for a `prefix`, the answer is 403. Spark gives up at a 403, so its jobs need this. The
   * names of all objects in the bucket can then be listed; their contents remain closed.
   * @default false
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
   */
  reportsMissing?: boolean;
  /** The environment variable that holds the bucket's name. @default "BUCKET_NAME" */
  environmentName?: string;
}

/** The resources that access is given to. */
export interface BucketTarget {
  bucketName: pulumi.Output<string>;
  bucketArn: pulumi.Output<string>;
  kmsKeyArn?: pulumi.Input<string>;
}

const writeActions = ["s3:PutObject", "s3:AbortMultipartUpload"];

const objectActions: Record<DataBucketAccessLevel, string[]> = {
  read: ["s3:GetObject"],
  write: writeActions,
  readWrite: ["s3:GetObject", "s3:DeleteObject", ...writeActions],
};

/**
 * S3 reads the parts of an upload when it assembles them.
 * @see Amazon S3 User Guide, "Using server-side encryption with KMS keys"
 */
const keyActions: Record<DataBucketAccessLevel, string[]> = {
  read: ["kms:Decrypt"],
  write: ["kms:GenerateDataKey", "kms:Decrypt"],
  readWrite: ["kms:GenerateDataKey", "kms:Decrypt"],
};

/** @throws pulumi.RunError if the prefix begins with a slash or contains what IAM treats as a pattern */
export function bucketAccess(
  level: DataBucketAccessLevel,
  target: BucketTarget,
  { prefix = "", reportsMissing = false, environmentName = "BUCKET_NAME" }: DataBucketAccessOptions,
): FunctionAccess {
  if (/^\/|[*?$]/.test(prefix)) {
    throw new pulumi.RunError(`access: \`prefix\` is "${prefix}"; write a folder without \`*\`, such as "events/"`);
  }
  const folder = prefix.replace(/\/$/, "");
  const keys = keysUnder(folder);
  const statements = [
    { actions: objectActions[level], resources: keys.map((key) => pulumi.interpolate`${target.bucketArn}/${key}`) },
    ...(level === "write" ? [] : [listStatement(target, folder, reportsMissing)]),
    ...keyStatements(level, target),
  ];
  return { environment: { [environmentName]: target.bucketName }, statements };
}

/**
 * EMR's file system before emr-7.10 keeps a marker next to a folder, and checks whether the folder is an object.
 * @see https://docs.aws.amazon.com/emr/latest/ReleaseGuide/emr-s3a-migrate.html
 */
function keysUnder(folder: string): string[] {
  return folder === "" ? ["*"] : [folder, `${folder}/*`, `${folder}_$folder$`];
}

/** A request for an object has no prefix, which `IfExists` lets pass, as it does a listing of the whole bucket. */
function listStatement({ bucketArn }: BucketTarget, folder: string, reportsMissing: boolean): Statement {
  const statement = { actions: ["s3:ListBucket"], resources: [bucketArn] };
  if (folder === "") return statement;
  // With its slash, because the prefix events would also list events-private/.
  const inFolder = { "s3:prefix": `${folder}/*` };
  return { ...statement, conditions: { [reportsMissing ? "StringLikeIfExists" : "StringLike"]: inFolder } };
}

/** S3 uses a customer key with the caller's permissions, and the caller may use it only through S3. */
function keyStatements(level: DataBucketAccessLevel, { kmsKeyArn }: BucketTarget): Statement[] {
  if (kmsKeyArn === undefined) return [];
  // A bucket and its key are in one region.
  const conditions = { StringEquals: { "kms:ViaService": serviceAt("s3", kmsKeyArn) } };
  return [{ actions: keyActions[level], resources: [kmsKeyArn], conditions }];
}
