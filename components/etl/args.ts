import type * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../access";
import type { SubmittedJobArgs } from "../batch/submission/args";
import type { EmrAccessLevel, EmrAccessOptions } from "../emr/cluster/access";
import type { S3File } from "../emr/formats";
import type { EmrServerlessAccessLevel } from "../emr/serverless/access";
import type { BucketEvents } from "../eventbridge/args";
import type { KmsKeyArn } from "../kms/keyArn";
import type { LogRetentionDays } from "../observability/retention";

/** The objects that a pipeline works on. */
export interface EtlBucketArgs {
  /** The bucket's name. */
  bucketName: pulumi.Input<string>;
  /**
   * Who makes the bucket send its events to EventBridge. @write "existing", or "managed" to replace its notifications
   */
  events: BucketEvents;
  /** What the objects' keys begin with. @default anything */
  prefix?: string;
  /** What the objects' keys end with, such as ".csv". @default anything */
  suffix?: string;
}

/** What runs steps: an EmrCluster, or its outputs. */
export interface StepSource {
  /** The cluster's id. Give it with `clusterArn`. */
  clusterId?: pulumi.Input<string>;
  /** The cluster's ARN. */
  clusterArn?: pulumi.Input<string>;
  /** ARN of the runtime role that the steps run as. @default the nodes run them */
  runtimeRoleArn?: pulumi.Input<string>;
  /**
   * What a function that adds steps needs: the environment variables and the statements. An EmrCluster has it.
   * @default what any cluster requires
   */
  access?(levels: EmrAccessLevel | EmrAccessLevel[], options?: EmrAccessOptions): FunctionAccess;
}

/** The Spark step that runs for each object. */
export interface EtlStepArgs {
  /** The cluster. @write an EmrCluster, or its { clusterId, clusterArn } */
  cluster: StepSource;
  /** The role of an EmrCluster's `security.runtimeRoles` that the steps run as. @default the only one, if there is one */
  runtimeRole?: string;
  /**
   * The arguments of `spark-submit`, such as `["--deploy-mode", "cluster", "s3://CODE/job.py", "{uri}"]`. `{uri}`
   * (`s3://BUCKET/KEY`), `{bucket}`, `{key}`, `{version}` (of the object; empty without versions) and `{run}` (the run's
   * id) are replaced. @minItems 1
   */
  arguments: pulumi.Input<string>[];
}

/** What runs jobs of EMR Serverless: an EmrServerless, or its outputs. */
export interface RunSource {
  /** The application's id. Give it with `applicationArn` and `jobRoleArn`. */
  applicationId?: pulumi.Input<string>;
  /** The application's ARN. */
  applicationArn?: pulumi.Input<string>;
  /** ARN of the role that the jobs run as. */
  jobRoleArn?: pulumi.Input<string>;
  /**
   * What a function that starts jobs needs: the environment variables and the statements. An EmrServerless has it.
   * @default what any application requires
   */
  access?(levels: EmrServerlessAccessLevel | EmrServerlessAccessLevel[]): FunctionAccess;
}

/** The Spark job of EMR Serverless that runs for each object. */
export interface EtlRunArgs {
  /** The application. @write an EmrServerless, or its { applicationId, applicationArn, jobRoleArn } */
  application: RunSource;
  /** The job's script or jar, in S3, `s3://BUCKET/job.py`. */
  script: pulumi.Input<S3File>;
  /** Its arguments, with the same placeholders as those of a step. @default ["{uri}"] */
  arguments?: pulumi.Input<string>[];
  /** Options of `spark-submit`, such as `--conf spark.executor.cores=4`. @default none */
  sparkSubmitParameters?: pulumi.Input<string>;
}

/** Arguments of {@link EtlPipeline}. */
export interface EtlPipelineArgs {
  /** The objects. */
  bucket: EtlBucketArgs;
  /**
   * The Batch job that runs for each object. It gets BUCKET_NAME, OBJECT_KEY, OBJECT_VERSION (in a bucket with versions)
   * and RUN_ID; `{uri}`, `{bucket}`, `{key}`, `{version}` and `{run}` are replaced in its `environment` and
   * `parameters`. Give this, `step` or `run`.
   */
  job?: SubmittedJobArgs;
  /** The step of an EMR cluster that runs for each object. */
  step?: EtlStepArgs;
  /** The EMR Serverless job that runs for each object. */
  run?: EtlRunArgs;
  /**
   * How often an event is received before it is a dead letter, 1–1,000, three minutes apart: while the work cannot be
   * submitted, or after it has failed. @minimum 1 @maximum 1000 @unit times @default 5
   */
  maximumReceives?: number;
  /**
   * Days that the record of a run is kept, 15–3,650, and that the same version of an object is not worked on again.
   * Dead letters, which are kept for 14 days, need it. @minimum 15 @maximum 3650 @unit days @default 90
   */
  retentionDays?: number;
  /** Refuse to delete the records, in the program and in the console. @default false */
  deletionProtection?: pulumi.Input<boolean>;
  /** Days that the function's log is kept, one of CloudWatch's choices; 0 keeps it for ever. @default 30 */
  logRetentionDays?: LogRetentionDays;
  /**
   * Customer key for the records, the queues, the log and the function's environment; its policy must let EventBridge
   * and CloudWatch Logs use it, as an EncryptionKey's does with the `services` "events" and "logs".
   * @default AWS's own keys
   */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
  /** ARN of the permissions boundary of the function's role. @default none */
  permissionsBoundary?: pulumi.Input<string>;
  /**
   * SNS topics notified of dead letters, which failed runs become, of events that wait, and of errors of the function
   * and the table; an empty list is the same as none. @default none
   */
  alarmTopicArns?: pulumi.Input<string>[];
  /** Tags of every resource that supports them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
