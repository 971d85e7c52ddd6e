import * as pulumi from "@pulumi/pulumi";
import { arnParts, type FunctionAccess, type Statement } from "../access";
import { listOf } from "../validation";
import { shareMistake } from "./rules/shares";

/** What a function may do with a queue: submit one kind of job, read jobs, or read and terminate them. */
export type BatchAccessLevel = "submit" | "read" | "terminate";

/** Which job `access()` is for, and which environment variables it sets. */
export interface BatchAccessOptions {
  /** The job that may be submitted. @default the only one */
  job?: string;
  /** The share of the submitted jobs; required by a queue with fair share. @default none */
  shareIdentifier?: string;
  /** The environment variable that holds the queue's ARN. @default "JOB_QUEUE" */
  queueEnvironmentName?: string;
  /** The environment variable that holds the job definition's ARN with its revision. @default "JOB_DEFINITION" */
  definitionEnvironmentName?: string;
}

/** A job definition that can be submitted. */
interface Job {
  arn: pulumi.Input<string>;
  arraySize?: number;
  propagateTags?: boolean;
}

/** The resources that access is given to. */
export interface AccessTarget {
  queueArn: pulumi.Input<string>;
  /** The jobs by their names; only their definitions' ARNs if they are known later. */
  jobs: Record<string, Job> | pulumi.Output<Record<string, string>>;
  /** @default unknown */
  fairShare?: boolean;
}

/** @throws pulumi.RunError if the job does not exist, or the share is missing, malformed or unsupported by the queue */
export function batchAccess(
  levels: BatchAccessLevel[],
  target: AccessTarget,
  options: BatchAccessOptions,
): FunctionAccess {
  const { queueEnvironmentName = "JOB_QUEUE" } = options;
  const submit = levels.includes("submit") ? submitAccess(target, options) : undefined;
  const mayTerminate = levels.includes("terminate");
  const mayRead = mayTerminate || levels.includes("read");
  return {
    environment: { [queueEnvironmentName]: target.queueArn, ...submit?.environment },
    statements: [
      ...(submit?.statements ?? []),
      ...(mayRead ? [readStatement] : []),
      ...(mayTerminate ? [{ actions: ["batch:TerminateJob", "batch:CancelJob"], resources: [jobsOf(target)] }] : []),
    ],
  };
}

/** Neither action supports resource-level permissions. @see Service Authorization Reference, AWS Batch */
const readStatement: Statement = { actions: ["batch:DescribeJobs", "batch:ListJobs"], resources: ["*"] };

function submitAccess(target: AccessTarget, options: BatchAccessOptions): FunctionAccess {
  const { definitionEnvironmentName = "JOB_DEFINITION", shareIdentifier } = options;
  const { jobs } = target;
  const { arn, arraySize, propagateTags }: Job = pulumi.Output.isInstance(jobs)
    ? { arn: jobs.apply((arns) => chosenJob(arns, options.job)) }
    : chosenJob(jobs, options.job);
  checkShare(target, shareIdentifier);
  // A policy that names the definition without a revision does not match one with it, and vice versa.
  const definitionArn = pulumi.output(arn).apply((known = "") => known.replace(/:\d+$/, ""));
  const conditions = shareIdentifier && { StringEquals: { "batch:ShareIdentifier": shareIdentifier } };
  // The Service Authorization Reference requires the job for SubmitJob, which the policies in AWS Batch's User Guide leave out:
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbatch.html
  const resources = [target.queueArn, definitionArn, pulumi.interpolate`${definitionArn}:*`, jobsOf(target)];
  return {
    environment: {
      [definitionEnvironmentName]: arn,
      ...(shareIdentifier && { JOB_SHARE_IDENTIFIER: shareIdentifier }),
      ...(arraySize && { JOB_ARRAY_SIZE: String(arraySize) }),
    },
    statements: [
      { actions: ["batch:SubmitJob"], resources, ...(conditions && { conditions }) },
      ...((propagateTags ?? true) ? [{ actions: ["batch:TagResource"], resources: [jobsOf(target)] }] : []),
    ],
  };
}

/** The job of a name, or the only one. */
function chosenJob<Each>(jobs: Record<string, Each>, asked?: string): Each {
  const names = Object.keys(jobs);
  const name = asked ?? (names.length === 1 ? names[0] : undefined);
  const job = name === undefined ? undefined : jobs[name];
  if (job !== undefined) return job;
  const known = listOf(names.map((one) => `"${one}"`)) || "the name of one that you add to `jobs`";
  throw new pulumi.RunError(
    `access: ${name === undefined ? "no job is given" : `there is no job "${name}"`}; write \`job\`: ${known}`,
  );
}

function checkShare({ fairShare }: AccessTarget, shareIdentifier?: string): void {
  if (fairShare && shareIdentifier === undefined) {
    throw new pulumi.RunError("access: a queue with fair share needs the share of each job; write `shareIdentifier`");
  }
  if (fairShare === false && shareIdentifier !== undefined) {
    throw new pulumi.RunError("access: `shareIdentifier` is for a queue with `fairShare`; leave it out");
  }
  const mistake = shareIdentifier === undefined ? undefined : shareMistake(shareIdentifier);
  if (mistake) throw new pulumi.RunError(`access: \`shareIdentifier\` ${mistake}`);
}

/** All jobs of the account, because a job's ARN identifies it only by a random id. */
function jobsOf({ queueArn }: AccessTarget): pulumi.Output<string> {
  return arnParts(queueArn).apply((parts) => `${parts.slice(0, 5).join(":")}:job/*`);
}
