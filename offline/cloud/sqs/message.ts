import { createHash, randomUUID } from "node:crypto";

/** An attribute that a sender has given to a message. */
export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, perhaps with a custom type after a dot. */
  DataType: string;
  StringValue?: string;
  BinaryValue?: Uint8Array;
}

export type MessageAttributes = Record<string, MessageAttribute>;

/** A message in a queue. Times are milliseconds since 1970. */
export interface Message {
  id: string;
  body: string;
  md5: string;
  attributes: MessageAttributes;
  /** The system attributes that do not change, such as `SenderId`. */
  system: Record<string, string>;
  sentAt: number;
  firstReceivedAt?: number;
  receiveCount: number;
  /** From when on it can be received. */
  visibleAt: number;
}

export function md5(data: string | Uint8Array): string {
  return createHash("md5").update(data).digest("hex");
}

/**
 * The digest of attributes; undefined if there are none.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash("md5");
  const add = (value: string | Uint8Array) => {
    const bytes = Buffer.from(value);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = "", StringValue, BinaryValue } = attributes[name] ?? {};
    add(name);
    add(DataType);
    hash.update(Buffer.from([BinaryValue ? 2 : 1]));
    add(BinaryValue ?? StringValue ?? "");
  }
  return hash.digest("hex");
}

/** All system attributes of a message, as text. */
export function systemAttributesOf(message: Message): Record<string, string> {
  const { system, sentAt, receiveCount, firstReceivedAt = 0 } = message;
  return {
    ...system,
    SentTimestamp: String(sentAt),
    ApproximateReceiveCount: String(receiveCount),
    ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
  };
}

/** A text that stands for one time that a message was received. */
export function receiptHandleOf(arn: string, { id, receiveCount }: Message): string {
  return Buffer.from(`${randomUUID()} ${arn} ${id} ${receiveCount}`).toString("base64");
}

/** Undefined for a text that is not a receipt handle of the queue. */
export function readReceiptHandle(arn: string, handle: string): { id: string; receiveCount: number } | undefined {
  const [, from, id, count] = Buffer.from(handle, "base64").toString().split(" ");
  return from === arn && id && count ? { id, receiveCount: Number(count) } : undefined;
}
