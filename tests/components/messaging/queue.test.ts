import { expect } from "chai";
import { Queue, type QueueArgs } from "../../../components";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../../helpers/components/mocks";

const queueType = "aws:sqs/queue:Queue";
const policyType = "aws:sqs/queuePolicy:QueuePolicy";
const arnOf = (name: string) => `arn:aws:sqs:eu-west-1:123456789012:${name}-1234567`;
const key = "arn:aws:kms:eu-west-1:123456789012:key/1";
const foreign = "arn:aws:sqs:eu-west-1:123456789012:dead";

describe("Queue", () => {
  beforeEach(startMocks);

  async function statements(name = "orders") {
    return JSON.parse((await inputsOf(policyType, name)).policy).Statement;
  }

  it("is encrypted, polled for 20 seconds, and hands messages over to its dead letter queue", async () => {
    new Queue("orders");
    const { redrivePolicy, ...queue } = await inputsOf(queueType, "orders");
    expect(queue).to.deep.equal({
      sqsManagedSseEnabled: true,
      receiveWaitTimeSeconds: 20,
      visibilityTimeoutSeconds: 60,
      messageRetentionSeconds: 345_600,
      delaySeconds: 0,
      maxMessageSize: 1_048_576,
    });
    expect(JSON.parse(redrivePolicy)).to.deep.equal({
      deadLetterTargetArn: arnOf("orders-dead-letters"),
      maxReceiveCount: 5,
    });
  });

  it("has a dead letter queue that keeps messages for two weeks, and takes those of this queue only", async () => {
    new Queue("orders");
    expect(await inputsOf(queueType, "orders-dead-letters")).to.deep.equal({
      sqsManagedSseEnabled: true,
      messageRetentionSeconds: 1_209_600,
    });
    const { redriveAllowPolicy } = await inputsOf("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy");
    expect(JSON.parse(redriveAllowPolicy)).to.deep.equal({
      redrivePermission: "byQueue",
      sourceQueueArns: [arnOf("orders")],
    });
  });

  it("refuses connections without TLS, to both queues", async () => {
    new Queue("orders");
    for (const name of ["orders", "orders-dead-letters"]) {
      expect(await statements(name), name).to.deep.equal([
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "sqs:*",
          Resource: arnOf(name),
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]);
    }
  });

  it("lets services send on behalf of one resource each", async () => {
    new Queue("orders", { senders: [{ service: "sns.amazonaws.com", sourceArn: "topic" }] });
    expect((await statements())[0]).to.deep.equal({
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: arnOf("orders"),
      Condition: { ArnEquals: { "aws:SourceArn": "topic" } },
    });
  });

  it("may be FIFO, with the dead letter queue too, and with duplicates counted by group", async () => {
    new Queue("orders", { fifo: true, contentBasedDeduplication: true, highThroughput: true });
    expect(await inputsOf(queueType, "orders")).to.include({
      fifoQueue: true,
      contentBasedDeduplication: true,
      deduplicationScope: "messageGroup",
      fifoThroughputLimit: "perMessageGroupId",
    });
    expect(await inputsOf(queueType, "orders-dead-letters")).to.include({ fifoQueue: true });
  });

  it("is as the arguments say, with a dead letter queue of one's own", async () => {
    const own = { visibilityTimeout: 0, retention: 60, delay: 900, maximumMessageSize: 1024, maximumReceives: 1 };
    const queueArgs = { name: "orders", receiveWaitTimeSeconds: 0 };
    const { deadLetterQueue, deadLetterArn } = new Queue("orders", { ...own, deadLetterArn: foreign, queueArgs });
    expect(deadLetterQueue).to.equal(undefined);
    expect(await resolved(deadLetterArn)).to.equal(foreign);
    const { redrivePolicy, ...queue } = await inputsOf(queueType);
    expect(queue).to.include({
      ...queueArgs,
      visibilityTimeoutSeconds: 0,
      messageRetentionSeconds: 60,
      delaySeconds: 900,
      maxMessageSize: 1024,
    });
    expect(JSON.parse(redrivePolicy)).to.deep.equal({ deadLetterTargetArn: foreign, maxReceiveCount: 1 });
    expect((await resources()).filter(({ type }) => /redriveAllowPolicy/.test(type))).to.deep.equal([]);
  });

  it("encrypts both queues with a customer key, which its users may use through SQS only", async () => {
    const queue = new Queue("orders", { kmsKeyArn: key });
    for (const name of ["orders", "orders-dead-letters"]) {
      const inputs = await inputsOf(queueType, name);
      expect(inputs).to.include({ kmsMasterKeyId: key }).and.not.have.property("sqsManagedSseEnabled");
    }
    const use = async (level: "send" | "consume" | "redrive") => {
      return (await resolved(queue.access(level).statements)).at(-1);
    };
    const conditions = { StringEquals: { "kms:ViaService": "sqs.eu-west-1.amazonaws.com" } };
    const write = ["kms:GenerateDataKey", "kms:Decrypt"];
    expect(await use("send")).to.deep.equal({ actions: write, resources: [key], conditions });
    expect(await use("redrive")).to.deep.equal({ actions: write, resources: [key], conditions });
    expect(await use("consume")).to.deep.equal({ actions: ["kms:Decrypt"], resources: [key], conditions });
  });

  it("can be sent to, consumed and redriven with the least privileges", async () => {
    const queue = new Queue("orders");
    const { queueUrl } = queue;
    expect(queue.access("send").environment).to.deep.equal({ QUEUE_URL: queueUrl });
    expect(queue.access("consume", { environmentName: "ORDERS" }).environment).to.deep.equal({ ORDERS: queueUrl });
    expect(await resolved(queue.access("send").statements)).to.deep.equal([
      { actions: ["sqs:SendMessage", "sqs:GetQueueUrl", "sqs:GetQueueAttributes"], resources: [arnOf("orders")] },
    ]);
    const [consume] = await resolved(queue.access("consume").statements);
    expect(consume?.actions).to.include.members(["sqs:ReceiveMessage", "sqs:DeleteMessage"]);
    expect(await resolved(queue.access("redrive").environment)).to.deep.equal({
      DEAD_LETTER_ARN: arnOf("orders-dead-letters"),
    });
    const [move, send] = await resolved(queue.access("redrive").statements);
    expect(move?.actions).to.include("sqs:StartMessageMoveTask");
    expect(move?.resources).to.deep.equal([arnOf("orders-dead-letters")]);
    expect(send).to.deep.equal({ actions: ["sqs:SendMessage"], resources: [arnOf("orders")] });
  });

  it("raises alarms on dead letters and on messages that wait for too long", async () => {
    new Queue("orders", { alarmTopicArns: ["topic"], alarmAge: 60, tags: { team: "a" } });
    const alarms = (await resources()).filter(({ type }) => /metricAlarm/.test(type));
    expect(
      alarms.map(({ inputs: { metricName, dimensions, threshold } }) => [metricName, dimensions, threshold]),
    ).to.have.deep.members([
      ["ApproximateAgeOfOldestMessage", { QueueName: "orders-1234567" }, 60],
      ["ApproximateNumberOfMessagesVisible", { QueueName: "orders-dead-letters-1234567" }, 1],
    ]);
    for (const { inputs } of alarms) expect(inputs).to.deep.include({ tags: { team: "a" }, alarmActions: ["topic"] });
  });

  const cases: [what: string, args: QueueArgs, path: string, reason: RegExp][] = [
    [
      "deduplication without FIFO",
      { contentBasedDeduplication: true },
      "contentBasedDeduplication",
      /is for FIFO queues/,
    ],
    ["high throughput without FIFO", { highThroughput: true }, "highThroughput", /write `fifo: true` too/],
    ["dead letters of another kind", { fifo: true, deadLetterArn: foreign }, "deadLetterArn", /ARN of a FIFO queue/],
    ["FIFO dead letters", { deadLetterArn: `${foreign}.fifo` }, "deadLetterArn", /ARN of a standard queue/],
    [
      "messages that vanish while they are hidden",
      { retention: 60, visibilityTimeout: 61 },
      "retention",
      /is 60, less than the visibility timeout of 61/,
    ],
    ["no receives", { maximumReceives: 0 }, "maximumReceives", /1 to 1000 times/],
    ["an alias of a key", { kmsKeyArn: "alias/aws/sqs" }, "kmsKeyArn", /neither an id nor an alias/],
    [
      "what it wires up",
      { queueArgs: { redrivePolicy: "{}" } },
      "queueArgs.redrivePolicy",
      /`maximumReceives` instead/,
    ],
  ];
  for (const [what, args, path, reason] of cases) {
    it(`refuses ${what}`, () => {
      const found = mistakes(() => new Queue("orders", args));
      expect(found.map(([place]) => place)).to.deep.equal([path]);
      expect(found[0]?.[1]).to.match(reason);
    });
  }

  it("refuses a name that is too long for its dead letter queue", () => {
    expect(mistakes(() => new Queue("q".repeat(60)))[0]?.[1]).to.match(
      /-dead-letters" has 73 characters; write at most 72/,
    );
    expect(mistakes(() => new Queue("q".repeat(59)))).to.deep.equal([]);
    expect(mistakes(() => new Queue("q".repeat(55), { fifo: true }))).to.have.lengthOf(1);
  });
});
