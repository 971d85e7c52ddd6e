import type * as pulumi from "@pulumi/pulumi";
import type { KmsKeyArn } from "../kms/keyArn";

/** Cheaper places than S3 Standard, each of which objects only reach from the ones before it. */
export const StorageClass = {
  /** Read at once, at a price for each read; from 30 days on. */
  InfrequentAccess: "STANDARD_IA",
  /** Wherever is cheapest for how often an object is read, as S3 watches it. */
  IntelligentTiering: "INTELLIGENT_TIERING",
  /** Read at once, at a higher price; kept for 90 days at least. */
  GlacierInstantRetrieval: "GLACIER_IR",
  /** Read within hours; kept for 90 days at least. */
  Glacier: "GLACIER",
  /** Read within two days; kept for 180 days at least. */
  DeepArchive: "DEEP_ARCHIVE",
} as const;
export type StorageClass = (typeof StorageClass)[keyof typeof StorageClass];

/** Days of a lifecycle, 1–36,500. @minimum 1 @maximum 36500 @unit days */
export type LifecycleDays = number;

/** When objects move to a cheaper place. */
export interface TransitionArgs {
  /** Days after an object was written, 0–36,500. @minimum 0 @maximum 36500 @unit days */
  days: number;
  /** The place. */
  storageClass: StorageClass;
}

/** What becomes of objects as they age. */
export interface LifecycleRuleArgs {
  /** What the objects' keys begin with, such as `events/`. @default all objects */
  prefix?: string;
  /** Days after which objects are deleted, 1–36,500; their versions are kept as long as others are. @default never */
  expireDays?: LifecycleDays;
  /** Moves to cheaper places, in their order. @default none */
  transitions?: TransitionArgs[];
}

/** Arguments of {@link DataBucket}. */
export interface DataBucketArgs {
  /**
   * The bucket's name, which no other bucket in the world may have. @default the component's, with random characters
   * @pattern `^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$`
   * @write 3 to 63 small letters, digits and `-`, such as acme-prod-events
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
   */
  bucketName?: string;
  /** Customer key for the objects, with a bucket key so that it is asked seldom. @default S3's own key */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
  /** Keep what is overwritten or deleted. @default true */
  versioning?: boolean;
  /** Days that overwritten and deleted objects are kept, 1–36,500. @default 30 */
  oldVersionDays?: LifecycleDays;
  /** Days after which uploads in parts are given up, 1–36,500. @default 7 */
  incompleteUploadDays?: LifecycleDays;
  /** What becomes of objects as they age. @default nothing */
  lifecycle?: LifecycleRuleArgs[];
  /**
   * Name of the bucket that S3 logs each request in: a DataBucket with `takesAccessLogs`, of this account and region.
   * Buckets that have been there for long may have dots. @default none
   * @pattern `^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$` @write a bucket's name, such as acme-prod-logs
   */
  accessLogBucket?: pulumi.Input<string>;
  /**
   * Let S3 log other buckets' requests here, under `access/`. S3 cannot do so under a customer key. @default false
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
   */
  takesAccessLogs?: boolean;
  /**
   * Tell EventBridge of each object that comes, goes or changes. The component owns the bucket's notifications: another
   * `aws.s3.BucketNotification` would undo this. @default false
   */
  eventBridge?: boolean;
  /** Delete the bucket with all that is in it. @default a bucket with objects is not deleted */
  forceDestroy?: boolean;
  /** Tags of the bucket. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Arguments of {@link DataLake}. */
export interface DataLakeArgs {
  /**
   * A folder with what jobs run, such as `jobs/spark`. It is uploaded whole, but for hidden files and what Python
   * compiles, under a digest of its content. @default none
   */
  code?: string;
  /** Customer key for the objects, but those of `logs`, which S3 could not write under it. @default S3's own key */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
  /** What becomes of raw data as it ages. @default nothing */
  rawLifecycle?: LifecycleRuleArgs[];
  /** What becomes of results as they age. @default nothing */
  resultsLifecycle?: LifecycleRuleArgs[];
  /** Days that logs are kept, 1–36,500. @default 90 */
  logDays?: LifecycleDays;
  /** Tell EventBridge of each object in `raw`. @default false */
  eventBridge?: boolean;
  /** Delete the buckets with all that is in them. @default but `code`, buckets with objects are not deleted */
  forceDestroy?: boolean;
  /** Tags of the buckets. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
