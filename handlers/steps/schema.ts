import type { Mistake } from "../http/json";
import { withoutInternals } from "../http/problem";
import type { JsonSchema } from "../http/schema";

/** The properties of a step that callers set: the day, or the first and the last day, that it summarises. */
export interface StepInput {
  name?: string;
  date?: string;
  from?: string;
  to?: string;
}

export type StepStatus = "PENDING" | "RUNNING" | "CANCELLING" | "COMPLETED" | "FAILED" | "CANCELLED";

/** The state of a Spark job, whether a step of a cluster or a job run of EMR Serverless. */
export interface Step {
  id?: string;
  name?: string;
  status: StepStatus;
  /** RFC 3339, like the two below. */
  createdAt?: string;
  startedAt?: string;
  endedAt?: string;
  reason?: string;
}

const statusMeanings: Record<StepStatus, string> = {
  PENDING: "waits for its turn or for capacity (EMR Serverless: SUBMITTED, QUEUED, PENDING, SCHEDULED)",
  RUNNING: "runs",
  CANCELLING: "is being stopped (EMR: CANCEL_PENDING)",
  COMPLETED: "has succeeded (EMR Serverless: SUCCESS)",
  FAILED: "has failed (EMR: INTERRUPTED, too, as when the cluster terminates)",
  CANCELLED: "was stopped, or kept from starting",
};

export const statusSchema: JsonSchema = {
  title: "StepStatus",
  type: "string",
  enum: Object.keys(statusMeanings),
  description: Object.entries(statusMeanings)
    .map(([status, meaning]) => `${status}: ${meaning}.`)
    .join(" "),
};

/** EMR's step ids begin with `s-`; those of EMR Serverless have lower-case letters and digits only. */
export const stepIdSchema: JsonSchema = { type: "string", pattern: "^(s-[A-Z0-9]{1,62}|[a-z0-9]{1,64})$" };

const day: JsonSchema = { type: "string", format: "date", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" };

const name: JsonSchema = {
  type: "string",
  pattern: "^[A-Za-z0-9][A-Za-z0-9_-]{0,90}$",
  description: "The beginning of the step's name; a unique suffix is added",
  default: "daily-summary",
};

function stepOf(title: string, days: Record<string, JsonSchema>): JsonSchema {
  const properties = { name, ...days };
  return { title, type: "object", properties, required: Object.keys(days), additionalProperties: false };
}

export const stepInputSchema: JsonSchema = {
  title: "StepInput",
  oneOf: [
    stepOf("StepOfDay", { date: { ...day, description: "The day to summarise, in UTC" } }),
    stepOf("StepOfDays", {
      from: { ...day, description: "The first day to summarise, in UTC" },
      to: { ...day, description: "The last day, the first or a later one" },
    }),
  ],
  example: { date: "2026-01-31" },
};

const dateTime: JsonSchema = { type: "string", format: "date-time" };

const identity: Record<keyof Pick<Step, "id" | "name" | "status">, JsonSchema> = {
  id: stepIdSchema,
  name: { type: "string" },
  status: statusSchema,
};

/** Of the examples. */
const stepId = "s-1A2B3C4D5E6F7";
const stepName = "daily-summary-0d5c7c4e-8c1f-4d0a-9f1e-6a7b8c9d0e1f";

export const submittedStepSchema: JsonSchema = {
  title: "SubmittedStep",
  type: "object",
  required: ["id", "name", "status"],
  properties: identity,
  example: { id: stepId, name: stepName, status: "PENDING" },
};

export const stepSchema: JsonSchema = {
  title: "Step",
  type: "object",
  required: ["id", "status"],
  properties: {
    ...identity,
    createdAt: dateTime,
    startedAt: dateTime,
    endedAt: dateTime,
    reason: { type: "string", description: "The reason for its status, if EMR gives one" },
  },
  example: {
    id: stepId,
    name: stepName,
    status: "COMPLETED",
    createdAt: "2026-01-31T12:00:00.000Z",
    startedAt: "2026-01-31T12:01:00.000Z",
    endedAt: "2026-01-31T12:03:00.000Z",
  },
};

/** The mistakes in a step's days that the schema cannot express. */
export function dayMistakes({ date, from, to }: StepInput): Mistake[] {
  const unreal = Object.entries({ date, from, to }).filter(([, value]) => value !== undefined && !isDay(value));
  if (unreal.length > 0) return unreal.map(([key]) => ({ pointer: `#/${key}`, detail: "is not a valid date" }));
  return from && to && to < from ? [{ pointer: "#/to", detail: "is before from" }] : [];
}

function isDay(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The days as arguments of jobs/spark/daily_summary.py. */
export function dayArguments({ date, from, to }: StepInput): string[] {
  return Object.entries({ date, from, to }).flatMap(([key, value]) => (value === undefined ? [] : [`--${key}`, value]));
}

export function isOver({ status }: Step): boolean {
  return status === "COMPLETED" || status === "FAILED" || status === "CANCELLED";
}

/** A step as callers see it. */
export function stepFrom(step: {
  id?: string;
  name?: string;
  status: StepStatus;
  createdAt?: Date;
  startedAt?: Date;
  endedAt?: Date;
  reason?: string;
}): Step {
  const { createdAt, startedAt, endedAt, reason } = step;
  return {
    ...step,
    createdAt: createdAt?.toISOString(),
    startedAt: startedAt?.toISOString(),
    endedAt: endedAt?.toISOString(),
    // EMR Serverless returns an empty one if there is none.
    reason: reason ? withoutInternals(reason) : undefined,
  };
}
