import type * as pulumi from "@pulumi/pulumi";

/** What becomes of a cluster when a step fails. */
export const ActionOnFailure = {
  /** Go on with the next step. */
  Continue: "CONTINUE",
  /** Cancel the steps that wait, and keep the cluster. */
  CancelAndWait: "CANCEL_AND_WAIT",
  /** End the cluster. */
  TerminateCluster: "TERMINATE_CLUSTER",
} as const;
export type ActionOnFailure = (typeof ActionOnFailure)[keyof typeof ActionOnFailure];

/** A step of a new cluster. */
export interface EmrStepArgs {
  /** What it is called. */
  name: string;
  /** What is run, such as `["spark-submit", "--deploy-mode", "cluster", "s3://BUCKET/job.py"]`. Give this or `jar`. */
  command?: pulumi.Input<string>[];
  /** A jar, in S3 or on the nodes. */
  jar?: pulumi.Input<string>;
  /** The jar's main class. @default what its manifest names */
  mainClass?: string;
  /** Arguments of the jar. @default none */
  args?: pulumi.Input<string>[];
  /** What becomes of the cluster when it fails. @default "CONTINUE" */
  actionOnFailure?: ActionOnFailure;
}

/** A script that each node runs before the applications are there. */
export interface EmrBootstrapActionArgs {
  /** What it is called. */
  name: string;
  /** The script, in S3. */
  path: pulumi.Input<string>;
  /** Its arguments. @default none */
  args?: pulumi.Input<string>[];
}
