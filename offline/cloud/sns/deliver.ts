import { attributesAsEvent } from "../../../expressions/patterns";
import { textAttributes } from "../core/deliveryRequests";
import { post } from "./http";
import { bodyFor, functionEvent, type Message, notification } from "./notification";
import { deadLetterTarget, undelivered } from "./subscription";
import { nameOf, type Subscription } from "./topic";
import type { Topics } from "./topics";

/** Delivers a message, if the subscription wants it. What fails goes to its dead-letter queue, or is a line in the log. */
export function deliver(topics: Topics, subscription: Subscription, message: Message): void {
  if (subscription.token !== undefined || !wants(subscription, message)) return;
  const run = () => deliverOne(topics, subscription, message);
  // A FIFO topic keeps the order.
  if (message.sequenceNumber === undefined) void run();
  else subscription.last = subscription.last.then(run);
}

function wants({ filter, attributes }: Subscription, message: Message): boolean {
  if (!filter) return true;
  return filter.matches(
    attributes.FilterPolicyScope === "MessageBody" ? message.body : attributesAsEvent(message.attributes),
  );
}

/** Never rejects. */
async function deliverOne(topics: Topics, subscription: Subscription, message: Message): Promise<void> {
  const { endpoint, attributes } = subscription;
  const reason = await send(topics, subscription, message);
  if (reason === undefined || topics.closed.signal.aborted) return;
  const from = `SNS topic ${nameOf(message.topicArn)}`;
  const queue = deadLetterTarget(attributes.RedrivePolicy);
  const lost =
    queue === undefined
      ? "it has no dead-letter queue"
      : await topics.options.events.send(queue, notification(message, subscription), {
          from,
          attributes: textAttributes({ ErrorMessage: reason, SubscriptionArn: subscription.arn }),
          ...groupOf(message),
        });
  if (lost === undefined) return;
  const also = queue === undefined ? lost : `nor to its dead-letter queue: ${lost}`;
  topics.options.log(`error: ${from} | not delivered to ${endpoint}: ${reason} (${also})`);
}

/** Returns why the message cannot be delivered, or undefined. */
async function send(topics: Topics, subscription: Subscription, message: Message): Promise<string | undefined> {
  const { protocol, endpoint, problem, attributes } = subscription;
  const { events } = topics.options;
  const from = `SNS topic ${nameOf(message.topicArn)}`;
  const isRaw = /true/i.test(attributes.RawMessageDelivery ?? "");
  const reason = problem ?? undelivered(protocol, endpoint);
  if (reason !== undefined) return reason;
  if (protocol === "lambda") return events.send(endpoint, functionEvent(message, subscription), { from });
  const body = isRaw ? bodyFor(message, protocol) : notification(message, subscription);
  if (protocol !== "sqs") {
    const posted = { type: "Notification", messageId: message.id, body, isRaw } as const;
    return post(subscription, posted, topics.closed.signal);
  }
  return events.send(endpoint, body, { from, attributes: isRaw ? sqsAttributes(message) : {}, ...groupOf(message) });
}

function sqsAttributes({ attributes }: Message) {
  const entries = Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    { DataType, StringValue, BinaryValue: BinaryValue?.toString("base64") },
  ]);
  return Object.fromEntries(entries);
}

function groupOf({ groupId, deduplicationId }: Message) {
  return { messageGroupId: groupId, messageDeduplicationId: deduplicationId };
}
