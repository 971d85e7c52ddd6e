import type { JobDetail, JobSummary } from "@aws-sdk/client-batch";
import { withoutInternals } from "../http/problem";
import type { JsonSchema } from "../http/schema";

/** What callers decide about a job; what they leave out is as the job definition says. */
export interface JobInput {
  name?: string;
  environment?: Record<string, string>;
  parameters?: Record<string, string>;
  arraySize?: number;
  dependsOn?: string[];
  timeoutSeconds?: number;
  shareIdentifier?: string;
  schedulingPriority?: number;
}

export const jobStatuses = ["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"];

/** AWS Batch's ids: a UUID as a rule; `:` and an index for an array's child, `#` and one for a node. */
export const jobIdSchema: JsonSchema = { type: "string", pattern: "^[A-Za-z0-9-]{1,64}([:#][0-9]{1,5})?$" };

const texts: JsonSchema = { type: "object", additionalProperties: { type: "string" } };

/** Within the limits of SubmitJob. @see https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html */
export const jobInputSchema: JsonSchema = {
  type: "object",
  properties: {
    name: {
      type: "string",
      // AWS Batch takes 128 characters; a UUID and a hyphen are added.
      pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,90}$",
      description: "What the job's name begins with; the rest makes it unique",
      default: "job",
    },
    environment: { ...texts, description: "Environment variables of the container, of those that the API allows" },
    parameters: { ...texts, description: "Values for the placeholders (Ref::name) of the job definition's command" },
    arraySize: { type: "integer", minimum: 2, maximum: 10_000, description: "Run this many children" },
    dependsOn: {
      type: "array",
      maxItems: 20,
      uniqueItems: true,
      items: jobIdSchema,
      description: "Ids of jobs that must succeed first",
    },
    timeoutSeconds: { type: "integer", minimum: 60, maximum: 2_147_483_647, description: "For each attempt" },
    shareIdentifier: {
      type: "string",
      pattern: "^[A-Za-z0-9]{1,255}$",
      description: "Demanded by a queue with fair-share scheduling, refused by others",
    },
    schedulingPriority: { type: "integer", minimum: 0, maximum: 9999, description: "Within the share identifier" },
  },
  additionalProperties: false,
  example: { name: "nightly" },
};

const dateTime: JsonSchema = { type: "string", format: "date-time" };

const outcome: Record<string, JsonSchema> = {
  startedAt: dateTime,
  stoppedAt: dateTime,
  exitCode: { type: "integer" },
  reason: { type: "string", description: "What the container's runtime says" },
  statusReason: { type: "string" },
};

const identity: Record<string, JsonSchema> = {
  id: jobIdSchema,
  name: { type: "string" },
  status: { type: "string", enum: jobStatuses },
};

export const submittedJobSchema: JsonSchema = {
  type: "object",
  required: ["id", "name", "status"],
  properties: identity,
};

export const jobSchema: JsonSchema = {
  type: "object",
  required: ["id", "name"],
  properties: {
    ...identity,
    createdAt: dateTime,
    ...outcome,
    array: {
      type: "object",
      properties: {
        size: { type: "integer" },
        index: { type: "integer" },
        statuses: {
          type: "object",
          additionalProperties: { type: "integer" },
          description: "How many children have each",
        },
      },
    },
    attempts: { type: "array", items: { type: "object", properties: outcome } },
    dependsOn: { type: "array", items: jobIdSchema },
    timeoutSeconds: { type: "integer" },
  },
};

/** A job as callers see it: how it fares, and nothing of the definition, the role or the host. */
export function jobFrom(job: JobSummary | JobDetail): object {
  const { size, index } = job.arrayProperties ?? {};
  return {
    id: job.jobId,
    name: job.jobName,
    status: job.status,
    createdAt: timestamp(job.createdAt),
    ...outcomeOf(job),
    array: job.arrayProperties && { size, index },
  };
}

/** The same with what only DescribeJobs knows. */
export function jobDetailFrom(job: JobDetail): object {
  const { size, index, statusSummary } = job.arrayProperties ?? {};
  return {
    ...jobFrom(job),
    array: job.arrayProperties && { size, index, statuses: statusSummary },
    attempts: (job.attempts ?? []).map(outcomeOf),
    dependsOn: (job.dependsOn ?? []).flatMap(({ jobId }) => jobId ?? []),
    timeoutSeconds: job.timeout?.attemptDurationSeconds,
  };
}

export function isOver({ status }: JobDetail): boolean {
  return status === "SUCCEEDED" || status === "FAILED";
}

interface Outcome {
  startedAt?: number;
  stoppedAt?: number;
  statusReason?: string;
  container?: { exitCode?: number; reason?: string };
}

function outcomeOf({ startedAt, stoppedAt, statusReason, container }: Outcome): object {
  return {
    startedAt: timestamp(startedAt),
    stoppedAt: timestamp(stoppedAt),
    exitCode: container?.exitCode,
    reason: container?.reason && withoutInternals(container.reason),
    statusReason: statusReason && withoutInternals(statusReason),
  };
}

/** Milliseconds since the epoch as RFC 3339; AWS Batch has 0 for what has not happened, too. */
function timestamp(milliseconds: number | undefined): string | undefined {
  return milliseconds ? new Date(milliseconds).toISOString() : undefined;
}
