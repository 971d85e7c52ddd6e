import type * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../../access";
import type { LogRetentionDays } from "../../observability/retention";
import type { BatchAccessLevel, BatchAccessOptions } from "../access";

/** What takes jobs; a GravitonBatch is one. */
export interface JobSource {
  /** What a submitter of one of its jobs needs: the environment variables and the statements. */
  access(levels: BatchAccessLevel | BatchAccessLevel[], options?: BatchAccessOptions): FunctionAccess;
}

/** What every way to submit a job says of it. */
export interface SubmittedJobArgs {
  /** The queue and its job definitions: a GravitonBatch. @write a GravitonBatch */
  batch: JobSource;
  /** The name of the job definition among the batch's `jobs`. @default the only one */
  job?: string;
  /** The share that the job belongs to; a queue with fair share demands one. @default none */
  shareIdentifier?: string;
  /** Environment variables besides the definition's, which they override. @default none */
  environment?: Record<string, pulumi.Input<string>>;
  /** Values of `Ref::name` in the definition's command. @default the definition's */
  parameters?: Record<string, pulumi.Input<string>>;
}

/** Arguments of {@link JobSubmission}. */
export interface JobSubmissionArgs extends SubmittedJobArgs {
  /**
   * What makes an update submit the job again when it changes, such as an image's URI or the digest of a file.
   * `environment` and `parameters` do so too. @default none: the job runs once
   */
  triggers?: Record<string, pulumi.Input<string>>;
  /** Let the deployment wait for the job's end, and fail with it. @default true */
  wait?: boolean;
  /** Seconds to wait, 30–840, as a Lambda function runs for 15 minutes. @minimum 30 @maximum 840 @unit seconds @default 840 */
  timeout?: number;
  /** Days that the submitting function's log is kept, one of CloudWatch's choices; 0 keeps it for ever. @default 30 */
  logRetentionDays?: LogRetentionDays;
  /** ARN of the policy that limits what the submitting function can ever be allowed. @default none */
  permissionsBoundary?: pulumi.Input<string>;
  /** Tags of every resource that has them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
