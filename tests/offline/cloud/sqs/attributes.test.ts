import { type Caller, INVALID, RECORDED, type SqsFact, testSqsFacts } from "../../../helpers/offline/sqs";

type Attributes = Record<string, string>;

const INITIAL = {
  DelaySeconds: "0",
  MaximumMessageSize: "1048576",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  SqsManagedSseEnabled: "true",
  VisibilityTimeout: "30",
};
const OF_FIFO = {
  ...INITIAL,
  ContentBasedDeduplication: "false",
  DeduplicationScope: "queue",
  FifoQueue: "true",
  FifoThroughputLimit: "perQueue",
};
const COMPUTED = [
  ...["Messages", "MessagesDelayed", "MessagesNotVisible"].map((name) => `ApproximateNumberOf${name}`),
  ...["CreatedTimestamp", "LastModifiedTimestamp", "QueueArn"],
];

/** Without those that every queue computes. */
async function attributesOf({ call }: Caller, QueueUrl: string): Promise<Attributes> {
  const { Attributes } = await call("GetQueueAttributes", { QueueUrl, AttributeNames: ["All"] });
  const given = Object.entries<string>(Attributes);
  const missing = COMPUTED.filter((name) => Attributes[name] === undefined);
  if (missing.length > 0) throw new Error(`missing: ${missing}`);
  return Object.fromEntries(given.filter(([name]) => !COMPUTED.includes(name)));
}

/** The attributes of a queue after each of some changes. */
const changing = (initial: Attributes, ...changes: Attributes[]) =>
  async function run(caller: Caller): Promise<Attributes[]> {
    const QueueUrl = await caller.make(initial);
    const answers = [await attributesOf(caller, QueueUrl)];
    for (const Attributes of changes) {
      await caller.call("SetQueueAttributes", { QueueUrl, Attributes });
      answers.push(await attributesOf(caller, QueueUrl));
    }
    return answers;
  };

const refused = (initial: Attributes, Attributes: Attributes) => async (caller: Caller) =>
  caller.refusal("SetQueueAttributes", { QueueUrl: await caller.make(initial), Attributes });

const notCreated =
  (Attributes: Attributes, name = "queue-with-attributes") =>
  (caller: Caller) =>
    caller.refusal("CreateQueue", { QueueName: name, Attributes });

const KMS = { KmsMasterKeyId: "testKeyId", KmsDataKeyReusePeriodSeconds: "6000" };

