import type * as pulumi from "@pulumi/pulumi";
import type { AccessArgs } from "../access";

/** What Batch does after a failed attempt. */
export const RetryAction = {
  /** Try again, up to `attempts`. */
  Retry: "RETRY",
  /** Let the job fail. */
  Exit: "EXIT",
} as const;
export type RetryAction = (typeof RetryAction)[keyof typeof RetryAction];

/**
 * A pattern that Batch compares a reason with.
 * @pattern `^[\w.:\s]{0,512}\*?$` @write letters, digits, `.`, `:` and spaces, with a `*` at the end only
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_EvaluateOnExit.html
 */
export type RetryReason = string;

/** What to do after an attempt that failed in a certain way; if there are several conditions, all must hold. */
export interface RetryRuleArgs {
  /** What to do. */
  action: RetryAction;
  /** The attempt's status reason, such as `Task failed to start`; it may end in `*`. */
  onStatusReason?: RetryReason;
  /** The container's reason, such as `CannotPullContainerError:*`; it may end in `*`. */
  onReason?: RetryReason;
  /** The exit code in digits; it may end in `*`. @pattern `^\d{0,511}\*?$` @write digits, such as "137", or "1*" */
  onExitCode?: string;
}

/**
 * A job that runs on several instances at a time, which communicate with each other. It cannot run on Spot or Fargate,
 * and a submission cannot give it environment variables, because AWS Batch overrides them only for single-container
 * jobs.
 */
export interface NodesArgs {
  /** How many nodes, 2–1,000. @minimum 2 @maximum 1000 @unit nodes */
  count: number;
  /**
   * The node that the others report to, counted from 0, 0–999; when it ends, the job ends. @minimum 0 @maximum 999
   * @default 0
   */
  main?: number;
  /** The Graviton type of all nodes. @default one of the environment's */
  instanceType?: string;
}

/** A job definition: what a submitted job runs, with which resources and for how long. */
export interface JobArgs {
  /** The container image, for arm64. */
  image: pulumi.Input<string>;
  /** The command; `Ref::name` stands for a parameter. @default the image's own */
  command?: string[];
  /** Defaults of the command's parameters; a submission may override them. @default none */
  parameters?: Record<string, string>;
  /**
   * vCPUs: a whole number up to 1,000 on EC2; 0.25, 0.5, 1, 2, 4, 8 or 16 on Fargate. @default 1
   * @fractional @minimum 0.25 @maximum 1000 @unit vCPUs
   */
  vcpus?: number;
  /**
   * Memory in MiB, 4–100,000,000; on Fargate, one that it offers with the vCPUs.
   * @minimum 4 @maximum 100000000 @unit MiB
   * @default 2048
   */
  memory?: number;
  /** GPUs, on g5g instances, 1–16. @minimum 1 @maximum 16 @default none */
  gpus?: number;
  /**
   * Environment variables; a submission may override them. Names that begin with `AWS_BATCH` are reserved by Batch.
   * @default none
   */
  environment?: Record<string, pulumi.Input<string>>;
  /** Environment variables read from Secrets Manager or Parameter Store when the job starts: name → ARN. @default none */
  secrets?: Record<string, pulumi.Input<string>>;
  /** Customer key of the secrets. @default AWS's own key */
  secretsKeyArn?: pulumi.Input<string>;
  /** What the job uses: the results of other components' `access()`. @default nothing */
  access?: pulumi.Input<AccessArgs>[];
  /**
   * Seconds until an attempt is terminated, 60–1,209,600; it is not retried. @minimum 60 @maximum 1209600
   * @unit seconds @default 3600
   */
  timeout?: number;
  /** Attempts in all, 1–10. @minimum 1 @maximum 10 @default 3 */
  attempts?: number;
  /**
   * What to do after failed attempts: at most 3 rules, of which the first that matches decides.
   * @maxItems 3
   * @write at most 3, as Batch allows 5 and two are built in: retry what Spot reclaims, and fail the rest
   * @default retry what Spot reclaimed, and fail everything else; these two always come last
   */
  retryRules?: RetryRuleArgs[];
  /**
   * Priority among jobs of one share, 0–9,999, the highest first; for a queue with `fairShare`.
   * @minimum 0 @maximum 9999
   * @default 0 there
   */
  schedulingPriority?: number;
  /**
   * Number of children of an array job, 2–10,000. Batch takes it with each submission, so `access("submit")` passes it
   * as `JOB_ARRAY_SIZE`. @minimum 2 @maximum 10000 @unit children @default a single job
   */
  arraySize?: number;
  /** Run on several instances at a time. @default on one */
  nodes?: NodesArgs;
  /** Make the container's root file system read-only. @default false */
  readonlyRootFilesystem?: boolean;
  /** Fargate's disk, 21–200 GiB. @minimum 21 @maximum 200 @unit GiB @default 20, at no charge */
  ephemeralStorage?: number;
  /** Fargate's platform version. @default "LATEST" */
  platformVersion?: string;
  /** Put the job's tags on its ECS tasks too, for cost allocation. @default true */
  propagateTags?: boolean;
}
