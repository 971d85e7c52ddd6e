import { SQSClient } from "@aws-sdk/client-sqs";
import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import { clientOptions, database, environment } from "./state/database";
import { readEvent } from "./stream/events";
import { ItemEvents } from "./stream/itemEvents";
import { Rejections } from "./stream/rejections";

const events = new ItemEvents(database, environment("TABLE_NAME"), environment("RECORDS_TABLE_NAME"));
const rejections = new Rejections(new SQSClient(clientOptions), environment("REJECTED_QUEUE_URL"));

/**
 * Applies item events from a Kinesis stream to the items' table: those of an item in order, each once in effect however
 * often it arrives, and those of different items side by side. What can never be applied goes to the queue of rejected
 * records, with the reason; on any other failure, Lambda retries from the first record that is not done.
 */
export async function handler({ Records }: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  const lanes = new Map<string, KinesisStreamRecord[]>();
  for (const record of Records) {
    const { partitionKey } = record.kinesis;
    lanes.set(partitionKey, [...(lanes.get(partitionKey) ?? []), record]);
  }
  const failed = (await Promise.all([...lanes.values()].map(work))).flatMap((first) => first ?? []);
  const [lowest] = failed.sort((one, other) => (BigInt(one) < BigInt(other) ? -1 : 1));
  return { batchItemFailures: lowest === undefined ? [] : [{ itemIdentifier: lowest }] };
}

/** Works through the records of one partition key. Returns the sequence number of the first that fails. */
async function work(records: KinesisStreamRecord[]): Promise<string | undefined> {
  for (const record of records) {
    const { sequenceNumber } = record.kinesis;
    try {
      const { event, reason } = readEvent(record.kinesis.data);
      const refusal = event ? await events.apply(event, sequenceNumber) : reason;
      if (refusal !== undefined) await rejections.add(record, refusal);
    } catch (error) {
      console.error("A record is to be tried again", { eventId: record.eventID, error });
      return sequenceNumber;
    }
  }
  return undefined;
}
