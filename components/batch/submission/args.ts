import type * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../../access";
import type { LogRetentionDays } from "../../observability/retention";
import type { BatchAccessLevel, BatchAccessOptions } from "../access";

/** What accepts jobs: a GravitonBatch, or the ARNs of a queue and its job definitions. */
export interface JobSource {
  /** The queue's ARN. Give it with `jobDefinitionArns`. */
  queueArn?: pulumi.Input<string>;
  /** The job definitions' ARNs, with their revisions, by the jobs' names. */
  jobDefinitionArns?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * What a submitter of its jobs needs: the environment variables and the statements. A GravitonBatch has it.
   * @default what any queue requires, without knowing its jobs
   */
  access?(levels: BatchAccessLevel | BatchAccessLevel[], options?: BatchAccessOptions): FunctionAccess;
}

/** The arguments that all ways to submit a job have in common. */
export interface SubmittedJobArgs {
  /**
   * The queue and its job definitions: a GravitonBatch, or in other languages its `queueArn` and `jobDefinitionArns`.
   * @write a GravitonBatch, or its { queueArn, jobDefinitionArns }
   */
  batch: JobSource;
  /** The name of the job definition among the batch's `jobs`. @default the only one */
  job?: string;
  /** The share that the job belongs to; required by a queue with fair share. @default none */
  shareIdentifier?: string;
  /** Size of an array job, 2–10,000. @minimum 2 @maximum 10000 @unit children @default the batch's, if it is known */
  arraySize?: number;
  /** Environment variables in addition to the definition's, which they override. @default none */
  environment?: Record<string, pulumi.Input<string>>;
  /** Values of `Ref::name` in the definition's command. @default the definition's */
  parameters?: Record<string, pulumi.Input<string>>;
}

/** Arguments of {@link JobSubmission}. */
export interface JobSubmissionArgs extends SubmittedJobArgs {
  /**
   * Values that make an update submit the job again when they change, such as an image's URI or the digest of a file.
   * So do `environment` and `parameters`. @default none: the job runs once
   */
  triggers?: Record<string, pulumi.Input<string>>;
  /** Make the deployment wait for the job's end, and fail if it fails. @default true */
  wait?: boolean;
  /**
   * Seconds to wait, 30–840, as a Lambda function runs for 15 minutes at most. @minimum 30 @maximum 840 @unit seconds
   * @default 840
   */
  timeout?: number;
  /** Days that the submitting function's log is kept, one of CloudWatch's choices; 0 keeps it for ever. @default 30 */
  logRetentionDays?: LogRetentionDays;
  /** ARN of the permissions boundary of the submitting function's role. @default none */
  permissionsBoundary?: pulumi.Input<string>;
  /** Tags of every resource that supports them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
