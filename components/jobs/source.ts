import type * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../access";
import type { BatchAccessLevel, BatchAccessOptions } from "../batch/access";
import { jobVariableMistake } from "../pure/batch/environment";
import type { Mistakes } from "../validation";

/** What takes jobs; a GravitonBatch is one. */
export interface JobSource {
  /** What a submitter of one of its jobs needs: the environment variables and the statements. */
  access(levels: BatchAccessLevel | BatchAccessLevel[], options?: BatchAccessOptions): FunctionAccess;
}

/** What every way to submit a job says of it. */
export interface SubmittedJobArgs {
  /** The queue and its job definitions: a GravitonBatch. */
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

/** Adds the mistakes in what every way to submit a job has. */
export function checkJob(mistakes: Mistakes, { environment = {} }: SubmittedJobArgs): void {
  for (const name of Object.keys(environment)) {
    const mistake = jobVariableMistake(name);
    if (mistake) mistakes.add(`environment.${name}`, mistake);
  }
}
