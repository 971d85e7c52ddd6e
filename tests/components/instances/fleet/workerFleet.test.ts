import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { FleetGroupArgs, WorkerFleetArgs } from "../../../../components/instances/fleet/args";
import { WorkerFleet } from "../../../../components/instances/fleet/workerFleet";
import { rules } from "../../../../policies/policies";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../../../helpers/components/mocks";
import { violations } from "../../../helpers/policies/policies";

const groupType = "aws:autoscaling/group:Group";
const instanceType = "aws:ec2/instance:Instance";
const templateType = "aws:ec2/launchTemplate:LaunchTemplate";
const topic = "arn:aws:sns:eu-west-1:123456789012:alarms";
const key = "arn:aws:kms:eu-west-1:123456789012:key/0a";
const tag = { key: "office", value: "yes" };
const subnetIds = ["subnet-1", "subnet-2"];
const vpcId = "vpc-1";
const limits = { minimum: 1, maximum: 4 };

describe("WorkerFleet", () => {
  beforeEach(startMocks);

  function grouped(args: Partial<WorkerFleetArgs> = {}, group: Partial<FleetGroupArgs> = {}): WorkerFleet {
    return new WorkerFleet("workers", { tag, group: { ...limits, ...group }, subnetIds, vpcId, ...args });
  }

  function standing(args: Partial<WorkerFleetArgs> = {}): WorkerFleet {
    return new WorkerFleet("workers", { tag, instances: 3, subnetIds, vpcId, ...args });
  }

  async function statements(): Promise<Record<string, unknown>[]> {
    return JSON.parse((await inputsOf("aws:iam/rolePolicy:RolePolicy")).policy).Statement;
  }

  async function all(type: string) {
    return (await resources()).filter((one) => one.type === type).map(({ inputs }) => inputs);
  }

  it("launches Graviton instances with the newest Amazon Linux, encrypted volumes and version 2 of the metadata service", async () => {
    grouped();
    const template = await inputsOf(templateType);
    expect(template).to.deep.include({
      imageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
      instanceType: "m7g.large",
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      monitoring: { enabled: true },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeType: "gp3", volumeSize: 30, encrypted: "true", deleteOnTermination: "true" },
        },
      ],
    });
    expect(template).not.to.have.any.keys("keyName", "userData", "instanceMarketOptions");
    expect(template.iamInstanceProfile.arn).to.match(/workers/);
  });

  it("changes the template as it is told, and encodes the user data", async () => {
    const script = "#!/bin/bash\necho hello";
    const userData = pulumi.output(script);
    grouped({ imageId: "ami-0a", userData, volumeSize: 50, kmsKeyArn: key, metadataHopLimit: 2, monitoring: false });
    const template = await inputsOf(templateType);
    expect(template).to.deep.include({ imageId: "ami-0a", monitoring: { enabled: false } });
    expect(template.blockDeviceMappings[0].ebs).to.include({ volumeSize: 50, kmsKeyId: key, encrypted: "true" });
    expect(template.metadataOptions.httpPutResponseHopLimit).to.equal(2);
    expect(Buffer.from(template.userData, "base64").toString()).to.equal(script);
  });

  it("gives the instances no public address, and a security group that lets nobody in", async () => {
    grouped();
    const { networkInterfaces } = await inputsOf(templateType);
    expect(networkInterfaces).to.deep.equal([
      { deviceIndex: 0, associatePublicIpAddress: "false", securityGroups: ["workers-id"] },
    ]);
    const { ingress, egress } = await inputsOf("aws:ec2/securityGroup:SecurityGroup");
    expect(ingress).to.deep.equal([]);
    expect(egress).to.have.length(2);
  });

  it("tags the instances of a group and their volumes by the template", async () => {
    grouped({ tags: pulumi.output({ team: "a" }) });
    const tags = { Name: "workers", team: "a", office: "yes" };
    const { tagSpecifications } = await inputsOf(templateType);
    expect(tagSpecifications).to.deep.equal([
      { resourceType: "instance", tags },
      { resourceType: "volume", tags },
    ]);
    expect((await inputsOf(groupType)).tags).to.deep.include({ key: "office", value: "yes", propagateAtLaunch: false });
  });

  it("scales a group between its limits, in all subnets, and replaces the instances when the template changes", async () => {
    const one = grouped({ instanceTypes: ["m8g.large", "m7g.large"] });
    const group = await inputsOf(groupType);
    expect(group).to.deep.include({
      vpcZoneIdentifiers: subnetIds,
      minSize: 1,
      maxSize: 4,
      healthCheckType: "EC2",
      healthCheckGracePeriod: 300,
      capacityRebalance: false,
      instanceRefresh: { strategy: "Rolling", preferences: { minHealthyPercentage: 90 } },
    });
    expect(group).not.to.have.property("desiredCapacity");
    const { launchTemplate, instancesDistribution } = group.mixedInstancesPolicy;
    expect(launchTemplate.launchTemplateSpecification.launchTemplateId).to.equal("workers-id");
    expect(launchTemplate.overrides).to.deep.equal([{ instanceType: "m8g.large" }, { instanceType: "m7g.large" }]);
    expect(instancesDistribution.onDemandPercentageAboveBaseCapacity).to.equal(100);
    expect(await resolved(one.groupName ?? "")).to.equal("workers-1234567");
    expect(one.instanceIds).to.equal(undefined);
    expect(await all(instanceType)).to.deep.equal([]);
  });

  it("runs a group on Spot, and follows its settings", async () => {
    grouped({ spot: true }, { desired: 2, healthCheck: "EBS", gracePeriod: 0, refresh: false });
    const group = await inputsOf(groupType);
    expect(group).to.deep.include({
      desiredCapacity: 2,
      healthCheckType: "EBS",
      healthCheckGracePeriod: 0,
      capacityRebalance: true,
    });
    expect(group).not.to.have.property("instanceRefresh");
    const { instancesDistribution } = group.mixedInstancesPolicy;
    expect(instancesDistribution.onDemandPercentageAboveBaseCapacity).to.equal(0);
    expect(await inputsOf(templateType)).not.to.have.property("instanceMarketOptions");
  });

  it("makes instances without a group, in the subnets in turn, whose tags can change without replacing them", async () => {
    const one = standing({ tags: { team: "a" } });
    const made = await all(instanceType);
    expect(made.map(({ subnetId }) => subnetId)).to.deep.equal(["subnet-1", "subnet-2", "subnet-1"]);
    const tags = { Name: "workers", team: "a", office: "yes" };
    for (const instance of made) {
      expect(instance.launchTemplate.id).to.equal("workers-id");
      expect(instance).to.deep.include({
        associatePublicIpAddress: false,
        vpcSecurityGroupIds: ["workers-id"],
        tags,
        volumeTags: tags,
      });
    }
    expect(await inputsOf(templateType)).not.to.have.any.keys("tagSpecifications", "networkInterfaces");
    expect(await resolved(one.instanceIds ?? [])).to.deep.equal(["workers-0-id", "workers-1-id", "workers-2-id"]);
    expect(one.groupName).to.equal(undefined);
  });

  it("asks for instances on Spot that can be stopped", async () => {
    standing({ spot: true });
    expect((await inputsOf(templateType)).instanceMarketOptions).to.deep.equal({
      marketType: "spot",
      spotOptions: { spotInstanceType: "persistent", instanceInterruptionBehavior: "stop" },
    });
  });

  it("takes given security groups instead of its own", async () => {
    const one = standing({ vpcId: undefined, securityGroupIds: ["sg-1"] });
    expect((await all(instanceType)).map(({ vpcSecurityGroupIds }) => vpcSecurityGroupIds)).to.deep.equal(
      Array(3).fill(["sg-1"]),
    );
    expect(one.securityGroup).to.equal(undefined);
  });

  it("lets the workers use what they are given, and Session Manager open shells, and nothing else", async () => {
    const statement = { actions: ["sqs:ReceiveMessage"], resources: ["arn:aws:sqs:eu-west-1:123456789012:work"] };
    const one = grouped({ access: [{ environment: { QUEUE_URL: "url" }, statements: [statement] }] });
    expect(await statements()).to.deep.equal([
      { Effect: "Allow", Action: statement.actions, Resource: statement.resources },
      {
        Effect: "Allow",
        Action: ["ssm:UpdateInstanceInformation"],
        Resource: ["arn:aws:ec2:eu-west-1:123456789012:instance/*"],
      },
      {
        Effect: "Allow",
        Action: ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
          (action) => `ssmmessages:${action}`,
        ),
        Resource: ["*"],
      },
    ]);
    expect(await resolved(one.roleArn)).to.match(/workers/);
  });

  it("gives the role no policy if it needs none", async () => {
    grouped({ sessionManager: false });
    expect(await all("aws:iam/rolePolicy:RolePolicy")).to.deep.equal([]);
  });

  it("lets functions start and stop the instances with the tag, and those of a group only be listed", async () => {
    const one = standing();
    const { environment, statements: given } = one.access(["start", "stop"]);
    expect(environment).to.deep.equal({ INSTANCE_TAG_KEY: "office", INSTANCE_TAG_VALUE: "yes" });
    expect(given[1]).to.deep.include({
      actions: ["ec2:StartInstances", "ec2:StopInstances"],
      conditions: { StringEquals: { "aws:ResourceTag/office": "yes" } },
    });
    expect(one.stopAccess?.statements[1]?.actions).to.deep.equal(["ec2:StopInstances"]);
    const other = new WorkerFleet("others", { tag, group: limits, subnetIds, vpcId });
    expect(other.describeAccess.statements).to.have.length(1);
    expect(other.startAccess).to.equal(undefined);
    expect(() => other.access("stop")).to.throw(
      pulumi.RunError,
      /replaces instances that are stopped; write "describe"/,
    );
  });

  it("notifies topics of launches that failed, or of instances that fail their checks", async () => {
    grouped({ alarmTopicArns: [topic] });
    const { eventPattern } = await inputsOf("aws:cloudwatch/eventRule:EventRule", "workers-launch");
    expect(JSON.parse(eventPattern)).to.deep.include({ source: ["aws.autoscaling"] });
    await startMocks();
    standing({ alarmTopicArns: [topic], instances: 1 });
    expect(await inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm")).to.deep.include({
      metricName: "StatusCheckFailed",
      dimensions: { InstanceId: "workers-0-id" },
      alarmActions: [topic],
    });
  });

  for (const [what, create] of [
    ["group", grouped],
    ["number of instances", standing],
  ] as const) {
    it(`breaks no policy as a ${what}`, async () => {
      create({ alarmTopicArns: [topic], spot: true });
      const found = (await resources()).map(({ type, name, inputs }) =>
        violations(rules, { type, name, props: inputs }),
      );
      expect((await Promise.all(found)).flat()).to.deep.equal([]);
    });
  }

  const wrong: [what: string, args: Partial<WorkerFleetArgs>, path: string, reason: RegExp][] = [
    ["neither a group nor instances", { group: undefined }, "group", /^is missing, and so is `instances`/],
    ["both", { instances: 2 }, "instances", /^cannot be combined with `group`/],
    ["limits in the wrong order", { group: { minimum: 3, maximum: 2 } }, "group.maximum", /^is 2; write 3 or more/],
    ["a number outside the limits", { group: { ...limits, desired: 5 } }, "group.desired", /from 1 to 4 instances/],
    [
      "a percentage without a refresh",
      { group: { ...limits, refresh: false, minimumHealthy: 50 } },
      "group.minimumHealthy",
      /^does nothing without `refresh`/,
    ],
    ["no place for a security group", { vpcId: undefined }, "vpcId", /^is missing; write the VPC/],
    ["a VPC with security groups", { securityGroupIds: ["sg-1"] }, "vpcId", /^does nothing with `securityGroupIds`/],
    [
      "several types without a group",
      { group: undefined, instances: 1, instanceTypes: ["m7g.large", "m8g.large"] },
      "instanceTypes",
      /^has 2; write one, or a `group`/,
    ],
    [
      "an x86 type",
      { instanceTypes: ["m5.xlarge"] },
      "instanceTypes[0]",
      /^is "m5.xlarge", which is x86; write "m7g.xlarge"$/,
    ],
    ["a family", { instanceTypes: ["m7g"] }, "instanceTypes[0]", /^is "m7g", a family without a size; .* "m7g.large"$/],
    [
      "an x86 family",
      { instanceTypes: ["c5"] },
      "instanceTypes[0]",
      /^is "c5", a family without a size; .* "c7g.large"$/,
    ],
    [
      "a size that does not exist",
      { instanceTypes: ["m7g.24xlarge"] },
      "instanceTypes[0]",
      /^is "m7g.24xlarge", but m7g has no such size; write medium, /,
    ],
    [
      "a word of Batch's",
      { instanceTypes: ["optimal"] },
      "instanceTypes[0]",
      /^is "optimal", which is no type of EC2's/,
    ],
    ["a type of a database", { instanceTypes: ["db.m7g.large"] }, "instanceTypes[0]", /which is no type of EC2's/],
    ["a Mac", { instanceTypes: ["mac2.metal"] }, "instanceTypes[0]", /^is "mac2.metal", which is not a Graviton type/],
    ["a type twice", { instanceTypes: ["m7g.large", "m7g.large"] }, "instanceTypes[1]", /^"m7g.large" is listed twice/],
    [
      "a processor that the image does not run on",
      { instanceTypes: ["a1.large"] },
      "instanceTypes[0]",
      /or the `imageId` of an AMI for it$/,
    ],
    [
      "user data that is encoded already",
      { userData: "IyEvYmluL2Jhc2g=" },
      "userData",
      /^begins with nothing that cloud-init knows; begin with `#!\/bin\/bash`/,
    ],
    [
      "long user data",
      { userData: `#!/bin/sh\n${"é".repeat(8200)}` },
      "userData",
      /^has 16410 bytes; write at most 16384/,
    ],
    ["a tag of AWS's", { tag: { key: "aws:a", value: "b" } }, "tag.key", /for itself/],
    [
      "another value of the tag",
      { tags: { office: "no" } },
      "tags.office",
      /^is "no", but `tag` says "yes"; leave it out$/,
    ],
  ];
  for (const [what, args, path, reason] of wrong) {
    it(`refuses ${what}`, async () => {
      const found = mistakes(() => grouped(args));
      expect(found.map(([place]) => place)).to.deep.equal([path]);
      expect(found[0]?.[1]).to.match(reason);
      expect(await resources()).to.deep.equal([]);
    });
  }

  it("lists all mistakes at once", () => {
    const args = { vpcId: undefined, instanceTypes: ["m5.large"], userData: "hello", volumeSize: 4 };
    expect(mistakes(() => grouped(args)).map(([path]) => path)).to.have.members([
      ...["vpcId", "instanceTypes[0]", "userData", "volumeSize"],
    ]);
  });

  it("refuses a name that is too long for its role", () => {
    const create = () => new WorkerFleet("a".repeat(60), { tag, group: limits, subnetIds, vpcId });
    expect(mistakes(create).map(([path]) => path)).to.deep.equal(["name"]);
  });

  it("accepts older processors with an image of one's own", () => {
    expect(mistakes(() => grouped({ instanceTypes: ["a1.large"], imageId: "ami-0a" }))).to.deep.equal([]);
  });
});
