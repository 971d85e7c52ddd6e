import { invalid } from "./errors";
import type { Attributes, Topic } from "./topic";
import type { Topics } from "./topics";

const SETTABLE =
  /^(ArchivePolicy|ContentBasedDeduplication|DataProtectionPolicy|DeliveryPolicy|DisplayName|FifoThroughputScope|KmsMasterKeyId|MaximumMessageSize|Policy|SignatureVersion|TracingConfig|(Application|Firehose|HTTP|Lambda|SQS)(Failure|Success)Feedback(RoleArn|SampleRate))$/;

/** @throws AwsError if the API would refuse the attribute */
export function checkTopicAttribute(name: string, value: string, isFifo: boolean): void {
  if (name === "FifoTopic") return;
  if (!SETTABLE.test(name)) throw invalid("AttributeName");
  if (!isFifo && ["ContentBasedDeduplication", "FifoThroughputScope", "ArchivePolicy"].includes(name)) {
    throw invalid(`${name} Reason: it is for FIFO topics only`);
  }
  if (name === "MaximumMessageSize" && !(Number(value) >= 1024 && Number(value) <= 1024 * 1024)) {
    throw invalid("MaximumMessageSize Reason: it is from 1024 to 1048576 bytes");
  }
}

/** GetTopicAttributes. */
export function topicAttributes(topics: Topics, { arn, isFifo, attributes }: Topic): Attributes {
  const owner = arn.split(":")[4] ?? "";
  const subscriptions = topics.subscriptionsOf(arn);
  const pending = subscriptions.filter(({ token }) => token !== undefined).length;
  return {
    TopicArn: arn,
    Owner: owner,
    Policy: JSON.stringify(defaultPolicy(arn, owner)),
    DisplayName: "",
    EffectiveDeliveryPolicy: JSON.stringify(DELIVERY_POLICY),
    SubscriptionsConfirmed: String(subscriptions.length - pending),
    SubscriptionsPending: String(pending),
    SubscriptionsDeleted: "0",
    ...(isFifo && { FifoTopic: "true", ContentBasedDeduplication: "false", FifoThroughputScope: "Topic" }),
    ...attributes,
  };
}

const DELIVERY_POLICY = {
  http: {
    defaultHealthyRetryPolicy: {
      minDelayTarget: 20,
      maxDelayTarget: 20,
      numRetries: 3,
      numMaxDelayRetries: 0,
      numNoDelayRetries: 0,
      numMinDelayRetries: 0,
      backoffFunction: "linear",
    },
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: "text/plain; charset=UTF-8" },
  },
};

const OWNER_ACTIONS = [
  ...["GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic"],
  ...["Subscribe", "ListSubscriptionsByTopic", "Publish"],
];

/** Its owner may do everything. */
function defaultPolicy(arn: string, owner: string): object {
  const statement = {
    Sid: "__default_statement_ID",
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: OWNER_ACTIONS.map((name) => `SNS:${name}`),
    Resource: arn,
    Condition: { StringEquals: { "AWS:SourceOwner": owner } },
  };
  return { Version: "2008-10-17", Id: "__default_policy_ID", Statement: [statement] };
}
