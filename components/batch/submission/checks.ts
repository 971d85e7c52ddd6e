import * as pulumi from "@pulumi/pulumi";
import { below, type Mistakes } from "../../validation";
import { jobVariableMistake } from "../rules/environment";
import type { JobSubmissionArgs, SubmittedJobArgs } from "./args";
import { type JobRequest, jobInput } from "./request";

/** Every mistake in a submission's arguments. */
export function checkSubmission(mistakes: Mistakes, args: JobSubmissionArgs, name: string): void {
  mistakes.componentName(name, 64, /^[A-Za-z\d][\w-]*$/, "a letter or digit, then letters, digits, `_` and `-`");
  checkSubmittedJob(mistakes, args);
  const waits = args.timeout === undefined || (args.wait ?? true);
  mistakes.check(waits, "timeout", "is there beside `wait: false`; leave out one of them");
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
export function checkSubmittedJob(mistakes: Mistakes, args: SubmittedJobArgs): void {
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
    mistakes.from("job", "shareIdentifier").add("batch", error.message);
  }
}
