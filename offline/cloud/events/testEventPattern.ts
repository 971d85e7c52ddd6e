import { readEvent } from "../../../expressions/patterns";
import { AwsError } from "../core/awsError";
import { objectIn } from "../core/json";
import type { EventBuses } from "./eventBuses";
import { checkPattern } from "./ruleOperations";

/** The fields that an event must have. */
const REQUIRED = ["id", "account", "source", "time", "region", "detail-type"];

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html */
export function testEventPattern(_: EventBuses, { EventPattern, Event }: { EventPattern: string; Event: string }) {
  if (!isEvent(Event)) throw new AwsError("ValidationException", "Parameter Event is not valid.");
  return { Result: checkPattern(EventPattern)(readEvent(Event)) };
}

function isEvent(text: string): boolean {
  const event = objectIn(text);
  return REQUIRED.every((field) => field in event);
}
