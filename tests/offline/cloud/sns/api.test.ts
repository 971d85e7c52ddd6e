import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { expect } from "chai";
import { DOCUMENTATION, type Fact, recordedByLocalstack, testFact, testFacts } from "../../../helpers/facts";
import { closeServices } from "../../../helpers/offline/core";
import { serveSns, subscription, topic, topicArn } from "../../../helpers/offline/sns";
import { arnOf } from "../../../helpers/offline/sqs";

type Served = Awaited<ReturnType<typeof serveSns>>;
/** Commands of any operation; the SDK types them one by one. */
type Send = object;

interface Refused extends Fact {
  command: Send;
  /** Code and message. */
  answer: string;
}

const TopicArn = topicArn("some");
const FifoArn = topicArn("ordered.fifo");
const publish = (input: object) => new PublishCommand({ TopicArn, Message: "m", ...input });
const batch = (...entries: object[]) =>
  new PublishBatchCommand({
    TopicArn,
    PublishBatchRequestEntries: entries.map((one, index) => ({ Id: String(index), Message: "m", ...one })),
  });
const subscribe = (Protocol: string, Endpoint: string, more: object = {}) =>
  new SubscribeCommand({ TopicArn, Protocol, Endpoint, ...more });
const KILOBYTES_257 = "m".repeat(257 * 1024);

