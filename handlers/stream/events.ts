import { type Json, unstorable } from "../http/json";
import { type JsonSchema, mistakesIn } from "../http/schema";
import { type ItemContent, idSchema, itemInputSchema } from "../items/schema";

/** What happened to an item. The Spark job in jobs/spark reads the same events. */
export interface ItemEvent {
  /** Of the event's format. @default 1 */
  schemaVersion?: number;
  /** An event that arrives again under its id changes nothing. */
  eventId: string;
  type: "created" | "updated" | "deleted";
  /** When it happened (RFC 3339). */
  at: string;
  /** The item as the event left it; of a deleted item only the id counts. */
  item: ItemContent & { id: string };
}

const knownVersion = 1;

const eventSchema: JsonSchema = {
  type: "object",
  properties: {
    schemaVersion: { type: "integer", minimum: knownVersion, maximum: knownVersion },
    eventId: { type: "string", minLength: 1, maxLength: 256 },
    type: { type: "string", enum: ["created", "updated", "deleted"] },
    at: { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$" },
    item: { type: "object", properties: { id: idSchema }, required: ["id"] },
  },
  required: ["eventId", "type", "at", "item"],
};

/**
 * The event in a record's data, or why there is none.
 * @param data in base64
 */
export function readEvent(
  data: string,
): { event: ItemEvent; reason?: undefined } | { event?: undefined; reason: string } {
  let value: Json;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(data, "base64"));
    value = JSON.parse(text) as Json;
  } catch {
    return { reason: "The data is not JSON in UTF-8" };
  }
  const event = value as unknown as ItemEvent;
  const version: unknown = event?.schemaVersion;
  if (Number.isInteger(version) && version !== knownVersion) {
    return { reason: `The event has the schema version ${version}; only ${knownVersion} is known` };
  }
  const mistakes = mistakesIn(value, eventSchema);
  if (mistakes.length === 0) mistakes.push(...unstorable(event.eventId, "#/eventId"));
  if (mistakes.length === 0 && event.type !== "deleted") {
    const { item } = event as unknown as { item: Json };
    mistakes.push(...unstorable(item, "#/item"), ...mistakesIn(item, itemInputSchema, "#/item"));
  }
  if (mistakes.length === 0) return { event };
  const details = mistakes.map(({ pointer, detail }) => `${pointer} ${detail}`);
  return { reason: `The event is not valid: ${details.join("; ")}` };
}
