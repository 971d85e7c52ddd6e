import type { JobDetail, JobSummary } from "@aws-sdk/client-batch";
import { withoutInternals } from "../http/problem";
import type { JsonSchema } from "../http/schema";

/** The properties of a job that callers set; the job definition decides the others. */
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

/** AWS Batch's ids: usually a UUID, followed by `:` and an index for an array's child, or `#` and one for a node. */
export const jobIdSchema: JsonSchema = { type: "string", pattern: "^[A-Za-z0-9-]{1,64}([:#][0-9]{1,5})?$" };

const texts: JsonSchema = { type: "object", additionalProperties: { type: "string" } };

/** Within the limits of SubmitJob. @see https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html */
export const jobInputSchema: JsonSchema = {
  type: "object",
  properties: {
    name: {
      type: "string",
      // AWS Batch allows 128 characters; a UUID and a hyphen are added.
      pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,90}$",
      description: "The beginning of the job's name; a unique suffix is added",
      default: "job",
    },
    environment: { ...texts, description: "Environment variables of the container, among those that the API allows" },
    parameters: { ...texts, description: "Values for the placeholders (Ref::name) of the job definition's command" },
    arraySize: { type: "integer", minimum: 2, maximum: 10_000, description: "The number of children to run" },
    dependsOn: {
      type: "array",
      maxItems: 20,
      uniqueItems: true,
      items: jobIdSchema,
      description: "Ids of jobs that must succeed first",
    },
    timeoutSeconds: {
      type: "integer",
      minimum: 60,
      maximum: 2_147_483_647,
      description: "The timeout of each attempt",
    },
    shareIdentifier: {
      type: "string",
      pattern: "^[A-Za-z0-9]{1,255}$",
      description: "Required by a queue with fair-share scheduling, refused by others",
    },
    schedulingPriority: {
      type: "integer",
      minimum: 0,
      maximum: 9999,
      description: "The priority within the share identifier",
    },
  },
  additionalProperties: false,
  example: { name: "nightly" },
};

const dateTime: JsonSchema = { type: "string", format: "date-time" };

const outcome: Record<string, JsonSchema> = {
  startedAt: dateTime,
  stoppedAt: dateTime,
  exitCode: { type: "integer" },
  reason: { type: "string", description: "The reason that the container's runtime gives" },
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
          description: "How many children have each status",
        },
      },
    },
    attempts: { type: "array", items: { type: "object", properties: outcome } },
    dependsOn: { type: "array", items: jobIdSchema },
    timeoutSeconds: { type: "integer" },
  },
};

/** A job as callers see it: its state, and nothing of its definition, role or host. */
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

/** The same with what only DescribeJobs returns. */
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

/** Milliseconds since the epoch as RFC 3339; AWS Batch also uses 0 for what has not happened. */
function timestamp(milliseconds: number | undefined): string | undefined {
  return milliseconds ? new Date(milliseconds).toISOString() : undefined;
}
