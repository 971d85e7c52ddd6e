import { regionOf } from "../core/arns";
import type { Subscription } from "./topic";

/** A message attribute, as it is published. */
export interface MessageAttribute {
  DataType: string;
  StringValue?: string;
  BinaryValue?: Buffer;
}

/** A message that a topic has accepted. */
export interface Message {
  id: string;
  topicArn: string;
  body: string;
  /** The body for each protocol, if they differ. */
  byProtocol?: Record<string, unknown>;
  subject?: string;
  attributes: Record<string, MessageAttribute>;
  /** In ISO 8601. */
  timestamp: string;
  groupId?: string;
  deduplicationId?: string;
  /** Of a FIFO topic. */
  sequenceNumber?: string;
}

/** Nobody can verify it: the key is AWS's. */
const SIGNATURE = Buffer.from("The messages of an emulated topic are not signed").toString("base64");

/** The body that a protocol gets. */
export function bodyFor({ body, byProtocol }: Message, protocol: string): string {
  const own = byProtocol?.[protocol] ?? byProtocol?.default;
  return typeof own === "string" ? own : body;
}

/** A message with its envelope, as queues and HTTP endpoints get it. */
export function notification(message: Message, { protocol, arn }: Subscription): string {
  const { id, topicArn, subject, timestamp, sequenceNumber } = message;
  const attributes = shown(message);
  return JSON.stringify({
    Type: "Notification",
    MessageId: id,
    SequenceNumber: sequenceNumber,
    TopicArn: topicArn,
    Subject: subject,
    Message: bodyFor(message, protocol),
    Timestamp: timestamp,
    // FIFO topics do not sign.
    ...(sequenceNumber === undefined && {
      SignatureVersion: "1",
      Signature: SIGNATURE,
      SigningCertURL: certificateAt(topicArn),
    }),
    UnsubscribeURL: unsubscribeAt(topicArn, arn),
    MessageAttributes: Object.keys(attributes).length > 0 ? attributes : undefined,
  });
}

/**
 * A message as functions get it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
 */
export function functionEvent(message: Message, { protocol, arn }: Subscription): string {
  const { id, topicArn, subject = null, timestamp } = message;
  const Sns = {
    Type: "Notification",
    MessageId: id,
    TopicArn: topicArn,
    Subject: subject,
    Message: bodyFor(message, protocol),
    Timestamp: timestamp,
    SignatureVersion: "1",
    Signature: SIGNATURE,
    SigningCertUrl: certificateAt(topicArn),
    UnsubscribeUrl: unsubscribeAt(topicArn, arn),
    MessageAttributes: shown(message),
  };
  const record = { EventSource: "aws:sns", EventVersion: "1.0", EventSubscriptionArn: arn, Sns };
  return JSON.stringify({ Records: [record] });
}

/** What asks an HTTP endpoint to confirm its subscription, with ConfirmSubscription and the token. */
export function confirmation({ topicArn, token = "" }: Subscription, messageId: string): string {
  const query = new URLSearchParams({ Action: "ConfirmSubscription", TopicArn: topicArn, Token: token });
  return JSON.stringify({
    Type: "SubscriptionConfirmation",
    MessageId: messageId,
    Token: token,
    TopicArn: topicArn,
    Message: `You have chosen to subscribe to the topic ${topicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: `${addressOf(topicArn)}/?${query}`,
    Timestamp: new Date().toISOString(),
    SignatureVersion: "1",
    Signature: SIGNATURE,
    SigningCertURL: certificateAt(topicArn),
  });
}

function shown({ attributes }: Message): Record<string, { Type: string; Value?: string }> {
  const entries = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    { Type: DataType, Value: StringValue ?? BinaryValue?.toString("base64") },
  ]);
  return Object.fromEntries(entries);
}

function addressOf(topicArn: string): string {
  return `https://sns.${regionOf(topicArn)}.amazonaws.com`;
}

function certificateAt(topicArn: string): string {
  return `${addressOf(topicArn)}/SimpleNotificationService-0000000000000000000000000000000000.pem`;
}

function unsubscribeAt(topicArn: string, subscriptionArn: string): string {
  return `${addressOf(topicArn)}/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`;
}
