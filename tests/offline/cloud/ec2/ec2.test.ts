import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  DescribeTagsCommand,
  EC2Client,
  type EC2ServiceException,
  type Instance,
  RebootInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import type { AwsEvent } from "../../../../offline/cloud/core/types";
import { Instances } from "../../../../offline/cloud/ec2/instances";
import { ec2 } from "../../../../offline/cloud/ec2/operations";
import type { Resource } from "../../../../offline/engine/graph";
import { DOCUMENTATION, testFact, testFacts } from "../../../helpers/facts";
import { closeServices, serveServices } from "../../../helpers/offline/core";
import { arnOf, group, instance, instanceId } from "../../../helpers/offline/ec2";
import { refusal } from "../../../helpers/offline/emr";
import { graphOf } from "../../../helpers/offline/graph";
import { until } from "../../../helpers/offline/served";

const DOCUMENTED = { service: "EC2", source: DOCUMENTATION };
const ONE = instanceId(1);
const MISSING = "i-0fedcba9876543210";

/** For instances that stay on their way. */
const FOREVER = 60_000;

const serve = (...resources: Resource[]) => serveFor(20, ...resources);

async function serveFor(transitionMilliseconds: number, ...resources: Resource[]) {
  const events: AwsEvent[] = [];
  const log: string[] = [];
  const instances = new Instances({
    publish: (event) => events.push(event),
    log: (line) => log.push(line),
    transitionMilliseconds,
  });
  const reconcile = (...next: Resource[]) => instances.reconcile(graphOf("/project", ...next));
  reconcile(...resources);
  const { client, call } = await serveServices([ec2.serve(instances)]);
  const sdk = new EC2Client(client);
  const describe = async (input: DescribeInstancesCommandInput = {}): Promise<Instance[]> => {
    const { Reservations = [] } = await sdk.send(new DescribeInstancesCommand(input));
    return Reservations.flatMap(({ Instances: all = [] }) => all);
  };
  const ids = async (...Filters: [string, ...string[]][]) =>
    (await describe({ Filters: Filters.map(([Name, ...Values]) => ({ Name, Values })) })).map(
      ({ InstanceId }) => InstanceId,
    );
  const stateOf = (id: string) => instances.find([id])[0]?.state;
  const enters = (id: string, state: string) => until(() => stateOf(id) === state);
  return { sdk, call, describe, ids, events, log, instances, reconcile, stateOf, enters };
}

const start = (...InstanceIds: string[]) => new StartInstancesCommand({ InstanceIds });
const stop = (...InstanceIds: string[]) => new StopInstancesCommand({ InstanceIds });

