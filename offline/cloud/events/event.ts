import { randomUUID } from "node:crypto";
import { account } from "../../engine/context";
import { inSeconds } from "../core/times";
import type { AwsEvent } from "../core/types";

/** An event on a bus. */
export interface BusEvent {
  id: string;
  /** The whole event, as JSON. */
  text: string;
  /** Through how many buses it has come. */
  hops: number;
}

interface EventFields extends Omit<AwsEvent, "detail"> {
  /** @default a new one */
  id?: string;
  /** Milliseconds since 1970. @default now */
  time?: number;
  /** A JSON object. */
  detail: string;
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
export function eventOf({ id = randomUUID(), time = Date.now(), ...fields }: EventFields): BusEvent {
  const { source, detailType, resources, region, detail } = fields;
  const envelope = JSON.stringify({
    version: "0",
    id,
    "detail-type": detailType,
    source,
    account,
    time: inSeconds(time),
    region,
    resources,
  });
  return { id, text: `${envelope.slice(0, -1)},"detail":${compact(detail)}}`, hops: 0 };
}

/** JSON without the space between its parts, and with its numbers as they are written. */
function compact(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, text = "") => text);
}
