import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context, KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import { clientOptions, database, environment } from "./state/database";
import { readEvent } from "./stream/events";
import { ItemEvents } from "./stream/itemEvents";
import { Rejections } from "./stream/rejections";

const events = new ItemEvents(database, environment("TABLE_NAME"), environment("RECORDS_TABLE_NAME"));
const rejections = new Rejections(new SQSClient(clientOptions), environment("REJECTED_QUEUE_URL"));

/** Partition keys that are worked on side by side. More requests would wait for each other, and might time out. */
const keysAtOnce = 20;
/** When this share of the time is over, the rest is reported as failed. A timeout would fail all of the batch. */
const usableTime = 0.8;

/**
 * Applies item events from a Kinesis stream to the items' table: those of a partition key in order, each once in effect
 * however often it arrives, and those of different keys side by side. What can never be applied goes to the queue of
 * rejected records, with the reason; on any other failure, Lambda delivers the batch again from the first record that
 * is not done.
 */
export async function handler(
  { Records }: KinesisStreamEvent,
  context: Pick<Context, "getRemainingTimeInMillis">,
): Promise<KinesisStreamBatchResponse> {
  const end = Date.now() + context.getRemainingTimeInMillis() * usableTime;
  const { failed, reasons } = await applyAll(Records, end);
  // A record after the first failure will be delivered, and found wanting, again: it would be rejected twice.
  for (const record of Records) {
    const reason = reasons.get(record);
    const isDone = !failed.has(record) && (reason === undefined || (await reject(record, reason, end)));
    if (!isDone) return { batchItemFailures: [{ itemIdentifier: record.kinesis.sequenceNumber }] };
  }
  return { batchItemFailures: [] };
}

/** Applies the records of each partition key until one of them fails. Also returns why others can never be applied. */
async function applyAll(records: KinesisStreamRecord[], end: number) {
  const failed = new Set<KinesisStreamRecord>();
  const reasons = new Map<KinesisStreamRecord, string>();
  const apply = async (record: KinesisStreamRecord) => {
    const reason = await refusalOf(record);
    if (reason !== undefined) reasons.set(record, reason);
  };
  const lanes = lanesOf(records).values();
  const work = async () => {
    for (const lane of lanes) {
      for (const record of lane) {
        if (await attempt(record, end, () => apply(record))) continue;
        failed.add(record);
        break;
      }
    }
  };
  await Promise.all(Array.from({ length: keysAtOnce }, work));
  return { failed, reasons };
}

/** The records of each partition key. */
function lanesOf(records: KinesisStreamRecord[]): KinesisStreamRecord[][] {
  const lanes = new Map<string, KinesisStreamRecord[]>();
  for (const record of records) {
    const { partitionKey } = record.kinesis;
    const lane = lanes.get(partitionKey);
    if (lane) lane.push(record);
    else lanes.set(partitionKey, [record]);
  }
  return [...lanes.values()];
}

/** Applies a record. Returns why it never can be, or undefined. */
async function refusalOf({ kinesis }: KinesisStreamRecord): Promise<string | undefined> {
  const { event, reason } = readEvent(kinesis.data);
  return event ? events.apply(event, kinesis.sequenceNumber) : reason;
}

function reject(record: KinesisStreamRecord, reason: string, end: number): Promise<boolean> {
  return attempt(record, end, () => rejections.add(record, reason));
}

/** Does something about a record while there is time. Returns whether it succeeded. */
async function attempt(record: KinesisStreamRecord, end: number, work: () => Promise<void>): Promise<boolean> {
  if (Date.now() >= end) return false;
  try {
    await work();
    return true;
  } catch (error) {
    console.error("A record will be tried again", { eventID: record.eventID, error });
    return false;
  }
}
