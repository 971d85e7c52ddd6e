import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Context, KinesisStreamRecord } from "aws-lambda";
import type { handler as Handler } from "../../../handlers/stream";
import { createDynamoDb } from "../../../offline/cloud/dynamodb/service";
import { Queues } from "../../../offline/cloud/sqs/queues";
import { sqs } from "../../../offline/cloud/sqs/service";
import { type FaultyServices, startFaultyServices } from "../aws/faultyServices";
import { graphOf, table } from "../offline/graph";
import { queue } from "../offline/sqs";
import { temporaryFolder } from "../temporaryFolder";
import { loadModules, setEnvironment } from "./handlerInstance";

const QUEUE = "rejected.fifo";

/** What the queue gets of a record that can never be applied. */
interface Rejected {
  reason: string;
  eventID: string;
  partitionKey: string;
  sequenceNumber: string;
  data: string;
  dataIsCut?: boolean;
}

/** A warm instance of the stream's function. */
export interface StreamFunction {
  /** Calls it. Returns the sequence number from which the batch is to be delivered again. @param remaining milliseconds */
  deliver(records: KinesisStreamRecord[], remaining?: number): Promise<string | undefined>;
  item(id: string): Promise<Record<string, unknown> | undefined>;
  /** Takes all that is in the queue of rejected records. */
  rejected(): Promise<Rejected[]>;
  close(): void;
}

const credentials = { accessKeyId: "test", secretAccessKey: "test" };

/** The stream's function with the tables and the queue at an endpoint. */
export function loadStreamFunction(endpoint: string): StreamFunction {
  const QueueUrl = `${endpoint}/123456789012/${QUEUE}`;
  const restore = setEnvironment({
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    TABLE_NAME: "items",
    RECORDS_TABLE_NAME: "records",
    REJECTED_QUEUE_URL: QueueUrl,
  });
  const { handler, database } = loadModules<{ handler: typeof Handler }>("stream");
  const config = { endpoint, region: "eu-west-1", credentials };
  const tables = DynamoDBDocumentClient.from(new DynamoDBClient(config));
  const queues = new SQSClient(config);
  return {
    deliver: async (Records, remaining = 60_000) => {
      const { batchItemFailures } = await silently(() =>
        handler({ Records }, { getRemainingTimeInMillis: () => remaining } as Context),
      );
      return batchItemFailures[0]?.itemIdentifier;
    },
    item: async (id) => (await tables.send(new GetCommand({ TableName: "items", Key: { id } }))).Item,
    rejected: async () => {
      const found: Message[] = [];
      for (;;) {
        const { Messages = [] } = await queues.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        if (Messages.length === 0) return found.map(({ Body = "" }) => JSON.parse(Body));
        found.push(...Messages);
        for (const { ReceiptHandle } of Messages) {
          await queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
    },
    close: () => {
      restore();
      for (const client of [database, tables, queues]) client.destroy();
    },
  };
}

/** Work without its log. */
async function silently<T>(work: () => Promise<T>): Promise<T> {
  const { warn, error } = console;
  Object.assign(console, { warn: () => undefined, error: () => undefined });
  try {
    return await work();
  } finally {
    Object.assign(console, { warn, error });
  }
}

/** The offline cloud's DynamoDB and SQS with what the function needs. */
export function startStreamServices(): Promise<FaultyServices> {
  const log = () => undefined;
  const graph = graphOf(temporaryFolder(), table("items"), table("records"), queue(QUEUE, { fifoQueue: true }));
  return startFaultyServices(graph, createDynamoDb({ log }).service, sqs.serve(new Queues()));
}

/** Creates what the function needs at an endpoint that has nothing. */
export async function createStreamResources(endpoint: string): Promise<void> {
  const config = { endpoint, region: "eu-west-1", credentials };
  const tables = new DynamoDBClient(config);
  for (const TableName of ["items", "records"]) {
    await tables.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      }),
    );
  }
  const queues = new SQSClient(config);
  await queues.send(new CreateQueueCommand({ QueueName: QUEUE, Attributes: { FifoQueue: "true" } }));
  for (const client of [tables, queues]) client.destroy();
}

let made = 0;

/** A sequence number; later ones are larger. */
export const nextSequenceNumber = () => String(49_590_338_271_490_256_608_559_692_538n * 10n ** 27n + BigInt(++made));

/** An event about an item, with the item's id as name unless there is another. */
export function eventOf(id: string, more: Record<string, unknown> = {}) {
  const at = "2026-01-31T12:00:00Z";
  return { eventId: `event-${++made}`, type: "updated", at, ...more, item: { id, name: id, ...Object(more.item) } };
}

export interface RecordPlace {
  partitionKey?: string;
  sequenceNumber?: string;
  shard?: number;
}

/** A record as Lambda delivers it. @param data of a record that is not JSON, its bytes */
export function recordOf(data: unknown, place: RecordPlace = {}): KinesisStreamRecord {
  const { partitionKey = "key", sequenceNumber = nextSequenceNumber(), shard = 0 } = place;
  const bytes = Buffer.isBuffer(data) ? data : Buffer.from(JSON.stringify(data));
  return {
    eventID: `shardId-${String(shard).padStart(12, "0")}:${sequenceNumber}`,
    eventName: "aws:kinesis:record",
    eventSource: "aws:kinesis",
    eventSourceARN: "arn:aws:kinesis:eu-west-1:123456789012:stream/items",
    eventVersion: "1.0",
    awsRegion: "eu-west-1",
    invokeIdentityArn: "arn:aws:iam::123456789012:role/stream",
    kinesis: {
      kinesisSchemaVersion: "1.0",
      partitionKey,
      sequenceNumber,
      data: bytes.toString("base64"),
      approximateArrivalTimestamp: 1_769_860_800,
    },
  };
}
