import { createHash, randomUUID } from "node:crypto";
import { AwsError } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import { MAX_MESSAGE_BYTES } from "./attributes";
import { type BatchEntry, checkBatch, runBatch } from "./batch";
import { checkBounds, invalidParameter, invalidValue, missingParameter } from "./errors";
import { type Message, type MessageAttributes, md5, md5OfAttributes } from "./message";
import { bytesOfAttributes, checkMessageAttributes } from "./messageAttributes";
import type { Queue } from "./queue";

export type Sending = {
  MessageBody: string;
  DelaySeconds?: number;
  MessageAttributes?: MessageAttributes;
  MessageSystemAttributes?: MessageAttributes;
  MessageDeduplicationId?: string;
  MessageGroupId?: string;
};

const MAX_DELAY = 900;
const ID = /^[\x21-\x7e]{1,128}$/;
const NOT_FOR_THIS_TYPE = "The request include parameter that is not valid for this queue type.";
/** All that XML 1.0 cannot contain. */
const INVALID_CHARACTERS = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** SendMessage. @throws AwsError if the message is refused */
export function sendMessage(queue: Queue, sending: Sending, { scope, request }: OperationCall): object {
  checkSize(queue, sending, "One or more parameters are invalid");
  if (queue.isFifo && sending.MessageGroupId === undefined && isIdentified(queue, sending)) {
    throw missingParameter("MessageGroupId");
  }
  return send(queue, sending, scope.accessKeyId, request.headers["x-amzn-trace-id"]);
}

/** SendMessageBatch. @throws AwsError if the whole batch is refused */
export function sendMessages(
  queue: Queue,
  entries: (Sending & BatchEntry)[],
  { scope, request }: OperationCall,
): object {
  checkBatch(entries, "SendMessageBatchRequestEntry", ["MessageBody"]);
  const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
  if (bytes > MAX_MESSAGE_BYTES) {
    const message = `Batch requests cannot be longer than ${MAX_MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`;
    throw new AwsError("BatchRequestTooLong", message);
  }
  for (const entry of queue.isFifo ? entries : []) {
    checkIdentified(queue, entry);
    if (entry.MessageGroupId === undefined) throw invalidParameter(missingParameter("MessageGroupId").message);
  }
  return runBatch(entries, (entry) => {
    checkSize(queue, entry, "One or more parameters cannot be validated");
    return send(queue, entry, scope.accessKeyId, request.headers["x-amzn-trace-id"]);
  });
}

function send(queue: Queue, sending: Sending, SenderId: string, trace: string | string[] | undefined): object {
  const { MessageBody: body, MessageSystemAttributes = {} } = sending;
  if (INVALID_CHARACTERS.test(body)) {
    const message =
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF";
    throw new AwsError("InvalidMessageContents", message);
  }
  const attributes = checkMessageAttributes(sending.MessageAttributes);
  const AWSTraceHeader = traceIn(MessageSystemAttributes) ?? trace?.toString();
  const delay = delayOf(queue, sending);
  const ids = idsOf(queue, sending);
  const answer = {
    MD5OfMessageBody: md5(body),
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    MD5OfMessageSystemAttributes: md5OfAttributes(MessageSystemAttributes),
  };
  const { MessageGroupId = "", MessageDeduplicationId } = ids;
  const known = MessageDeduplicationId ? queue.duplicateOf(MessageGroupId, MessageDeduplicationId) : undefined;
  if (known) return { ...answer, MessageId: known.id, SequenceNumber: known.sequenceNumber };
  const now = Date.now();
  const sequence: Record<string, string> = queue.isFifo ? { SequenceNumber: nextSequenceNumber() } : {};
  const system = { SenderId, ...ids, ...(AWSTraceHeader && { AWSTraceHeader }), ...sequence };
  const id = randomUUID();
  const message: Message = {
    ...{ id, body, md5: answer.MD5OfMessageBody, attributes, system },
    ...{ sentAt: now, receiveCount: 0, visibleAt: now + delay * 1000 },
  };
  queue.send(message);
  return { ...answer, MessageId: id, ...sequence };
}

function traceIn(attributes: MessageAttributes): string | undefined {
  const { AWSTraceHeader, ...others } = attributes;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw invalidParameter(`Message system attribute name '${other}' is invalid.`);
  }
  if (AWSTraceHeader && AWSTraceHeader.DataType !== "String") {
    throw invalidParameter("Message system attribute 'AWSTraceHeader' must contain a value of type 'String'.");
  }
  return AWSTraceHeader?.StringValue;
}

function delayOf(queue: Queue, { DelaySeconds }: Sending): number {
  const initial = queue.number("DelaySeconds");
  if (queue.isFifo && DelaySeconds) throw invalidValue(DelaySeconds, "DelaySeconds", NOT_FOR_THIS_TYPE);
  checkBounds(DelaySeconds, "DelaySeconds", 0, MAX_DELAY, `DelaySeconds must be >= 0 and <= ${MAX_DELAY}.`);
  return queue.isFifo ? initial : (DelaySeconds ?? initial);
}

/** Standard queues take a group for fairness alone. */
function idsOf(queue: Queue, sending: Sending): Record<string, string> {
  const { MessageGroupId, MessageDeduplicationId } = sending;
  if (!queue.isFifo && MessageDeduplicationId !== undefined) {
    throw invalidValue(MessageDeduplicationId, "MessageDeduplicationId", NOT_FOR_THIS_TYPE);
  }
  for (const [name, id] of Object.entries({ MessageGroupId, MessageDeduplicationId })) {
    if (id === undefined || ID.test(id)) continue;
    const reason = `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`;
    throw invalidValue(id, name, reason);
  }
  const group: Record<string, string> = MessageGroupId === undefined ? {} : { MessageGroupId };
  if (!queue.isFifo) return group;
  checkIdentified(queue, sending);
  return { ...group, MessageDeduplicationId: MessageDeduplicationId ?? sha256(sending.MessageBody) };
}

function isIdentified({ attributes }: Queue, { MessageDeduplicationId }: Sending): boolean {
  return MessageDeduplicationId !== undefined || attributes.ContentBasedDeduplication === "true";
}

function checkIdentified(queue: Queue, sending: Sending): void {
  if (isIdentified(queue, sending)) return;
  throw invalidParameter(
    "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  );
}

function checkSize(queue: Queue, sending: Sending, problem: string): void {
  if (sending.MessageBody === "") throw missingParameter("MessageBody");
  const most = queue.number("MaximumMessageSize");
  if (bytesOf(sending) > most)
    throw invalidParameter(`${problem}. Reason: Message must be shorter than ${most} bytes.`);
}

function bytesOf({ MessageBody, MessageAttributes = {} }: Sending): number {
  return Buffer.byteLength(MessageBody) + bytesOfAttributes(MessageAttributes);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

const SEQUENCE_STEP = 256n;
let latest = 0n;

/** 20 digits, as AWS has them. They rise with time, so also from run to run. */
function nextSequenceNumber(): string {
  const now = BigInt(Date.now()) << 23n;
  latest = now > latest ? now : latest + SEQUENCE_STEP;
  return String(latest);
}
