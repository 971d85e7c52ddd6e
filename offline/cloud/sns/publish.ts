import { createHash, randomUUID } from "node:crypto";
import { AwsError } from "../core/awsError";
import { jsonIn } from "../core/json";
import { asMap } from "../core/resources";
import { deliver } from "./deliver";
import { invalid } from "./errors";
import type { Message, MessageAttribute } from "./notification";
import type { Topic } from "./topic";
import type { Topics } from "./topics";

export type PublishInput = {
  TopicArn?: string;
  TargetArn?: string;
  PhoneNumber?: string;
  Message: string;
  Subject?: string;
  MessageStructure?: string;
  MessageAttributes?: Record<string, MessageAttribute>;
  MessageDeduplicationId?: string;
  MessageGroupId?: string;
};
export type PublishBatchInput = { TopicArn: string; PublishBatchRequestEntries: (PublishInput & { Id: string })[] };

const MAX_BYTES = 256 * 1024;
const MAX_SUBJECT = 100;
const MAX_ENTRIES = 10;
const DEDUPLICATION_MILLISECONDS = 5 * 60 * 1000;
const FIRST_SEQUENCE_NUMBER = 10_000_000_000_000_000_000n;

/**
 * Publish. Returns once the message is accepted; it is delivered afterwards.
 * @throws AwsError if the API would refuse the request
 */
export function publish(topics: Topics, input: PublishInput): object {
  const { PhoneNumber, TopicArn, TargetArn } = input;
  if (PhoneNumber !== undefined) throw invalid("PhoneNumber Reason: text messages are not sent offline");
  const arn = TopicArn ?? TargetArn;
  if (arn === undefined) throw invalid("TopicArn or TargetArn Reason: no value for required parameter");
  return accept(topics, topicOf(topics, arn), input);
}

/**
 * PublishBatch. Each message is accepted or refused by itself.
 * @throws AwsError if the API would refuse the request
 */
