import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { inputsOf, resolved, resources, startMocks } from "../../../helpers/components/mocks";
import { account, called, deadLetterArn, functionArn, statementsOf, topicArn } from "./called";

const permissionType = "aws:lambda/permission:Permission";
const ruleType = "aws:cloudwatch/eventRule:EventRule";
const targetType = "aws:cloudwatch/eventTarget:EventTarget";
const scheduleType = "aws:scheduler/schedule:Schedule";
const invokeConfigType = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
const ruleArn = `arn:aws:cloudwatch:eu-west-1:${account}:worker-paid-1234567`;
const pattern = { source: ["shop"], "detail-type": ["paid"] };
const inHour = { maximumRetryAttempts: 20, maximumEventAgeInSeconds: 3600 };

function permits(principal: string, sourceArn: string) {
  return { action: "lambda:InvokeFunction", function: "worker-1234567", principal, sourceArn };
}

function mayDeadLetter(Service: string, arn: string) {
  const Condition = { ArnEquals: { "aws:SourceArn": arn } };
  return { Effect: "Allow", Principal: { Service }, Action: "sqs:SendMessage", Resource: deadLetterArn, Condition };
}

describe("a function's topic", () => {
  beforeEach(startMocks);

  it("may call the function, and keeps messages that it cannot deliver", async () => {
    called({ news: { topic: { topicArn } } });
    expect(await inputsOf(permissionType)).to.deep.equal(permits("sns.amazonaws.com", topicArn));
    const { redrivePolicy, ...subscription } = await inputsOf("aws:sns/topicSubscription:TopicSubscription");
    expect(subscription).to.deep.equal({ topic: topicArn, protocol: "lambda", endpoint: functionArn });
    expect(JSON.parse(redrivePolicy)).to.deep.equal({ deadLetterTargetArn: deadLetterArn });
    const [first] = await statementsOf("aws:sqs/queuePolicy:QueuePolicy", "worker-dead-letters");
    expect(first).to.deep.equal(mayDeadLetter("sns.amazonaws.com", topicArn));
  });

  it("is filtered by attributes or by the message itself", async () => {
    const filterPolicy = { kind: ["paid", { prefix: "re" }] };
    called({ news: { topic: { topicArn, filterPolicy, filterPolicyScope: "MessageBody" } } });
    const subscription = await inputsOf("aws:sns/topicSubscription:TopicSubscription");
    expect(JSON.parse(subscription.filterPolicy)).to.deep.equal(filterPolicy);
    expect(subscription.filterPolicyScope).to.equal("MessageBody");
  });
});

describe("a function's rule", () => {
  beforeEach(startMocks);

  it("calls the function for events that match, and keeps those that it cannot deliver", async () => {
    called({ paid: { rule: { pattern, eventBusName: "shop" } } });
    const { eventPattern, ...rule } = await inputsOf(ruleType, "worker-paid");
    expect(JSON.parse(eventPattern)).to.deep.equal(pattern);
    expect(rule).to.deep.equal({ description: "Calls worker-paid", eventBusName: "shop", state: "ENABLED" });
    expect(await inputsOf(permissionType)).to.deep.equal(permits("events.amazonaws.com", ruleArn));
    expect(await inputsOf(targetType)).to.deep.equal({
      rule: "worker-paid-1234567",
      eventBusName: "shop",
      arn: functionArn,
      deadLetterConfig: { arn: deadLetterArn },
      retryPolicy: inHour,
    });
    const [first] = await statementsOf("aws:sqs/queuePolicy:QueuePolicy", "worker-dead-letters");
    expect(first).to.deep.equal(mayDeadLetter("events.amazonaws.com", ruleArn));
  });

  it("gives the function a part of the event, something else, or a text with values of the event", async () => {
    const inputTransformer = { paths: { id: "$.detail.id" }, template: '{"order": <id>}' };
    called({
      part: { rule: { pattern, inputPath: "$.detail" } },
      other: { rule: { pattern, input: { mode: "full" } } },
      made: { rule: { pattern, inputTransformer } },
    });
    expect(await inputsOf(targetType, "worker-part")).to.include({ inputPath: "$.detail" });
    expect(await inputsOf(targetType, "worker-other")).to.include({ input: '{"mode":"full"}' });
    expect(await inputsOf(targetType, "worker-made")).to.deep.include({
      inputTransformer: { inputPaths: { id: "$.detail.id" }, inputTemplate: '{"order": <id>}' },
    });
  });

  it("calls the alias, is retried as the arguments say, or is off", async () => {
    called({ paid: { rule: { pattern, retries: 0, maximumAge: 60, enabled: false } } }, { alias: {} });
    expect(await inputsOf(ruleType)).to.include({ state: "DISABLED" });
    expect(await inputsOf(targetType)).to.deep.include({
      arn: `arn:aws:lambda:eu-west-1:${account}:live`,
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
    });
    expect(await inputsOf(permissionType)).to.include({ qualifier: "live" });
  });

  it("raises an alarm when events do not reach the function", async () => {
    called({ paid: { rule: { pattern, eventBusName: "shop" } } }, { alarmTopicArns: ["topic"] });
    expect(await inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm", "worker-paid-failed")).to.deep.include({
      namespace: "AWS/Events",
      metricName: "FailedInvocations",
      dimensions: { RuleName: "worker-paid-1234567", EventBusName: "shop" },
    });
  });
});

