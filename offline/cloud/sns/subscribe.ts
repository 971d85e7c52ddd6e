import { randomBytes, randomUUID } from "node:crypto";
import { invalid } from "./errors";
import { checkAttribute, checkEndpoint, filterIn, naming } from "./subscription";
import type { Attributes, Subscription } from "./topic";
import type { Topics } from "./topics";

export type SubscribeInput = {
  TopicArn: string;
  Protocol: string;
  Endpoint?: string;
  Attributes?: Attributes;
  ReturnSubscriptionArn?: boolean;
};

/**
 * Subscribe. Repeating it returns the existing subscription.
 * @throws AwsError if the API would refuse the request
 */
export function subscribe(topics: Topics, input: SubscribeInput): Subscription {
  const { Protocol, Endpoint = "", Attributes = {} } = input;
  const topic = topics.find(input.TopicArn);
  checkEndpoint(Protocol, Endpoint, topic.isFifo);
  const filter = naming("Attributes Reason: ", () => {
    for (const [name, value] of Object.entries(Attributes)) checkAttribute(name, value, Protocol);
    return filterIn(Attributes);
  });
  const known = topics
    .subscriptionsOf(topic.arn)
    .find(({ protocol, endpoint }) => protocol === Protocol && endpoint === Endpoint);
  if (known) {
    if (!Object.entries(Attributes).every(([name, value]) => known.attributes[name] === value)) {
      throw invalid("Attributes Reason: Subscription already exists with different attributes");
    }
    return known;
  }
  const subscription: Subscription = {
    arn: `${topic.arn}:${randomUUID()}`,
    topicArn: topic.arn,
    protocol: Protocol,
    endpoint: Endpoint,
    attributes: { ...Attributes },
    filter,
    // Queues and functions of the account need no confirmation.
    token: Protocol === "sqs" || Protocol === "lambda" ? undefined : randomBytes(64).toString("hex"),
    last: Promise.resolve(),
  };
  topics.subscriptions.set(subscription.arn, subscription);
  return subscription;
}