const attributes: SqsFact[] = [
  {
    fact: "a queue has the attributes that it was made with, those that were changed, and defaults",
    run: changing(
      { MessageRetentionPeriod: "604800", ReceiveMessageWaitTimeSeconds: "10", VisibilityTimeout: "20" },
      { MaximumMessageSize: "2048", VisibilityTimeout: "69", DelaySeconds: "420" },
    ),
    is: [
      { ...INITIAL, MessageRetentionPeriod: "604800", ReceiveMessageWaitTimeSeconds: "10", VisibilityTimeout: "20" },
      {
        ...{ ...INITIAL, MessageRetentionPeriod: "604800", ReceiveMessageWaitTimeSeconds: "10" },
        ...{ MaximumMessageSize: "2048", VisibilityTimeout: "69", DelaySeconds: "420" },
      },
    ],
  },
  {
    fact: "a FIFO queue has its own attributes, which can be changed",
    run: changing(
      { FifoQueue: "True", ContentBasedDeduplication: "True" },
      { ContentBasedDeduplication: "false" },
      { DeduplicationScope: "messageGroup", FifoThroughputLimit: "perMessageGroupId" },
      { DeduplicationScope: "queue", FifoThroughputLimit: "perQueue" },
    ),
    is: [
      { ...OF_FIFO, ContentBasedDeduplication: "true" },
      OF_FIFO,
      { ...OF_FIFO, DeduplicationScope: "messageGroup", FifoThroughputLimit: "perMessageGroupId" },
      OF_FIFO,
    ],
  },
  {
    fact: "a key of KMS takes the place of SQS's own, which does not come back without it",
    run: changing({}, KMS, { KmsMasterKeyId: "", KmsDataKeyReusePeriodSeconds: "300" }),
    is: [INITIAL, { ...INITIAL, ...KMS, SqsManagedSseEnabled: "false" }, { ...INITIAL, SqsManagedSseEnabled: "false" }],
  },
  {
    fact: "SQS's own key takes the place of one of KMS",
    run: changing(KMS, { SqsManagedSseEnabled: "true" }),
    is: [{ ...INITIAL, ...KMS, SqsManagedSseEnabled: "false" }, INITIAL],
  },
  {
    fact: "both kinds of keys at once are refused",
    run: refused({}, { KmsMasterKeyId: "testKeyId", SqsManagedSseEnabled: "true" }),
    is: "InvalidAttributeName: You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.",
  },
  ...["true", "false"].map((FifoQueue) => ({
    fact: `a standard queue does not take FifoQueue: ${FifoQueue}`,
    run: refused({}, { FifoQueue }),
    is: "InvalidAttributeName: Unknown Attribute FifoQueue.",
  })),
  {
    fact: "a FIFO queue stays one",
    run: async (caller) => [
      await refused({ FifoQueue: "true" }, { FifoQueue: "true" })(caller),
      await refused({ FifoQueue: "true" }, { FifoQueue: "false" })(caller),
    ],
    is: [
      "it was not refused",
      "InvalidAttributeValue: Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.",
    ],
  },
  ...[
    { attribute: "FifoQueue", value: "false", message: "Unknown Attribute FifoQueue." },
    { attribute: "ContentBasedDeduplication", value: "false", message: "Unknown Attribute ContentBasedDeduplication." },
    ...[
      ["DeduplicationScope", "queue"],
      ["FifoThroughputLimit", "perQueue"],
    ].map(([attribute = "", value = ""]) => ({
      attribute,
      value,
      message: `You can specify the ${attribute} only when FifoQueue is set to true.`,
    })),
  ].map(({ attribute, value, message }) => ({
    fact: `a standard queue is not made with ${attribute}`,
    run: notCreated({ [attribute]: value }),
    is: `InvalidAttributeName: ${message}`,
  })),
  {
    fact: "a queue that exists is made again with the attributes that it has, but not with others",
    run: async ({ call, refusal, protocol }) => {
      const QueueName = `same-${protocol}`;
      const make = (DelaySeconds: string) => ({
        QueueName,
        Attributes: { DelaySeconds, ReceiveMessageWaitTimeSeconds: "1" },
      });
      const { QueueUrl } = await call("CreateQueue", make("1"));
      const again = [await call("CreateQueue", { QueueName }), await call("CreateQueue", make("1"))];
      const first = await refusal("CreateQueue", make("2"));
      await call("SetQueueAttributes", { QueueUrl, Attributes: { DelaySeconds: "2" } });
      again.push(await call("CreateQueue", make("2")));
      const isSame = again.every((one) => one.QueueUrl === QueueUrl);
      return [isSame, first, await refusal("CreateQueue", make("1"))];
    },
    is: [
      true,
      ...[1, 2].map(
        () =>
          "QueueAlreadyExists: A queue already exists with the same name and a different value for attribute DelaySeconds",
      ),
    ],
  },
  {
    fact: "a FIFO queue that exists is not made again with other deduplication",
    run: async ({ call, refusal, protocol }) => {
      const make = (ContentBasedDeduplication: string) => ({
        QueueName: `same-${protocol}.fifo`,
        Attributes: { FifoQueue: "true", ContentBasedDeduplication },
      });
      await call("CreateQueue", make("true"));
      return refusal("CreateQueue", make("false"));
    },
    is: "QueueAlreadyExists: A queue already exists with the same name and a different value for attribute ContentBasedDeduplication",
  },
  {
    fact: "an empty redrive policy takes the policy away",
    run: async (caller) => {
      const QueueUrl = await caller.make();
      const { Attributes } = await caller.call("GetQueueAttributes", { QueueUrl, AttributeNames: ["QueueArn"] });
      const policy = JSON.stringify({ deadLetterTargetArn: Attributes.QueueArn, maxReceiveCount: "42" });
      const answers = [];
      for (const RedrivePolicy of ["", policy, ""]) {
        await caller.call("SetQueueAttributes", { QueueUrl, Attributes: { RedrivePolicy } });
        answers.push((await attributesOf(caller, QueueUrl)).RedrivePolicy === policy);
      }
      return answers;
    },
    is: [false, true, false],
  },
  {
    fact: "a redrive policy needs an ARN",
    run: async (caller) => {
      const policy = { deadLetterTargetArn: "dummy", maxReceiveCount: 42 };
      return (await notCreated({ RedrivePolicy: JSON.stringify(policy) })(caller)).slice(0, INVALID.length);
    },
    is: INVALID,
  },
  {
    fact: "tags are added and taken away, and no tags are no list",
    run: async ({ make, call }) => {
      const QueueUrl = await make();
      const tags = () => call("ListQueueTags", { QueueUrl });
      await call("TagQueue", { QueueUrl, Tags: { tag1: "value1", tag2: "value2", tag3: "" } });
      const answers = [await tags()];
      for (const TagKeys of [["tag1", "tag3"], ["tag2"]]) {
        await call("UntagQueue", { QueueUrl, TagKeys });
        answers.push(await tags());
      }
      return answers;
    },
    is: [{ Tags: { tag1: "value1", tag2: "value2", tag3: "" } }, { Tags: { tag2: "value2" } }, {}],
  },
  {
    fact: "queues are listed in pages",
    run: async ({ call, protocol }) => {
      const prefix = `${protocol}-page-`;
      for (let index = 0; index < 10; index++) await call("CreateQueue", { QueueName: `${prefix}${index}` });
      const names = ({ QueueUrls }: { QueueUrls: string[] }) => QueueUrls.map((url) => url.at(-1)).join("");
      const all = await call("ListQueues", { QueueNamePrefix: prefix });
      const two = await call("ListQueues", { QueueNamePrefix: prefix, MaxResults: 2 });
      const next = { QueueNamePrefix: prefix, MaxResults: 10, NextToken: two.NextToken };
      const rest = await call("ListQueues", next);
      return [names(all), all.NextToken, names(two), typeof two.NextToken, names(rest), rest.NextToken];
    },
    is: ["0123456789", undefined, "01", "string", "23456789", undefined],
  },
];

describe("The attributes of queues", () => {
  testSqsFacts(RECORDED, attributes);
});
