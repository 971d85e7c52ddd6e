import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { type Message, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { Resource } from "../../../offline/engine/graph";
import type { Properties } from "../../../offline/engine/values";
import { temporaryFolder } from "../temporaryFolder";
import { dynamoOf } from "./dynamodb";
import { graphOf, lambda, resource, table } from "./graph";
import { STREAM_ARN, stream } from "./kinesis";
import { type Served, serveGraph, until } from "./served";
import { arnOf, queue } from "./sqs";

export const FUNCTION_ARN = "arn:aws:lambda:eu-west-1:123456789012:function";
export const TABLE_STREAM = "arn:aws:dynamodb:eu-west-1:123456789012:table/items/stream/2024-01-01T00:00:00.000";

/** Logs each event. A record's text is what it answers, as JSON, unless it begins with `throw`. */
export const ECHO = `
const textOf = ({ kinesis, body, dynamodb = {} }) =>
  kinesis ? Buffer.from(kinesis.data, "base64").toString() : (body ?? (dynamodb.NewImage ?? {}).text?.S ?? "");
exports.handler = async (event) => {
  console.log("got", JSON.stringify(event));
  const texts = event.Records.map(textOf);
  if (texts.some((text) => text.startsWith("throw"))) throw new Error("no");
  const answer = texts.find((text) => text.startsWith("answer "));
  if (answer) return JSON.parse(answer.slice(7));
  const bad = event.Records.filter((_, index) => texts[index].startsWith("bad"));
  const idOf = ({ kinesis, messageId, dynamodb }) => messageId ?? (kinesis ?? {}).sequenceNumber ?? dynamodb.SequenceNumber;
  return { batchItemFailures: bad.map((record) => ({ itemIdentifier: idOf(record) })) };
};`;

export function mapping(name: string, inputs: Properties): Resource {
  const uuid = `00000000-0000-4000-8000-${Buffer.from(name).toString("hex").padStart(12, "0").slice(0, 12)}`;
  const arn = `arn:aws:lambda:eu-west-1:123456789012:event-source-mapping:${uuid}`;
  const all = { functionName: "main", ...inputs };
  return resource("aws:lambda/eventSourceMapping:EventSourceMapping", name, all, { id: uuid, uuid, arn });
}

export const ofQueue = (name: string, inputs: Properties = {}) =>
  mapping(name, { eventSourceArn: arnOf(name), ...inputs });

export const ofStream = (name: string, inputs: Properties = {}) =>
  mapping(name, { eventSourceArn: `${STREAM_ARN}/${name}`, startingPosition: "TRIM_HORIZON", ...inputs });

export const ofTable = (inputs: Properties = {}) =>
  mapping("items", { eventSourceArn: TABLE_STREAM, startingPosition: "TRIM_HORIZON", ...inputs });

export const streamedTable = () => table("items", { streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES" });

export const toFailures = (arn = arnOf("failures")) => ({ destinationConfig: { onFailure: { destinationArn: arn } } });

/** Serves the function `main`, which echoes, and other resources. */
export function serveMappings(...resources: Resource[]): Promise<Served> {
  return serveGraph(graphOf(temporaryFolder(), lambda("main", ECHO), ...resources));
}

export { queue, stream };

// biome-ignore lint/suspicious/noExplicitAny: events are compared as they are
type Event = any;

/** The events that functions have got, or one of them. */
export function eventsOf({ lines }: Served, name = "main"): Event[] {
  return lines.flatMap((line) => {
    const [, text] = new RegExp(`^${name} .*?\\| got (.*)$`, "s").exec(line) ?? [];
    return text ? [JSON.parse(text)] : [];
  });
}

/** The texts of the records of each event. */
export function textsOf(server: Served, name?: string): string[][] {
  return eventsOf(server, name).map(({ Records }) =>
    Records.map(({ kinesis, body, dynamodb }: Event) =>
      kinesis ? Buffer.from(kinesis.data, "base64").toString() : (body ?? dynamodb?.NewImage?.text?.S),
    ),
  );
}

const config = ({ endpoint, credentials }: Served) => ({
  endpoint,
  region: "eu-west-1",
  credentials: { ...credentials },
  maxAttempts: 1,
});

export const lambdaOf = (server: Served) => new LambdaClient(config(server));

/** Puts records with keys of their own into a stream. */
export async function put(server: Served, StreamName: string, ...texts: string[]): Promise<void> {
  const client = new KinesisClient({ ...config(server), requestHandler: new NodeHttpHandler() });
  const Records = texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: text.slice(0, 100) }));
  await client.send(new PutRecordsCommand({ StreamName, Records }));
}

/** Writes items with a text. */
export async function write(server: Served, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    await dynamoOf(server).send(
      new PutItemCommand({ TableName: "items", Item: { id: { S: text }, text: { S: text } } }),
    );
  }
}

const urlOf = (name: string) => `https://sqs.eu-west-1.amazonaws.com/123456789012/${name}`;

/** Sends messages; in a FIFO queue, all to one group. */
export async function send(server: Served, name: string, ...bodies: string[]): Promise<void> {
  const Entries = bodies.map((MessageBody, index) => ({
    Id: String(index),
    MessageBody,
    ...(name.endsWith(".fifo") && { MessageGroupId: "1", MessageDeduplicationId: MessageBody.replaceAll(" ", "-") }),
  }));
  await new SQSClient(config(server)).send(new SendMessageBatchCommand({ QueueUrl: urlOf(name), Entries }));
}

/** The bodies of the messages of a queue, once it has as many. */
export async function received(server: Served, name: string, count: number): Promise<string[]> {
  const client = new SQSClient(config(server));
  const found: Message[] = [];
  await until(async () => {
    const input = { QueueUrl: urlOf(name), MaxNumberOfMessages: 10, VisibilityTimeout: 600 };
    found.push(...((await client.send(new ReceiveMessageCommand(input))).Messages ?? []));
    return found.length >= count;
  });
  return found.map(({ Body = "" }) => Body);
}
