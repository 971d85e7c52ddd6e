import type { Pattern } from "../../../expressions/patterns";

export type Attributes = Record<string, string>;

/** The protocols of subscriptions. */
export const PROTOCOLS = ["http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose"];

export interface Topic {
  arn: string;
  name: string;
  isFifo: boolean;
  /** Those that were given. */
  attributes: Attributes;
  tags: Record<string, string>;
  /** The ids of messages to a FIFO topic, and until when a message with the same id is dropped, in milliseconds since 1970. */
  known: Map<string, { messageId: string; sequenceNumber: string; until: number }>;
  /** How many messages have been published to it. */
  published: number;
}

export interface Subscription {
  arn: string;
  topicArn: string;
  protocol: string;
  endpoint: string;
  /** Those that were given. */
  attributes: Attributes;
  /** Its filter policy. @default all messages are delivered */
  filter?: Pattern;
  /** What confirms it. @default it is confirmed */
  token?: string;
  /** Why nothing can be delivered to it. */
  problem?: string;
  /** The deliveries of a FIFO topic, one after the other. */
  last: Promise<void>;
}

export function makeTopic(
  arn: string,
  { attributes = {}, tags = {} }: Partial<Pick<Topic, "attributes" | "tags">>,
): Topic {
  const name = nameOf(arn);
  return { arn, name, isFifo: name.endsWith(".fifo"), attributes, tags, known: new Map(), published: 0 };
}

export function nameOf(arn: string): string {
  return arn.split(":")[5] ?? "";
}
