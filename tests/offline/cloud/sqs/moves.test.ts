import { expect } from "chai";
import { DOCUMENTATION } from "../../../helpers/facts";
import { until } from "../../../helpers/offline/served";
import { arnOf, bodies, type Caller, INVALID, type SqsFact, sent, testSqsFacts } from "../../../helpers/offline/sqs";

const nameOf = (url: string) => url.split("/").pop() ?? "";
const MISSING = "ResourceNotFoundException: The resource that you specified for the";

/** A queue, and its dead-letter queue with some messages of it. */
async function deadLetters(caller: Caller, ...texts: string[]) {
  const dead = await caller.make();
  const policy = { deadLetterTargetArn: arnOf(nameOf(dead)), maxReceiveCount: 1 };
  const source = await caller.make({ RedrivePolicy: JSON.stringify(policy), VisibilityTimeout: "0" });
  for (const text of texts) await sent(caller, source, text);
  expect(await bodies(caller, source)).to.deep.equal(texts);
  expect(await bodies(caller, source)).to.deep.equal([]);
  return { source, dead, SourceArn: arnOf(nameOf(dead)) };
}

async function ended({ call }: Caller, SourceArn: string) {
  const latest = async () => [(await call("ListMessageMoveTasks", { SourceArn })).Results].flat()[0];
  await until(async () => (await latest()).Status !== "RUNNING");
  return latest();
}

const moves: SqsFact[] = [
  {
    fact: "a task moves dead letters back to where they came from",
    run: async (caller) => {
      const { source, SourceArn } = await deadLetters(caller, "one", "two");
      await caller.call("StartMessageMoveTask", { SourceArn });
      const { Status, ApproximateNumberOfMessagesMoved, TaskHandle } = await ended(caller, SourceArn);
      return [Status, Number(ApproximateNumberOfMessagesMoved), TaskHandle, await bodies(caller, source)];
    },
    is: ["COMPLETED", 2, undefined, ["one", "two"]],
  },
  {
    fact: "a task moves dead letters to another queue, as new messages",
    run: async (caller) => {
      const { SourceArn } = await deadLetters(caller, "one");
      const other = await caller.make();
      await caller.call("StartMessageMoveTask", { SourceArn, DestinationArn: arnOf(nameOf(other)) });
      await ended(caller, SourceArn);
      const { Messages } = await caller.call("ReceiveMessage", { QueueUrl: other, AttributeNames: ["All"] });
      const { ApproximateReceiveCount, DeadLetterQueueSourceArn } = Messages[0].Attributes;
      return [Messages[0].Body, ApproximateReceiveCount, DeadLetterQueueSourceArn];
    },
    is: ["one", "1", undefined],
  },
  {
    fact: "a task with a rate can be cancelled, and is the only one of its queue meanwhile",
    run: async (caller) => {
      const { dead, SourceArn } = await deadLetters(caller, "one", "two", "three");
      const input = { SourceArn, MaxNumberOfMessagesPerSecond: 1 };
      const { TaskHandle } = await caller.call("StartMessageMoveTask", input);
      const second = await caller.refusal("StartMessageMoveTask", input);
      await caller.call("CancelMessageMoveTask", { TaskHandle });
      const { Status } = await ended(caller, SourceArn);
      const again = await caller.refusal("CancelMessageMoveTask", { TaskHandle });
      return [second, Status, again, (await bodies(caller, dead)).length >= 2];
    },
    is: [
      `${INVALID}There is already a task running. Only one active task is allowed for a source queue arn at a given time.`,
      "CANCELLED",
      "ResourceNotFoundException: Task does not exist.",
      true,
    ],
  },
  {
    fact: "a task needs a dead-letter queue, and queues that exist",
    run: async (caller) => {
      const { SourceArn } = await deadLetters(caller, "one");
      const other = arnOf(nameOf(await caller.make()));
      return [
        await caller.refusal("StartMessageMoveTask", { SourceArn: other, DestinationArn: SourceArn }),
        await caller.refusal("StartMessageMoveTask", { SourceArn: `${other}none` }),
        await caller.refusal("StartMessageMoveTask", { SourceArn, DestinationArn: `${other}none` }),
        await caller.refusal("CancelMessageMoveTask", { TaskHandle: "foobared" }),
      ];
    },
    is: [
      `${INVALID}Source queue must be configured as a Dead Letter Queue.`,
      `${MISSING} SourceArn parameter doesn't exist.`,
      `${MISSING} DestinationArn parameter doesn't exist.`,
      `${INVALID}Value for parameter TaskHandle is invalid.`,
    ],
  },
];

describe("Tasks that move dead letters", () => {
  testSqsFacts({ service: "SQS", source: DOCUMENTATION }, moves);
});
