import type { JsonSchema } from "../http/schema";

/** The result of the job `summarise`. */
export interface Summary {
  /** The job's id. */
  id: string;
  finishedAt: string;
  /** Only items of this category were read. */
  category?: string;
  /** The part of the table that this child of an array read. */
  segment?: { index: number; size: number };
  items: number;
  /** The sum of the items' quantities. */
  quantity: number;
  /** The prices of the items that have one. */
  prices: { count: number; sum: number; minimum?: number; maximum?: number; average?: number };
  newest?: { id: string; name: string; createdAt: string };
}

const number: JsonSchema = { type: "number" };
const integer: JsonSchema = { type: "integer" };
const text: JsonSchema = { type: "string" };
const dateTime: JsonSchema = { type: "string", format: "date-time" };

const properties: Record<keyof Summary, JsonSchema> = {
  id: { ...text, description: "The job's id" },
  finishedAt: dateTime,
  category: { ...text, description: "Only items of this category were read" },
  segment: {
    type: "object",
    description: "The part of the table that this child of an array read",
    properties: { index: integer, size: integer },
  },
  items: integer,
  quantity: { ...integer, description: "The sum of the items' quantities" },
  prices: {
    type: "object",
    description: "The prices of the items that have one",
    properties: { count: integer, sum: number, minimum: number, maximum: number, average: number },
  },
  newest: { type: "object", properties: { id: text, name: text, createdAt: dateTime } },
};

export const summarySchema: JsonSchema = {
  title: "Summary",
  type: "object",
  required: ["id", "finishedAt", "items", "quantity", "prices"],
  properties,
  example: {
    id: "2b5f0c1e-7d3a-4e55-9c39-3a0f6d1c8b42",
    finishedAt: "2026-01-31T12:03:00.000Z",
    items: 2,
    quantity: 12,
    prices: { count: 2, sum: 50.5, minimum: 10.6, maximum: 39.9, average: 25.25 },
    newest: { id: "lamp", name: "Desk lamp", createdAt: "2026-01-31T12:00:00.000Z" },
  },
};

/** A job's record in the summaries' table: its result, or its progress. */
export interface SummaryRecord<Checkpoint = unknown> {
  /** The job's id. */
  id: string;
  /** Which of the job's attempts wrote this. */
  attempt: number;
  checkpoint?: Checkpoint;
  summary?: Summary;
}
