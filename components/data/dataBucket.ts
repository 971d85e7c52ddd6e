import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../access";
import { ComponentResource, onceReady } from "../resource";
import { bucketAccess, type DataBucketAccessLevel, type DataBucketAccessOptions } from "./access";
import type { DataBucketArgs } from "./args";
import { checkBucket } from "./checks";
import { accessLogPrefix, bucketPolicy, lifecycleRules } from "./configuration";

/**
 * An S3 bucket for data: private, encrypted, and reachable over TLS only. It keeps old versions of its objects for a
 * month, and cleans up incomplete uploads.
 */
export class DataBucket extends ComponentResource<DataBucketArgs, DataBucket> {
  /** The bucket's name. It is known only once the bucket is closed, so that nothing is written into it before. */
  declare readonly bucketName: pulumi.Output<string>;
  /** The bucket's ARN. */
  declare readonly bucketArn: pulumi.Output<string>;
  /** The bucket itself. */
  declare readonly bucket: s3.Bucket;
  /** What `access("read")` returns, for other languages. */
  declare readonly readAccess: FunctionAccess;
  /** What `access("write")` returns, for other languages. */
  declare readonly writeAccess: FunctionAccess;
  /** What `access("readWrite")` returns, for other languages. */
  declare readonly readWriteAccess: FunctionAccess;
  /** The customer key. */
  declare readonly kmsKeyArn?: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: DataBucketArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["bucketName", "bucketArn"] as const;
    super({ type: "DataBucket", rules: checkBucket, outputs, optionalOutputs: ["kmsKeyArn"] }, name, args, opts);
  }

  protected create(name: string, args: DataBucketArgs): void {
    const { bucketName: fixedName, forceDestroy, tags } = args;
    const bucket = new s3.Bucket(name, { bucket: fixedName, forceDestroy, tags }, this.guarded());
    this.set({ bucket });
    if (args.kmsKeyArn !== undefined) this.set({ kmsKeyArn: pulumi.output(args.kmsKeyArn) });
    const closed = this.close(name, args);
    this.set({ bucketName: onceReady(bucket.bucket, closed), bucketArn: onceReady(bucket.arn, closed) });
    this.set({
      readAccess: this.access("read"),
      writeAccess: this.access("write"),
      readWriteAccess: this.access("readWrite"),
    });
    this.createLifecycle(name, args);
    this.createLogging(name, args);
    this.createNotification(name, args);
  }

  /**
   * What a function or job needs to use the bucket: pass it to `access` of a LambdaFunction, a job or EMR.
   * @param level `read`, `write` (without deletes), or `readWrite` (with them, as Spark overwrites)
   * @throws pulumi.RunError if the prefix is not a folder
   */
  access(level: DataBucketAccessLevel, options: DataBucketAccessOptions = {}): FunctionAccess {
    return bucketAccess(level, this, options);
  }

  /** The address of objects, as Spark and EMR write it: `uri("events/")` is `s3://BUCKET/events/`. */
  uri(prefix = ""): pulumi.Output<string> {
    return pulumi.interpolate`s3://${this.bucketName}/${prefix}`;
  }

  private close(name: string, args: DataBucketArgs): pulumi.Resource[] {
    const opts = { parent: this };
    const { bucket } = this.bucket;
    const block = new s3.BucketPublicAccessBlock(
      name,
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      opts,
    );
    const ownership = new s3.BucketOwnershipControls(
      name,
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      opts,
    );
    const { accountId } = getCallerIdentityOutput({}, opts);
    // One after another, as S3 refuses to change a bucket's policy and its public access at the same time.
    const policy = new s3.BucketPolicy(
      name,
      { bucket: block.bucket, policy: bucketPolicy(this.bucket.arn, accountId, args) },
      opts,
    );
    return [ownership, policy, this.createEncryption(name, args), this.createVersioning(name, args)];
  }

  private createEncryption(name: string, { kmsKeyArn }: DataBucketArgs) {
    const rule =
      kmsKeyArn === undefined
        ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
        : {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
            bucketKeyEnabled: true,
          };
    return new s3.BucketServerSideEncryptionConfiguration(
      name,
      { bucket: this.bucket.bucket, rules: [rule] },
      { parent: this },
    );
  }

  private createVersioning(name: string, { versioning = true }: DataBucketArgs) {
    const versioningConfiguration = { status: versioning ? "Enabled" : "Suspended" };
    return new s3.BucketVersioning(name, { bucket: this.bucket.bucket, versioningConfiguration }, { parent: this });
  }

  /** After versioning, without which S3 may refuse rules about old versions. */
  private createLifecycle(name: string, args: DataBucketArgs): void {
    const rules = lifecycleRules(args);
    new s3.BucketLifecycleConfiguration(name, { bucket: this.bucketName, rules }, { parent: this });
  }

  private createLogging(name: string, { accessLogBucket }: DataBucketArgs): void {
    if (accessLogBucket === undefined) return;
    new s3.BucketLogging(
      name,
      {
        bucket: this.bucketName,
        targetBucket: accessLogBucket,
        targetPrefix: accessLogPrefix,
        // By account, region, bucket and day.
        targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
      },
      { parent: this },
    );
  }

  private createNotification(name: string, { eventBridge }: DataBucketArgs): void {
    if (!eventBridge) return;
    new s3.BucketNotification(name, { bucket: this.bucketName, eventbridge: true }, { parent: this });
  }
}
