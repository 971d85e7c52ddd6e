import type { Alternative } from "./compile";
import type { Mistake } from "./mistakes";
import { ALL_OPERATORS, type Test } from "./operators";
import { compilePattern, InvalidPatternError } from "./pattern";

/** What the top-level fields of a kind of event hold: a text, texts, an object with any fields, or any of these. */
export type EventFields = Readonly<Record<string, "text" | "texts" | "object" | "any">>;

/** The events on EventBridge's buses. */
export const BUS_EVENT: EventFields = {
  version: "text",
  id: "text",
  "detail-type": "text",
  source: "text",
  account: "text",
  time: "text",
  region: "text",
  resources: "texts",
  detail: "object",
  "replay-name": "text",
};

const anyOf = (...names: string[]): EventFields => Object.fromEntries(names.map((name) => [name, "any"]));

const RECORD = ["eventID", "eventName", "eventVersion", "eventSource", "eventSourceARN", "awsRegion"];

/**
 * The records and messages that filters of event source mappings are about.
 * @see AWS Lambda Developer Guide, "Control which events Lambda sends to your function"
 */
export const KINESIS_RECORD: EventFields = anyOf(
  ...["data", "partitionKey", "sequenceNumber", "approximateArrivalTimestamp", "kinesisSchemaVersion", "kinesis"],
  ...RECORD,
);
export const TABLE_CHANGE: EventFields = anyOf("dynamodb", "userIdentity", ...RECORD);
export const QUEUE_MESSAGE: EventFields = anyOf(
  ...["body", "attributes", "messageAttributes", "messageId", "receiptHandle", "md5OfBody", "md5OfMessageAttributes"],
  ...["eventSource", "eventSourceARN", "awsRegion"],
);
export const KAFKA_RECORD: EventFields = anyOf(
  ...["value", "key", "topic", "partition", "offset", "timestamp", "timestampType", "headers"],
);

/**
 * All mistakes of a pattern: those for which AWS refuses it, or else the fields that no event can match.
 * @param pattern JSON, or what `JSON.stringify` makes JSON of
 * @param fields what the events look like; without, no field is held to be unmatchable
 */
export function mistakesOf(pattern: string | object, fields?: EventFields): readonly Mistake[] {
  try {
    const alternatives = compilePattern(pattern, ALL_OPERATORS);
    return fields ? unmatchable(alternatives, fields) : [];
  } catch (error) {
    if (error instanceof InvalidPatternError) return error.mistakes;
    throw error;
  }
}

function unmatchable(alternatives: readonly Alternative[], fields: EventFields): Mistake[] {
  const tested = new Map(alternatives.flatMap((alternative) => [...alternative]));
  return [...tested].flatMap(([path, tests]) => {
    const can = (...kinds: Test["kind"][]) => tests.some(({ kind }) => kinds.includes(kind));
    if (can("absent")) return [];
    const mistake = (reason: string, advice: string) => [{ path, reason, advice }];
    const [name = ""] = path.split(".");
    const content = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (content === undefined) {
      const known = Object.keys(fields).join(", ");
      return mistake(`No event matches this, since events have no field ${name}`, `Write one of ${known}.`);
    }
    if (content === "any") return [];
    if (content === "object") {
      if (path !== name) return [];
      return mistake("No event matches this, since it is an object", `Write {"${name}": {"a field in it": [...]}}.`);
    }
    if (path !== name)
      return mistake(`No event matches this, since ${name} is not an object`, `Write {"${name}": ["…"]}.`);
    if (can("text", "any")) return [];
    return mistake("No event matches this, since it is always a string", "Write the value in quotation marks.");
  });
}
