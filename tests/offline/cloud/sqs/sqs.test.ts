import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import type { QueueMessage } from "../../../../offline/cloud/core/sources";
import { at } from "../../../helpers/clock";
import { refusal } from "../../../helpers/offline/emr";
import { graphOf, resource } from "../../../helpers/offline/graph";
import { until } from "../../../helpers/offline/served";
import { arnOf, closeSqs, messageOf, queue, serveSqs } from "../../../helpers/offline/sqs";

const redrive = (target: string, maxReceiveCount = 1) =>
  JSON.stringify({ deadLetterTargetArn: arnOf(target), maxReceiveCount });

async function receive(sdk: SQSClient, QueueUrl: string, more: object = {}): Promise<(string | undefined)[]> {
  const input = { QueueUrl, MaxNumberOfMessages: 10, ...more };
  return ((await sdk.send(new ReceiveMessageCommand(input))).Messages ?? []).map(({ Body }) => Body);
}

describe("The program's queues", () => {
  afterEach(closeSqs);

  it("are found by name, by the URL that the program knows and by the one of the endpoint", async () => {
    const { sdk } = await serveSqs(queue("jobs"));
    const { QueueUrl = "" } = await sdk.send(new GetQueueUrlCommand({ QueueName: "jobs" }));
    expect(QueueUrl).to.match(/^http:\/\/127\.0\.0\.1:\d+\/123456789012\/jobs$/);
    for (const url of [QueueUrl, "jobs", "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"]) {
      await sdk.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "a" }));
    }
    expect(await receive(sdk, QueueUrl)).to.deep.equal(["a", "a", "a"]);
    expect(await refusal(sdk.send(new GetQueueUrlCommand({ QueueName: "none" })))).to.equal(
      "QueueDoesNotExist: The specified queue does not exist.",
    );
  });

  it("have policies from resources of their own", async () => {
    const dead = queue("dead");
    const queueUrl = "https://sqs.eu-west-1.amazonaws.com/123456789012/";
    const { queues, sdk } = await serveSqs(
      ...[queue("jobs"), dead],
      resource("aws:sqs/redrivePolicy:RedrivePolicy", "one", {
        queueUrl: `${queueUrl}jobs`,
        redrivePolicy: redrive("dead"),
      }),
      resource("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", "two", {
        queueUrl: `${queueUrl}dead`,
        redriveAllowPolicy: '{"redrivePermission":"denyAll"}',
      }),
      resource("aws:sqs/queuePolicy:QueuePolicy", "three", { queueUrl: `${queueUrl}jobs`, policy: { Statement: [] } }),
    );
    expect(queues.byArn(arnOf("jobs"))?.attributes).to.deep.include({
      ...{ RedrivePolicy: redrive("dead"), Policy: '{"Statement":[]}' },
    });
    const { queueUrls } = await sdk.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: "dead" }));
    expect(queueUrls?.map((url) => url.split("/").pop())).to.deep.equal(["jobs"]);
    const Attributes = { RedrivePolicy: redrive("dead") };
    expect(await refusal(sdk.send(new CreateQueueCommand({ QueueName: "other", Attributes })))).to.contain(
      "The dead-letter queue does not allow this queue to use it",
    );
  });

  it("keep their messages when the program changes them, and say where dead letters have no place to go", async () => {
    const { queues, sdk } = await serveSqs(queue("jobs"));
    await sdk.send(new SendMessageCommand({ QueueUrl: "jobs", MessageBody: "a" }));
    const changed = queue("jobs", { visibilityTimeoutSeconds: 5, redrivePolicy: redrive("gone") });
    expect(queues.reconcile(graphOf("/project", changed, queue("more")))).to.deep.equal([
      { action: "updated", kind: "queue", name: "jobs" },
      { action: "added", kind: "queue", name: "more" },
    ]);
    expect(queues.problems).to.deep.equal([
      `queue jobs keeps its dead letters: their queue ${arnOf("gone")} is not one of the program's`,
    ]);
    expect(await receive(sdk, "jobs")).to.deep.equal(["a"]);
    queues.reconcile(graphOf("/project", queue("more")));
    expect(await refusal(receive(sdk, "jobs"))).to.match(/^QueueDoesNotExist/);
  });

  it("are waited for: a message that arrives, or becomes visible, ends the wait", async () => {
    const { sdk } = await serveSqs(queue("jobs", { visibilityTimeoutSeconds: 1 }));
    const waiting = receive(sdk, "jobs", { WaitTimeSeconds: 20, VisibilityTimeout: 1 });
    await sdk.send(new SendMessageCommand({ QueueUrl: "jobs", MessageBody: "late" }));
    expect(await waiting).to.deep.equal(["late"]);
    expect(await receive(sdk, "jobs", { WaitTimeSeconds: 20 })).to.deep.equal(["late"]);
  });

  it("lose nothing to a receiver that goes away while it waits", async () => {
    const { sdk } = await serveSqs(queue("jobs"));
    const abort = new AbortController();
    const input = { QueueUrl: "jobs", WaitTimeSeconds: 20 };
    const waiting = refusal(sdk.send(new ReceiveMessageCommand(input), { abortSignal: abort.signal }));
    await receive(sdk, "jobs");
    abort.abort();
    expect(await waiting).to.match(/^AbortError/);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await sdk.send(new SendMessageCommand({ QueueUrl: "jobs", MessageBody: "a" }));
    expect(await receive(sdk, "jobs")).to.deep.equal(["a"]);
  });

  it("are event sources: Lambda's records, and a call when there are some", async () => {
    const { queues, sdk } = await serveSqs(queue("jobs", { visibilityTimeoutSeconds: 7 }));
    const source = queues.sourceOf(arnOf("jobs"));
    expect(queues.sourceOf(arnOf("none"))).to.equal(undefined);
    expect(source).to.deep.include({ kind: "sqs", isFifo: false, visibilityTimeout: 7 });
    let called = 0;
    const stop = source?.watch(() => called++);
    const MessageAttributes = {
      Author: { DataType: "String", StringValue: "John Grisham" },
      Title: { DataType: "String", StringValue: "The Whistler" },
      WeeksOn: { DataType: "Number", StringValue: "6" },
    };
    await sdk.send(
      new SendMessageBatchCommand({
        QueueUrl: "jobs",
        Entries: [
          { Id: "1", MessageBody: "one", MessageAttributes },
          { Id: "2", MessageBody: "two" },
        ],
      }),
    );
    expect(called).to.equal(1);
    const messages = (await source?.receive(10)) as QueueMessage[];
    const [record, other] = messages.map(({ event }) => event as Record<string, unknown>);
    const { messageId, receiptHandle, attributes, ...rest } = record ?? {};
    const none = { stringListValues: [], binaryListValues: [] };
    expect(rest).to.deep.equal({
      body: "one",
      messageAttributes: {
        Author: { stringValue: "John Grisham", ...none, dataType: "String" },
        Title: { stringValue: "The Whistler", ...none, dataType: "String" },
        WeeksOn: { stringValue: "6", ...none, dataType: "Number" },
      },
      // Recorded from AWS by localstack, 2025-11.
      md5OfMessageAttributes: "d25a6aea97eb8f585bfa92d314504a92",
      md5OfBody: "f97c5d29941bfb1b2fdab0874906ab82",
      eventSource: "aws:sqs",
      eventSourceARN: arnOf("jobs"),
      awsRegion: "eu-west-1",
    });
    expect(attributes).to.have.all.keys(
      ...["ApproximateReceiveCount", "SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp"],
    );
    expect(other).to.deep.include({ body: "two", messageAttributes: {} });
    for (const message of messages) await source?.delete(message.receiptHandle);
    expect(await at(Date.now() + 60_000, () => receive(sdk, "jobs"))).to.deep.equal([]);
    stop?.();
  });

  it("call again once a message is visible again, and then hand it to the dead-letter queue", async () => {
    const { queues } = await serveSqs(
      queue("jobs", { visibilityTimeoutSeconds: 1, redrivePolicy: redrive("dead") }),
      queue("dead"),
    );
    const [source, dead] = [queues.sourceOf(arnOf("jobs")), queues.sourceOf(arnOf("dead"))];
    const taken: number[] = [];
    const letters: string[] = [];
    source?.watch(async () => taken.push((await source.receive(10)).length));
    dead?.watch(async () => letters.push(...(await dead.receive(10)).map(({ body }) => body)));
    queues.byArn(arnOf("jobs"))?.send(messageOf("poison"));
    await until(() => letters.length > 0);
    expect(letters).to.deep.equal(["poison"]);
    expect(taken).to.deep.equal([1, 0]);
  });

  it("forget messages after the retention period", async () => {
    const { sdk } = await serveSqs(queue("jobs", { messageRetentionSeconds: 60 }));
    await sdk.send(new SendMessageCommand({ QueueUrl: "jobs", MessageBody: "old" }));
    const later = await at(Date.now() + 61_000, () => receive(sdk, "jobs"));
    expect(later).to.deep.equal([]);
  });

  for (const isFifo of [false, true]) {
    it(`take and hand out 30,000 messages without slowing down (${isFifo ? "FIFO" : "standard"})`, async () => {
      const name = isFifo ? "jobs.fifo" : "jobs";
      const { queues } = await serveSqs(queue(name, { fifoQueue: isFifo, contentBasedDeduplication: isFifo }));
      const jobs = queues.byArn(arnOf(name));
      for (let index = 0; index < 30_000; index++) jobs?.send(messageOf(`${index}`, `group ${index % 7}`));
      const seen = new Set<string>();
      for (let found = jobs?.receive(10) ?? []; found.length > 0; found = jobs?.receive(10) ?? []) {
        for (const { id } of found) seen.add(id);
        for (const { id } of found) jobs?.delete(id);
      }
      expect(seen.size).to.equal(30_000);
    });
  }

  it("refuse a receipt handle that is none, and let a message be deleted twice", async () => {
    const { sdk } = await serveSqs(queue("jobs"));
    const forget = (ReceiptHandle: string) => sdk.send(new DeleteMessageCommand({ QueueUrl: "jobs", ReceiptHandle }));
    expect(await refusal(forget("none"))).to.equal(
      'ReceiptHandleIsInvalid: The input receipt handle "none" is not a valid receipt handle.',
    );
    await sdk.send(new SendMessageCommand({ QueueUrl: "jobs", MessageBody: "a" }));
    const { Messages: [{ ReceiptHandle = "" } = {}] = [] } = await sdk.send(
      new ReceiveMessageCommand({ QueueUrl: "jobs" }),
    );
    await forget(ReceiptHandle);
    await forget(ReceiptHandle);
  });
});
