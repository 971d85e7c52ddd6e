import { Invocation } from "@pulumi/aws/lambda/invocation";
import * as pulumi from "@pulumi/pulumi";
import { LambdaFunction } from "../../lambda/lambdaFunction";
import type { LogRetentionDays } from "../../observability/retention";
import { ComponentResource } from "../../resource";
import type { Mistakes } from "../../validation";
import { checkJob, type SubmittedJobArgs } from "./source";
import type { Submission, Submitted } from "./submit";

/** Arguments of {@link JobSubmission}. */
export interface JobSubmissionArgs extends SubmittedJobArgs {
  /**
   * What makes an update submit the job again when it changes, such as an image's URI or the digest of a file.
   * `environment` and `parameters` do so too. @default none: the job runs once
   */
  triggers?: Record<string, pulumi.Input<string>>;
  /** Let the deployment wait for the job's end, and fail with it. @default true */
  wait?: boolean;
  /**
   * Seconds to wait, 30–840, as a Lambda function runs for 15 minutes. @minimum 30 @maximum 840 @unit seconds
   * @default 840
   */
  timeout?: number;
  /** Days that the submitting function's log is kept, one of CloudWatch's choices; 0 keeps it for ever. @default 30 */
  logRetentionDays?: LogRetentionDays;
  /** ARN of the policy that limits what the submitting function can ever be allowed. @default none */
  permissionsBoundary?: pulumi.Input<string>;
  /** Tags of every resource that has them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * A job that is submitted when the stack is deployed, such as a migration or seed data: once, and again whenever a
 * trigger changes. Destroying it ends no job. A job runs once for each submission even if a connection breaks, but
 * after a failed deployment the next one submits it again, so it should stand being repeated.
 */
export class JobSubmission extends ComponentResource<JobSubmissionArgs, JobSubmission> {
  /** The job's id. */
  declare readonly jobId: pulumi.Output<string>;
  /** The name of the function that submits it, whose log tells how. */
  declare readonly functionName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: JobSubmissionArgs, opts?: pulumi.ComponentResourceOptions) {
    super({ type: "JobSubmission", rules: checkSubmission, outputs: ["jobId", "functionName"] }, name, args, opts);
  }

  protected create(name: string, args: JobSubmissionArgs): void {
    this.set({ functionName: this.createFunction(name, args).functionName });
    this.set({ jobId: this.createInvocation(name, args) });
  }

  private createFunction(name: string, args: JobSubmissionArgs): LambdaFunction {
    const { batch, job, shareIdentifier, logRetentionDays, permissionsBoundary, tags } = args;
    return new LambdaFunction(
      name,
      {
        entry: require.resolve("./submit"),
        description: `Submits the job ${name} when the stack is deployed`,
        access: [batch.access(["submit", "read"], { job, shareIdentifier })],
        // Not part of what it is called with: who waits longer for a job wants no other one.
        environment: { WAIT_SECONDS: String(waitSeconds(args)) },
        // A minute to submit, before the wait begins.
        timeout: waitSeconds(args) + 60,
        logRetentionDays,
        permissionsBoundary,
        tags,
      },
      { parent: this },
    );
  }

  private createInvocation(name: string, args: JobSubmissionArgs): pulumi.Output<string> {
    const { environment = {}, parameters = {}, triggers = {} } = args;
    const submission: Record<keyof Submission, unknown> = { name, environment, parameters, triggers };
    // The function is called when this is created, and its input cannot change without this being created anew.
    const { result } = new Invocation(
      name,
      { functionName: this.functionName, input: pulumi.jsonStringify(submission) },
      { parent: this },
    );
    return result.apply(jobIdOf);
  }
}

/** Before the function is called, as offline and in tests, the result is an empty object or none. */
function jobIdOf(result: string | undefined): string {
  return (JSON.parse(result || "{}") as Partial<Submitted>).jobId ?? "";
}

function waitSeconds({ wait = true, timeout = 840 }: JobSubmissionArgs): number {
  return wait ? timeout : 0;
}

function checkSubmission(mistakes: Mistakes, args: JobSubmissionArgs, name: string): void {
  mistakes.componentName(name, 64, /^[A-Za-z\d][\w-]*$/, "a letter or digit, then letters, digits, `_` and `-`");
  checkJob(mistakes, args);
  const waits = args.timeout === undefined || (args.wait ?? true);
  mistakes.check(waits, "timeout", "is there beside `wait: false`; leave out one of them");
}
