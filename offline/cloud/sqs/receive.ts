import { AwsError } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import { type BatchEntry, checkBatch, runBatch } from "./batch";
import { checkBounds, invalidValue } from "./errors";
import { type Message, readReceiptHandle, receiptHandleOf, systemAttributesOf } from "./message";
import { chosenAttributes } from "./messageAttributes";
import type { Queue } from "./queue";

export type Receiving = {
  AttributeNames?: string[];
  MessageSystemAttributeNames?: string[];
  MessageAttributeNames?: string[];
  MaxNumberOfMessages?: number;
  VisibilityTimeout?: number;
  WaitTimeSeconds?: number;
};

const MOST = 10;
const MAX_WAIT = 20;
const MAX_VISIBILITY = 43_200;

const SYSTEM_ATTRIBUTES = [
  ...["All", "SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp"],
  ...["SequenceNumber", "MessageDeduplicationId", "MessageGroupId", "AWSTraceHeader", "DeadLetterQueueSourceArn"],
];

/** ReceiveMessage. @throws AwsError if it is refused */
export async function receiveMessages(queue: Queue, input: Receiving, { request, response }: OperationCall) {
  const { MaxNumberOfMessages: most = 1, VisibilityTimeout, WaitTimeSeconds } = input;
  checkBounds(most, "MaxNumberOfMessages", 1, MOST, `Must be between 1 and ${MOST}, if provided.`);
  checkBounds(VisibilityTimeout, "VisibilityTimeout", 0, MAX_VISIBILITY);
  checkBounds(WaitTimeSeconds, "WaitTimeSeconds", 0, MAX_WAIT);
  const { AttributeNames = [], MessageSystemAttributeNames = [] } = input;
  const isQuery = request.headers["x-amz-target"] === undefined;
  const isOld = isQuery && AttributeNames.length > 0;
  const names = isOld ? AttributeNames : [...AttributeNames, ...MessageSystemAttributeNames];
  const unknown = names.find((name) => !SYSTEM_ATTRIBUTES.includes(name));
  if (unknown !== undefined) throw new AwsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
  const seconds = WaitTimeSeconds ?? queue.number("ReceiveMessageWaitTimeSeconds");
  if (queue.isFull && !queue.isFifo && seconds === 0) {
    throw new AwsError("OverLimit", "Too many messages in flight.", 403);
  }
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const messages = await queue.audience.wait(most, VisibilityTimeout, seconds, gone.signal);
  if (messages.length === 0) return {};
  return { Messages: messages.map((message) => show(queue, message, names, input.MessageAttributeNames)) };
}

function show(queue: Queue, message: Message, system: string[], attributes: string[] | undefined): object {
  const isWanted = ([name]: [string, unknown]) => system.includes("All") || system.includes(name);
  const chosen = Object.fromEntries(Object.entries(systemAttributesOf(message)).filter(isWanted));
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandleOf(queue.arn, message),
    MD5OfBody: message.md5,
    Body: message.body,
    ...(Object.keys(chosen).length > 0 && { Attributes: chosen }),
    ...chosenAttributes(message.attributes, attributes),
  };
}

export type Receipt = { ReceiptHandle: string };
export type Visibility = Receipt & { VisibilityTimeout?: number };

/** DeleteMessage. @throws AwsError for a malformed receipt handle, or one that a FIFO queue no longer accepts */
export function deleteMessage(queue: Queue, { ReceiptHandle }: Receipt): object {
  const message = messageOf(queue, ReceiptHandle);
  if (message) queue.delete(message.id);
  return {};
}

/** DeleteMessageBatch. @throws AwsError if the whole batch is refused */
export function deleteMessages(queue: Queue, entries: (Receipt & BatchEntry)[]): object {
  checkBatch(entries, "DeleteMessageBatchRequestEntry", ["ReceiptHandle"]);
  return runBatch(entries, (entry) => deleteMessage(queue, entry));
}

/** ChangeMessageVisibility. @throws AwsError as for `deleteMessage`, or for a wrong time */
export function changeVisibility(queue: Queue, { ReceiptHandle, VisibilityTimeout: seconds = 0 }: Visibility): object {
  checkBounds(seconds, "VisibilityTimeout", 0, MAX_VISIBILITY);
  const message = messageOf(queue, ReceiptHandle);
  if (!message) {
    const reason = "Message does not exist or is not available for visibility timeout change.";
    throw invalidValue(ReceiptHandle, "ReceiptHandle", reason);
  }
  queue.changeVisibility(message.id, seconds);
  return {};
}

/** ChangeMessageVisibilityBatch. @throws AwsError if the whole batch is refused */
export function changeVisibilities(queue: Queue, entries: (Visibility & BatchEntry)[]): object {
  checkBatch(entries, "ChangeMessageVisibilityBatchRequestEntry", ["ReceiptHandle"]);
  return runBatch(entries, (entry) => changeVisibility(queue, entry));
}

/** The message that a receipt handle is for; undefined if it was deleted. */
function messageOf(queue: Queue, handle: string): Message | undefined {
  const receipt = readReceiptHandle(queue.arn, handle);
  if (!receipt) {
    const message = `The input receipt handle "${handle}" is not a valid receipt handle.`;
    throw new AwsError("ReceiptHandleIsInvalid", message);
  }
  const found = queue.find(receipt.id);
  if (!found) return undefined;
  const isCurrent = found.state === "inFlight" && found.message.receiveCount === receipt.receiveCount;
  if (!queue.isFifo || isCurrent) return found.message;
  throw invalidValue(handle, "ReceiptHandle", "The receipt handle has expired.");
}
