import type * as pulumi from "@pulumi/pulumi";
import type { S3File } from "../formats";

/** What happens to a cluster when a step fails. */
export const ActionOnFailure = {
  /** Continue with the next step. */
  Continue: "CONTINUE",
  /** Cancel the waiting steps, and keep the cluster. */
  CancelAndWait: "CANCEL_AND_WAIT",
  /** Terminate the cluster. */
  TerminateCluster: "TERMINATE_CLUSTER",
} as const;
export type ActionOnFailure = (typeof ActionOnFailure)[keyof typeof ActionOnFailure];

/** The name of a step or script, 1–256 characters. @minLength 1 @maxLength 256 @see Amazon EMR API, StepConfig, Name */
export type EmrStepName = string;

/** A step of a new cluster. */
export interface EmrStepArgs {
  /** Its name, 1–256 characters. */
  name: EmrStepName;
  /**
   * The command to run, such as `["spark-submit", "--deploy-mode", "cluster", "s3://BUCKET/job.py"]`. Give this or
   * `jar`.
   * @minItems 1 @write an array of its words, such as ["spark-submit", "s3://…"]
   */
  command?: pulumi.Input<string>[];
  /** A jar, in S3 or on the nodes. */
  jar?: pulumi.Input<string>;
  /** The jar's main class. @default the one in its manifest */
  mainClass?: string;
  /** Arguments of the jar. @default none */
  args?: pulumi.Input<string>[];
  /** What happens to the cluster when it fails. @default "CONTINUE" */
  actionOnFailure?: ActionOnFailure;
}

/** A script that each node runs before the applications are installed. */
export interface EmrBootstrapActionArgs {
  /** Its name, 1–256 characters. */
  name: EmrStepName;
  /** The script, in S3, `s3://BUCKET/script.sh`. */
  path: pulumi.Input<S3File>;
  /** Its arguments. @default none */
  args?: pulumi.Input<string>[];
}
