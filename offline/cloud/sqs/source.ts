import { regionOf } from "../core/arns";
import type { QueueMessage, QueueSource } from "../core/sources";
import { type Message, type MessageAttributes, md5OfAttributes, receiptHandleOf, systemAttributesOf } from "./message";
import type { Queue } from "./queue";
import { deleteMessage } from "./receive";

/** A queue as the source of a function's events. */
export function queueSource(queue: Queue): QueueSource {
  return {
    kind: "sqs",
    arn: queue.arn,
    isFifo: queue.isFifo,
    get visibilityTimeout() {
      return queue.number("VisibilityTimeout");
    },
    receive: async (limit) => queue.receive(limit).map((message) => show(queue, message)),
    delete: async (ReceiptHandle) => void deleteMessage(queue, { ReceiptHandle }),
    watch: (listener) => queue.audience.watch(listener),
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
function show({ arn }: Queue, message: Message): QueueMessage {
  const { id, body, md5, attributes, system } = message;
  const receiptHandle = receiptHandleOf(arn, message);
  const digest = md5OfAttributes(attributes);
  const event = {
    messageId: id,
    receiptHandle,
    body,
    attributes: systemAttributesOf(message),
    messageAttributes: showAttributes(attributes),
    ...(digest && { md5OfMessageAttributes: digest }),
    md5OfBody: md5,
    eventSource: "aws:sqs",
    eventSourceARN: arn,
    awsRegion: regionOf(arn),
  };
  return { receiptHandle, event, body, messageGroupId: system.MessageGroupId };
}

function showAttributes(attributes: MessageAttributes): object {
  const entries = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => {
    const value = BinaryValue
      ? { binaryValue: Buffer.from(BinaryValue).toString("base64") }
      : { stringValue: StringValue };
    return [name, { ...value, stringListValues: [], binaryListValues: [], dataType: DataType }];
  });
  return Object.fromEntries(entries);
}
