import { expect } from "chai";
import {
  bodies,
  type Caller,
  countsOf,
  first,
  INVALID,
  later,
  RECORDED,
  type SqsFact,
  sent,
  testSqsFacts,
} from "../../../helpers/offline/sqs";

const fifo: SqsFact[] = [
  {
    fact: "a FIFO queue refuses a delay of a message's own",
    run: async ({ make, refusal }) =>
      refusal("SendMessage", {
        ...{ QueueUrl: await make({ FifoQueue: "true", ContentBasedDeduplication: "true" }), MessageBody: "a" },
        ...{ MessageGroupId: "1", DelaySeconds: 2 },
      }),
    is: `${INVALID}Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.`,
  },
  {
    fact: "a FIFO queue takes a delay of 0 for its own",
    run: async (caller) => {
      const delayed = { FifoQueue: "true", ContentBasedDeduplication: "true", DelaySeconds: "2" };
      const url = await caller.make(delayed);
      await sent(caller, url, "message-1", { MessageGroupId: "1", DelaySeconds: 0 });
      return [await bodies(caller, url), await later(3, () => bodies(caller, url))];
    },
    is: [[], ["message-1"]],
  },
  ...(
    [
      [
        "a deduplication ID, unless it is content-based",
        { MessageGroupId: "1" },
        `${INVALID}The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly`,
      ],
      [
        "a group",
        { MessageDeduplicationId: "1" },
        "MissingParameter: The request must contain the parameter MessageGroupId.",
      ],
    ] as const
  ).map(([what, more, is]) => ({
    fact: `a FIFO queue needs ${what}`,
    run: async ({ make, refusal }: Caller) =>
      refusal("SendMessage", { QueueUrl: await make({ FifoQueue: "true" }), MessageBody: "a", ...more }),
    is,
  })),
  ...(
    [
      [
        "a deduplication ID",
        { MessageGroupId: "1" },
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
      ],
      ["a group", { MessageDeduplicationId: "2" }, "The request must contain the parameter MessageGroupId."],
    ] as const
  ).map(([what, more, message]) => ({
    fact: `a batch for a FIFO queue is refused as a whole if one message lacks ${what}`,
    run: async ({ make, refusal }: Caller) =>
      refusal("SendMessageBatch", {
        QueueUrl: await make({ FifoQueue: "true" }),
        Entries: [
          { Id: "1", MessageBody: "a", MessageGroupId: "1", MessageDeduplicationId: "1" },
          { Id: "2", MessageBody: "a", ...more },
        ],
      }),
    is: `${INVALID}${message}`,
  })),
  {
    fact: "messages of a FIFO queue have a sequence number, and count how often they are received",
    run: async (caller) => {
      const throughput = { DeduplicationScope: "messageGroup", FifoThroughputLimit: "perMessageGroupId" };
      const url = await caller.make({ FifoQueue: "true", VisibilityTimeout: "0", ...throughput });
      const ids = { MessageGroupId: "group-1", MessageDeduplicationId: "dedup-1" };
      const { SequenceNumber } = await sent(caller, url, "message-body-1", ids);
      const answers = [/^\d{20}$/.test(SequenceNumber)];
      for (const count of ["1", "2"]) {
        const { Attributes } = await first(caller, url, { AttributeNames: ["All"] });
        const { SentTimestamp, ApproximateFirstReceiveTimestamp, SenderId, ...others } = Attributes;
        expect(others).to.deep.equal({ ...ids, SequenceNumber, ApproximateReceiveCount: count });
        answers.push(Number(ApproximateFirstReceiveTimestamp) >= Number(SentTimestamp) && SenderId.length > 0);
      }
      return answers;
    },
    is: [true, true, true],
  },
  ...["true", "false"].map((contentBased) => ({
    fact: `a FIFO queue takes a message once, even after it was deleted (content-based: ${contentBased})`,
    run: async (caller: Caller) => {
      const QueueUrl = await caller.make({ FifoQueue: "true", ContentBasedDeduplication: contentBased });
      const ids = { MessageGroupId: "1", ...(contentBased === "false" && { MessageDeduplicationId: "1" }) };
      const one = await sent(caller, QueueUrl, '{"foo":"bar"}', ids);
      const { ReceiptHandle, MD5OfBody } = await first(caller, QueueUrl);
      await caller.call("DeleteMessage", { QueueUrl, ReceiptHandle });
      const other = await sent(caller, QueueUrl, '{"foo":"bar"}', ids);
      return [MD5OfBody.length, await bodies(caller, QueueUrl), other.MessageId === one.MessageId];
    },
    is: [32, [], true],
  })),
  ...["true", "false"].map((contentBased) => ({
    fact: `a FIFO queue takes a message once, whatever its group (content-based: ${contentBased})`,
    run: async (caller: Caller) => {
      const url = await caller.make({ FifoQueue: "true", ContentBasedDeduplication: contentBased });
      const ids = contentBased === "false" ? { MessageDeduplicationId: "1" } : {};
      await sent(caller, url, "a", { MessageGroupId: "1", ...ids });
      await sent(caller, url, "a", { MessageGroupId: "2", ...ids });
      return bodies(caller, url);
    },
    is: ["a"],
  })),
  ...["perQueue", "perMessageGroupId"].map((FifoThroughputLimit) => ({
    fact: `a queue with the scope messageGroup and ${FifoThroughputLimit} takes a message once in each group`,
    run: async (caller: Caller) => {
      const url = await caller.make({ FifoQueue: "true", DeduplicationScope: "messageGroup", FifoThroughputLimit });
      for (const group of ["1", "2", "2"]) {
        await sent(caller, url, `Test${group}`, { MessageGroupId: group, MessageDeduplicationId: "same" });
      }
      return bodies(caller, url);
    },
    is: ["Test1", "Test2"],
  })),
  ...(
    [
      ["messageGroup", "perMessageGroupId", []],
      ["queue", "perQueue", ["2", "3"]],
    ] as const
  ).map(([scope, limit, is]) => ({
    fact: `a queue that becomes one with ${scope} goes on to compare deduplication IDs as before`,
    run: async (caller: Caller) => {
      const isQueue = scope === "queue";
      const QueueUrl = await caller.make({
        ...{ FifoQueue: "true", DeduplicationScope: isQueue ? "messageGroup" : "queue" },
        ...(isQueue && { FifoThroughputLimit: "perMessageGroupId" }),
      });
      const send = (group: string) =>
        sent(caller, QueueUrl, group, { MessageGroupId: group, MessageDeduplicationId: "same" });
      await send("1");
      await bodies(caller, QueueUrl);
      await send("2");
      const Attributes = { DeduplicationScope: scope, FifoThroughputLimit: limit };
      await caller.call("SetQueueAttributes", { QueueUrl, Attributes });
      await send("3");
      return bodies(caller, QueueUrl);
    },
    is,
  })),
  {
    fact: "a group that was emptied goes on with its next message",
    run: async (caller) => {
      const QueueUrl = await caller.make({ FifoQueue: "true" });
      await sent(caller, QueueUrl, "Message 1", { MessageGroupId: "g1", MessageDeduplicationId: "1" });
      const { Body, ReceiptHandle } = await first(caller, QueueUrl);
      await caller.call("DeleteMessage", { QueueUrl, ReceiptHandle });
      const none = await bodies(caller, QueueUrl);
      await sent(caller, QueueUrl, "Message 2", { MessageGroupId: "g1", MessageDeduplicationId: "2" });
      return [Body, none, await bodies(caller, QueueUrl)];
    },
    is: ["Message 1", [], ["Message 2"]],
  },
  {
    fact: "a FIFO queue does not delete a message after its visibility timeout",
    run: async (caller) => {
      const QueueUrl = await caller.make({ FifoQueue: "true", VisibilityTimeout: "1" });
      await sent(caller, QueueUrl, "foobar", { MessageGroupId: "1", MessageDeduplicationId: "1" });
      const { ReceiptHandle } = await first(caller, QueueUrl);
      const refusal = () => caller.refusal("DeleteMessage", { QueueUrl, ReceiptHandle });
      return (await later(2, refusal)).replace(ReceiptHandle, "HANDLE");
    },
    is: `${INVALID}Value HANDLE for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
  },
  {
    fact: "a FIFO queue does not take the receipt handle of an earlier receive",
    run: async (caller) => {
      const QueueUrl = await caller.make({ FifoQueue: "true", VisibilityTimeout: "1" });
      await sent(caller, QueueUrl, "foobar", { MessageGroupId: "1", MessageDeduplicationId: "1" });
      const { ReceiptHandle } = await first(caller, QueueUrl);
      await later(2, () => first(caller, QueueUrl, { VisibilityTimeout: 100 }));
      return (await caller.refusal("DeleteMessage", { QueueUrl, ReceiptHandle })).slice(0, 28);
    },
    is: `${INVALID}Value`,
  },
  {
    fact: "a FIFO queue deletes a message whose visibility timeout was extended",
    run: async (caller) => {
      const QueueUrl = await caller.make({ FifoQueue: "true", VisibilityTimeout: "1" });
      await sent(caller, QueueUrl, "foobar", { MessageGroupId: "1", MessageDeduplicationId: "1" });
      const { ReceiptHandle } = await first(caller, QueueUrl);
      await caller.call("ChangeMessageVisibility", { QueueUrl, ReceiptHandle, VisibilityTimeout: 5 });
      return later(2, async () => {
        await caller.call("DeleteMessage", { QueueUrl, ReceiptHandle });
        return bodies(caller, QueueUrl);
      });
    },
    is: [],
  },
  ...[[], ["foo"], ["foo", "bar"]].map((is, position) => ({
    fact: `while message ${position + 1} of a group is in flight, those before it are received: ${is.length} of 3`,
    run: async (caller: Caller) => {
      const QueueUrl = await caller.make({ FifoQueue: "true", VisibilityTimeout: "1" });
      for (const body of ["foo", "bar", "baz"]) {
        await sent(caller, QueueUrl, body, { MessageGroupId: "1", MessageDeduplicationId: body });
      }
      const { Messages } = await caller.call("ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 5 });
      expect(Messages.map(({ Body }: { Body: string }) => Body)).to.deep.equal(["foo", "bar", "baz"]);
      const { ReceiptHandle } = Messages[position];
      await caller.call("ChangeMessageVisibility", { QueueUrl, ReceiptHandle, VisibilityTimeout: 4 });
      return later(2.5, () => bodies(caller, QueueUrl));
    },
    is,
  })),
  {
    fact: "a FIFO queue hands out another group while one is in flight, and counts the received messages alone",
    run: async (caller) => {
      const attributes = { FifoQueue: "True", ContentBasedDeduplication: "True", VisibilityTimeout: "5" };
      const QueueUrl = await caller.make(attributes);
      for (const body of ["1a", "1b", "2a", "2b", "3a", "3b"]) {
        await sent(caller, QueueUrl, body, { MessageGroupId: body.charAt(0) });
      }
      const taken = [(await first(caller, QueueUrl)).Body, (await first(caller, QueueUrl)).Body];
      return [taken, await countsOf(caller, QueueUrl), await later(6, () => countsOf(caller, QueueUrl))];
    },
    is: [
      ["1a", "2a"],
      ["4", "2", "0"],
      ["6", "0", "0"],
    ],
  },
  {
    fact: "a FIFO queue with content-based deduplication may have a dead-letter queue of its kind",
    run: async (caller) => {
      const kind = { FifoQueue: "true", ContentBasedDeduplication: "true" };
      const grave = await caller.make(kind);
      const { Attributes } = await caller.call("GetQueueAttributes", { QueueUrl: grave, AttributeNames: ["QueueArn"] });
      const policy = JSON.stringify({ deadLetterTargetArn: Attributes.QueueArn, maxReceiveCount: 1 });
      const url = await caller.make({ ...kind, RedrivePolicy: policy, VisibilityTimeout: "0" });
      await sent(caller, url, "foobar", { MessageGroupId: "1" });
      return [await bodies(caller, url), await bodies(caller, url), await bodies(caller, grave)];
    },
    is: [["foobar"], [], ["foobar"]],
  },
];

describe("FIFO queues", () => {
  testSqsFacts(RECORDED, fifo);
});
