import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../../access";
import { below, type Mistakes } from "../../validation";
import type { BatchAccessLevel, BatchAccessOptions } from "../access";
import { jobVariableMistake } from "../rules/environment";
import { type JobRequest, jobInput } from "./request";

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

/** What is known of a request when the program runs: AWS judges an Output, once it has its value. */
export function knownRequest({ environment, parameters }: Omit<SubmittedJobArgs, "batch">): JobRequest {
  return { environment: knownValues(environment), parameters: knownValues(parameters) };
}

function knownValues(values: Record<string, pulumi.Input<string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}

/** Bytes that AWS Batch takes of a submission. @see https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html */
const largestSubmission = 30 * 1024;

/** Adds the mistakes in what every way to submit a job has. */
export function checkJob(mistakes: Mistakes, args: SubmittedJobArgs): void {
  checkAccess(mistakes, args);
  for (const name of Object.keys(args.environment ?? {})) {
    const mistake = jobVariableMistake(name);
    if (mistake) mistakes.add(below("environment", name), mistake);
  }
  const size = Buffer.byteLength(JSON.stringify(jobInput(knownRequest(args))));
  const instead = "write what is long to an object in S3, and its key here";
  mistakes.check(
    size <= largestSubmission,
    "environment",
    `has ${size} bytes with \`parameters\`, and AWS Batch takes ${largestSubmission} of a job; ${instead}`,
  );
}

/** What the source alone knows: which jobs there are, and whether it has shares. */
function checkAccess(mistakes: Mistakes, { batch, job, shareIdentifier }: SubmittedJobArgs): void {
  try {
    batch.access("submit", { job, shareIdentifier });
  } catch (error) {
    if (!(error instanceof pulumi.RunError)) throw error;
    mistakes.add("batch", error.message);
  }
}