const REFUSED: Refused[] = [
  {
    fact: "an unknown topic does not exist",
    command: publish({ TopicArn: topicArn("none") }),
    answer: "NotFound: Topic does not exist",
  },
  {
    fact: "an ARN has six parts",
    command: publish({ TopicArn: "some" }),
    answer: "InvalidParameter: Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1",
  },
  {
    fact: "a message is not empty",
    command: publish({ Message: "" }),
    answer: "InvalidParameter: Invalid parameter: Empty message",
  },
  {
    fact: "a message has at most 256 KiB",
    command: publish({ Message: KILOBYTES_257 }),
    answer: "InvalidParameter: Invalid parameter: Message too long",
  },
  {
    fact: "a message has at most 256 KiB with its attributes",
    command: publish({
      Message: "m".repeat(256 * 1024 - 3),
      MessageAttributes: { a: { DataType: "String", StringValue: "1" } },
    }),
    answer: "InvalidParameter: Invalid parameter: Message too long",
  },
  {
    fact: "a batch has at most 256 KiB",
    command: batch({ Message: KILOBYTES_257.slice(0, 200_000) }, { Message: KILOBYTES_257.slice(0, 100_000) }),
    answer: "BatchRequestTooLong: The length of all the batch messages put together is more than the limit.",
  },
  {
    fact: "a batch has at most ten messages",
    command: batch(...Array(11).fill({})),
    answer: "TooManyEntriesInBatchRequest: The batch request contains more entries than permissible.",
  },
  {
    fact: "a batch has different ids",
    command: batch({ Id: "a" }, { Id: "a" }),
    answer: "BatchEntryIdsNotDistinct: Two or more batch entries in the request have the same Id.",
  },
  {
    fact: "a message for each protocol has a default",
    command: publish({ MessageStructure: "json", Message: '{"http":"m"}' }),
    answer: "InvalidParameter: Invalid parameter: Message Structure - No default entry in JSON message body",
  },
  {
    fact: "a message for each protocol is JSON",
    command: publish({ MessageStructure: "json" }),
    answer: "InvalidParameter: Invalid parameter: Message Structure - JSON message body failed to parse",
  },
  {
    fact: "a message to a FIFO topic has a group",
    command: publish({ TopicArn: FifoArn }),
    answer: "InvalidParameter: Invalid parameter: The MessageGroupId parameter is required for FIFO topics",
  },
  {
    fact: "a message to a FIFO topic has an id for deduplication",
    command: publish({ TopicArn: FifoArn, MessageGroupId: "g" }),
    answer:
      "InvalidParameter: Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  },
  {
    fact: "an attribute has a value",
    command: publish({ MessageAttributes: { a: { DataType: "String", StringValue: "" } } }),
    answer:
      "ParameterValueInvalid: The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'.",
  },
  {
    fact: "a protocol is a known one",
    command: subscribe("pigeon", "x"),
    answer: "InvalidParameter: Invalid parameter: Amazon SNS does not support this protocol string: pigeon",
  },
  {
    fact: "a queue is given by its ARN",
    command: subscribe("sqs", "http://queue"),
    answer: "InvalidParameter: Invalid parameter: SQS endpoint ARN",
  },
  {
    fact: "an address has its protocol",
    command: subscribe("https", "http://localhost"),
    answer: "InvalidParameter: Invalid parameter: Endpoint must match the specified protocol",
  },
  {
    fact: "a FIFO queue does not subscribe to a standard topic",
    command: subscribe("sqs", arnOf("q.fifo")),
    answer:
      "InvalidParameter: Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics",
  },
  {
    fact: "an unknown subscription does not exist",
    command: new GetSubscriptionAttributesCommand({ SubscriptionArn: `${TopicArn}:1` }),
    answer: "NotFound: Subscription does not exist",
  },
];

describe("SNS's API", () => {
  let served: Served;
  let subscriptionArn = "";
  before(async () => {
    const inputs = { protocol: "sqs", endpoint: arnOf("q") };
    served = await serveSns(
      [],
      topic("some", { tags: { team: "a" } }),
      topic("ordered.fifo", { fifoTopic: true }),
      subscription("s", "some", inputs),
    );
    subscriptionArn = served.topics.subscriptionsOf(TopicArn)[0]?.arn ?? "";
  });
  after(closeServices);

  const refusal = (command: Send) =>
    served.sns.send(command as PublishCommand).then(
      () => "it was not refused",
      (error: { name: string; Error?: { Code: string }; message: string }) =>
        `${error.Error?.Code ?? error.name}: ${error.message}`,
    );
  const attributes = async () =>
    (await served.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: subscriptionArn }))).Attributes;
  const change = (AttributeName: string, AttributeValue: string) =>
    new SetSubscriptionAttributesCommand({ SubscriptionArn: subscriptionArn, AttributeName, AttributeValue });

  testFacts({ service: "SNS", source: DOCUMENTATION, facts: REFUSED }, async ({ command, answer }) => {
    expect((await refusal(command)).replace(/Exception:/, ":")).to.equal(answer);
  });

  testFacts<Refused>(
    {
      service: "SNS",
      source: recordedByLocalstack("2024-08"),
      facts: [
        ...[
          {
            fact: "refuses a filter policy that cannot be",
            command: subscribe("sms", "+123123123", { Attributes: { FilterPolicy: '{"key":[]}' } }),
            answer:
              "InvalidParameter: Invalid parameter: Attributes Reason: FilterPolicy: Empty arrays are not allowed",
          },
          {
            fact: "refuses a filter policy that is too complex",
            command: subscribe("sms", "+123123123", {
              Attributes: { FilterPolicy: JSON.stringify({ key: Array.from({ length: 151 }, String) }) },
            }),
            answer:
              "InvalidParameter: Invalid parameter: Attributes Reason: FilterPolicy: Filter policy is too complex",
          },
        ],
      ] as Refused[],
    },
    async ({ command, answer }) => {
      expect((await refusal(command)).replace(/Exception:/, ":")).to.equal(answer);
    },
  );

  const recorded = { service: "SNS", source: recordedByLocalstack("2024-08") };
  testFact(recorded, "shows the scope of a filter policy once there is a policy", async () => {
    expect(await attributes()).to.include({
      PendingConfirmation: "false",
      RawMessageDelivery: "false",
      Endpoint: arnOf("q"),
      Owner: "123456789012",
    });
    await served.sns.send(change("FilterPolicyScope", "MessageBody"));
    expect(await attributes()).not.to.include.keys("FilterPolicyScope");
    await served.sns.send(change("FilterPolicy", '{"attr":["a"]}'));
    expect(await attributes()).to.include({ FilterPolicyScope: "MessageBody", FilterPolicy: '{"attr":["a"]}' });
    await served.sns.send(change("FilterPolicy", ""));
    expect(await attributes()).not.to.include.keys("FilterPolicyScope", "FilterPolicy");
  });
  testFact(recorded, "refuses a change of a filter policy that cannot be", async () => {
    await served.sns.send(change("FilterPolicyScope", "MessageAttributes"));
    expect(await refusal(change("FilterPolicy", '{"object":{"key":["a"]}}'))).to.match(
      /Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy$/,
    );
    expect(await refusal(change("FilterPolicy", '{"a":"b"}'))).to.match(
      /: Invalid parameter: FilterPolicy: "a" must be an object or an array$/,
    );
    expect(await refusal(change("FilterPolicy", "{"))).to.match(
      /: Invalid parameter: FilterPolicy: failed to parse JSON\.$/,
    );
    expect(await refusal(change("FilterPolicyScope", "RandomValue"))).to.match(
      /: Invalid parameter: FilterPolicyScope: Invalid value \[RandomValue\]\. Please use either MessageBody or MessageAttributes$/,
    );
  });

  it("accepts and refuses the messages of a batch one by one", async () => {
    const { Successful = [], Failed = [] } = await served.sns.send(batch({}, { Message: "" }));
    expect(Successful.map(({ Id }) => Id)).to.deep.equal(["0"]);
    expect(Failed).to.deep.equal([
      { Id: "1", Code: "InvalidParameter", Message: "Invalid parameter: Empty message", SenderFault: true },
    ]);
  });

  it("creates, lists, changes and deletes topics", async () => {
    const { TopicArn: made } = await served.sns.send(
      new CreateTopicCommand({ Name: "made", Tags: [{ Key: "a", Value: "b" }] }),
    );
    expect(made).to.equal(topicArn("made"));
    expect(await served.sns.send(new CreateTopicCommand({ Name: "made" }))).to.include({ TopicArn: made });
    await served.sns.send(
      new SetTopicAttributesCommand({ TopicArn: made, AttributeName: "DisplayName", AttributeValue: "Made" }),
    );
    const { Attributes } = await served.sns.send(new GetTopicAttributesCommand({ TopicArn: made }));
    expect(Attributes).to.include({ DisplayName: "Made", SubscriptionsConfirmed: "0", Owner: "123456789012" });
    const { Topics } = await served.sns.send(new ListTopicsCommand({}));
    expect(Topics?.map((one) => one.TopicArn)).to.have.members([made, TopicArn, FifoArn]);
    const { Tags } = await served.sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }));
    expect(Tags).to.deep.equal([{ Key: "team", Value: "a" }]);
    await served.sns.send(new DeleteTopicCommand({ TopicArn: made }));
    expect(await refusal(new GetTopicAttributesCommand({ TopicArn: made }))).to.match(/Topic does not exist$/);
    expect(await refusal(new CreateTopicCommand({ Name: "a b" }))).to.match(/Invalid parameter: Topic Name$/);
  });

  it("subscribes once, and unsubscribes", async () => {
    const { SubscriptionArn } = await served.sns.send(subscribe("sqs", arnOf("other")));
    expect(await served.sns.send(subscribe("sqs", arnOf("other")))).to.include({ SubscriptionArn });
    const { Subscriptions = [] } = await served.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(Subscriptions.map((one) => one.Endpoint)).to.have.members([arnOf("q"), arnOf("other")]);
    await served.sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    const all = await served.sns.send(new ListSubscriptionsCommand({}));
    expect(all.Subscriptions?.map((one) => one.SubscriptionArn)).to.deep.equal([subscriptionArn]);
  });
});