describe("The offline EC2", () => {
  afterEach(closeServices);

  it("describes the program's instances", async () => {
    const { describe } = await serve(
      instance(1, { Name: "one" }, { iamInstanceProfile: "worker", vpcSecurityGroupIds: ["sg-1"] }),
      instance(2, {}, { instanceType: "m7i.large", associatePublicIpAddress: false }),
    );
    const [one, two] = await describe();
    expect(one).to.deep.include({
      InstanceId: ONE,
      ImageId: "ami-0123456789abcdef0",
      InstanceType: "m8g.large",
      Architecture: "arm64",
      State: { Code: 16, Name: "running" },
      Tags: [{ Key: "Name", Value: "one" }],
      PrivateIpAddress: "10.0.0.11",
      PrivateDnsName: "ip-10-0-0-11.eu-west-1.compute.internal",
      PublicIpAddress: "203.0.113.10",
      SecurityGroups: [{ GroupId: "sg-1", GroupName: "sg-1" }],
    });
    expect(one?.IamInstanceProfile?.Arn).to.equal("arn:aws:iam::123456789012:instance-profile/worker");
    expect(Date.now() - Number(one?.LaunchTime)).to.be.within(0, 60_000);
    expect(two).to.include({ Architecture: "x86_64" }).and.not.have.property("PublicIpAddress");
  });

  it("launches the instances of Auto Scaling groups by their launch templates", async () => {
    const { describe } = await serve(...group(3));
    const all = await describe();
    expect(all.map(({ Placement }) => Placement?.AvailabilityZone).sort()).to.deep.equal([
      "eu-west-1a",
      "eu-west-1a",
      "eu-west-1b",
    ]);
    expect(new Set(all.map(({ InstanceId }) => InstanceId)).size).to.equal(3);
    expect(all[0]).to.include({ InstanceType: "c8g.large", VpcId: "vpc-1", InstanceLifecycle: "spot" });
    expect(all[0]?.ImageId).to.match(/^ami-[\da-f]{17}$/);
    expect(all[0]?.Tags).to.have.deep.members([
      { Key: "Name", Value: "worker" },
      { Key: "team", Value: "data" },
      { Key: "aws:autoscaling:groupName", Value: "workers-1" },
    ]);
  });

  it("stops and starts instances, which takes time, and publishes each state", async () => {
    const { sdk, events, log, describe, enters } = await serve(instance(1));
    const { StoppingInstances } = await sdk.send(stop(ONE));
    expect(StoppingInstances).to.deep.equal([
      { InstanceId: ONE, CurrentState: { Code: 64, Name: "stopping" }, PreviousState: { Code: 16, Name: "running" } },
    ]);
    await enters(ONE, "stopped");
    const [stopped] = await describe();
    expect(stopped?.StateReason?.Code).to.equal("Client.UserInitiatedShutdown");
    expect(stopped?.StateTransitionReason).to.match(/^User initiated \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d GMT\)$/);
    expect(stopped).not.to.have.property("PublicIpAddress");
    const { StartingInstances } = await sdk.send(start(ONE));
    expect(StartingInstances?.[0]?.CurrentState?.Name).to.equal("pending");
    await enters(ONE, "running");
    expect(events.map(({ detail }) => detail)).to.deep.equal(
      ["stopping", "stopped", "pending", "running"].map((state) => ({ "instance-id": ONE, state })),
    );
    expect(events[0]).to.deep.include({
      source: "aws.ec2",
      detailType: "EC2 Instance State-change Notification",
      resources: [arnOf(ONE)],
      region: "eu-west-1",
    });
    expect(log).to.include(`worker-1 ${ONE} | stopped`);
  });

  it("terminates instances, which stay visible", async () => {
    const { sdk, ids, enters } = await serve(instance(1), instance(2));
    await sdk.send(new TerminateInstancesCommand({ InstanceIds: [ONE] }));
    await enters(ONE, "terminated");
    expect(await ids(["instance-state-name", "terminated"])).to.deep.equal([ONE]);
    const refused = await refusal(sdk.send(start(ONE)));
    expect(refused).to.include("IncorrectInstanceState");
  });

  it("lets a group replace an instance that has been stopped", async () => {
    const { sdk, ids, enters } = await serve(...group(1));
    const [first = ""] = await ids();
    await sdk.send(stop(String(first)));
    await enters(String(first), "terminated");
    const running = () => ids(["instance-state-name", "pending", "running"]);
    await until(async () => (await running()).length === 1);
    expect(await running()).not.to.include(first);
  });

  it("keeps the states and tags of instances through a reload, and scales groups", async () => {
    const { sdk, reconcile, stateOf, enters, describe, ids } = await serve(instance(1, { a: "1" }), instance(2));
    await sdk.send(stop(ONE));
    await enters(ONE, "stopped");
    await sdk.send(new CreateTagsCommand({ Resources: [ONE], Tags: [{ Key: "own", Value: "2" }] }));
    const changes = reconcile(instance(1, { b: "3" }), instance(3), ...group(2));
    expect(changes).to.deep.equal([
      { action: "updated", kind: "instance", name: "worker-1" },
      { action: "added", kind: "instance", name: "worker-3" },
      { action: "removed", kind: "instance", name: "worker-2" },
    ]);
    expect(stateOf(ONE)).to.equal("stopped");
    expect((await describe({ InstanceIds: [ONE] }))[0]?.Tags).to.have.deep.members([
      { Key: "own", Value: "2" },
      { Key: "b", Value: "3" },
    ]);
    expect(await ids(["tag:team", "data"])).to.have.length(2);
    reconcile(...group(1));
    expect(await ids()).to.have.length(1);
  });

  it("filters by states, types and tags, with wildcards", async () => {
    const { ids, sdk } = await serve(
      instance(1, { env: "dev", team: "data" }),
      instance(2, { env: "prod" }, { instanceType: "c8g.large" }),
      instance(3, {}, { instanceType: "c8g.xlarge" }),
    );
    await sdk.send(stop(instanceId(3)));
    const [one, two, three] = [1, 2, 3].map(instanceId);
    expect(await ids(["tag:env", "dev", "prod"])).to.deep.equal([one, two]);
    expect(await ids(["tag:env", "*"], ["tag-key", "team"])).to.deep.equal([one]);
    expect(await ids(["instance-type", "c8g.*"])).to.deep.equal([two, three]);
    expect(await ids(["instance-type", "c8g.*"], ["instance-state-name", "running"])).to.deep.equal([two]);
    expect(await ids(["instance-id", String(one), String(three)])).to.deep.equal([one, three]);
    const other = sdk.send(new DescribeInstancesCommand({ Filters: [{ Name: "colour", Values: ["red"] }] }));
    expect(await refusal(other)).to.match(/^InvalidParameterValue: The filter 'colour' is invalid/);
  });

  it("pages instances, with tokens for their own query alone", async () => {
    const { sdk } = await serve(...[1, 2, 3, 4, 5, 6].map((digit) => instance(digit)));
    const page = (input: DescribeInstancesCommandInput) => sdk.send(new DescribeInstancesCommand(input));
    const first = await page({ MaxResults: 5 });
    expect(first.Reservations).to.have.length(5);
    const second = await page({ MaxResults: 5, NextToken: first.NextToken });
    expect(second.Reservations).to.have.length(1);
    expect(second).not.to.have.property("NextToken");
    const other = page({ NextToken: first.NextToken, Filters: [{ Name: "vpc-id", Values: ["*"] }] });
    expect(await refusal(other)).to.include("InvalidParameterValue");
  });

  it("tells the status of instances that run, and of others if it is asked", async () => {
    const { sdk } = await serveFor(FOREVER, instance(1), instance(2));
    await sdk.send(stop(ONE));
    const { InstanceStatuses = [] } = await sdk.send(new DescribeInstanceStatusCommand({}));
    expect(InstanceStatuses.map(({ InstanceId }) => InstanceId)).to.deep.equal([instanceId(2)]);
    expect(InstanceStatuses[0]?.InstanceStatus).to.deep.equal({
      Status: "ok",
      Details: [{ Name: "reachability", Status: "passed" }],
    });
    const all = await sdk.send(new DescribeInstanceStatusCommand({ IncludeAllInstances: true, InstanceIds: [ONE] }));
    expect(all.InstanceStatuses?.[0]?.InstanceState?.Name).to.equal("stopping");
  });

  it("creates, lists and deletes tags", async () => {
    const { sdk } = await serve(instance(1, { a: "1", b: "2" }), instance(2, { a: "1" }));
    await sdk.send(new CreateTagsCommand({ Resources: [ONE, instanceId(2)], Tags: [{ Key: "c", Value: "" }] }));
    const remove = (Tags?: { Key: string; Value?: string }[]) =>
      sdk.send(new DeleteTagsCommand({ Resources: [ONE], Tags }));
    await remove([{ Key: "a", Value: "other" }, { Key: "b" }]);
    const tags = async () => {
      const { Tags = [] } = await sdk.send(
        new DescribeTagsCommand({ Filters: [{ Name: "resource-id", Values: [ONE] }] }),
      );
      return Tags.map(({ Key, Value, ResourceType }) => [ResourceType, Key, Value].join(" "));
    };
    expect(await tags()).to.deep.equal(["instance a 1", "instance c "]);
    await remove();
    expect(await tags()).to.deep.equal([]);
    const { Tags = [] } = await sdk.send(new DescribeTagsCommand({ Filters: [{ Name: "key", Values: ["a"] }] }));
    expect(Tags.map(({ ResourceId }) => ResourceId)).to.deep.equal([instanceId(2)]);
  });

  const refusals = [
    {
      fact: "refuses an id of the wrong form",
      command: stop("worker-1"),
      code: "InvalidInstanceID.Malformed",
      message: /^Invalid id: "worker-1"$/,
    },
    {
      fact: "refuses an id that does not exist",
      command: start(MISSING),
      code: "InvalidInstanceID.NotFound",
      message: /^The instance ID 'i-0fedcba9876543210' does not exist$/,
    },
    {
      fact: "names all ids that do not exist, and changes nothing",
      command: stop(ONE, MISSING, "i-01234567"),
      code: "InvalidInstanceID.NotFound",
      message: /^The instance IDs 'i-0fedcba9876543210, i-01234567' do not exist$/,
    },
    {
      fact: "does not stop a Spot Instance of a one-time request",
      command: stop(instanceId(2)),
      code: "UnsupportedOperation",
      message: /one-time Spot Instance request/,
    },
    {
      fact: "does not stop an instance with stop protection",
      command: stop(instanceId(3)),
      code: "OperationNotPermitted",
      message: /may not be stopped. Modify its 'disableApiStop' instance attribute/,
    },
    {
      fact: "does not terminate an instance with termination protection",
      command: new TerminateInstancesCommand({ InstanceIds: [instanceId(3)] }),
      code: "OperationNotPermitted",
      message: /'disableApiTermination'/,
    },
    {
      fact: "does not hibernate an instance that is not configured for it",
      command: new StopInstancesCommand({ InstanceIds: [ONE], Hibernate: true }),
      code: "UnsupportedOperation",
      message: /hibernation/,
    },
    {
      fact: "answers DryRun with an error, and changes nothing",
      command: new StopInstancesCommand({ InstanceIds: [ONE], DryRun: true }),
      code: "DryRunOperation",
      status: 412,
      message: /^Request would have succeeded, but DryRun flag is set\.$/,
    },
    {
      fact: "refuses tags with AWS's own prefix",
      command: new CreateTagsCommand({ Resources: [ONE], Tags: [{ Key: "aws:a", Value: "" }] }),
      code: "InvalidParameterValue",
      message: /Tag keys starting with 'aws:' are reserved/,
    },
    {
      fact: "refuses more than 50 tags",
      command: new CreateTagsCommand({
        Resources: [ONE],
        Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: "" })),
      }),
      code: "TagLimitExceeded",
      message: /maximum number of Tags/,
    },
    {
      fact: "refuses pages of fewer than 5",
      command: new DescribeInstancesCommand({ MaxResults: 4 }),
      code: "InvalidParameterValue",
      message: /maxResults/,
    },
    {
      fact: "refuses ids together with a page size",
      command: new DescribeInstancesCommand({ MaxResults: 5, InstanceIds: [ONE] }),
      code: "InvalidParameterCombination",
      message: /instancesSet cannot be used with the parameter maxResults/,
    },
    {
      fact: "demands ids",
      command: new StopInstancesCommand({ InstanceIds: undefined }),
      code: "MissingParameter",
      message: /^The request must contain the parameter InstanceId$/,
    },
  ];
  testFacts({ ...DOCUMENTED, facts: refusals }, async ({ command, code, status = 400, message }) => {
    const { sdk, stateOf } = await serve(
      instance(1),
      instance(2, {}, { instanceMarketOptions: { marketType: "spot" } }),
      instance(3, {}, { disableApiStop: true, disableApiTermination: true }),
    );
    const error: EC2ServiceException = await sdk.send(command as StopInstancesCommand).then(
      () => expect.fail("it was not refused"),
      (one) => one,
    );
    expect(error.name).to.equal(code);
    expect(error.message).to.match(message);
    expect(error.$metadata.httpStatusCode).to.equal(status);
    expect(stateOf(ONE)).to.equal("running");
  });

  testFact(DOCUMENTED, "starts no instance that is stopping, and stops none that is pending", async () => {
    const { sdk, reconcile, ids } = await serveFor(FOREVER, instance(1), ...group(0));
    await sdk.send(stop(ONE));
    expect(await refusal(sdk.send(start(ONE)))).to.equal(
      `IncorrectInstanceState: The instance '${ONE}' is not in a state from which it can be started.`,
    );
    reconcile(instance(1), ...group(1));
    const [launched] = await ids(["instance-state-name", "pending"]);
    expect(await refusal(sdk.send(stop(String(launched))))).to.include("IncorrectInstanceState");
  });

  testFact(DOCUMENTED, "accepts to start what runs, and to stop what has stopped", async () => {
    const { sdk, enters, events } = await serve(instance(1));
    const { StartingInstances } = await sdk.send(start(ONE));
    expect(StartingInstances?.[0]?.CurrentState).to.deep.equal({ Code: 16, Name: "running" });
    await sdk.send(stop(ONE));
    await enters(ONE, "stopped");
    const { StoppingInstances } = await sdk.send(stop(ONE));
    expect(StoppingInstances?.[0]?.PreviousState).to.deep.equal({ Code: 80, Name: "stopped" });
    expect(events).to.have.length(2);
  });

  testFact(DOCUMENTED, "reboots only what runs", async () => {
    const { sdk } = await serveFor(FOREVER, instance(1), instance(2));
    await sdk.send(new RebootInstancesCommand({ InstanceIds: [ONE] }));
    await sdk.send(stop(ONE));
    const refused = await refusal(sdk.send(new RebootInstancesCommand({ InstanceIds: [ONE, instanceId(2)] })));
    expect(refused).to.include("IncorrectInstanceState");
  });

  it("reads EC2's forms, and writes its XML and its errors", async () => {
    const { call } = await serve(instance(1, { Name: "a & b" }));
    const form = { service: "ec2", headers: { "content-type": "application/x-www-form-urlencoded" } };
    const tagged = await call({
      ...form,
      body: "Action=DescribeTags&Version=2016-11-15&Filter.1.Name=key&Filter.1.Value.1=Na*",
    });
    expect(tagged.body).to.match(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<DescribeTagsResponse xmlns="http:\/\/ec2.amazonaws.com\/doc\/2016-11-15"><requestId>[\w-]+<\/requestId><tagSet><item><key>Name<\/key><resourceId>/,
    );
    const created = await call({
      ...form,
      body: `Action=CreateTags&Version=2016-11-15&ResourceId.1=${ONE}&Tag.1.Key=x`,
    });
    expect(created.body).to.match(/<\/requestId><return>true<\/return><\/CreateTagsResponse>$/);
    const unknown = await call({ ...form, body: "Action=Fly&Version=2016-11-15" });
    expect(unknown.status).to.equal(400);
    expect(unknown.body).to.match(
      /<Response><Errors><Error><Code>InvalidAction<\/Code><Message>The action Fly is not valid for this web service.<\/Message><\/Error><\/Errors><RequestID>[\w-]+<\/RequestID><\/Response>$/,
    );
    const foreign = await call({ ...form, body: "Action=DescribeVpcs&Version=2016-11-15" });
    expect(foreign.body).to.include("<Code>NotEmulated</Code>");
    const stranger = await call({
      ...form,
      body: "Action=DescribeTags",
      credentials: { accessKeyId: "AKIASTRANGER", secretAccessKey: "x" },
    });
    expect(stranger.status).to.equal(401);
    expect(stranger.body).to.include("<Response><Errors><Error><Code>AuthFailure</Code>");
  });
});
