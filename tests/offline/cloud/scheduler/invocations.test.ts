import { expect } from "chai";
import type { Properties } from "../../../../offline/engine/values";
import { DOCUMENTATION, testFact } from "../../../helpers/facts";
import { closeServices } from "../../../helpers/offline/core";
import { type Answer, type SentRequest, schedule, serveSchedules } from "../../../helpers/offline/schedules";

const REGION = "eu-west-1:123456789012";
const FUNCTION = `arn:aws:lambda:${REGION}:function:report`;
const QUEUE = `arn:aws:sqs:${REGION}:work.fifo`;
const DEAD_LETTERS = `arn:aws:sqs:${REGION}:dead-letters`;
const DOCUMENTED = { service: "EventBridge Scheduler", source: DOCUMENTATION };
const HOUR = 3_600_000;

describe("the targets of schedules", () => {
  let served: Awaited<ReturnType<typeof serveSchedules>>;

  afterEach(async () => {
    served.close();
    await closeServices();
  });

  /** Serves schedules that are due once, in an hour, and moves the clock until then. */
  async function fire(targets: Record<string, Properties>, answer?: (sent: SentRequest) => Answer) {
    const time = new Date(Math.ceil(Date.now() / 1000) * 1000 + HOUR).toISOString().slice(0, 19);
    const once = { scheduleExpression: `at(${time})` };
    served = await serveSchedules(
      Object.entries(targets).map(([name, target]) => schedule(name, target, once)),
      answer,
    );
    const advance = await served.clock.advance(Date.parse(`${time}Z`));
    return { ...served, time: `${time}Z`, advance };
  }

  it("get the input, each in its own way", async () => {
    const input = '{"a":1}';
    const { sent, invoked, advance } = await fire({
      function: { arn: FUNCTION, input },
      queue: { arn: QUEUE, input, sqsParameters: { messageGroupId: "group" } },
      topic: { arn: `arn:aws:sns:${REGION}:news`, input },
      stream: { arn: `arn:aws:kinesis:${REGION}:stream/clicks`, input, kinesisParameters: { partitionKey: "key" } },
      bus: {
        arn: `arn:aws:events:${REGION}:event-bus/shop`,
        input,
        eventbridgeParameters: { detailType: "Nightly", source: "shop" },
      },
      machine: { arn: `arn:aws:states:${REGION}:stateMachine:etl`, input },
    });
    expect(advance.fired.map(({ failure }) => failure)).to.deep.equal(Array(6).fill(undefined));
    expect(invoked).to.deep.equal([{ arn: FUNCTION, payload: input }]);
    const bodyTo = (service: string) => JSON.parse(sent.find((one) => one.service === service)?.body ?? "null");
    expect(bodyTo("sqs")).to.deep.include({ MessageBody: input, MessageGroupId: "group" });
    expect(bodyTo("sqs").QueueUrl).to.match(/\/123456789012\/work\.fifo$/);
    expect(sent.find(({ service }) => service === "sns")?.body).to.contain(`Message=${encodeURIComponent(input)}`);
    expect(bodyTo("kinesis")).to.deep.include({
      PartitionKey: "key",
      Data: Buffer.from(input).toString("base64"),
    });
    const [entry] = bodyTo("events").Entries;
    expect(entry).to.deep.include({ Source: "shop", DetailType: "Nightly", Detail: input });
    expect(bodyTo("states")).to.deep.equal({ stateMachineArn: `arn:aws:states:${REGION}:stateMachine:etl`, input });
  });

  testFact(DOCUMENTED, "puts the schedule, the time and the attempt in place of the keywords of an input", async () => {
    const keywords = ["schedule-arn", "scheduled-time", "execution-id", "attempt-number", "unheard-of"];
    const input = JSON.stringify(keywords.map((name) => `<aws.scheduler.${name}>`));
    const { invoked, time } = await fire({ one: { arn: FUNCTION, input } });
    const [arn, at, id, attempt, unknown] = JSON.parse(invoked[0]?.payload ?? "[]");
    expect(arn).to.equal(`arn:aws:scheduler:${REGION}:schedule/default/one`);
    expect(at).to.equal(time);
    expect(id).to.match(/^[0-9a-f]{16}$/);
    expect([attempt, unknown]).to.deep.equal(["1", "<aws.scheduler.unheard-of>"]);
  });

  testFact(DOCUMENTED, "sends a notification to a target without an input", async () => {
    const { invoked, time } = await fire({ one: { arn: FUNCTION } });
    const { id, ...notification } = JSON.parse(invoked[0]?.payload ?? "{}");
    expect(id).to.be.a("string");
    expect(notification).to.deep.equal({
      version: "0",
      "detail-type": "Scheduled Event",
      source: "aws.scheduler",
      account: "123456789012",
      time,
      region: "eu-west-1",
      resources: [`arn:aws:scheduler:${REGION}:schedule/default/one`],
      detail: "{}",
    });
  });

  it("may be any operation of an emulated service, in its own protocol", async () => {
    const call = (action: string, input: object) => ({
      arn: `arn:aws:scheduler:::aws-sdk:${action}`,
      input: JSON.stringify(input),
    });
    const { sent, advance } = await fire({
      job: call("batch:submitJob", {
        JobName: "nightly",
        JobQueue: "main",
        ContainerOverrides: { Environment: [{ Name: "AT", Value: "<aws.scheduler.attempt-number>" }] },
        Parameters: { Depth: "2" },
      }),
      item: call("dynamodb:putItem", { TableName: "items", Item: { id: { S: "1" } } }),
      parameter: call("ssm:putParameter", { Name: "/a", Value: "1", Overwrite: true }),
      function: call("lambda:invoke", { FunctionName: "report", InvocationType: "Event", Payload: '{"b":2}' }),
      identity: call("sts:assumeRoot", { TargetPrincipal: "x", TaskPolicyArn: { arn: "arn" } }),
    });
    const failures = Object.fromEntries(advance.fired.map(({ what, failure }) => [what, failure]));
    expect(failures).to.deep.equal({
      "schedule job": undefined,
      "schedule item": undefined,
      "schedule parameter": undefined,
      "schedule function": undefined,
      "schedule identity": "sts AssumeRoot is not emulated",
    });
    const [job, item, parameter, invocation] = sent;
    expect(job).to.deep.include({ service: "batch", method: "POST", url: "/v1/submitjob" });
    expect(JSON.parse(job?.body ?? "")).to.deep.equal({
      jobName: "nightly",
      jobQueue: "main",
      containerOverrides: { environment: [{ name: "AT", value: "1" }] },
      // The keys of a map are the program's own.
      parameters: { Depth: "2" },
    });
    expect(item?.target).to.equal("DynamoDB_20120810.PutItem");
    expect(JSON.parse(item?.body ?? "")).to.deep.equal({ TableName: "items", Item: { id: { S: "1" } } });
    expect(parameter?.target).to.equal("AmazonSSM.PutParameter");
    expect(JSON.parse(parameter?.body ?? "")).to.deep.equal({ Name: "/a", Value: "1", Overwrite: true });
    expect(invocation).to.deep.include({ url: "/2015-03-31/functions/report/invocations", body: '{"b":2}' });
  });

  /** The attributes of the message in the dead-letter queue, as plain text. */
  function deadLetter(sent: SentRequest[]): Record<string, string> {
    const messages = sent.filter(({ service, body }) => service === "sqs" && body.includes("dead-letters"));
    expect(messages).to.have.length(1);
    const { MessageBody, MessageAttributes } = JSON.parse(messages[0]?.body ?? "{}");
    const attributes = Object.entries<{ StringValue: string }>(MessageAttributes);
    return { MessageBody, ...Object.fromEntries(attributes.map(([key, { StringValue }]) => [key, StringValue])) };
  }

  const failing =
    (service: string, ...answer: Answer) =>
    (sent: SentRequest): Answer =>
      sent.service === service ? answer : [200, "{}"];

  testFact(DOCUMENTED, "retries as the retry policy says, and then sends a dead letter with the reason", async () => {
    const { sent, clock, advance } = await fire(
      {
        one: {
          arn: `arn:aws:states:${REGION}:stateMachine:etl`,
          input: '{"attempt":"<aws.scheduler.attempt-number>"}',
          retryPolicy: { maximumRetryAttempts: 2 },
          deadLetterConfig: { arn: DEAD_LETTERS },
        },
      },
      failing("states", 500, '{"__type":"InternalFailure","message":"try later"}'),
    );
    expect(advance.fired.map(({ failure }) => failure)).to.deep.equal(["try later"]);
    const later = await clock.advance(clock.now() + HOUR);
    expect(later.fired.map(({ what }) => what)).to.deep.equal(["schedule one, retry 1", "schedule one, retry 2"]);
    expect(sent.filter(({ service }) => service === "states")).to.have.length(3);
    const { EXECUTION_ID, SCHEDULED_TIME, ...letter } = deadLetter(sent);
    expect(EXECUTION_ID).to.match(/^[0-9a-f]{16}$/);
    expect(Date.parse(SCHEDULED_TIME ?? "")).to.equal(advance.fired[0]?.time);
    expect(letter).to.deep.equal({
      MessageBody: '{"attempt":"3"}',
      ERROR_CODE: "InternalFailure",
      ERROR_MESSAGE: "try later",
      EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
      IS_PAYLOAD_TRUNCATED: "false",
      RETRY_ATTEMPTS: "2",
      SCHEDULE_ARN: `arn:aws:scheduler:${REGION}:schedule/default/one`,
      TARGET_ARN: `arn:aws:states:${REGION}:stateMachine:etl`,
    });
  });

  testFact(DOCUMENTED, "gives up an event that has become too old", async () => {
    const retryPolicy = { maximumEventAgeInSeconds: 60 };
    const { sent, clock } = await fire(
      { one: { arn: QUEUE, retryPolicy, deadLetterConfig: { arn: DEAD_LETTERS } } },
      (one) => (one.body.includes("work.fifo") && !one.body.includes("ERROR_CODE") ? [503, "{}"] : [200, "{}"]),
    );
    await clock.advance(clock.now() + HOUR);
    // After 1, 2, 4, 8 and 16 seconds; the next one would be 63 seconds after the first.
    expect(deadLetter(sent)).to.deep.include({
      EXHAUSTED_RETRY_CONDITION: "MaximumEventAgeInSeconds",
      RETRY_ATTEMPTS: "5",
    });
  });

  it("that do not exist are not tried again, and the log says so", async () => {
    const { sent, lines, clock } = await fire(
      { one: { arn: `arn:aws:states:${REGION}:stateMachine:gone`, deadLetterConfig: { arn: DEAD_LETTERS } } },
      failing("states", 400, '{"__type":"StateMachineDoesNotExist","message":"no such machine"}'),
    );
    expect(deadLetter(sent)).to.deep.include({ ERROR_CODE: "StateMachineDoesNotExist", RETRY_ATTEMPTS: "0" });
    expect(deadLetter(sent)).not.to.have.property("EXHAUSTED_RETRY_CONDITION");
    expect(lines).to.deep.equal([
      `error: schedule one | not delivered to arn:aws:states:${REGION}:stateMachine:gone: no such machine`,
    ]);
    expect((await clock.advance(clock.now() + HOUR)).fired).to.deep.equal([]);
  });
});