export function publishBatch(
  topics: Topics,
  { TopicArn, PublishBatchRequestEntries: entries }: PublishBatchInput,
): object {
  const topic = topicOf(topics, TopicArn);
  checkBatch(entries, maxBytesOf(topic));
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const { Id, ...entry } of entries) {
    try {
      Successful.push({ Id, ...accept(topics, topic, entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id, Code: error.code.replace(/Exception$/, ""), Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}

function topicOf(topics: Topics, arn: string): Topic {
  const parts = arn.split(":").length;
  if (parts < 6) throw invalid(`TopicArn Reason: An ARN must have at least 6 elements, not ${parts}`);
  return topics.find(arn);
}

function accept(topics: Topics, topic: Topic, input: PublishInput): { MessageId: string; SequenceNumber?: string } {
  checkMessage(topic, input);
  const deduplicationId = topic.isFifo ? deduplicationIdOf(topic, input) : undefined;
  const known = deduplicationId && knownMessage(topic, scoped(topic, deduplicationId, input.MessageGroupId));
  if (known) return { MessageId: known.messageId, SequenceNumber: known.sequenceNumber };
  topic.published++;
  const sequenceNumber = String(FIRST_SEQUENCE_NUMBER + BigInt(topic.published) * 1000n);
  const message: Message = {
    id: randomUUID(),
    topicArn: topic.arn,
    body: input.Message,
    byProtocol: input.MessageStructure === "json" ? JSON.parse(input.Message) : undefined,
    subject: input.Subject,
    attributes: input.MessageAttributes ?? {},
    timestamp: new Date().toISOString(),
    groupId: input.MessageGroupId,
    deduplicationId,
    sequenceNumber: topic.isFifo ? sequenceNumber : undefined,
  };
  if (deduplicationId !== undefined) {
    const until = Date.now() + DEDUPLICATION_MILLISECONDS;
    topic.known.set(scoped(topic, deduplicationId, input.MessageGroupId), {
      messageId: message.id,
      sequenceNumber,
      until,
    });
  }
  for (const subscription of topics.subscriptionsOf(topic.arn)) deliver(topics, subscription, message);
  return { MessageId: message.id, SequenceNumber: message.sequenceNumber };
}

function checkMessage(topic: Topic, input: PublishInput): void {
  const { Message, Subject, MessageStructure, MessageAttributes = {} } = input;
  if (Message === "") throw invalid("Empty message");
  if (sizeOf(input) > maxBytesOf(topic)) throw invalid("Message too long");
  if (Subject !== undefined && !/^[^\p{Cc}]+$/u.test(Subject)) throw invalid("Subject");
  if (Subject !== undefined && Subject.length > MAX_SUBJECT) throw invalid("Subject");
  for (const [name, attribute] of Object.entries(MessageAttributes)) checkAttribute(name, attribute);
  if (MessageStructure === "json") checkStructure(Message);
  else if (MessageStructure) throw invalid("MessageStructure");
  if (topic.isFifo && !input.MessageGroupId) throw invalid("The MessageGroupId parameter is required for FIFO topics");
  if (!topic.isFifo && input.MessageDeduplicationId !== undefined) {
    const reason = "The request includes MessageDeduplicationId parameter that is not valid for this topic type";
    throw invalid(`MessageDeduplicationId Reason: ${reason}`);
  }
}

function checkStructure(message: string): void {
  const structure = jsonIn(message);
  if (structure === undefined) throw invalid("Message Structure - JSON message body failed to parse");
  if (typeof asMap(structure).default !== "string")
    throw invalid("Message Structure - No default entry in JSON message body");
}

function checkAttribute(name: string, { DataType, StringValue, BinaryValue }: MessageAttribute): void {
  const refuse = (reason: string) => new AwsError("InvalidParameterValueException", reason);
  const the = `The message attribute '${name}'`;
  if (!/^(String|Number|Binary)(\.|$)/.test(DataType))
    throw refuse(
      `${the} has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  const isBinary = DataType.startsWith("Binary");
  if (isBinary ? !BinaryValue?.length : !StringValue) {
    const type = DataType.split(".")[0];
    throw refuse(`${the} must contain non-empty message attribute value for message attribute type '${type}'.`);
  }
  if (DataType.startsWith("Number") && !Number.isFinite(Number(StringValue)))
    throw refuse(`Could not cast message attribute '${name}' value to number.`);
}

/** @throws AwsError for a batch that is refused as a whole */
function checkBatch(entries: PublishBatchInput["PublishBatchRequestEntries"], maxBytes: number): void {
  const refuse = (code: string, message: string) => new AwsError(`${code}Exception`, message);
  if (entries.length === 0) throw refuse("EmptyBatchRequest", "The batch request doesn't contain any entries.");
  if (entries.length > MAX_ENTRIES)
    throw refuse("TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.");
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    throw refuse("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
  if (!entries.every(({ Id }) => /^[\w-]{1,80}$/.test(Id))) {
    const rule = "The Id of a batch entry in a batch request doesn't abide by the specification.";
    throw refuse("InvalidBatchEntryId", rule);
  }
  if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > maxBytes)
    throw refuse("BatchRequestTooLong", "The length of all the batch messages put together is more than the limit.");
}

function maxBytesOf({ attributes }: Topic): number {
  return Number(attributes.MaximumMessageSize ?? MAX_BYTES);
}

/** The message and its attributes, in bytes. */
function sizeOf({ Message, MessageAttributes = {} }: PublishInput): number {
  return Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType, StringValue = "", BinaryValue }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
    Buffer.byteLength(Message),
  );
}

function deduplicationIdOf({ attributes }: Topic, { Message, MessageDeduplicationId }: PublishInput): string {
  if (MessageDeduplicationId) return MessageDeduplicationId;
  if (attributes.ContentBasedDeduplication === "true") return createHash("sha256").update(Message).digest("hex");
  throw invalid(
    "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  );
}

function scoped({ attributes }: Topic, id: string, group = ""): string {
  return attributes.FifoThroughputScope === "MessageGroup" ? `${group} ${id}` : id;
}

/** The message with this id of the last five minutes. */
function knownMessage({ known }: Topic, id: string) {
  const now = Date.now();
  for (const [key, { until }] of known) if (until <= now) known.delete(key);
  return known.get(id);
}
