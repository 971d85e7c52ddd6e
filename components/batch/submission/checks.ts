import * as pulumi from "@pulumi/pulumi";
import { below, type Mistakes } from "../../validation";
import { jobVariableMistake } from "../rules/environment";
import type { JobSubmissionArgs, SubmittedJobArgs } from "./args";
import { accessToJobs } from "./jobSource";
import { type JobRequest, jobInput } from "./request";

/** Adds every mistake in a submission's arguments. */
export function checkSubmission(mistakes: Mistakes, args: JobSubmissionArgs, name: string): void {
  mistakes.componentName(name, 64, /^[A-Za-z\d][\w-]*$/, "a letter or digit, then letters, digits, `_` and `-`");
  checkSubmittedJob(mistakes, args);
  const waits = args.timeout === undefined || (args.wait ?? true);
  mistakes.check(waits, "timeout", "cannot be combined with `wait: false`; leave out one of them");
}

/** The part of a request that is known when the program runs; AWS checks an Output, once it has its value. */
export function knownRequest({ environment, parameters }: Omit<SubmittedJobArgs, "batch">): JobRequest {
  return { environment: knownValues(environment), parameters: knownValues(parameters) };
}

function knownValues(values: Record<string, pulumi.Input<string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}

/**
 * Maximum size of a submission, in bytes. @see https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html
 */
const largestSubmission = 30 * 1024;

/** Adds the mistakes in the arguments that all ways to submit a job have in common. */
export function checkSubmittedJob(mistakes: Mistakes, args: SubmittedJobArgs): void {
  checkAccess(mistakes, args);
  for (const name of Object.keys(args.environment ?? {})) {
    const mistake = jobVariableMistake(name);
    if (mistake) mistakes.add(below("environment", name), mistake);
  }
  const size = Buffer.byteLength(JSON.stringify(jobInput(knownRequest(args))));
  const instead = "write long values to an object in S3, and its key here";
  mistakes.check(
    size <= largestSubmission,
    "environment",
    `has, with \`parameters\`, ${size} bytes; AWS Batch allows ${largestSubmission} for a job: ${instead}`,
  );
}

/** Checks what only the source knows: which jobs there are, and whether it has shares. */
function checkAccess(mistakes: Mistakes, { batch, job, shareIdentifier }: SubmittedJobArgs): void {
  const { access, queueArn, jobDefinitionArns } = batch;
  if (access === undefined && (queueArn === undefined || jobDefinitionArns === undefined)) {
    mistakes.add("batch", "lacks `queueArn` or `jobDefinitionArns`; write both, or a GravitonBatch");
    return;
  }
  try {
    accessToJobs(batch, "submit", { job, shareIdentifier });
  } catch (error) {
    if (!(error instanceof pulumi.RunError)) throw error;
    mistakes.from("job", "shareIdentifier").add("batch", error.message);
  }
}