describe("a function's bucket", () => {
  beforeEach(startMocks);

  const bucket = { bucketName: "uploads", events: "existing" } as const;
  const notifications = async () => (await resources()).filter(({ type }) => /BucketNotification/.test(type));
  const patternOf = async (name: string) => JSON.parse((await inputsOf(ruleType, name)).eventPattern);

  it("calls the function for each new object, through EventBridge", async () => {
    called({ uploads: { bucket } });
    expect(await patternOf("worker-uploads")).to.deep.equal({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: ["uploads"] } },
    });
    expect(await inputsOf(targetType)).to.deep.include({ arn: functionArn, retryPolicy: inHour });
    expect((await inputsOf(permissionType)).principal).to.equal("events.amazonaws.com");
    expect(await notifications()).to.deep.equal([]);
  });

  it("selects objects by both ends of their keys, and by what happens to them", async () => {
    const keyOf = async (name: string) => (await patternOf(name)).detail.object.key;
    called({
      first: { bucket: { ...bucket, prefix: "raw/" } },
      last: { bucket: { ...bucket, suffix: ".csv", objectEvents: ["Object Created", "Object Deleted"] } },
      both: { bucket: { ...bucket, prefix: "a*b\\", suffix: ".csv" } },
    });
    expect(await keyOf("worker-first")).to.deep.equal([{ prefix: "raw/" }]);
    expect(await keyOf("worker-last")).to.deep.equal([{ suffix: ".csv" }]);
    expect(await keyOf("worker-both")).to.deep.equal([{ wildcard: "a\\*b\\\\*.csv" }]);
    expect((await patternOf("worker-last"))["detail-type"]).to.deep.equal(["Object Created", "Object Deleted"]);
  });

  it("is made to send its events when told to", async () => {
    called({ uploads: { bucket: { ...bucket, events: "managed" } } });
    expect((await notifications()).map(({ inputs }) => inputs)).to.deep.equal([
      { bucket: "uploads", eventbridge: true },
    ]);
  });
});

