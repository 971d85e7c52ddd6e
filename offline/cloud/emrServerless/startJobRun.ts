import { AwsError } from "../core/awsError";
import type { Input } from "../core/types";
import type { Application } from "./application";
import { invalid } from "./errors";
import type { JobRun, JobRunInput } from "./jobRun";

export type StartJobRunInput = Partial<JobRunInput> & {
  applicationId: string;
  clientToken: string;
  executionRoleArn: string;
  retryPolicy?: { maxAttempts?: number };
};

/** @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-resiliency.html */
const MAX_ATTEMPTS = 10;
/** Half a day. */
const DEFAULT_TIMEOUT_MINUTES = 720;
const MAX_TIMEOUT_MINUTES = 1_000_000;
/** A week, for batch jobs from release 7.11 on. */
const MAX_BATCH_TIMEOUT_MINUTES = 10_080;

/**
 * StartJobRun. A repeated token with the same input returns the first job run.
 * @throws AwsError if the API would refuse the request
 * @see https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_StartJobRun.html
 */
export function startJobRun(application: Application, input: StartJobRunInput): JobRun {
  const { clientToken } = input;
  const content = JSON.stringify(input);
  const known = application.startedWith(clientToken);
  if (known && known.content === content) return known.jobRun;
  if (known) {
    const message = `clientToken ${clientToken} was used for another job run, ${known.jobRun.id}: give each job run its own`;
    throw new AwsError("ConflictException", message);
  }
  const { id, autoStart } = application.definition;
  check(
    autoStart || application.state === "STARTED",
    `Application ${id} is ${application.state}, not STARTED: start it first, or set autoStartConfiguration.enabled to true`,
  );
  return application.start(readInput(application, input), clientToken, content);
}

function readInput({ definition }: Application, input: StartJobRunInput): JobRunInput {
  const { applicationId: _, clientToken: __, mode = "BATCH", jobDriver = {}, tags = {}, retryPolicy, ...given } = input;
  const attempts = retryPolicy?.maxAttempts ?? 1;
  check(attempts <= MAX_ATTEMPTS, `retryPolicy.maxAttempts is ${attempts}, but must be from 1 to ${MAX_ATTEMPTS}`);
  checkDriver(definition.type, jobDriver);
  const executionTimeoutMinutes = readTimeout(input, mode, definition.releaseLabel);
  return { ...given, mode, jobDriver, tags, executionTimeoutMinutes, ...(retryPolicy && { retryPolicy }) };
}

/**
 * Only streaming jobs may run without a limit, which 0 means.
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/release-version-7110.html
 */
function readTimeout({ executionTimeoutMinutes }: StartJobRunInput, mode: string, releaseLabel: string): number {
  if (mode === "STREAMING") return executionTimeoutMinutes ?? 0;
  const minutes = executionTimeoutMinutes ?? DEFAULT_TIMEOUT_MINUTES;
  const most = isLimitedToAWeek(releaseLabel) ? MAX_BATCH_TIMEOUT_MINUTES : MAX_TIMEOUT_MINUTES;
  check(
    minutes > 0 && minutes <= most,
    `executionTimeoutMinutes is ${minutes}, but must be from 1 to ${most} for a job run in mode ${mode} with ${releaseLabel}`,
  );
  return minutes;
}

/** `emr-spark-` labels begin with 8. */
function isLimitedToAWeek(releaseLabel: string): boolean {
  const [major = 0, minor = 0] = (releaseLabel.match(/\d+/g) ?? []).map(Number);
  return major > 7 || (major === 7 && minor >= 11);
}

function checkDriver(type: string, jobDriver: Input): void {
  const wanted = type === "hive" ? "hive" : "sparkSubmit";
  const given = Object.keys(jobDriver).join(" and ") || "nothing";
  check(
    jobDriver[wanted] !== undefined,
    `jobDriver has ${given}, but an application of type ${type} requires ${wanted}`,
  );
}

function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw invalid(message);
}
