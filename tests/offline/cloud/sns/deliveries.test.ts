import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  ConfirmSubscriptionCommand,
  PublishBatchCommand,
  PublishCommand,
  type PublishCommandInput,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { closeServices } from "../../../helpers/offline/core";
import { until } from "../../../helpers/offline/served";
import { functionArn, serveSns, subscription, topic, topicArn } from "../../../helpers/offline/sns";
import { arnOf, queue } from "../../../helpers/offline/sqs";

type Served = Awaited<ReturnType<typeof serveSns>>;

const FIFO = { fifoQueue: true };
const toQueue = (name: string, inputs = {}) => ({ protocol: "sqs", endpoint: arnOf(name), ...inputs });
const toFunction = (name: string, inputs = {}) => ({ protocol: "lambda", endpoint: functionArn(name), ...inputs });

describe("SNS", () => {
  let served: Served;
  const publish = (name: string, Message: string, more: Partial<PublishCommandInput> = {}) =>
    served.sns.send(new PublishCommand({ TopicArn: topicArn(name), Message, ...more }));
  const receive = async (name: string) => {
    const QueueUrl = `https://sqs.eu-west-1.amazonaws.com/123456789012/${name}`;
    const { Messages = [] } = await served.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 1,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["All"],
      }),
    );
    return Messages;
  };

  before(async () => {
    served = await serveSns(
      ["works"],
      ...["plain", "raw", "some", "dead"].map((name) => queue(name)),
      queue("first.fifo", FIFO),
      topic("all"),
      subscription("plain", "all", toQueue("plain")),
      subscription("raw", "all", toQueue("raw", { rawMessageDelivery: true })),
      subscription("some", "all", toQueue("some", { filterPolicy: '{"size":[{"numeric":[">",1]}]}' })),
      subscription("works", "all", toFunction("works")),
      topic("broken"),
      subscription(
        "no-function",
        "broken",
        toFunction("none", { redrivePolicy: `{"deadLetterTargetArn":"${arnOf("dead")}"}` }),
      ),
      subscription("no-queue", "broken", toQueue("none")),
      subscription("mail", "broken", { protocol: "email", endpoint: "someone@example.com" }),
      subscription("far", "broken", { protocol: "https", endpoint: "https://example.com/hook" }),
      subscription("wrong", "broken", toQueue("plain", { filterPolicy: '{"a":1}' })),
      topic("ordered.fifo", { fifoTopic: true }),
      subscription("first", "ordered.fifo", toQueue("first.fifo", { rawMessageDelivery: true })),
      topic("web"),
    );
  });
  after(closeServices);

  it("delivers to queues with an envelope, raw, and what the filter policy lets through, and to functions", async () => {
    const number = {
      size: { DataType: "Number", StringValue: "1" },
      bytes: { DataType: "Binary", BinaryValue: Buffer.from("b") },
    };
    const { MessageId } = await publish("all", "one", { Subject: "A subject", MessageAttributes: number });
    await publish("all", "two", { MessageAttributes: { size: { DataType: "Number", StringValue: "2e0" } } });
    const envelope = JSON.parse((await receive("plain"))[0]?.Body ?? "");
    expect(envelope).to.deep.include({
      Type: "Notification",
      MessageId,
      TopicArn: topicArn("all"),
      Subject: "A subject",
      Message: "one",
      SignatureVersion: "1",
    });
    expect(envelope).to.include.keys("Timestamp", "Signature", "SigningCertURL", "UnsubscribeURL");
    expect(envelope.MessageAttributes).to.deep.equal({
      size: { Type: "Number", Value: "1" },
      bytes: { Type: "Binary", Value: "Yg==" },
    });
    const [raw] = await receive("raw");
    expect(raw?.Body).to.equal("one");
    expect(raw?.MessageAttributes?.size).to.deep.include({ DataType: "Number", StringValue: "1" });
    expect(Buffer.from(raw?.MessageAttributes?.bytes?.BinaryValue ?? []).toString()).to.equal("b");
    expect((await receive("some")).map(({ Body = "" }) => JSON.parse(Body).Message)).to.deep.equal(["two"]);
    await until(() => served.invoked.length === 2);
    const [{ event }] = served.invoked as unknown as [
      { event: { Records: [Record<string, unknown> & { Sns: object }] } },
    ];
    const [{ Sns, ...record }] = event.Records;
    expect(record).to.include({ EventSource: "aws:sns", EventVersion: "1.0" });
    expect(record.EventSubscriptionArn).to.match(/^arn:aws:sns:eu-west-1:123456789012:all:[0-9a-f-]{36}$/);
    expect(Sns).to.deep.include({ Type: "Notification", MessageId, Subject: "A subject", Message: "one" });
    expect(Sns).to.include.keys("SigningCertUrl", "UnsubscribeUrl", "MessageAttributes");
  });

  it("sends what cannot be delivered to the dead-letter queue, or says why in the log", async () => {
    await publish("broken", "lost");
    const [dead] = await receive("dead");
    expect(JSON.parse(dead?.Body ?? "").Message).to.equal("lost");
    expect(dead?.MessageAttributes?.ErrorMessage?.StringValue).to.equal(`there is no function ${functionArn("none")}`);
    await until(() => served.lines.length === 4);
    const told = served.lines.toSorted().join("\n");
    expect(told).to.match(
      /SNS topic broken \| not delivered to arn:aws:sqs:eu-west-1:123456789012:none: The specified queue does not exist/,
    );
    expect(told).to.include("not delivered to someone@example.com: email is not delivered offline");
    expect(told).to.include("not delivered to https://example.com/hook: only addresses of this machine are called");
  });

  it("names the subscriptions that get nothing", () => {
    expect(served.topics.problems).to.deep.equal([
      "The subscription of someone@example.com to the SNS topic broken gets nothing: email is not delivered offline, only sqs, lambda, http, https",
      "The subscription of https://example.com/hook to the SNS topic broken gets nothing: only addresses of this machine are called, such as http://localhost:8080",
      `The subscription of ${arnOf("plain")} to the SNS topic broken gets nothing: a: "a" must be an object or an array. Write the value in an array: {"a": [1]}.`,
    ]);
  });

  it("keeps the order of a FIFO topic, and delivers the same message once", async () => {
    const group = { MessageGroupId: "g" };
    const numbers: string[] = [];
    for (const id of ["a", "b", "a", "c"]) {
      const { SequenceNumber = "" } = await publish("ordered.fifo", id, { ...group, MessageDeduplicationId: id });
      numbers.push(SequenceNumber);
    }
    expect(numbers[2]).to.equal(numbers[0]);
    expect([...new Set(numbers)]).to.deep.equal([...new Set(numbers)].sort());
    await until(async () => (await received()).length >= 3);
    const messages = await received();
    expect(messages.map(({ Body }) => Body)).to.deep.equal(["a", "b", "c"]);
    expect(messages[0]?.Attributes).to.include({ MessageGroupId: "g", MessageDeduplicationId: "a" });
  });

  const seen: Awaited<ReturnType<typeof receive>> = [];
  const received = async () => {
    seen.push(...(await receive("first.fifo")));
    return seen;
  };

  it("asks an HTTP endpoint to confirm, and then posts to it", async () => {
    const posts: { type: unknown; body: string; raw: unknown }[] = [];
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      posts.push({
        type: request.headers["x-amz-sns-message-type"],
        body,
        raw: request.headers["x-amz-sns-rawdelivery"],
      });
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const Endpoint = `http://localhost:${(server.address() as AddressInfo).port}/hook`;
      const TopicArn = topicArn("web");
      const Attributes = { RawMessageDelivery: "true" };
      const { SubscriptionArn } = await served.sns.send(
        new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint, Attributes }),
      );
      expect(SubscriptionArn).to.equal("pending confirmation");
      await publish("web", "before");
      await until(() => posts.length === 1);
      const { Type, Token } = JSON.parse(posts[0]?.body ?? "");
      expect(Type).to.equal("SubscriptionConfirmation");
      await served.sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
      await served.sns.send(
        new PublishBatchCommand({
          TopicArn,
          PublishBatchRequestEntries: [{ Id: "1", Message: '{"default":"d","http":"h"}', MessageStructure: "json" }],
        }),
      );
      await until(() => posts.length === 2);
      expect(posts[1]).to.deep.equal({ type: "Notification", body: "h", raw: "true" });
    } finally {
      server.close();
    }
  });

  it("takes over what the program changes, and keeps what callers made", async () => {
    const TopicArn = topicArn("web");
    const changes = served.reconcile(
      topic("web", { displayName: "Web" }),
      queue("plain"),
      subscription("new", "web", toQueue("plain")),
    );
    expect(changes).to.deep.include({ action: "updated", kind: "topic", name: "web" });
    expect(changes).to.deep.include({ action: "removed", kind: "topic", name: "all" });
    expect(changes).to.deep.include({ action: "added", kind: "subscription", name: "new" });
    expect(served.topics.subscriptionsOf(TopicArn).map(({ protocol }) => protocol)).to.deep.equal(["http", "sqs"]);
    expect(served.topics.problems).to.deep.equal([]);
  });
});
