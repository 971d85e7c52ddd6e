import { createHash } from "node:crypto";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { KinesisStreamRecord } from "aws-lambda";

/** What fits into a message of 256 KB in base64, beside the rest of it. The record itself stays in the stream. */
const longestData = 180 * 1024;

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
      reason,
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
        MessageBody: JSON.stringify(message),
        ...(isFifo && { MessageGroupId: hash(partitionKey), MessageDeduplicationId: hash(eventID) }),
      }),
    );
    console.warn("A record is rejected", { eventID, partitionKey, reason });
  }
}

/** FIFO queues allow fewer characters than partition keys have. */
function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
