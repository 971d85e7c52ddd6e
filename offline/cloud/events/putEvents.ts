import { regionOf } from "../core/arns";
import { AwsError } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import { jsonIn } from "../core/json";
import { isMap } from "../core/resources";
import { busArn, nameIn } from "./arns";
import { eventOf } from "./event";
import type { EventBuses } from "./eventBuses";

type Entry = {
  /** Milliseconds since 1970. */
  Time?: number;
  Source?: string;
  Resources?: string[];
  DetailType?: string;
  Detail?: string;
  /** A name or ARN. */
  EventBusName?: string;
};

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const MAX_BYTES = 2 ** 20;
const TIME_BYTES = 14;

/**
 * PutEvents. An event for a bus that does not exist is lost, as on AWS, but said in the log.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export function putEvents(buses: EventBuses, { Entries: entries }: { Entries: Entry[] }, { scope }: OperationCall) {
  if (entries.reduce((bytes, entry) => bytes + sizeOf(entry), 0) > MAX_BYTES)
    throw new AwsError("ValidationException", "Total size of the entries in the request is over the limit.");
  const Entries = entries.map((entry) => put(buses, entry, scope.region));
  return { FailedEntryCount: Entries.filter((entry) => "ErrorCode" in entry).length, Entries };
}

function put(buses: EventBuses, entry: Entry, region: string): { EventId: string } | { ErrorCode: string } {
  const { Time, Source, Resources = [], DetailType, Detail, EventBusName } = entry;
  if (!Source) return absent("Source");
  if (!DetailType) return absent("DetailType");
  if (!Detail) return absent("Detail");
  if (!isMap(jsonIn(Detail))) return failed("MalformedDetail", "Detail is malformed.");
  if (Source.startsWith("aws.")) return failed("NotAuthorizedForSourceException", "Not authorized for the source.");
  const bus = busArn(EventBusName, region);
  const from = { source: Source, detailType: DetailType, detail: Detail, resources: Resources };
  const event = eventOf({ ...from, time: Time, region: regionOf(bus) || region });
  if (!buses.receive(event, bus)) buses.note(`event ${event.id} is lost: the event bus ${nameIn(bus)} does not exist`);
  return { EventId: event.id };
}

function absent(name: string) {
  return failed("InvalidArgument", `Parameter ${name} is not valid. Reason: ${name} is a required argument.`);
}

function failed(ErrorCode: string, ErrorMessage: string) {
  return { ErrorCode, ErrorMessage };
}

function sizeOf({ Time, Source = "", DetailType = "", Detail = "", Resources = [] }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), Time === undefined ? 0 : TIME_BYTES);
}
