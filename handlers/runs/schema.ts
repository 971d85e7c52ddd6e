import type { Run, RunState } from "pulumi-graviton/etl/run/runs";
import { stateSchemaOf } from "../http/openapi";
import { withoutInternals } from "../http/problem";
import type { JsonSchema } from "../http/schema";

const stateMeanings: Record<RunState, string> = {
  STARTING: "is about to be submitted",
  PENDING: "waits for its turn",
  RUNNING: "runs",
  SUCCEEDED: "is done",
  FAILED: "has failed; its event is a dead letter, with which it can be tried again",
};

export const stateSchema = stateSchemaOf("RunState", stateMeanings);

export const runIdSchema: JsonSchema = { type: "string", pattern: "^[0-9a-f]{32}$" };

const dateTime: JsonSchema = { type: "string", format: "date-time" };

export const runSchema: JsonSchema = {
  title: "Run",
  type: "object",
  required: ["id", "state", "attempt", "object", "createdAt", "updatedAt"],
  properties: {
    id: runIdSchema,
    state: stateSchema,
    attempt: { type: "integer", description: "How often it was submitted" },
    object: {
      title: "ObjectVersion",
      type: "object",
      required: ["bucket", "key"],
      properties: {
        bucket: { type: "string" },
        key: { type: "string" },
        version: { type: "string", description: "Missing in a bucket without versions" },
        etag: { type: "string" },
      },
    },
    createdAt: dateTime,
    updatedAt: dateTime,
    submissionId: { type: "string", description: "The id of the attempt's job, step or job run" },
    reason: { type: "string", description: "Why the attempt failed" },
  },
  example: {
    id: "3f2a9c5e7b1d4f608a2c4e6f8091a3b5",
    state: "SUCCEEDED",
    attempt: 1,
    object: { bucket: "lake", key: "incoming/2026-01-31.json", version: "3sL4kqtJlcpXroDTDmJ" },
    createdAt: "2026-01-31T12:00:00.000Z",
    updatedAt: "2026-01-31T12:03:00.000Z",
    submissionId: "s-1A2B3C4D5E6F7",
  },
};

/** A run as callers see it: without what only the pipeline needs. */
export function runFrom(run: Run): object {
  const { id, state, attempt, bucket, key, version, etag, createdAt, updatedAt, submissionId, reason } = run;
  return {
    id,
    state,
    attempt,
    object: { bucket, key, version, etag },
    createdAt,
    updatedAt,
    submissionId,
    reason: reason && withoutInternals(reason),
  };
}