describe("a function's schedule", () => {
  beforeEach(startMocks);

  const expression = "cron(0 3 * * ? *)";
  const groupArn = `arn:aws:scheduler:eu-west-1:${account}:worker-nightly-1234567`;

  it("warns if its time is over, which is no mistake: the stack must still be deployable", () => {
    const { warn } = pulumi.log;
    const warnings: string[] = [];
    Object.assign(pulumi.log, { warn: (message: string) => warnings.push(message) });
    try {
      const at = (year: number, more = {}) => ({ schedule: { expression: `at(${year}-01-31T03:00:00)`, ...more } });
      called({ over: at(2020), off: at(2020, { enabled: false }), ahead: at(2999) });
    } finally {
      Object.assign(pulumi.log, { warn });
    }
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(
      /^The schedule "worker-over" does not fire: the time of at\(2020.* is over; write a later/,
    );
  });

  it("calls the function through the scheduler, and keeps calls that cannot be delivered", async () => {
    called({ nightly: { schedule: { expression, timeZone: "Europe/Berlin", input: { at: "night" } } } });
    expect(await inputsOf(scheduleType)).to.deep.equal({
      groupName: "worker-nightly-1234567",
      scheduleExpression: expression,
      scheduleExpressionTimezone: "Europe/Berlin",
      flexibleTimeWindow: { mode: "OFF" },
      state: "ENABLED",
      target: {
        arn: functionArn,
        roleArn: `arn:aws:iam:eu-west-1:${account}:worker-nightly-scheduler-1234567`,
        input: '{"at":"night"}',
        deadLetterConfig: { arn: deadLetterArn },
        retryPolicy: inHour,
      },
    });
  });

  it("has a role that only its group may assume, and that may call this function and send dead letters only", async () => {
    called({ nightly: { schedule: { expression } } }, { permissionsBoundary: "boundary" });
    const role = "worker-nightly-scheduler";
    expect(await statementsOf("aws:iam/role:Role", role, "assumeRolePolicy")).to.deep.equal([
      {
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { ArnEquals: { "aws:SourceArn": groupArn } },
      },
    ]);
    expect(await statementsOf("aws:iam/rolePolicy:RolePolicy", role)).to.deep.equal([
      { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [functionArn] },
      { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [deadLetterArn] },
    ]);
    expect(await inputsOf("aws:iam/role:Role", role)).to.include({ permissionsBoundary: "boundary" });
  });

  it("may be late, or off", async () => {
    called({ nightly: { schedule: { expression, flexibleMinutes: 15, enabled: false } } });
    expect(await inputsOf(scheduleType)).to.deep.include({
      flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 15 },
      state: "DISABLED",
    });
  });

  it("raises an alarm when calls do not reach the function", async () => {
    called({ nightly: { schedule: { expression } } }, { alarmTopicArns: ["topic"] });
    expect(await inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm", "worker-nightly-failed")).to.deep.include({
      namespace: "AWS/Scheduler",
      metricName: "InvocationDroppedCount",
      dimensions: { ScheduleGroup: "worker-nightly-1234567" },
    });
  });
});

describe("a function's dead letter queue", () => {
  beforeEach(startMocks);

  it("is one for all events, encrypted, for two weeks, and sent to over TLS only", async () => {
    const { deadLetterQueue } = called({ news: { topic: { topicArn } }, paid: { rule: { pattern } } });
    expect(await resolved(deadLetterQueue?.arn)).to.equal(deadLetterArn);
    expect(await inputsOf("aws:sqs/queue:Queue")).to.deep.equal({
      sqsManagedSseEnabled: true,
      messageRetentionSeconds: 1_209_600,
    });
    const statements = await statementsOf("aws:sqs/queuePolicy:QueuePolicy", "worker-dead-letters");
    expect(statements.map(({ Effect, Sid }) => [Effect, Sid])).to.deep.equal([
      ["Allow", undefined],
      ["Allow", undefined],
      ["Deny", "TlsOnly"],
    ]);
  });

  it("also keeps the events that the function finally fails on, unless they go elsewhere", async () => {
    called({ paid: { rule: { pattern } } });
    expect(await inputsOf(invokeConfigType)).to.deep.include({
      destinationConfig: { onFailure: { destination: deadLetterArn } },
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 3600,
    });
    await startMocks();
    const destinationArn = "arn:aws:sns:eu-west-1:123456789012:failed";
    called({ paid: { rule: { pattern } } }, { onFailure: { destinationArn } });
    expect(await inputsOf(invokeConfigType)).to.deep.include({
      destinationConfig: { onFailure: { destination: destinationArn } },
    });
  });

  it("is made only if something needs it", async () => {
    const failed = "arn:aws:sqs:eu-west-1:123456789012:failed";
    const onFailure = { destinationArn: failed };
    called({ paid: { rule: { pattern, deadLetterArn: failed } } }, { onFailure });
    expect((await resources()).filter(({ type }) => type.startsWith("aws:sqs"))).to.deep.equal([]);
    expect(await inputsOf(targetType)).to.deep.include({ deadLetterConfig: { arn: failed } });
    await startMocks();
    expect(called({}).deadLetterQueue).to.equal(undefined);
  });

  it("raises an alarm when something is in it", async () => {
    called({ paid: { rule: { pattern } } }, { alarmTopicArns: ["topic"], tags: { team: "a" } });
    expect(await inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm", "worker-dead-letters")).to.deep.include({
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "worker-dead-letters-1234567" },
      tags: { team: "a" },
    });
    expect(await inputsOf("aws:sqs/queue:Queue")).to.deep.include({ tags: { team: "a" } });
  });
});
