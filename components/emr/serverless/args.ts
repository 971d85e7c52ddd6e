import type * as pulumi from "@pulumi/pulumi";
import type { AccessArgs } from "../../access";
import type { KmsKeyArn } from "../../kms/keyArn";
import type { LogRetentionDays } from "../../observability/retention";
import type { BoundaryArn, ReleaseLabel } from "../formats";

/** The engine of an application. */
export const EmrEngine = {
  /** Spark jobs. */
  Spark: "Spark",
  /** Hive queries. */
  Hive: "Hive",
} as const;
export type EmrEngine = (typeof EmrEngine)[keyof typeof EmrEngine];

/** Workers that are kept ready while the application is started; they are charged for that time. */
export interface EmrWorkersArgs {
  /** Their type: for Spark `Driver` or `Executor`, for Hive `HiveDriver` or `TezTask`. */
  type: string;
  /** How many, 1–1,000,000. @minimum 1 @maximum 1000000 @unit workers */
  count: number;
  /** vCPUs of each: 1, 2, 4, 8 or 16. @choices `[1, 2, 4, 8, 16]` @unit vCPUs @default 2 */
  vcpus?: number;
  /**
   * Memory of each in GiB, 2–120, a size that EMR offers with the vCPUs.
   * @minimum 2 @maximum 120 @unit GiB @default 4 for each vCPU
   */
  memory?: number;
  /** Disk of each in GiB, 20–200. @minimum 20 @maximum 200 @unit GiB @default 20 */
  disk?: number;
}

/** The most that an application's workers may have together. */
export interface EmrMaximumCapacityArgs {
  /** vCPUs, 1–1,000,000. @minimum 1 @maximum 1000000 @unit vCPUs */
  vcpus: number;
  /** Memory in GiB, 1–1,000,000. @minimum 1 @maximum 1000000 @unit GiB @default 4 for each vCPU */
  memory?: number;
  /** Disk in GiB, 1–1,000,000. @minimum 1 @maximum 1000000 @unit GiB @default no limit */
  disk?: number;
}

/** How many job runs an application executes at a time; the others wait. From emr-7.0.0 on. */
export interface EmrSchedulerArgs {
  /** Job runs at a time, 1–1,000. @minimum 1 @maximum 1000 @unit job runs @default 15 */
  maximumRuns?: number;
  /** Minutes that a job run may wait before it fails, 15–720. @minimum 15 @maximum 720 @unit minutes @default 360 */
  queueTimeoutMinutes?: number;
}

/** Settings of one classification. @minItems 1 @write properties, such as { "spark.sql.shuffle.partitions": "64" } */
export type EmrProperties = Record<string, string>;

/** Arguments of {@link EmrServerless}. */
export interface EmrServerlessArgs {
  /** The exact release, such as `emr-7.10.0`. */
  releaseLabel: ReleaseLabel;
  /** The engine. @default "Spark" */
  engine?: EmrEngine;
  /** The most that its jobs may use together, which limits the cost. @default 16 vCPUs and 64 GiB */
  maximumCapacity?: EmrMaximumCapacityArgs;
  /**
   * Let job runs wait for their turn instead of failing without capacity. `{}` takes AWS's defaults.
   * @default all job runs start at once
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/applications-concurrency-queuing.html
   */
  scheduler?: EmrSchedulerArgs;
  /**
   * Show the cost of each job run, by its id and its tags, in Cost Explorer and in cost and usage reports.
   * @default false
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-job-level-cost-allocation.html
   */
  jobCostAllocation?: boolean;
  /** Workers kept ready while it is started. @default none */
  initialCapacity?: EmrWorkersArgs[];
  /** Start with the first job. @default true */
  autoStart?: boolean;
  /**
   * Minutes without jobs after which it stops, 1–10,080; 0 never stops it. @minimum 0 @maximum 10080
   * @unit minutes, where 0 never stops it @default 15
   */
  idleMinutes?: number;
  /**
   * The VPC, for jobs that use resources in it, with a security group of the application's own. @default outside of any
   */
  vpcId?: pulumi.Input<string>;
  /**
   * Private subnets of that VPC, in two zones or more, with a route to S3 and CloudWatch Logs, at most 16.
   * @minItems 1 @maxItems 16 @write 1 to 16 private subnets, in two zones or more
   */
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * A container image for arm64 based on the release's own, in ECR, with its tag; from emr-6.9.0 on. Its repository's
   * policy must let emr-serverless.amazonaws.com read it. @default the release's own
   * @pattern `^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.[a-z0-9._-]+\/[a-z0-9._/-]+(?::[\w.-]+|@sha256:[0-9a-f]{64})$`
   * @write an image in ECR with its tag, such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com/spark:1
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/application-custom-image.html
   */
  imageUri?: pulumi.Input<string>;
  /** Settings of every job: classification → property → value. @default none */
  configurations?: Record<string, EmrProperties>;
  /**
   * What the jobs use: the results of the `access()` of buckets and tables, without the variables, as jobs take
   * arguments.
   * @default nothing but their logs
   */
  access?: pulumi.Input<AccessArgs>[];
  /** Days that the jobs' logs are kept, one of CloudWatch's choices; 0 keeps them for ever. @default 30 */
  logRetentionDays?: LogRetentionDays;
  /**
   * Customer key for the logs, including those that EMR keeps for its Spark UI. Its policy must allow CloudWatch Logs
   * and emr-serverless.amazonaws.com, as EncryptionKey's does. @default AWS's own key
   * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-log-encryption.html
   */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
  /** ARN of the role's permissions boundary. @default none */
  permissionsBoundary?: pulumi.Input<BoundaryArn>;
  /**
   * SNS topics notified of jobs that failed, were cancelled or wait for workers; their policies, and those of their
   * keys, must let EventBridge publish, as AlarmTopic's do. An empty list is the same as none. @default none
   */
  alarmTopicArns?: pulumi.Input<string>[];
  /** Tags of every resource that supports them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
