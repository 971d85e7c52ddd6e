import { expect } from "chai";
import { DOCUMENTATION, recordedByLocalstack, testFact } from "../../../helpers/facts";
import {
  ACCOUNT,
  closeEvents,
  EVENTS_ARN,
  QUEUE_ARN,
  REGION,
  type ServedEvents,
  serveEvents,
} from "../../../helpers/offline/events";
import { graphOf, lambda, resource } from "../../../helpers/offline/graph";
import { until } from "../../../helpers/offline/served";

const DOCUMENTED = { service: "EventBridge", source: DOCUMENTATION };
const RECORDED = { service: "EventBridge", source: recordedByLocalstack("2026-03") };
const arnOf = (service: string, name: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${name}`;
const FUNCTION = arnOf("lambda", "function:main");
const DEAD_LETTERS = { Arn: arnOf("sqs", "dead") };

describe("The targets of EventBridge's rules", () => {
  let served: ServedEvents;

  before(async () => {
    served = await serveEvents([
      lambda("main", 'exports.handler = async (event) => console.log("got", JSON.stringify(event));'),
    ]);
  });
  after(closeEvents);

  testFact(RECORDED, "A function gets the event", async () => {
    await served.rule("function", { Arn: FUNCTION });
    const [id] = await served.put({ Source: "function", Detail: '{"a":[{"b":1}]}' });
    const isLogged = (line: string) => line.includes(`got {"version":"0","id":"${id}","detail-type":"Test"`);
    await until(() => served.server.lines.some(isLogged));
    expect(served.server.lines.find(isLogged)).to.match(/"detail":\{"a":\[\{"b":1\}\]\}\}$/);
  });

  testFact(RECORDED, "A topic gets the event as a message", async () => {
    await served.rule("topic", { Arn: arnOf("sns", "topic") });
    const [id] = await served.put({ Source: "topic" });
    const [{ body = "" } = {}] = await served.elsewhere.take(1);
    const form = new URLSearchParams(body);
    expect(form.get("Action")).to.equal("Publish");
    expect(JSON.parse(form.get("Message") ?? "")).to.deep.include({ id, source: "topic" });
  });

  testFact(RECORDED, "A stream gets the event as a record, by the partition key at a path", async () => {
    const Arn = arnOf("kinesis", "stream/orders");
    await served.rule("stream", { Arn, KinesisParameters: { PartitionKeyPath: "$.detail.id" } }, { Arn });
    const [id] = await served.put({ Source: "stream", Detail: '{"id":"o-1"}' });
    const sent = (await served.elsewhere.take(2)).map(({ target, body }) => ({ target, ...JSON.parse(body) }));
    expect(sent.map(({ PartitionKey }) => PartitionKey).sort()).to.deep.equal([id, "o-1"].sort());
    for (const { target, StreamARN, Data } of sent) {
      expect([target, StreamARN]).to.deep.equal(["Kinesis_20131202.PutRecord", Arn]);
      expect(JSON.parse(Buffer.from(Data, "base64").toString())).to.deep.include({ id, detail: { id: "o-1" } });
    }
  });

  testFact(DOCUMENTED, "A FIFO queue gets the event in a message group", async () => {
    await served.rule("group", { SqsParameters: { MessageGroupId: "orders" } });
    await served.put({ Source: "group" });
    const [{ target = "", body = "" } = {}] = await served.elsewhere.take(1);
    expect(target).to.equal("AmazonSQS.SendMessage");
    expect(JSON.parse(body)).to.deep.include({ MessageGroupId: "orders" });
  });

  testFact(DOCUMENTED, "A job queue gets a job, with what the input says of it", async () => {
    await served.rule("job", {
      Arn: arnOf("batch", "job-queue/queue"),
      BatchParameters: {
        JobDefinition: "work",
        JobName: "from-event",
        ArrayProperties: { Size: 3 },
        RetryStrategy: { Attempts: 2 },
      },
      InputTransformer: {
        InputPathsMap: { key: "$.detail.key" },
        InputTemplate:
          '{"Parameters": {"day": "1"}, "ContainerOverrides": {"Environment": [{"Name": "KEY", "Value": <key>}]}}',
      },
    });
    await served.put({ Source: "job", Detail: '{"key":"a/b"}' });
    const [{ target = "", body = "" } = {}] = await served.elsewhere.take(1);
    expect(target).to.equal("/v1/submitjob");
    expect(JSON.parse(body)).to.deep.equal({
      jobQueue: arnOf("batch", "job-queue/queue"),
      jobDefinition: "work",
      jobName: "from-event",
      arrayProperties: { size: 3 },
      retryStrategy: { attempts: 2 },
      parameters: { day: "1" },
      containerOverrides: { environment: [{ name: "KEY", value: "a/b" }], resourceRequirements: [] },
    });
  });

  testFact(RECORDED, "An event is taken though its target does not exist; offline, the log says so", async () => {
    const Arn = arnOf("lambda", "function:none");
    await served.rule("nowhere", { Arn });
    const [id] = await served.put({ Source: "nowhere" });
    expect(id).to.match(/^[\da-f-]{36}$/);
    const why = "the program has no such function; it has main";
    await until(() => served.server.lines.includes(`error: rule nowhere | not delivered to ${Arn}: ${why}`));
  });

  testFact(DOCUMENTED, "The dead-letter queue gets an event whose target does not exist, and why", async () => {
    const Arn = arnOf("lambda", "function:none");
    await served.rule("dead", { Arn, Input: '"other"', DeadLetterConfig: DEAD_LETTERS });
    const [id] = await served.put({ Source: "dead" });
    const [{ body = "" } = {}] = await served.elsewhere.take(1);
    const { QueueUrl, MessageBody, MessageAttributes } = JSON.parse(body);
    expect(QueueUrl).to.match(/\/dead$/);
    expect(JSON.parse(MessageBody)).to.deep.include({ id, source: "dead" });
    const text = (StringValue: string) => ({ DataType: "String", StringValue });
    expect(MessageAttributes).to.deep.equal({
      RULE_ARN: text(`${EVENTS_ARN}:rule/dead`),
      TARGET_ARN: text(Arn),
      ERROR_CODE: text("NO_RESOURCE"),
      ERROR_MESSAGE: text("the program has no such function; it has main"),
    });
    expect(served.server.lines.at(-1)).to.match(/; the event goes to the dead-letter queue dead$/);
  });

  testFact(DOCUMENTED, "A delivery is tried again, as often as the rule's policy says", async () => {
    served.elsewhere.failures = 2;
    await served.rule("again", { RetryPolicy: { MaximumRetryAttempts: 1 }, DeadLetterConfig: DEAD_LETTERS });
    await served.put({ Source: "again" });
    const [{ body = "" } = {}] = await served.elsewhere.take(1);
    const { MessageAttributes } = JSON.parse(body);
    expect(MessageAttributes.TARGET_ARN.StringValue).to.equal(QUEUE_ARN);
    expect(MessageAttributes.ERROR_CODE.StringValue).to.equal("ERROR_FROM_TARGET");
    expect(MessageAttributes.EXHAUSTED_RETRY_CONDITION.StringValue).to.equal("MaximumRetryAttempts");
    expect(MessageAttributes.RETRY_ATTEMPTS.StringValue).to.equal("1");
    served.elsewhere.failures = 1;
    await served.put({ Source: "again" });
    expect(await served.messages(1)).to.have.length(1);
  });

  testFact(DOCUMENTED, "A delivery is given up at the age that the rule's policy says", async () => {
    served.elsewhere.failures = 3;
    await served.rule("old", { RetryPolicy: { MaximumEventAgeInSeconds: 60 }, DeadLetterConfig: DEAD_LETTERS });
    await served.put({ Source: "old" });
    const [{ body = "" } = {}] = await served.elsewhere.take(1);
    expect(JSON.parse(body).MessageAttributes.EXHAUSTED_RETRY_CONDITION.StringValue).to.equal("MaximumEventAge");
  });

  testFact(DOCUMENTED, "A delivery that the target refuses is not tried again", async () => {
    served.elsewhere.failures = 1;
    served.elsewhere.refusal = {
      status: 400,
      body: '{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"none"}',
    };
    await served.rule("refused", { DeadLetterConfig: DEAD_LETTERS });
    await served.put({ Source: "refused" });
    const [{ body = "" } = {}] = await served.elsewhere.take(1);
    expect(JSON.parse(body).MessageAttributes.ERROR_CODE.StringValue).to.equal("NO_RESOURCE");
  });
});

describe("A program's EventBridge rules", () => {
  afterEach(closeEvents);

  const rule = (name: string, inputs: object) =>
    resource("aws:cloudwatch/eventRule:EventRule", name, { name, ...inputs }, { id: name });
  const target = (ruleName: string, arn: string, inputs: object = {}) =>
    resource("aws:cloudwatch/eventTarget:EventTarget", `${ruleName}-target`, { rule: ruleName, arn, ...inputs });
  const echo = lambda("main", 'exports.handler = async (event) => console.log("got", JSON.stringify(event));');
  const got = ({ server }: ServedEvents) =>
    server.lines.flatMap((line) => {
      const [, text] = /\| got (.*)$/.exec(line) ?? [];
      return text === undefined ? [] : [JSON.parse(text)];
    });

  it("deliver what their patterns match, on their buses, as their targets say", async () => {
    const bus = resource("aws:cloudwatch/eventBus:EventBus", "shop", { name: "shop" }, { id: "shop" });
    const served = await serveEvents([
      echo,
      bus,
      rule("orders", { eventBusName: "shop", eventPattern: '{"source":["orders"]}' }),
      target("orders", FUNCTION, {
        eventBusName: "shop",
        inputTransformer: { inputPaths: { id: "$.detail.id" }, inputTemplate: '{"order": <id>}' },
      }),
    ]);
    await served.put(
      { Source: "orders", Detail: '{"id":1}' },
      { Source: "orders", Detail: '{"id":2}', EventBusName: "shop" },
    );
    await until(() => got(served).length > 0);
    expect(got(served)).to.deep.equal([{ order: 2 }]);
  });

  it("all get the event, although the program gives none of them an ID", async () => {
    const one = (name: string) =>
      resource("aws:cloudwatch/eventTarget:EventTarget", name, { rule: "orders", arn: QUEUE_ARN }, { targetId: "" });
    const served = await serveEvents([
      rule("orders", { eventPattern: '{"source":["orders"]}' }),
      one("first"),
      one("second"),
    ]);
    await served.put({ Source: "orders" });
    expect(await served.messages(2)).to.have.length(2);
  });

  it("change with the program, and keep what was changed since where they do not", async () => {
    const served = await serveEvents([
      rule("orders", { eventPattern: '{"source":["orders"]}' }),
      target("orders", QUEUE_ARN),
    ]);
    const { reconcile } = served.server;
    const next = rule("orders", { eventPattern: '{"source":["sales"]}' });
    const changes = await reconcile(graphOf("/project", next, target("orders", QUEUE_ARN)));
    expect(changes).to.deep.include({ action: "updated", kind: "rule", name: "orders" });
    await served.put({ Source: "orders" }, { Source: "sales" });
    expect((await served.messages(1)).map((text) => JSON.parse(text).source)).to.deep.equal(["sales"]);
    expect(await reconcile(graphOf("/project"))).to.deep.include({ action: "removed", kind: "rule", name: "orders" });
  });

  it("say at start what AWS refuses, and what is not delivered", async () => {
    const topic = arnOf("states", "stateMachine:steps");
    const served = await serveEvents([
      rule("pattern", { eventPattern: '{"source":"orders"}' }),
      rule("schedule", { scheduleExpression: "cron(0 1 * * * *)" }),
      rule("steps", { eventPattern: '{"source":["orders"]}' }),
      target("steps", topic),
      rule("path", { eventPattern: '{"source":["orders"]}' }),
      target("path", QUEUE_ARN, { inputPath: "detail" }),
      rule("nothing", { eventPattern: '{"sauce":["orders"]}' }),
    ]);
    const problems = served.server.problems.filter((problem) => problem.includes("rule "));
    expect(problems).to.have.length(5);
    expect(problems[0]).to.match(/^AWS refuses the rule pattern, so it does nothing: /);
    expect(problems[1]).to.match(/^AWS refuses the rule schedule, so it does nothing: its schedule is "cron\(0 1/);
    expect(problems[2]).to.equal(
      `the rule steps sends nothing to ${topic}: states is not emulated: run it elsewhere, and give --endpoint states=URL`,
    );
    expect(problems[4]).to.match(/^the rule nothing never matches: sauce: No event matches this, .* Write one of/);
    expect(problems[3]).to.match(/^the rule path sends nothing to .*queue: Invalid path/);
  });
});
