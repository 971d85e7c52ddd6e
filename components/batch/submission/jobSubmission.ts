import { Invocation } from "@pulumi/aws/lambda/invocation";
import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction } from "../../lambda/lambdaFunction";
import { ComponentResource } from "../../resource";
import type { JobSubmissionArgs } from "./args";
import { checkSubmission } from "./checks";
import { accessToJobs } from "./jobSource";
import type { Submission, Submitted } from "./submit";

/**
 * A job that is submitted when the stack is deployed, such as a migration or seed data: once, and again whenever a
 * trigger changes. Destroying it terminates no job. A job runs once for each submission even if a connection breaks,
 * but after a failed deployment the next one submits it again, so it should be safe to repeat.
 */
export class JobSubmission extends ComponentResource<JobSubmissionArgs, JobSubmission> {
  /** The job's id. */
  declare readonly jobId: pulumi.Output<string>;
  /** The name of the function that submits it, whose log shows the details. */
  declare readonly functionName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: JobSubmissionArgs, opts?: pulumi.ComponentResourceOptions) {
    super({ type: "JobSubmission", rules: checkSubmission, outputs: ["jobId", "functionName"] }, name, args, opts);
  }

  protected create(name: string, args: JobSubmissionArgs, firstName: string): void {
    this.set({ functionName: this.createFunction(name, args).functionName });
    this.set({ jobId: this.createInvocation(name, args, firstName) });
  }

  private createFunction(name: string, args: JobSubmissionArgs): LambdaFunction {
    const { batch, job, shareIdentifier, arraySize, logRetentionDays, permissionsBoundary, tags } = args;
    const { environment, statements } = accessToJobs(batch, ["submit", "read"], { job, shareIdentifier });
    const size: typeof environment = arraySize === undefined ? {} : { JOB_ARRAY_SIZE: String(arraySize) };
    return new LambdaFunction(
      name,
      {
        entry: require.resolve("./submit"),
        description: `Submits the job ${name} when the stack is deployed`,
        access: [{ environment: { ...environment, ...size }, statements }],
        // Not part of its input: waiting longer for a job must not submit another one.
        environment: { WAIT_SECONDS: String(waitSeconds(args)) },
        // A minute to submit, before the wait begins.
        timeout: waitSeconds(args) + 60,
        logRetentionDays,
        permissionsBoundary,
        tags,
      },
      this.guarded(),
    );
  }

  private createInvocation(name: string, args: JobSubmissionArgs, jobName: string): pulumi.Output<string> {
    const { environment = {}, parameters = {}, triggers = {} } = args;
    const submission: Record<keyof Submission, unknown> = { name: jobName, environment, parameters, triggers };
    // Creating this calls the function, and a change to its input replaces this.
    const { result } = new Invocation(
      name,
      { functionName: this.functionName, input: pulumi.jsonStringify(submission) },
      { parent: this },
    );
    return result.apply(jobIdOf);
  }
}

/** If the function is not called, as offline and in tests, the result is an empty object or missing. */
function jobIdOf(result: string | undefined): string {
  return (JSON.parse(result || "{}") as Partial<Submitted>).jobId ?? "";
}

function waitSeconds({ wait = true, timeout = 840 }: JobSubmissionArgs): number {
  return wait ? timeout : 0;
}
