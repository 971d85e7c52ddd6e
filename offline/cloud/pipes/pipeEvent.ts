import { jsonOrText } from "../core/json";
import { structureIn } from "../core/polling/filters";
import { isMap } from "../core/resources";

/** What goes through a pipe: a record of its source, or what its enrichment has made of some. */
export interface PipeEvent {
  /** By which a target names it when it fails. */
  id?: unknown;
  /** What the target gets without a template. */
  whole: unknown;
  /** What the paths of templates and parameters lead into: with the data of a message or record as JSON, if it is JSON. */
  decoded: unknown;
  /** Whether all of it is JSON. */
  isJson: boolean;
}

/**
 * A record as a pipe shows it: that of Kinesis is flat.
 * @param json the record as a function gets it
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html#input-transform-implicit
 */
export function recordOf(json: string): PipeEvent {
  const { kinesis, ...rest } = JSON.parse(json) as Record<string, unknown>;
  const whole: Record<string, unknown> = { ...(isMap(kinesis) && kinesis), ...rest };
  const id = whole.messageId ?? whole.eventID;
  const encoded = kinesis ? "data" : "body";
  const value = whole[encoded];
  if (typeof value !== "string") return { id, whole, decoded: whole, isJson: true };
  const data = structureIn(kinesis ? Buffer.from(value, "base64").toString() : value);
  return { id, whole, decoded: { ...whole, [encoded]: data ?? value }, isJson: data !== undefined };
}

/**
 * What an enrichment has answered; undefined if it has answered nothing that the target should get.
 * @param answer JSON
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/pipes-enrichment.html#pipes-enrichment-filtering
 */
export function enrichedBy(answer = ""): PipeEvent | PipeEvent[] | undefined {
  const value = jsonOrText(answer);
  const isEmpty = value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
  if (isEmpty) return undefined;
  return Array.isArray(value) ? value.map(enriched) : enriched(value);
}

function enriched(value: unknown): PipeEvent {
  return { whole: value, decoded: value, isJson: typeof value !== "string" };
}
