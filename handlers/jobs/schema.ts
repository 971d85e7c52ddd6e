import type { JobDetail, JobSummary } from "@aws-sdk/client-batch";
import { textSchema } from "../http/openapi";
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

const jobStatuses = ["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"];

/** AWS Batch's ids: usually a UUID, followed by `:` and an index for an array's child, or `#` and one for a node. */
export const jobIdSchema: JsonSchema = { type: "string", pattern: "^[A-Za-z0-9-]{1,64}([:#][0-9]{1,5})?$" };

/** What a deployment lets callers set. */
export interface JobSettings {
  /** Environment variables of the container. */
  environmentNames: string[];
  /** The share that jobs belong to, if the queue has fair-share scheduling. */
  shareIdentifier?: string;
}

/** Within the limits of SubmitJob. @see https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html */
export function jobInputSchema({ environmentNames, shareIdentifier }: JobSettings): JsonSchema {
  // AWS Batch reserves the others.
  const names = environmentNames.filter((name) => !name.startsWith("AWS_BATCH"));
  return {
    title: "JobInput",
    type: "object",
    properties: {
      name: {
        type: "string",
        // AWS Batch allows 128 characters; a UUID and a hyphen are added.
        pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,90}$",
        description: "The beginning of the job's name; a unique suffix is added",
        default: "job",
      },
      environment: {
        type: "object",
        properties: Object.fromEntries(names.map((name) => [name, textSchema])),
        additionalProperties: false,
        description: "Environment variables of the container",
      },
      parameters: {
        type: "object",
        additionalProperties: textSchema,
        description: "Values for the placeholders (Ref::name) of the job definition's command",
      },
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
      ...(shareIdentifier !== undefined && {
        shareIdentifier: { type: "string", enum: [shareIdentifier], description: "The share that the job belongs to" },
      }),
      schedulingPriority: {
        type: "integer",
        minimum: 0,
        maximum: 9999,
        description: "The priority among the jobs of a share; without effect where the queue has no shares",
      },
    },
    additionalProperties: false,
    example: { name: "nightly" },
  };
}

const dateTime: JsonSchema = { type: "string", format: "date-time" };

const outcome: Record<string, JsonSchema> = {
  startedAt: dateTime,
  stoppedAt: dateTime,
  exitCode: { type: "integer" },
  reason: { type: "string", description: "The reason that the container's runtime gives" },
  statusReason: { type: "string" },
};

export const statusSchema: JsonSchema = { title: "JobStatus", type: "string", enum: jobStatuses };

const identity: Record<string, JsonSchema> = {
  id: jobIdSchema,
  name: { type: "string" },
  status: statusSchema,
};

/** Of the examples. */
const jobId = "2b5f0c1e-7d3a-4e55-9c39-3a0f6d1c8b42";
const jobName = "nightly-0d5c7c4e-8c1f-4d0a-9f1e-6a7b8c9d0e1f";

export const submittedJobSchema: JsonSchema = {
  title: "SubmittedJob",
  type: "object",
  required: ["id", "name", "status"],
  properties: identity,
  example: { id: jobId, name: jobName, status: "SUBMITTED" },
};

export const jobSchema: JsonSchema = {
  title: "Job",
  type: "object",
  required: ["id", "name"],
  properties: {
    ...identity,
    createdAt: dateTime,
    ...outcome,
    array: {
      title: "JobArray",
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
    attempts: { type: "array", items: { title: "JobAttempt", type: "object", properties: outcome } },
    dependsOn: { type: "array", items: jobIdSchema },
    timeoutSeconds: { type: "integer" },
  },
  example: {
    id: jobId,
    name: jobName,
    status: "SUCCEEDED",
    createdAt: "2026-01-31T12:00:00.000Z",
    startedAt: "2026-01-31T12:01:00.000Z",
    stoppedAt: "2026-01-31T12:03:00.000Z",
    exitCode: 0,
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
