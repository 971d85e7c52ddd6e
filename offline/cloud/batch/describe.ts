import type { Job } from "./job";

/** A job as DescribeJobs shows it. @see https://docs.aws.amazon.com/batch/latest/APIReference/API_JobDetail.html */
export function describeJob(job: Job): object {
  const { submission, attempts } = job;
  const { definition, dependsOn, timeoutSeconds, propagateTags, shareIdentifier, schedulingPriority } = submission;
  return {
    ...common(job),
    jobQueue: submission.queue.arn,
    schedulingPriority,
    shareIdentifier,
    attempts,
    retryStrategy: submission.retry,
    dependsOn,
    parameters: submission.parameters,
    container: describeContainer(job),
    timeout: timeoutSeconds === undefined ? undefined : { attemptDurationSeconds: timeoutSeconds },
    tags: submission.tags,
    propagateTags,
    platformCapabilities: definition.platforms.length > 0 ? definition.platforms : ["EC2"],
    eksAttempts: [],
    isCancelled: job.cancelled !== undefined,
    isTerminated: job.terminated !== undefined,
  };
}

/** A job as ListJobs shows it. @see https://docs.aws.amazon.com/batch/latest/APIReference/API_JobSummary.html */
export function summarizeJob(job: Job): object {
  const { exitCode, reason } = job.container ?? {};
  const { shareIdentifier } = job.submission;
  return { ...common(job), shareIdentifier, container: { exitCode, reason } };
}

function common(job: Job): object {
  const { id, arn, submission, status, statusReason, createdAt, startedAt, stoppedAt } = job;
  return {
    jobId: id,
    jobArn: arn,
    jobName: submission.name,
    jobDefinition: submission.definition.arn,
    status,
    statusReason,
    createdAt,
    startedAt,
    stoppedAt,
    arrayProperties: describeArray(job),
  };
}

function describeArray({ index, children, statusSummary }: Job): object | undefined {
  if (children.length > 0) return { size: children.length, statusSummary };
  return index === undefined ? undefined : { index };
}

function describeContainer({ submission, container }: Job): object {
  const { definition, command, environment, resourceRequirements } = submission;
  return {
    ...definition.container,
    ...(command && { command }),
    environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
    resourceRequirements,
    ...container,
  };
}
