import { createHash } from "node:crypto";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { KinesisStreamRecord } from "aws-lambda";

/** So much data in base64 fits into a message of 256 KB. The record itself stays in the stream. */
const longestData = 180 * 1024;
/** An event can have any number of mistakes. */
const longestReason = 2000;

/** The queue of records that can never be applied. */
export class Rejections {
  constructor(
    private readonly queue: SQSClient,
    /** Of a FIFO queue, which takes a record only once within five minutes, however often its batch is retried. */
    private readonly queueUrl: string,
  ) {}

  async add({ eventID, eventSourceARN, kinesis }: KinesisStreamRecord, reason: string): Promise<void> {
    const { partitionKey, sequenceNumber, approximateArrivalTimestamp: arrived, data } = kinesis;
    const message = {
      reason: reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason,
      stream: eventSourceARN,
      eventID,
      partitionKey,
      sequenceNumber,
      arrivedAt: new Date(arrived * 1000).toISOString(),
      data: data.slice(0, longestData),
      ...(data.length > longestData && { dataIsCut: true }),
    };
    const isFifo = this.queueUrl.endsWith(".fifo");
    await this.queue.send(
      new SendMessageCommand({
        QueueUrl: this.queueUrl,
        MessageBody: asciiJson(message),
        ...(isFifo && { MessageGroupId: hash(partitionKey), MessageDeduplicationId: hash(eventID) }),
      }),
    );
    console.warn("A record is rejected", { eventID, partitionKey, reason: message.reason });
  }
}

/** SQS refuses some characters, which partition keys and names in an event may have. */
function asciiJson(value: object): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replaceAll(/[^\x20-\x7e]/g, escaped);
}

/** FIFO queues allow fewer characters than partition keys have. */
function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
