import { expect } from "chai";
import type { InstanceScheduleArgs } from "../../../components/instances/args";
import { InstanceSchedule } from "../../../components/instances/instanceSchedule";
import { rules } from "../../../policies/policies";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../../helpers/components/mocks";
import { violations } from "../../helpers/policies/policies";

const functionType = "aws:lambda/function:Function";
const scheduleType = "aws:scheduler/schedule:Schedule";
const instances = "arn:aws:ec2:eu-west-1:123456789012:instance/*";
const tag = { key: "office", value: "yes" };
const start = "cron(0 7 ? * MON-FRI *)";
const stop = "cron(0 19 ? * MON-FRI *)";

describe("InstanceSchedule", () => {
  beforeEach(startMocks);

  function schedule(args: Partial<InstanceScheduleArgs> = {}): InstanceSchedule {
    return new InstanceSchedule("office", { tag, start, stop, ...args });
  }

  async function statements(): Promise<Record<string, unknown>[]> {
    return JSON.parse((await inputsOf("aws:iam/rolePolicy:RolePolicy", "office")).policy).Statement;
  }

  it("calls its function at both times, in the time zone, with what to do", async () => {
    schedule({ timeZone: "Europe/Berlin", flexibleMinutes: 5 });
    const schedules = (await resources()).filter(({ type }) => type === scheduleType).map(({ inputs }) => inputs);
    expect(schedules.map(({ scheduleExpression, target }) => [scheduleExpression, target.input])).to.deep.equal([
      [start, '{"action":"start"}'],
      [stop, '{"action":"stop"}'],
    ]);
    for (const { scheduleExpressionTimezone, flexibleTimeWindow, state, target } of schedules) {
      expect(scheduleExpressionTimezone).to.equal("Europe/Berlin");
      expect(flexibleTimeWindow).to.deep.equal({ mode: "FLEXIBLE", maximumWindowInMinutes: 5 });
      expect(state).to.equal("ENABLED");
      expect(target.deadLetterConfig.arn).to.match(/office-dead-letters/);
    }
  });

  it("lets its function list instances, and start and stop those with the tag, and no others", async () => {
    schedule();
    const own = (await statements()).filter(({ Action }) => String(Action).startsWith("ec2:"));
    expect(own).to.deep.equal([
      { Effect: "Allow", Action: ["ec2:DescribeInstances"], Resource: ["*"] },
      {
        Effect: "Allow",
        Action: ["ec2:StartInstances", "ec2:StopInstances"],
        Resource: [instances],
        Condition: { StringEquals: { "aws:ResourceTag/office": "yes" } },
      },
    ]);
  });

  it("does only what it is given a time for", async () => {
    schedule({ start: undefined, enabled: false });
    expect(await inputsOf(scheduleType)).to.include({ scheduleExpression: stop, state: "DISABLED" });
    expect(JSON.stringify(await statements()))
      .to.include("ec2:StopInstances")
      .and.not.include("ec2:StartInstances");
  });

  it("tells its function the limits, and lets it call the one that drains", async () => {
    const drain = "arn:aws:lambda:eu-west-1:123456789012:function:drain";
    schedule({ minimumUptime: 30, minimumRunning: 2, dryRun: true, drainFunctionArn: drain, logRetentionDays: 7 });
    const { environment, timeout } = await inputsOf(functionType);
    expect(environment.variables).to.deep.equal({
      INSTANCE_TAG_KEY: "office",
      INSTANCE_TAG_VALUE: "yes",
      MINIMUM_UPTIME_MINUTES: "30",
      MINIMUM_RUNNING: "2",
      DRY_RUN: "true",
      DRAIN_FUNCTION: drain,
    });
    expect(timeout).to.equal(900);
    expect(await statements()).to.deep.include({
      Effect: "Allow",
      Action: ["lambda:InvokeFunction"],
      Resource: [drain],
    });
    expect(await inputsOf("aws:cloudwatch/logGroup:LogGroup")).to.include({ retentionInDays: 7 });
  });

  it("retries calls as it is told, and encrypts the schedules", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/0a";
    schedule({ stop: undefined, retries: 3, maximumAge: 600, kmsKeyArn });
    const { target, ...inputs } = await inputsOf(scheduleType);
    expect(target.retryPolicy).to.deep.equal({ maximumRetryAttempts: 3, maximumEventAgeInSeconds: 600 });
    expect(inputs.kmsKeyArn).to.equal(kmsKeyArn);
    const { policy } = await inputsOf("aws:iam/rolePolicy:RolePolicy", "office-start-scheduler");
    expect(JSON.parse(policy).Statement).to.deep.include({
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: [kmsKeyArn],
    });
  });

  it("gives other functions access to the instances", async () => {
    const one = schedule();
    const { environment, statements: given } = one.access(["describe", "stop"]);
    expect(environment).to.deep.equal({ INSTANCE_TAG_KEY: "office", INSTANCE_TAG_VALUE: "yes" });
    expect(given.map(({ actions }) => actions)).to.deep.equal([["ec2:DescribeInstances"], ["ec2:StopInstances"]]);
    expect(await resolved(given[1]?.resources[0] ?? "")).to.equal(instances);
    expect(one.describeAccess.statements).to.have.length(1);
    expect(one.startAccess.statements[1]?.actions).to.deep.equal(["ec2:StartInstances"]);
  });

  it("outputs its function and the queue with the calls that failed", async () => {
    const one = schedule();
    expect(await resolved(one.functionName)).to.equal("office-1234567");
  });

  it("breaks no policy", async () => {
    schedule({ alarmTopicArns: ["arn:aws:sns:eu-west-1:123456789012:alarms"] });
    const found = (await resources()).map(({ type, name, inputs }) => violations(rules, { type, name, props: inputs }));
    expect((await Promise.all(found)).flat()).to.deep.equal([]);
  });

  const wrong: [what: string, args: Partial<InstanceScheduleArgs>, path: string, reason: RegExp][] = [
    ["no time", { start: undefined, stop: undefined }, "start", /^is missing, and so is `stop`/],
    ["a schedule that cannot be read", { stop: "cron(0 19 * *)" }, "stop", /write rate\(1 day\)/],
    ["a day that does not exist", { start: "cron(0 7 31 2 ? *)" }, "start", /^is "cron\(0 7 31 2 \? \*\)"; /],
    ["a time zone that does not exist", { timeZone: "Berlin" }, "timeZone", /"Europe\/Berlin"/],
    ["the same time twice", { stop: start }, "stop", /as `start` is/],
    ["a tag of AWS's", { tag: { key: "aws:cloudformation:stack-name", value: "a" } }, "tag.key", /for itself/],
    ["a tag that is a pattern", { tag: { key: "office", value: "*" } }, "tag", /match other tags too/],
    ["a minimum without `stop`", { stop: undefined, minimumRunning: 1 }, "minimumRunning", /^is for `stop`/],
    ["a long minimum", { minimumUptime: 10_081 }, "minimumUptime", /from 0 to 10080/],
  ];
  for (const [what, args, path, reason] of wrong) {
    it(`refuses ${what}`, async () => {
      const found = mistakes(() => schedule(args));
      expect(found.map(([place]) => place)).to.deep.equal([path]);
      expect(found[0]?.[1]).to.match(reason);
      expect(await resources()).to.deep.equal([]);
    });
  }

  it("refuses a name that is too long for its parts", () => {
    const long = "a".repeat(60);
    expect(mistakes(() => new InstanceSchedule(long, { tag, start })).map(([path]) => path)).to.deep.equal(["name"]);
  });
});
