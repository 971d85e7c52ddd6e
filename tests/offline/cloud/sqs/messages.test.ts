import {
  bodies,
  type Caller,
  countsOf,
  first,
  later,
  RECORDED,
  type SqsFact,
  sent,
  testSqsFacts,
} from "../../../helpers/offline/sqs";

const messages: SqsFact[] = [
  {
    fact: "an empty queue answers with nothing, whether it is waited for or not",
    run: async ({ make, call }) => {
      const QueueUrl = await make();
      return [
        await call("ReceiveMessage", { QueueUrl }),
        await call("ReceiveMessage", { QueueUrl, WaitTimeSeconds: 0 }),
        await call("ReceiveMessage", { QueueUrl: await make({ ReceiveMessageWaitTimeSeconds: "0" }) }),
      ];
    },
    is: [{}, {}, {}],
  },
  {
    fact: "a binary attribute comes back with its digest",
    run: async (caller) => {
      const url = await caller.make();
      const bytes = "traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01";
      const BinaryValue = Buffer.from(bytes).toString("base64");
      await sent(caller, url, "test", { MessageAttributes: { attr1: { DataType: "Binary", BinaryValue } } });
      const { MessageAttributes, MD5OfMessageAttributes } = await first(caller, url, {
        MessageAttributeNames: ["All"],
      });
      const value = MessageAttributes.attr1.BinaryValue;
      return [
        MD5OfMessageAttributes,
        Buffer.from(value, "base64").toString() === bytes,
        MessageAttributes.attr1.DataType,
      ];
    },
    is: ["8cbe4db156db8a94db8b801b7addb984", true, "Binary"],
  },
  {
    fact: "a receiver gets the attributes that it names, with the digest of those alone",
    run: async (caller) => {
      const url = await caller.make({ VisibilityTimeout: "0" });
      const named = { "Help.Me": "Me", Hello: "There", General: "Kenobi" };
      const MessageAttributes = Object.fromEntries(
        Object.entries(named).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
      );
      const { MD5OfMessageAttributes } = await sent(caller, url, "msg", { MessageAttributes });
      const filters = [
        ...[[], ["All"], ["*"], [".*"], ["Foo", "Help"], ["Hello", "General"], ["Foo", "Hello"], ["Hel.*"]],
        ...[["AWS."], ["..foo"]],
      ];
      const answers: unknown[] = [MD5OfMessageAttributes];
      for (const MessageAttributeNames of filters) {
        const message = await first(caller, url, { MessageAttributeNames });
        answers.push([
          message.MD5OfMessageAttributes,
          Object.keys(message.MessageAttributes ?? {})
            .sort()
            .join(" "),
        ]);
      }
      return answers;
    },
    is: [
      "4c360f3fdafd970e05fae2f149d997f5",
      [undefined, ""],
      ["4c360f3fdafd970e05fae2f149d997f5", "General Hello Help.Me"],
      ["4c360f3fdafd970e05fae2f149d997f5", "General Hello Help.Me"],
      ["4c360f3fdafd970e05fae2f149d997f5", "General Hello Help.Me"],
      [undefined, ""],
      ["fca026605781cb4126a1e9044df24232", "General Hello"],
      ["a311262e065454b75da111d535b8dacd", "Hello"],
      ["83fee93c1bcd8b9a5a923ffacdc636c7", "Hello Help.Me"],
      [undefined, ""],
      [undefined, ""],
    ],
  },
  ...["AttributeNames", "MessageSystemAttributeNames"].map((list) => ({
    fact: `a receiver gets the system attributes that it names in ${list}`,
    run: async (caller: Caller) => {
      const url = await caller.make({ VisibilityTimeout: "0" });
      const MessageAttributes = { Foo: { DataType: "String", StringValue: "Bar" } };
      await sent(caller, url, "msg", { MessageAttributes });
      const answers = [];
      for (const [names, more] of [
        [["All"], {}],
        [["All"], { MessageAttributeNames: ["All"] }],
        [["SenderId"], {}],
        [["SenderId", "SequenceNumber"], {}],
      ] as const) {
        const { Attributes, MD5OfMessageAttributes } = await first(caller, url, { [list]: names, ...more });
        answers.push([
          Object.keys(Attributes).sort().join(" "),
          Attributes.ApproximateReceiveCount,
          MD5OfMessageAttributes,
        ]);
      }
      return answers;
    },
    is: [
      ["ApproximateFirstReceiveTimestamp ApproximateReceiveCount SenderId SentTimestamp", "1", undefined],
      [
        "ApproximateFirstReceiveTimestamp ApproximateReceiveCount SenderId SentTimestamp",
        "2",
        "ae7155c6026991b6d54b11589678bf9c",
      ],
      ["SenderId", undefined, undefined],
      ["SenderId", undefined, undefined],
    ],
  })),
  {
    fact: "with both lists of system attributes, JSON gives those of both, and query those of the older one",
    run: async (caller) => {
      const url = await caller.make({ VisibilityTimeout: "0" });
      await sent(caller, url, "msg");
      const input = { MessageSystemAttributeNames: ["All"], AttributeNames: ["SenderId"] };
      return Object.keys((await first(caller, url, input)).Attributes).sort();
    },
    is: ["ApproximateFirstReceiveTimestamp", "ApproximateReceiveCount", "SenderId", "SentTimestamp"],
    inQuery: ["SenderId"],
  },
  {
    fact: "a standard queue takes a group, and gives it back without a deduplication ID",
    run: async (caller) => {
      const url = await caller.make();
      const { SequenceNumber } = await sent(caller, url, "message", { MessageGroupId: "test" });
      const { Attributes } = await first(caller, url, { AttributeNames: ["All"] });
      return [SequenceNumber, Attributes.MessageGroupId, Attributes.MessageDeduplicationId];
    },
    is: [undefined, "test", undefined],
  },
  {
    fact: "a dead-letter queue gets the message with its attributes, where it came from and how often it was received",
    run: async (caller) => {
      const grave = await caller.make();
      const { Attributes } = await caller.call("GetQueueAttributes", { QueueUrl: grave, AttributeNames: ["QueueArn"] });
      const policy = { deadLetterTargetArn: Attributes.QueueArn, maxReceiveCount: 1 };
      const url = await caller.make({ RedrivePolicy: JSON.stringify(policy), VisibilityTimeout: "0" });
      const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
      const { MessageId } = await sent(caller, url, "message-1", {
        MessageAttributes: { MyAttribute: { DataType: "String", StringValue: "foobar" } },
        MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: trace } },
      });
      await first(caller, url);
      const none = await bodies(caller, url);
      const all = { AttributeNames: ["All"], MessageAttributeNames: ["All"] };
      const message = await first(caller, grave, all);
      const system = message.Attributes;
      return [
        none,
        message.MessageId === MessageId,
        message.MD5OfMessageAttributes,
        system.ApproximateReceiveCount,
        system.AWSTraceHeader === trace,
        system.DeadLetterQueueSourceArn.split(":").pop() === url.split("/").pop(),
      ];
    },
    is: [[], true, "adb59cd4678ea5a855436b949cd07ab6", "2", true, true],
  },
  {
    fact: "a standard queue deletes a message even after its visibility timeout",
    run: async (caller) => {
      const QueueUrl = await caller.make({ VisibilityTimeout: "1" });
      await sent(caller, QueueUrl, "foobar");
      const { ReceiptHandle } = await first(caller, QueueUrl);
      return later(2, async () => {
        await caller.call("DeleteMessage", { QueueUrl, ReceiptHandle });
        return bodies(caller, QueueUrl);
      });
    },
    is: [],
  },
  {
    fact: "a standard queue changes the visibility even after the timeout",
    run: async (caller) => {
      const QueueUrl = await caller.make({ VisibilityTimeout: "1" });
      await sent(caller, QueueUrl, "test");
      const { ReceiptHandle } = await first(caller, QueueUrl);
      const change = { QueueUrl, ReceiptHandle, VisibilityTimeout: 2 };
      return later(2, () => caller.call("ChangeMessageVisibility", change));
    },
    is: {},
  },
  {
    fact: "a queue counts what is visible and what is in flight, and a timeout makes it visible again",
    run: async (caller) => {
      const QueueUrl = await caller.make({ VisibilityTimeout: "5" });
      for (const body of "123456") await sent(caller, QueueUrl, body);
      await first(caller, QueueUrl);
      return [await countsOf(caller, QueueUrl), await later(6, () => countsOf(caller, QueueUrl))];
    },
    is: [
      ["5", "1", "0"],
      ["6", "0", "0"],
    ],
  },
];

describe("Messages of SQS", () => {
  testSqsFacts(RECORDED, messages);
});
