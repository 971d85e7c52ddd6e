import { expect } from "chai";
import { AwsError } from "../../../offline/cloud/core/awsError";
import { type FaultyEc2, startEc2Service } from "../../helpers/aws/ec2Service";
import type { StartedFunction } from "../../helpers/handlers/handlerInstance";
import { startInstancesFunction, TAG } from "../../helpers/handlers/instancesFunction";
import { group, instance, instanceId } from "../../helpers/offline/ec2";
import { until } from "../../helpers/offline/served";

const MANAGED = { [TAG.key]: TAG.value };
const [ONE = "", TWO = "", SPOT = "", FOREIGN = ""] = [1, 2, 3, 4].map(instanceId);
const MISSING = "i-0fedcba9876543210";
const FOREVER = 60_000;

describe("The instances API", () => {
  let ec2: FaultyEc2;
  let api: StartedFunction;

  async function serve(transitionMilliseconds?: number) {
    const [...rest] = group(1);
    const workers = rest.pop();
    if (!workers) throw new Error("there is no group");
    const tags = [{ key: TAG.key, value: TAG.value, propagateAtLaunch: true }];
    const resources = [
      instance(1, { ...MANAGED, Name: "one" }),
      instance(2, MANAGED),
      instance(3, MANAGED, { instanceMarketOptions: { marketType: "spot" } }),
      instance(4, { pool: "others" }),
      ...[5, 6, 7].map((digit) => instance(digit, MANAGED)),
      ...rest,
      { ...workers, inputs: { ...workers.inputs, tags }, outputs: { ...workers.outputs, tags } },
    ];
    ec2 = await startEc2Service(resources, { transitionMilliseconds });
    api = await startInstancesFunction(ec2.endpoint, ec2);
  }

  const change = (id: string, action: "start" | "stop") => api.call("POST", `/instances/${id}/${action}`);
  const stateOf = (id: string) => ec2.service.find([id])[0]?.state;
  const idsOf = (body: Record<string, unknown>) => (body.instances as { id: string }[]).map(({ id }) => id);
  const requests = (operation: string) => ec2.requests.filter((one) => one.operation === operation).length;

  afterEach(() => api.close());

  it("lists the instances with the tag, page by page", async () => {
    await serve();
    const first = await api.call("GET", "/instances", { query: { limit: "5" } });
    expect(first.status).to.equal(200);
    const token = String(first.body.nextToken);
    const second = await api.call("GET", "/instances", { query: { limit: "5", nextToken: token } });
    expect(second.body).to.not.have.property("nextToken");
    const all = [...idsOf(first.body), ...idsOf(second.body)];
    expect(all).to.have.length(7).and.include(ONE).and.not.include(FOREIGN);
    expect((first.body.instances as object[])[0]).to.have.property("launchedAt");
    const other = await api.call("GET", "/instances", { query: { limit: "6", nextToken: token } });
    expect(other.status).to.equal(400);
    const found = [first, second]
      .flatMap(({ body }) => body.instances as { id: string }[])
      .find(({ id }) => id === ONE);
    expect(found).to.deep.include({
      name: "one",
      type: "m8g.large",
      architecture: "arm64",
      zone: "eu-west-1a",
      state: "running",
    });
  });

  it("lists the instances in one state", async () => {
    await serve();
    await change(ONE, "stop");
    await until(() => stateOf(ONE) === "stopped");
    expect(idsOf((await api.call("GET", "/instances", { query: { state: "stopped" } })).body)).to.deep.equal([ONE]);
    expect((await api.call("GET", "/instances", { query: { state: "asleep" } })).status).to.equal(400);
    expect((await api.call("GET", "/instances", { query: { limit: "4" } })).status).to.equal(400);
  });

  it("stops and starts an instance, and answers a repeated request alike", async () => {
    await serve();
    const stopped = await change(ONE, "stop");
    expect(stopped.status).to.equal(202);
    expect(stopped.body).to.deep.equal({ id: ONE, state: "stopping" });
    await until(() => stateOf(ONE) === "stopped");
    expect((await change(ONE, "stop")).body).to.deep.equal({ id: ONE, state: "stopped" });
    expect((await change(ONE, "start")).body).to.deep.equal({ id: ONE, state: "pending" });
    await until(() => stateOf(ONE) === "running");
    const again = await change(ONE, "start");
    expect([again.status, again.body.state]).to.deep.equal([202, "running"]);
  });

  it("knows no instance without the tag", async () => {
    await serve();
    for (const id of [MISSING, FOREIGN]) {
      const { status, headers, body } = await change(id, "stop");
      expect(status).to.equal(404);
      expect(headers["Content-Type"]).to.equal("application/problem+json");
      expect(body).to.include({ type: "urn:problem:not-found", detail: `There is no instance ${id}.` });
    }
    expect(stateOf(FOREIGN)).to.equal("running");
    expect(requests("StopInstances")).to.equal(0);
    expect((await change("worker", "stop")).status).to.equal(400);
  });

  it("reports an instance in a state that does not allow the change", async () => {
    await serve(FOREVER);
    await change(ONE, "stop");
    const { status, body } = await change(ONE, "start");
    expect(status).to.equal(409);
    expect(body.detail).to.equal(`The instance '${ONE}' is not in a state from which it can be started.`);
  });

  it("reports an instance that cannot be stopped at all", async () => {
    await serve();
    const spot = await change(SPOT, "stop");
    expect(spot.status).to.equal(409);
    expect(spot.body.detail).to.match(/one-time Spot Instance request/);
    const member = String(ec2.service.all.find(({ definition }) => definition.group)?.id);
    const grouped = await change(member, "stop");
    expect(grouped.status).to.equal(409);
    expect(grouped.body.detail).to.match(/belongs to the Auto Scaling group workers-1, which would replace it/);
    expect(stateOf(member)).to.equal("running");
  });

  it("reports an instance that has been terminated meanwhile", async () => {
    await serve();
    ec2.before("StopInstances", () => {
      ec2.faults.StopInstances = [new AwsError("InvalidInstanceID.NotFound", "The instance ID does not exist")];
    });
    expect((await change(TWO, "stop")).status).to.equal(404);
  });

  it("tries again when EC2 throttles, and tells the caller when to, when it does not stop", async () => {
    await serve();
    ec2.faults.StopInstances = ["throttle"];
    expect((await change(ONE, "stop")).status).to.equal(202);
    expect(requests("StopInstances")).to.equal(2);
    ec2.faults.DescribeInstances = ["throttle", "throttle", "throttle"];
    const { status, headers, body } = await api.call("GET", "/instances");
    expect([status, headers["Retry-After"], body.type]).to.deep.equal([503, "1", "urn:problem:unavailable"]);
  });

  it("reports a lack of capacity", async () => {
    await serve();
    await change(ONE, "stop");
    await until(() => stateOf(ONE) === "stopped");
    const lack = new AwsError("InsufficientInstanceCapacity", "There is no Spot capacity in 123456789012.", 400);
    ec2.faults.StartInstances = [lack];
    const { status, headers, body } = await change(ONE, "start");
    expect([status, headers["Retry-After"]]).to.deep.equal([503, "120"]);
    expect(body.detail).to.match(/^EC2 has no capacity/);
    expect((await change(ONE, "start")).status).to.equal(202);
  });

  it("says nothing about a failure of its own", async () => {
    await serve();
    ec2.faults.DescribeInstances = [new AwsError("UnauthorizedOperation", "arn:aws:sts::123456789012:x may not", 403)];
    const { error } = console;
    console.error = () => undefined;
    const { status, body } = await api.call("GET", "/instances").finally(() => {
      console.error = error;
    });
    expect(status).to.equal(500);
    expect(JSON.stringify(body)).to.not.include("arn:aws");
  });
});
