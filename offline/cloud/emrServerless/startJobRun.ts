import { AwsError } from "../core/awsError";
import { asMap, asNumber, asStrings, asText, asTexts } from "../core/resources";
import type { Input } from "../core/types";
import type { Application } from "./application";
import { invalid } from "./errors";
import type { JobRun, JobRunInput } from "./jobRun";

const ROLE = /^arn:aws[a-zA-Z0-9-]*:iam::\d{12}:role\/.+$/;
const MAX_NAME = 256;
const MAX_ARGUMENTS = 1024;
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
export function startJobRun(application: Application, input: Input): JobRun {
  const token = asText(input.clientToken) ?? "";
  check(
    /^[A-Za-z0-9._-]{1,64}$/.test(token),
    `clientToken is "${token}", but must have 1 to 64 letters, digits, ., _ and -`,
  );
  const content = JSON.stringify(input);
  const known = application.startedWith(token);
  if (known && known.content === content) return known.jobRun;
  if (known) {
    const message = `clientToken ${token} was used for another job run, ${known.jobRun.id}: give each job run its own`;
    throw new AwsError("ConflictException", message, 409);
  }
  const { id, autoStart } = application.definition;
  check(
    autoStart || application.state === "STARTED",
    `Application ${id} is ${application.state}, not STARTED: start it first, or set autoStartConfiguration.enabled to true`,
  );
  return application.start(readInput(application, input), token, content);
}

function readInput({ definition }: Application, input: Input): JobRunInput {
  const executionRoleArn = asText(input.executionRoleArn) ?? "";
  check(ROLE.test(executionRoleArn), `executionRoleArn is "${executionRoleArn}", but must be the ARN of a role`);
  const name = asText(input.name);
  check(
    name === undefined || (name.trim() !== "" && name.length <= MAX_NAME),
    `name has ${name?.length} characters, but must have from 1 to ${MAX_NAME}`,
  );
  const mode = input.mode ?? "BATCH";
  check(mode === "BATCH" || mode === "STREAMING", `mode is "${mode}", but must be BATCH or STREAMING`);
  const executionTimeoutMinutes = readTimeout(input, mode, definition.releaseLabel);
  const { executionIamPolicy, configurationOverrides, retryPolicy } = input;
  return {
    name,
    executionRoleArn,
    ...(executionIamPolicy !== undefined && { executionIamPolicy: asMap(executionIamPolicy) }),
    jobDriver: readDriver(definition.type, asMap(input.jobDriver)),
    ...(configurationOverrides !== undefined && { configurationOverrides: asMap(configurationOverrides) }),
    tags: asStrings(input.tags),
    executionTimeoutMinutes,
    mode,
    ...(retryPolicy !== undefined && { retryPolicy: readRetryPolicy(asMap(retryPolicy)) }),
  };
}

/**
 * Only streaming jobs may run without a limit, which 0 means.
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/release-version-7110.html
 */
function readTimeout({ executionTimeoutMinutes }: Input, mode: "BATCH" | "STREAMING", releaseLabel: string): number {
  const isBatch = mode === "BATCH";
  const minutes = asNumber(executionTimeoutMinutes) ?? (isBatch ? DEFAULT_TIMEOUT_MINUTES : 0);
  const most = isBatch && isLimitedToAWeek(releaseLabel) ? MAX_BATCH_TIMEOUT_MINUTES : MAX_TIMEOUT_MINUTES;
  check(
    (isBatch ? minutes > 0 : minutes >= 0) && minutes <= most,
    `executionTimeoutMinutes is ${minutes}, but must be from ${isBatch ? 1 : 0} to ${most} for a job run in mode ${mode} ` +
      `with ${releaseLabel}`,
  );
  return minutes;
}

/** `emr-spark-` labels begin with 8. */
function isLimitedToAWeek(releaseLabel: string): boolean {
  const [major = 0, minor = 0] = (releaseLabel.match(/\d+/g) ?? []).map(Number);
  return major > 7 || (major === 7 && minor >= 11);
}

function readDriver(type: string, jobDriver: Input): Input {
  const [driver, ...others] = Object.keys(jobDriver);
  const wanted = type === "hive" ? "hive" : "sparkSubmit";
  check(
    driver === wanted && others.length === 0,
    `jobDriver has ${Object.keys(jobDriver).join(" and ") || "nothing"}, but an application of type ${type} requires ${wanted}`,
  );
  const needed = wanted === "hive" ? "query" : "entryPoint";
  const given = asMap(jobDriver[wanted]);
  check((asText(given[needed]) ?? "").trim() !== "", `jobDriver.${wanted}.${needed} is missing`);
  const count = asTexts(given.entryPointArguments).length;
  check(
    count <= MAX_ARGUMENTS,
    `jobDriver.sparkSubmit.entryPointArguments has ${count}, but at most ${MAX_ARGUMENTS} are allowed`,
  );
  return jobDriver;
}

function readRetryPolicy(policy: Input): Input {
  const attempts = asNumber(policy.maxAttempts) ?? 1;
  check(
    Number.isInteger(attempts) && attempts >= 1 && attempts <= MAX_ATTEMPTS,
    `retryPolicy.maxAttempts is ${attempts}, but must be from 1 to ${MAX_ATTEMPTS}`,
  );
  return policy;
}

function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw invalid(message);
}
