import { randomUUID } from "node:crypto";
import { ownArn, regionOf } from "../core/arns";
import type { OperationCall, Run } from "../core/declaration";
import { defineService } from "../core/defineService";
import { listTags, type Tag, tagsOf } from "../core/tags";
import { checkTopicAttribute, topicAttributes } from "./attributes";
import { invalid } from "./errors";
import { isLoopback, post } from "./http";
import { confirmation } from "./notification";
import { publish, publishBatch } from "./publish";
import { type SubscribeInput, subscribe } from "./subscribe";
import { setSubscriptionAttribute, subscriptionAttributes } from "./subscription";
import { type Attributes, makeTopic, type Subscription } from "./topic";
import type { Topics } from "./topics";

type OfTopic = { TopicArn: string };
type OfSubscription = { SubscriptionArn: string };
type Change = { AttributeName: string; AttributeValue?: string };
type CreateTopicInput = { Name: string; Attributes?: Attributes; Tags?: Tag[] };

/**
 * SNS, with the program's topics and subscriptions. Policies of topics are kept, but not evaluated.
 * @see https://docs.aws.amazon.com/sns/latest/api/welcome.html
 */
export const sns = defineService<Topics>("sns", {
  CreateTopic: createTopic,
  DeleteTopic: (topics, { TopicArn }: OfTopic) => topics.deleteTopic(TopicArn),
  ListTopics: (topics, _: object, { page, scope }) =>
    page(
      [...topics.topics.values()].filter(({ arn }) => regionOf(arn) === scope.region),
      { show: ({ arn }) => ({ TopicArn: arn }), positionOf: ({ arn }) => arn },
    ),
  GetTopicAttributes: (topics, { TopicArn }: OfTopic) => ({
    Attributes: topicAttributes(topics, topics.find(TopicArn)),
  }),
  SetTopicAttributes: (topics, { TopicArn, AttributeName, AttributeValue = "" }: OfTopic & Change) => {
    const topic = topics.find(TopicArn);
    checkTopicAttribute(AttributeName, AttributeValue, topic.isFifo);
    topic.attributes = { ...topic.attributes, [AttributeName]: AttributeValue };
  },
  Publish: publish,
  PublishBatch: publishBatch,
  Subscribe: (topics, input: SubscribeInput) => {
    const subscription = subscribe(topics, input);
    askToConfirm(topics, subscription);
    const isShown = subscription.token === undefined || input.ReturnSubscriptionArn;
    return { SubscriptionArn: isShown ? subscription.arn : "pending confirmation" };
  },
  ConfirmSubscription: (topics, { TopicArn, Token }: OfTopic & { Token: string }) => {
    const subscription = topics.subscriptionsOf(topics.find(TopicArn).arn).find(({ token }) => token === Token);
    if (!subscription) throw invalid("Token");
    subscription.token = undefined;
    return { SubscriptionArn: subscription.arn };
  },
  Unsubscribe: (topics, { SubscriptionArn }: OfSubscription) => {
    if (SubscriptionArn.split(":").length < 7) throw invalid("SubscriptionArn Reason: it is not one of a subscription");
    topics.subscriptions.delete(SubscriptionArn);
  },
  ListSubscriptions: list(({ arn }, _, { scope }) => regionOf(arn) === scope.region),
  ListSubscriptionsByTopic: list((one, { TopicArn }, _, topics) => one.topicArn === topics.find(String(TopicArn)).arn),
  GetSubscriptionAttributes: (topics, { SubscriptionArn }: OfSubscription) => ({
    Attributes: subscriptionAttributes(topics.findSubscription(SubscriptionArn)),
  }),
  SetSubscriptionAttributes: (topics, input: OfSubscription & Change) => {
    const { SubscriptionArn, AttributeName, AttributeValue = "" } = input;
    setSubscriptionAttribute(topics.findSubscription(SubscriptionArn), AttributeName, AttributeValue);
  },
  ListTagsForResource: (topics, { ResourceArn }: { ResourceArn: string }) => ({
    Tags: listTags(topics.find(ResourceArn).tags),
  }),
});

function createTopic(topics: Topics, { Name, Attributes = {}, Tags }: CreateTopicInput, { scope }: OperationCall) {
  const isFifo = Attributes.FifoTopic === "true";
  if (!/^[\w-]{1,256}$/.test(isFifo ? Name.replace(/\.fifo$/, "") : Name) || isFifo !== Name.endsWith(".fifo")) {
    throw invalid("Topic Name");
  }
  for (const [name, value] of Object.entries(Attributes)) checkTopicAttribute(name, value, isFifo);
  const arn = ownArn("sns", scope.region, Name);
  const known = topics.topics.get(arn);
  if (known && !Object.entries(Attributes).every(([name, value]) => known.attributes[name] === value)) {
    throw invalid("Attributes Reason: Topic already exists with different attributes");
  }
  if (!known) topics.topics.set(arn, makeTopic(arn, { attributes: Attributes, tags: tagsOf(Tags) }));
  return { TopicArn: arn };
}

function askToConfirm({ options, closed }: Topics, subscription: Subscription): void {
  const { token, protocol, endpoint } = subscription;
  if (token === undefined || !protocol.startsWith("http") || !isLoopback(endpoint)) return;
  const messageId = randomUUID();
  const body = confirmation(subscription, messageId);
  void post(subscription, { type: "SubscriptionConfirmation", messageId, body }, closed.signal).then((reason) => {
    if (reason !== undefined && !closed.signal.aborted)
      options.log(`error: SNS | ${endpoint} was not asked to confirm its subscription: ${reason}`);
  });
}

function list(
  isMeant: (one: Subscription, input: Record<string, unknown>, call: OperationCall, topics: Topics) => boolean,
): Run<Topics> {
  return (topics, input, call) =>
    call.page(
      [...topics.subscriptions.values()].filter((one) => isMeant(one, input, call, topics)),
      { show: (one) => showSubscription(one), positionOf: ({ arn }) => arn },
    );
}

function showSubscription({ arn, topicArn, protocol, endpoint, token }: Subscription): object {
  return {
    SubscriptionArn: token === undefined ? arn : "PendingConfirmation",
    Owner: topicArn.split(":")[4],
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topicArn,
  };
}
