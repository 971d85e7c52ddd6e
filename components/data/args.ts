import type * as pulumi from "@pulumi/pulumi";
import type { KmsKeyArn } from "../kms/keyArn";

/** Storage classes cheaper than S3 Standard, in order: objects can only move to a later one. */
export const StorageClass = {
  /** Read immediately, at a charge for each read; from 30 days on. */
  InfrequentAccess: "STANDARD_IA",
  /** S3 picks the cheapest tier for how often it sees an object read. */
  IntelligentTiering: "INTELLIGENT_TIERING",
  /** Read immediately, at a higher charge; kept for at least 90 days. */
  GlacierInstantRetrieval: "GLACIER_IR",
  /** Read within hours; kept for at least 90 days. */
  Glacier: "GLACIER",
  /** Read within two days; kept for at least 180 days. */
  DeepArchive: "DEEP_ARCHIVE",
} as const;
export type StorageClass = (typeof StorageClass)[keyof typeof StorageClass];

/** Days of a lifecycle, 1–36,500. @minimum 1 @maximum 36500 @unit days */
export type LifecycleDays = number;

/** When objects move to a cheaper storage class. */
export interface TransitionArgs {
  /** Days after an object was written, 0–36,500. @minimum 0 @maximum 36500 @unit days */
  days: number;
  /** The storage class. */
  storageClass: StorageClass;
}

/** What happens to objects as they age. */
export interface LifecycleRuleArgs {
  /** The prefix of the objects' keys, such as `events/`. @default all objects */
  prefix?: string;
  /**
   * Days after which objects are deleted, 1–36,500; their old versions are kept as long as any others. @default never
   */
  expireDays?: LifecycleDays;
  /** Moves to cheaper storage classes, in order. @default none */
  transitions?: TransitionArgs[];
}

/** Arguments of {@link DataBucket}. */
export interface DataBucketArgs {
  /**
   * The bucket's name, which must be globally unique. @default the component's, with random characters
   * @pattern `^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$`
   * @write 3 to 63 lower-case letters, digits and `-`, such as acme-prod-events
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
   */
  bucketName?: string;
  /** Customer key for the objects, with a bucket key to reduce requests to KMS. @default S3's own key */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
  /** Keep overwritten and deleted objects. @default true */
  versioning?: boolean;
  /** Days that overwritten and deleted objects are kept, 1–36,500. @default 30 */
  oldVersionDays?: LifecycleDays;
  /** Days after which incomplete multipart uploads are aborted, 1–36,500. @default 7 */
  incompleteUploadDays?: LifecycleDays;
  /** What happens to objects as they age. @default nothing */
  lifecycle?: LifecycleRuleArgs[];
  /**
   * Name of the bucket in which S3 logs each request: a DataBucket with `takesAccessLogs`, in this account and region.
   * Old buckets may have dots in their names. @default none
   * @pattern `^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$` @write a bucket's name, such as acme-prod-logs
   */
  accessLogBucket?: pulumi.Input<string>;
  /**
   * Let S3 log other buckets' requests here, under `access/`. S3 cannot do so with a customer key. @default false
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
   */
  takesAccessLogs?: boolean;
  /**
   * Notify EventBridge of each object that is created, changed or deleted. The component owns the bucket's
   * notifications: another `aws.s3.BucketNotification` would undo this. @default false
   */
  eventBridge?: boolean;
  /** Delete the bucket with everything in it. @default a bucket with objects is not deleted */
  forceDestroy?: boolean;
  /** Tags of the bucket. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Arguments of {@link DataLake}. */
export interface DataLakeArgs {
  /**
   * A folder with the jobs' code, such as `jobs/spark`. All of it is uploaded, except hidden files and what Python
   * compiles, under a digest of its content. @default none
   */
  code?: string;
  /** Customer key for the objects, except those in `logs`, which S3 could not write with it. @default S3's own key */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
  /** What happens to raw data as it ages. @default nothing */
  rawLifecycle?: LifecycleRuleArgs[];
  /** What happens to results as they age. @default nothing */
  resultsLifecycle?: LifecycleRuleArgs[];
  /** Days that logs are kept, 1–36,500. @default 90 */
  logDays?: LifecycleDays;
  /** Notify EventBridge of each object in `raw`. @default false */
  eventBridge?: boolean;
  /** Delete the buckets with everything in them. @default buckets with objects are not deleted, except `code` */
  forceDestroy?: boolean;
  /** Tags of the buckets. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