describe("the schedules of a program", () => {
  let served: Awaited<ReturnType<typeof serveSchedules>>;

  afterEach(async () => {
    served.close();
    await closeServices();
  });

  const hourly = (inputs: Properties = {}) =>
    schedule("one", { arn: FUNCTION }, { scheduleExpression: "rate(1 hour)", ...inputs });

  it("fire at once when they are new, and go on as they were when the program runs again", async () => {
    served = await serveSchedules([hourly()]);
    const { clock, invoked, reconcile } = served;
    await clock.advance(clock.now());
    expect(invoked).to.have.length(1);
    expect(reconcile(hourly())).to.deep.equal([]);
    await clock.advance(clock.now());
    expect(invoked).to.have.length(1);
    expect(reconcile(hourly({ description: "new" }))).to.deep.equal([
      { action: "updated", kind: "schedule", name: "one" },
    ]);
    await clock.advance(clock.now() + HOUR);
    expect(invoked).to.have.length(2);
    reconcile(hourly({ state: "DISABLED" }));
    expect((await clock.advance(clock.now() + 9 * HOUR)).next).to.equal(undefined);
    reconcile();
    expect(invoked).to.have.length(2);
  });

  it("are deleted after their last time, if they say so, and not before", async () => {
    const endDate = new Date(Date.now() + 2 * HOUR).toISOString();
    served = await serveSchedules([hourly({ endDate, actionAfterCompletion: "DELETE" })]);
    const { clock, schedules, invoked } = served;
    await clock.advance(clock.now() + HOUR / 2);
    expect(schedules.schedules.size).to.equal(1);
    await clock.advance(clock.now() + 9 * HOUR);
    expect(invoked.length).to.be.within(2, 3);
    expect(schedules.schedules.size).to.equal(0);
  });

  const problems: [Properties, Properties, RegExp | undefined][] = [
    [{}, {}, undefined],
    [{}, { scheduleExpression: "rate(1 week)" }, /does not fire: its expression is "rate\(1 week\)"; write rate/],
    [{}, { scheduleExpressionTimezone: "Mars/X" }, /does not fire: its time zone is "Mars\/X"; write the name/],
    [{}, { scheduleExpression: "at(2022-12-31T23:59:59)" }, /does not fire .*: its time is in the past/],
    [{}, { scheduleExpression: "cron(0 0 30 2 ? *)" }, /never fires: no date/],
    [{ arn: "arn:aws:scheduler:::aws-sdk:ecs:runTask" }, {}, /cannot call .*ecs:runTask: ecs is not emulated/],
    [{ arn: "arn:aws:scheduler:::aws-sdk:batch:submitJobs" }, {}, /batch has no operation SubmitJobs/],
    [{ arn: "arn:aws:scheduler:::aws-sdk:batch:createJobQueue" }, {}, /batch CreateJobQueue is not emulated/],
    [{ arn: `arn:aws:ecs:${REGION}:cluster/main` }, {}, /deliveries to ecs are not emulated/],
    [{ arn: `arn:aws:events:${REGION}:event-bus/shop` }, {}, /its EventBridgeParameters are missing/],
  ];
  for (const [target, inputs, problem] of problems) {
    it(`${problem ? `are named if they cannot work: ${problem.source}` : "have no problems otherwise"}`, async () => {
      served = await serveSchedules([schedule("one", { arn: FUNCTION, ...target }, inputs)]);
      if (problem) expect(served.schedules.problems.join()).to.match(problem);
      else expect(served.schedules.problems).to.deep.equal([]);
    });
  }
});
