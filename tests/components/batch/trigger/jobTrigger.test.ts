import { expect } from "chai";
import { GravitonBatch } from "../../../../components/batch/gravitonBatch";
import type { JobTriggerArgs } from "../../../../components/batch/trigger/args";
import { JobTrigger } from "../../../../components/batch/trigger/jobTrigger";
import { rules } from "../../../../policies/policies";
import { requestMistakes } from "../../../helpers/aws/callService";
import { pythonHas } from "../../../helpers/aws/moto";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../../../helpers/components/mocks";
import { violations } from "../../../helpers/policies/policies";
import { batchArgs, withJob } from "../batchArgs";

const scheduleType = "aws:scheduler/schedule:Schedule";
const ruleType = "aws:cloudwatch/eventRule:EventRule";
const targetType = "aws:cloudwatch/eventTarget:EventTarget";
const account = "123456789012";
const queueArn = `arn:aws:batch:eu-west-1:${account}:main-1234567`;
const deadLetters = `arn:aws:sqs:eu-west-1:${account}:nightly-1234567`;

describe("JobTrigger", () => {
  beforeEach(startMocks);

  const daily = { schedule: "rate(1 day)" };
  const bucket = { name: "uploads", events: "existing" } as const;
  const eventPattern = { source: ["shop"], detail: { total: [{ numeric: [">", 100] }] } };

  function trigger(args: Partial<JobTriggerArgs>, batch = new GravitonBatch("main", batchArgs())): JobTrigger {
    return new JobTrigger("nightly", { batch, ...args });
  }

  async function trust(): Promise<object[]> {
    return JSON.parse((await inputsOf("aws:iam/role:Role", "nightly")).assumeRolePolicy).Statement;
  }

  function assumedFor(Service: string, arn: string): object {
    const Condition = { ArnEquals: { "aws:SourceArn": arn } };
    return { Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole", Condition };
  }

  async function alarmed(): Promise<[string, string, object][]> {
    const alarms = (await resources()).filter(
      ({ type, name }) => /MetricAlarm/.test(type) && name.startsWith("nightly"),
    );
    return alarms.map(({ inputs }) => [inputs.namespace, inputs.metricName, inputs.dimensions]);
  }

  it("submits the job on a schedule, through the scheduler", async () => {
    const environment = { AT: "<aws.scheduler.scheduled-time>" };
    const one = trigger({ ...daily, timeZone: "Europe/Berlin", environment, parameters: { depth: "2" }, arraySize: 3 });
    const { target, ...schedule } = await inputsOf(scheduleType);
    expect(schedule).to.deep.equal({
      groupName: "nightly-1234567",
      scheduleExpression: "rate(1 day)",
      scheduleExpressionTimezone: "Europe/Berlin",
      flexibleTimeWindow: { mode: "OFF" },
      state: "ENABLED",
    });
    expect(target).to.deep.include({
      arn: "arn:aws:scheduler:::aws-sdk:batch:submitJob",
      roleArn: `arn:aws:iam:eu-west-1:${account}:nightly-1234567`,
      deadLetterConfig: { arn: deadLetters },
      retryPolicy: { maximumRetryAttempts: 20, maximumEventAgeInSeconds: 3600 },
    });
    expect(JSON.parse(target.input)).to.deep.equal({
      JobName: "nightly",
      JobQueue: queueArn,
      JobDefinition: `arn:aws:batch:eu-west-1:${account}:main-summarise-1234567`,
      ArrayProperties: { Size: 3 },
      Parameters: { depth: "2" },
      ContainerOverrides: { Environment: [{ Name: "AT", Value: "<aws.scheduler.scheduled-time>" }] },
    });
    expect(await resolved(one.triggerArn)).to.contain(":scheduler:");
  });

  it("may be late, or off, and submits to a share with the job definition's array size", async () => {
    const shared = withJob({ arraySize: 4 }, { fairShare: { shares: [{ identifier: "a" }] } });
    const settings = { flexibleMinutes: 15, enabled: false, shareIdentifier: "a" };
    trigger({ ...daily, ...settings }, new GravitonBatch("main", shared));
    const { target, flexibleTimeWindow, state, scheduleExpressionTimezone } = await inputsOf(scheduleType);
    expect([state, scheduleExpressionTimezone]).to.deep.equal(["DISABLED", "UTC"]);
    expect(flexibleTimeWindow).to.deep.equal({ mode: "FLEXIBLE", maximumWindowInMinutes: 15 });
    expect(JSON.parse(target.input)).to.deep.include({ ShareIdentifier: "a", ArrayProperties: { Size: 4 } });
  });

  it("lets the scheduler submit this job, send dead letters and nothing else", async () => {
    trigger(daily);
    const group = `arn:aws:scheduler:eu-west-1:${account}:nightly-1234567`;
    expect(await trust()).to.deep.equal([assumedFor("scheduler.amazonaws.com", group)]);
    const { Statement } = JSON.parse((await inputsOf("aws:iam/rolePolicy:RolePolicy", "nightly")).policy);
    expect(Statement.map(({ Action }: { Action: string[] }) => Action)).to.deep.equal([
      ["batch:SubmitJob"],
      ["batch:TagResource"],
      ["sqs:SendMessage"],
    ]);
    expect(Statement[0].Resource[0]).to.equal(queueArn);
    expect(Statement[2].Resource).to.deep.equal([deadLetters]);
  });

  it("encrypts the schedule and the dead letters with the customer key, which the scheduler's role may use", async () => {
    const kmsKeyArn = `arn:aws:kms:eu-west-1:${account}:key/1`;
    trigger({ ...daily, kmsKeyArn });
    expect(await inputsOf(scheduleType)).to.include({ kmsKeyArn });
    const queue = await inputsOf("aws:sqs/queue:Queue");
    expect(queue).to.include({ kmsMasterKeyId: kmsKeyArn }).and.not.have.property("sqsManagedSseEnabled");
    const { Statement } = JSON.parse((await inputsOf("aws:iam/rolePolicy:RolePolicy", "nightly")).policy);
    const Action = ["kms:Decrypt", "kms:GenerateDataKey"];
    expect(Statement.at(-1)).to.deep.equal({ Effect: "Allow", Action, Resource: [kmsKeyArn] });
  });

  it("submits the job for each object, and tells it which one", async () => {
    trigger({
      bucket: { ...bucket, prefix: "in/" },
      environment: { MODE: "full" },
      parameters: { key: "$.detail.object.key" },
    });
    const rule = await inputsOf(ruleType, "nightly");
    expect(JSON.parse(rule.eventPattern)).to.deep.equal({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: ["uploads"] }, object: { key: [{ prefix: "in/" }] } },
    });
    const { inputTransformer, batchTarget, arn } = await inputsOf(targetType, "nightly");
    expect(arn).to.equal(queueArn);
    expect(batchTarget).to.deep.equal({
      jobName: "nightly",
      jobDefinition: `arn:aws:batch:eu-west-1:${account}:main-summarise-1234567`,
    });
    expect(inputTransformer.inputPaths).to.deep.equal({
      eventValue0: "$.detail.bucket.name",
      eventValue1: "$.detail.object.key",
    });
    expect(inputTransformer.inputTemplate).to.equal(
      '{"Parameters":{"key":<eventValue1>},"ContainerOverrides":{"Environment":[' +
        '{"Name":"BUCKET_NAME","Value":<eventValue0>},{"Name":"OBJECT_KEY","Value":<eventValue1>},' +
        '{"Name":"MODE","Value":"full"}]}}',
    );
    expect((await resources()).some(({ type }) => /BucketNotification/.test(type))).to.equal(false);
  });

  it("turns the bucket's events on when told to", async () => {
    trigger({ bucket: { ...bucket, events: "managed" } });
    const notification = await inputsOf("aws:s3/bucketNotification:BucketNotification");
    expect(notification).to.deep.equal({ bucket: "uploads", eventbridge: true });
  });

  it("submits the job for each event that matches a pattern, on any bus", async () => {
    trigger({ eventPattern, eventBusName: "orders", retries: 0, maximumAge: 60, enabled: false, arraySize: 2 });
    const rule = await inputsOf(ruleType, "nightly");
    expect(JSON.parse(rule.eventPattern)).to.deep.equal(eventPattern);
    expect(rule).to.include({ eventBusName: "orders", state: "DISABLED" });
    const target = await inputsOf(targetType, "nightly");
    expect(target).to.deep.include({
      eventBusName: "orders",
      deadLetterConfig: { arn: deadLetters },
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
    });
    expect(target).to.not.have.property("inputTransformer");
    expect(target.batchTarget.arraySize).to.equal(2);
  });

  it("lets only the rule send dead letters, over TLS, to an encrypted queue that keeps them for two weeks", async () => {
    const one = trigger({ eventPattern });
    const { policy } = await inputsOf("aws:sqs/queuePolicy:QueuePolicy");
    const Condition = { Bool: { "aws:SecureTransport": "false" } };
    const others = {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "sqs:*",
      Resource: deadLetters,
      Condition,
    };
    expect(JSON.parse(policy).Statement).to.deep.equal([
      {
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: deadLetters,
        Condition: { ArnEquals: { "aws:SourceArn": await resolved(one.triggerArn) } },
      },
      others,
    ]);
    const queue = await inputsOf("aws:sqs/queue:Queue");
    expect(queue).to.deep.equal({ sqsManagedSseEnabled: true, messageRetentionSeconds: 1_209_600 });
    const { Statement } = JSON.parse((await inputsOf("aws:iam/rolePolicy:RolePolicy", "nightly")).policy);
    expect(Statement.flatMap(({ Action }: { Action: string[] }) => Action)).to.not.include("sqs:SendMessage");
    expect(await trust()).to.deep.equal([assumedFor("events.amazonaws.com", await resolved(one.triggerArn))]);
  });

  it("notifies topics of dead letters and of failed submissions", async () => {
    trigger({ eventPattern, eventBusName: "orders", alarmTopicArns: ["topic"] });
    expect(await alarmed()).to.have.deep.members([
      ["AWS/SQS", "ApproximateNumberOfMessagesVisible", { QueueName: "nightly-1234567" }],
      ["AWS/Events", "FailedInvocations", { RuleName: "nightly-1234567", EventBusName: "orders" }],
    ]);
  });

  it("notifies topics of a schedule's failures by its own group, and has no alarms without topics", async () => {
    trigger({ ...daily, alarmTopicArns: ["topic"] });
    const groups = ["AWS/Scheduler", "InvocationDroppedCount", { ScheduleGroup: "nightly-1234567" }];
    expect(await alarmed()).to.deep.include(groups);
    await startMocks();
    trigger(daily);
    expect(await alarmed()).to.deep.equal([]);
  });

  it("tags its resources and sets the permissions boundary", async () => {
    trigger({ eventPattern, tags: { team: "a" }, permissionsBoundary: "boundary" });
    for (const type of [ruleType, "aws:sqs/queue:Queue", "aws:iam/role:Role"]) {
      expect((await inputsOf(type, "nightly")).tags, type).to.deep.equal({ team: "a" });
    }
    expect(await inputsOf("aws:iam/role:Role", "nightly")).to.include({ permissionsBoundary: "boundary" });
  });

  it("violates no policy", async () => {
    const batch = new GravitonBatch("main", batchArgs());
    const alarmTopicArns = ["arn:aws:sns:eu-west-1:123456789012:topic"];
    new JobTrigger("daily", { batch, ...daily, alarmTopicArns });
    new JobTrigger("upload", { batch, bucket, alarmTopicArns });
    const found = await Promise.all(
      (await resources()).map(({ type, name, inputs }) => violations(rules, { type, name, props: inputs })),
    );
    expect(found.flat()).to.deep.equal([]);
  });

  it("satisfies the constraints of botocore's models of the services", async function () {
    if (!pythonHas("botocore")) return this.skip();
    const values = { environment: { AT: "now" }, parameters: { depth: "2" }, arraySize: 3 };
    trigger({ ...daily, ...values, flexibleMinutes: 5 });
    const schedule = await inputsOf(scheduleType);
    await startMocks();
    trigger({ eventPattern, ...values, parameters: { id: "$.detail.id" }, eventBusName: "orders" });
    const { inputTransformer, batchTarget, rule, eventBusName, ...target } = await inputsOf(targetType);
    const Target = {
      ...renamed(target, upper),
      Id: "1",
      BatchParameters: { ...renamed({ ...batchTarget, arraySize: undefined }, upper), ArrayProperties: { Size: 3 } },
      InputTransformer: { InputPathsMap: inputTransformer.inputPaths, InputTemplate: inputTransformer.inputTemplate },
    };
    const requests: [string, object][] = [
      ["scheduler:CreateSchedule", { ...renamed(schedule, upper), Name: "nightly" }],
      ["SubmitJob", { ...renamed(JSON.parse(schedule.target.input), lower), parameters: values.parameters }],
      ["events:PutRule", { ...renamed(await inputsOf(ruleType, "nightly"), upper), Name: "nightly" }],
      ["events:PutTargets", { Rule: rule, EventBusName: eventBusName, Targets: [Target] }],
    ];
    expect(requestMistakes("batch", requests)).to.equal("");
  });

  for (const schedule of [
    "rate(5 minutes)",
    "cron(0/15 3 ? * MON-FRI *)",
    "cron(0 3 L * ? 2030)",
    "at(2030-01-31T03:00:00)",
  ]) {
    it(`accepts ${schedule}`, () => {
      expect(mistakes(() => trigger({ schedule }))).to.deep.equal([]);
    });
  }

  it("allows as much on a schedule as Batch does, which is more than a rule allows", () => {
    expect(mistakes(() => trigger({ ...daily, parameters: { a: "b".repeat(30_000) } }))).to.deep.equal([]);
  });

  describe("refuses", () => {
    const manyPaths = Object.fromEntries(
      Array.from({ length: 101 }, (_, index) => [`p${index}`, `$.detail.p${index}`]),
    );
    const cases: [what: string, args: Partial<JobTriggerArgs>, path: string, reason: RegExp][] = [
      ["no trigger", {}, "schedule", /is missing; write it, or `bucket`/],
      ["two triggers", { ...daily, bucket }, "bucket", /combined with `schedule`; write one/],
      ["a rate of 0", { schedule: "rate(0 days)" }, "schedule", /write rate\(1 day\)/],
      ["a cron of five fields", { schedule: "cron(0 3 * * ?)" }, "schedule", /weekday year/],
      ["a cron with both days", { schedule: "cron(0 3 * * * *)" }, "schedule", /is "cron.* \*\)"; its day and weekday/],
      ["a minute over 59", { schedule: "cron(71 3 * * ? *)" }, "schedule", /its minute is "71": write 0 to 59/],
      ["a time that does not exist", { schedule: "at(2030-13-31T03:00:00)" }, "schedule", /at\(/],
      ["a day that no month has", { schedule: "cron(0 3 30 2 ? *)" }, "schedule", /it never fires: no date/],
      ["a window over a day", { ...daily, flexibleMinutes: 1441 }, "flexibleMinutes", /1 to 1440 minutes/],
      [
        "a time zone that does not exist",
        { ...daily, timeZone: "Europe/Bonn" },
        "timeZone",
        /such as "Europe\/Berlin"/,
      ],
      ["an offset for a time zone", { ...daily, timeZone: "+01:00" }, "timeZone", /such as "Europe\/Berlin"/],
      ["a time zone without a schedule", { bucket, timeZone: "UTC" }, "timeZone", /is for `schedule`/],
      ["a share without a schedule", { bucket, shareIdentifier: "a" }, "shareIdentifier", /cannot submit to a share/],
      [
        "a bucket without `events`",
        { bucket: { name: "b" } as JobTriggerArgs["bucket"] },
        "bucket.events",
        /"managed" to replace/,
      ],
      ["a pattern of text", { eventPattern: "{}" }, "eventPattern", /is "\{\}"; write fields of an event/],
      ["an empty pattern", { eventPattern: {} }, "eventPattern", /is empty; write fields of an event/],
      ["a bus without a pattern", { ...daily, eventBusName: "b" }, "eventBusName", /is for `eventPattern`/],
      ["an event's value on a schedule", { ...daily, parameters: { a: "$.x" } }, "parameters.a", /has no event/],
      [
        "a placeholder that no event fills",
        { eventPattern, environment: { A: "<b>" } },
        "environment.A",
        /has <b>, which/,
      ],
      ["an invalid path", { eventPattern, environment: { A: "$.x[*]" } }, "environment.A", /\$\.detail\.object\.key/],
      [
        "Batch's own variables",
        { ...daily, environment: { AWS_BATCH_A: "" } },
        "environment.AWS_BATCH_A",
        /another name/,
      ],
      ["a job that does not exist", { ...daily, job: "migrate" }, "batch", /no job "migrate"; write `job`/],
      ["more than Batch allows", { ...daily, parameters: { a: "ä".repeat(15_360) } }, "environment", /30720 for a job/],
      [
        "more than a rule allows",
        { bucket, parameters: { a: "b".repeat(8192) } },
        "environment",
        /EventBridge allows 8192/,
      ],
      ["too many paths", { bucket, parameters: manyPaths }, "environment", /101 paths .* allows 100/],
      ["an array of one", { ...daily, arraySize: 1 }, "arraySize", /2 to 10000/],
      ["too many retries", { ...daily, retries: 186 }, "retries", /0 to 185/],
      ["a short maximum age", { ...daily, maximumAge: 59 }, "maximumAge", /60 to 86400 seconds/],
    ];
    for (const [what, args, at, reason] of cases) {
      it(what, () => {
        const found = mistakes(() => trigger(args));
        expect(found.map(([place]) => place)).to.include(at);
        expect(found.find(([place]) => place === at)?.[1]).to.match(reason);
      });
    }
  });
});

const upper = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
const lower = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

/** The provider, the scheduler and the services' APIs differ in the first letter of names. */
function renamed(value: object, rename: (name: string) => string): object {
  const inside = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(inside);
    return typeof one === "object" && one !== null ? renamed(one, rename) : one;
  };
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [rename(name), inside(one)]));
}
