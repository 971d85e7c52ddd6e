import { expect } from "chai";
import type { handler as Handler, Report } from "../../../../components/instances/run/schedule";
import { AwsError } from "../../../../offline/cloud/core/awsError";
import { defineService } from "../../../../offline/cloud/core/defineService";
import type { Resource } from "../../../../offline/engine/graph";
import { type FaultyEc2, startEc2Service } from "../../../helpers/aws/ec2Service";
import { setEnvironment } from "../../../helpers/handlers/handlerInstance";
import { group, instance, instanceId } from "../../../helpers/offline/ec2";
import { graphOf } from "../../../helpers/offline/graph";
import { failureOf } from "../../../helpers/offline/program";

const entry = require.resolve("../../../../components/instances/run/schedule");
const TAG = { office: "yes" };
const FOREVER = 60_000;

const ids = (...digits: number[]) => digits.map(instanceId);

describe("The function of an InstanceSchedule", () => {
  let ec2: FaultyEc2;
  let lines: string[];
  let restore: () => void;
  /** What the draining function returns for each instance; a text is thrown. */
  let answers: Record<string, unknown>;
  const { log } = console;

  const lambda = defineService<object>("lambda", {
    Invoke: (_, { Payload }: { Payload: Buffer }) => {
      const answer = answers[JSON.parse(Payload.toString()).instanceId];
      if (typeof answer !== "string") return { Payload: JSON.stringify(answer) };
      return { FunctionError: "Unhandled", Payload: JSON.stringify({ errorMessage: answer }) };
    },
  });

  async function serve(resources: Resource[], environment: Record<string, string> = {}, milliseconds?: number) {
    ec2 = await startEc2Service(resources, { transitionMilliseconds: milliseconds, others: [lambda.serve({})] });
    restore = setEnvironment({
      AWS_ENDPOINT_URL: ec2.endpoint,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      INSTANCE_TAG_KEY: "office",
      INSTANCE_TAG_VALUE: "yes",
      ...environment,
    });
  }

  /** Calls a function that has just been deployed. */
  function run(action: string): Promise<Report> {
    delete require.cache[entry];
    const { handler } = require(entry) as { handler: typeof Handler };
    console.log = (line: string) => lines.push(line);
    return handler({ action: action as "start" }).finally(() => {
      console.log = log;
    });
  }

  const outcomes = (report: Report) =>
    Object.fromEntries(
      report.instances.map(({ id, outcome, reason }) => [id, [outcome, reason].filter(Boolean).join(": ")]),
    );
  const logged = (): Report => JSON.parse(lines.at(-1) ?? "");
  const stateOf = (id: string) => ec2.service.find([id])[0]?.state;
  const requests = (operation: string) => ec2.requests.filter((one) => one.operation === operation);

  beforeEach(() => {
    lines = [];
    answers = {};
  });

  afterEach(async () => {
    restore();
    await ec2.close();
  });

  it("stops and starts the instances with the tag, and logs what became of each", async () => {
    await serve([instance(1, TAG), instance(2, TAG), instance(3, { office: "no" }), instance(4)]);
    const report = await run("stop");
    expect(logged()).to.deep.equal(report);
    expect(report).to.deep.include({ action: "stop", tag: "office=yes", dryRun: false });
    expect(report.counts).to.deep.equal({ changed: 2, skipped: 0, failed: 0 });
    expect(outcomes(report)).to.have.all.keys(ids(1, 2));
    expect(ids(3, 4).map(stateOf)).to.deep.equal(["running", "running"]);
    while (ids(1, 2).some((id) => stateOf(id) !== "stopped")) await new Promise(setImmediate);
    expect((await run("start")).counts.changed).to.equal(2);
    expect(stateOf(instanceId(1))).to.be.oneOf(["pending", "running"]);
  });

  it("finds nothing to do the second time", async () => {
    await serve([instance(1, TAG)]);
    expect((await run("start")).counts).to.deep.equal({ changed: 0, skipped: 0, failed: 0 });
    expect(requests("StartInstances")).to.deep.equal([]);
  });

  it("names 50 instances in a request at most, whatever the pages of the list", async () => {
    const many = Array.from({ length: 120 }, (_, index) => {
      const id = `i-${String(index).padStart(17, "0")}`;
      return { ...instance(1, TAG), urn: `urn:${id}`, outputs: { ...instance(1, TAG).outputs, id } };
    });
    await serve(many);
    expect((await run("stop")).counts.changed).to.equal(120);
    const sizes = requests("StopInstances").map(({ input }) => (input.InstanceIds as string[]).length);
    expect(sizes).to.deep.equal([50, 50, 20]);
  });

  it("leaves instances of Auto Scaling groups alone, which would be replaced", async () => {
    const [subnetA, subnetB, template, workers] = group(1) as [Resource, Resource, Resource, Resource];
    const tags = [{ key: "office", value: "yes", propagateAtLaunch: true }];
    const tagged = { ...workers, inputs: { ...workers.inputs, tags }, outputs: { ...workers.outputs, tags } };
    await serve([subnetA, subnetB, template, tagged]);
    const report = await run("stop");
    expect(report.counts).to.deep.equal({ changed: 0, skipped: 1, failed: 0 });
    expect(report.instances[0]?.reason).to.match(
      /^belongs to the Auto Scaling group workers-1, which would replace it/,
    );
  });

  it("keeps on what has just started, and as many as it must", async () => {
    await serve([instance(1, TAG), instance(2, TAG), instance(3, TAG)], { MINIMUM_RUNNING: "1" });
    for (const [index, one] of ec2.service.all.entries()) one.launchedAt = Date.now() - (index + 1) * 60_000;
    const report = await run("stop");
    expect(outcomes(report)).to.deep.equal({
      [instanceId(3)]: "changed",
      [instanceId(2)]: "changed",
      [instanceId(1)]: "skipped: is one of the 1 that stay on",
    });
  });

  it("lets an instance run for its minimum", async () => {
    await serve([instance(1, TAG), instance(2, TAG)], { MINIMUM_UPTIME_MINUTES: "10" });
    const [one] = ec2.service.find([instanceId(1)]);
    if (one) one.launchedAt = Date.now() - 11 * 60_000;
    const report = await run("stop");
    expect(outcomes(report)).to.deep.equal({
      [instanceId(1)]: "changed",
      [instanceId(2)]: "skipped: has run for less than 10 minutes",
    });
  });

  it("only asks EC2 in a dry run, and drains nothing", async () => {
    await serve([instance(1, TAG), instance(2, TAG, { disableApiStop: true })], {
      DRY_RUN: "true",
      DRAIN_FUNCTION: "drain",
    });
    const message = (await failureOf(run("stop"))).message;
    expect(message).to.match(/^1 of 2 instances did not stop: i-0123456789abcdef2 OperationNotPermitted: /);
    expect(logged().counts).to.deep.equal({ changed: 1, skipped: 0, failed: 1 });
    expect(ids(1, 2).map(stateOf)).to.deep.equal(["running", "running"]);
    expect(requests("Invoke")).to.deep.equal([]);
  });

  it("drains an instance before it stops it, and waits for one that is not ready", async () => {
    await serve(
      [1, 2, 3, 4].map((digit) => instance(digit, TAG)),
      { DRAIN_FUNCTION: "drain" },
    );
    const [ready = "", busy = "", broken = "", silent = ""] = ids(1, 2, 3, 4);
    answers = {
      [ready]: { ready: true },
      [busy]: { ready: false, reason: "runs a job" },
      [broken]: "no database",
      [silent]: {},
    };
    const message = (await failureOf(run("stop"))).message;
    expect(message).to.match(/^2 of 4 instances did not stop: /);
    const report = outcomes(logged());
    expect(report[ready]).to.equal("changed");
    expect(report[busy]).to.equal("skipped: runs a job");
    expect(report[broken]).to.equal('failed: was not drained: {"errorMessage":"no database"}');
    expect(report[silent]).to.equal(
      'failed: was not drained: drain returned {}; it must return { "ready": true } or { "ready": false }',
    );
    expect([busy, broken, silent].map(stateOf)).to.deep.equal(["running", "running", "running"]);
  });

  it("stops the others when EC2 refuses one, and fails at the end", async () => {
    const spot = { instanceMarketOptions: { marketType: "spot" } };
    await serve([
      instance(1, TAG),
      instance(2, TAG, spot),
      instance(3, TAG),
      instance(4, TAG, { disableApiStop: true }),
    ]);
    const message = (await failureOf(run("stop"))).message;
    expect(message).to.match(
      /^2 of 4 instances did not stop: i-0123456789abcdef2 UnsupportedOperation: .*; i-0123456789abcdef4 /,
    );
    expect(logged().counts).to.deep.equal({ changed: 2, skipped: 0, failed: 2 });
    expect(ids(1, 3).map(stateOf)).to.not.include("running");
  });

  it("skips an instance that somebody else has changed meanwhile", async () => {
    await serve([instance(1, TAG), instance(2, TAG)]);
    ec2.before("StopInstances", () => void ec2.service.reconcile(graphOf("/project", instance(2, TAG))));
    const report = await run("stop");
    expect(report.counts).to.deep.equal({ changed: 1, skipped: 1, failed: 0 });
    expect(outcomes(report)[instanceId(1)]).to.match(/^skipped: InvalidInstanceID.NotFound: /);
  });

  it("fails for an instance on its way, so that the retry changes it", async () => {
    await serve([instance(1, TAG)], {}, FOREVER);
    await run("stop");
    const message = (await failureOf(run("start"))).message;
    expect(message).to.equal(`1 of 1 instances did not start: ${instanceId(1)} is still stopping`);
  });

  it("tries again when EC2 throttles, and reports a lack of capacity for each instance", async () => {
    await serve([instance(1, TAG), instance(2, TAG)]);
    ec2.faults.DescribeInstances = ["throttle"];
    ec2.faults.StopInstances = ["throttle"];
    expect((await run("stop")).counts.changed).to.equal(2);
    expect(requests("StopInstances")).to.have.length(2);
    while (ids(1, 2).some((id) => stateOf(id) !== "stopped")) await new Promise(setImmediate);
    const lack = new AwsError("InsufficientInstanceCapacity", "There is no capacity.", 400);
    // Both together, and then the first of them.
    ec2.faults.StartInstances = [lack, lack];
    expect((await failureOf(run("start"))).message).to.equal(
      `1 of 2 instances did not start: ${instanceId(1)} InsufficientInstanceCapacity: There is no capacity.`,
    );
    expect(stateOf(instanceId(2))).to.not.equal("stopped");
  });

  it("refuses another action", async () => {
    await serve([]);
    expect((await failureOf(run("toString"))).message).to.equal(
      'The action is "toString"; send { "action": "start" } or { "action": "stop" }',
    );
  });
});
