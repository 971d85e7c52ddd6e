import { expect } from "chai";
import type { EmrClusterArgs } from "../../../../components/emr/cluster/args";
import { EmrCluster } from "../../../../components/emr/cluster/emrCluster";
import {
  inputsOf,
  mistakes,
  type Registered,
  resolved,
  resources,
  startMocks,
} from "../../../helpers/components/mocks";
import { emrArgs, ofGroups, withCore, withStep, withTask } from "./emrArgs";

const clusterType = "aws:emr/cluster:Cluster";
const groupType = "aws:ec2/securityGroup:SecurityGroup";
const arn = (service: string, name: string) => `arn:aws:${service}:eu-west-1:123456789012:${name}-1234567`;
const managedTag = { "for-use-with-amazon-emr-managed-policies": "true" };

describe("EmrCluster", () => {
  beforeEach(startMocks);

  async function cluster(args: EmrClusterArgs): Promise<Registered["inputs"]> {
    new EmrCluster("main", args);
    return inputsOf(clusterType);
  }

  async function made(type: string): Promise<string[]> {
    return (await resources()).filter((one) => one.type === type).map(({ name }) => name);
  }

  const spot = (allocationStrategy: string, timeoutDurationMinutes: number, timeoutAction: string) => [
    { allocationStrategy, timeoutDurationMinutes, timeoutAction },
  ];
  const onDemandSpecifications = [{ allocationStrategy: "lowest-price" }];
  const gp3 = { size: 64, type: "gp3", iops: 3000, volumesPerInstance: 1 };

  it("has Hadoop and Spark on a primary and a core node, in private subnets, and terminates itself when idle", async () => {
    const { masterInstanceFleet: _, coreInstanceFleet: __, ...inputs } = await cluster(emrArgs());
    expect(inputs).to.deep.equal({
      releaseLabel: "emr-7.10.0",
      applications: ["Hadoop", "Spark"],
      ec2Attributes: {
        instanceProfile: "main-nodes-1234567",
        subnetIds: ["subnet-1"],
        emrManagedMasterSecurityGroup: "main-primary-id",
        emrManagedSlaveSecurityGroup: "main-core-id",
        serviceAccessSecurityGroup: "main-service-id",
      },
      serviceRole: arn("iam", "main-service"),
      securityConfiguration: "main-1234567",
      stepConcurrencyLevel: 1,
      keepJobFlowAliveWhenNoSteps: true,
      autoTerminationPolicy: { idleTimeout: 3600 },
      terminationProtection: false,
      unhealthyNodeReplacement: true,
      ebsRootVolumeSize: 32,
      logUri: "s3://logs/emr/",
      logEncryptionKmsKeyId: arn("kms", "main"),
      tags: managedTag,
    });
  });

  it("has fleets of several On-Demand Graviton types, with a volume where a type has no disk", async () => {
    const instanceTypes = ["m7g.xlarge", "m7gd.2xlarge"];
    const { masterInstanceFleet, coreInstanceFleet } = await cluster(withCore({ instanceTypes, onDemand: 4 }));
    const types = masterInstanceFleet.instanceTypeConfigs.map((one: Registered["inputs"]) => one.instanceType);
    expect(types).to.deep.equal(["m8g.xlarge", "m7g.xlarge", "m6g.xlarge"]);
    expect(masterInstanceFleet).to.deep.include({ targetOnDemandCapacity: 1, targetSpotCapacity: 0 });
    expect(coreInstanceFleet).to.deep.equal({
      name: "core",
      targetOnDemandCapacity: 4,
      targetSpotCapacity: 0,
      instanceTypeConfigs: [
        { instanceType: "m7g.xlarge", weightedCapacity: 1, ebsConfigs: [gp3] },
        { instanceType: "m7gd.2xlarge", weightedCapacity: 2, ebsConfigs: [] },
      ],
      launchSpecifications: { onDemandSpecifications },
    });
  });

  it("takes Spot instances, or On-Demand ones if there are none in time", async () => {
    const { coreInstanceFleet } = await cluster(withCore({ onDemand: 1, spot: 3, bidPercentage: 60 }));
    expect(coreInstanceFleet).to.deep.include({ targetOnDemandCapacity: 1, targetSpotCapacity: 3 });
    expect(coreInstanceFleet.instanceTypeConfigs[0].bidPriceAsPercentageOfOnDemandPrice).to.equal(60);
    expect(coreInstanceFleet.launchSpecifications.spotSpecifications).to.deep.equal(
      spot("price-capacity-optimized", 30, "SWITCH_TO_ON_DEMAND"),
    );
  });

  it("passes on the other settings of fleets", async () => {
    const { coreInstanceFleet } = await cluster(
      withCore({
        spot: 2,
        spotAllocationStrategy: "diversified",
        spotTimeoutMinutes: 5,
        spotTimeoutAction: "TERMINATE_CLUSTER",
        volumes: [{ size: 100, type: "io1", iops: 300, count: 2 }],
      }),
    );
    const { instanceTypeConfigs, launchSpecifications } = coreInstanceFleet;
    expect(launchSpecifications.spotSpecifications).to.deep.equal(spot("diversified", 5, "TERMINATE_CLUSTER"));
    expect(instanceTypeConfigs[0].ebsConfigs).to.deep.equal([
      { size: 100, type: "io1", iops: 300, volumesPerInstance: 2 },
    ]);
  });

  it("has groups of one type each in the first subnet", async () => {
    const subnetIds = ["subnet-1", "subnet-2"];
    const inputs = await cluster(ofGroups({ subnetIds, core: { onDemand: 2 }, workload: "memory" }));
    expect(inputs.ec2Attributes).to.include({ subnetId: "subnet-1" });
    expect(inputs).to.not.have.any.keys("masterInstanceFleet", "coreInstanceFleet");
    const group = { instanceType: "r8g.xlarge", ebsConfigs: [gp3] };
    expect(inputs.masterInstanceGroup).to.deep.equal({ name: "primary", instanceCount: 1, ...group });
    expect(inputs.coreInstanceGroup).to.deep.equal({ name: "core", instanceCount: 2, ...group });
  });

  it("adds task nodes as a fleet or as a group", async () => {
    new EmrCluster("fleets", withTask({ spot: 2 }));
    new EmrCluster("groups", withTask({ onDemand: 2 }, ofGroups()));
    const fleet = await inputsOf("aws:emr/instanceFleet:InstanceFleet");
    expect(fleet).to.deep.include({ clusterId: "fleets-id", name: "task", targetSpotCapacity: 2 });
    const group = await inputsOf("aws:emr/instanceGroup:InstanceGroup");
    expect(group).to.deep.include({ clusterId: "groups-id", name: "task", instanceCount: 2 });
  });

  for (const [what, args, most] of [
    ["the initial size", { core: { onDemand: 1 }, task: { spot: 2 } }, 1],
    ["no On-Demand capacity", { core: { spot: 1 } }, 0],
    [
      "one On-Demand unit, as the provider drops a 0",
      { core: { spot: 1 }, scaling: { minimum: 1, maximum: 8, maximumCore: 2 } },
      1,
    ],
  ] as const) {
    it(`grows on Spot beyond ${what}, if there is Spot`, async () => {
      new EmrCluster("mixed", emrArgs({ scaling: { minimum: 1, maximum: 8 }, ...args }));
      const { computeLimits } = await inputsOf("aws:emr/managedScalingPolicy:ManagedScalingPolicy");
      expect(computeLimits[0].maximumOndemandCapacityUnits).to.equal(most);
    });
  }

  it("scales fleets in their own units, and groups in instances or vCPUs", async () => {
    const scaling = { minimum: 1, maximum: 8 };
    new EmrCluster("fleets", emrArgs({ scaling: { ...scaling, maximumOnDemand: 2, maximumCore: 3 } }));
    new EmrCluster("groups", ofGroups({ scaling }));
    new EmrCluster("vcpus", ofGroups({ scaling: { ...scaling, unit: "VCPU" } }));
    const limits = async (name: string) =>
      (await inputsOf("aws:emr/managedScalingPolicy:ManagedScalingPolicy", name)).computeLimits[0];
    expect(await limits("fleets")).to.deep.equal({
      unitType: "InstanceFleetUnits",
      minimumCapacityUnits: 1,
      maximumCapacityUnits: 8,
      maximumCoreCapacityUnits: 3,
      maximumOndemandCapacityUnits: 2,
    });
    expect(await limits("groups")).to.deep.equal({
      unitType: "Instances",
      minimumCapacityUnits: 1,
      maximumCapacityUnits: 8,
      maximumOndemandCapacityUnits: 8,
    });
    expect((await limits("vcpus")).unitType).to.equal("VCPU");
    const { coreInstanceFleet, masterInstanceFleet } = await inputsOf(clusterType, "fleets");
    expect(coreInstanceFleet.launchSpecifications.spotSpecifications).to.have.lengthOf(1);
    expect(masterInstanceFleet.launchSpecifications).to.not.have.property("spotSpecifications");
  });

  it("survives the loss of one of three primary nodes on different racks, is protected, and does not terminate itself", async () => {
    const inputs = await cluster(emrArgs({ highAvailability: true }));
    expect(inputs.masterInstanceFleet.targetOnDemandCapacity).to.equal(3);
    expect(inputs).to.deep.include({
      terminationProtection: true,
      placementGroupConfigs: [{ instanceRole: "MASTER", placementStrategy: "SPREAD" }],
    });
    expect(inputs).to.not.have.property("autoTerminationPolicy");
    expect(await made("aws:iam/rolePolicyAttachment:RolePolicyAttachment")).to.include("main-placement");
  });

  it("runs steps and scripts, with configurations, an image and all other settings", async () => {
    const inputs = await cluster(
      withStep(
        { actionOnFailure: "TERMINATE_CLUSTER" },
        {
          bootstrapActions: [{ name: "prepare", path: "s3://code/prepare.sh", args: ["now"] }],
          configurations: { "spark-defaults": { "spark.sql.shuffle.partitions": "64" }, "spark-env": { A: "1" } },
          imageId: "ami-0123456789abcdef0",
          rootVolumeSize: 50,
          idleTimeout: 0,
          logUri: "s3://logs",
        },
      ),
    );
    expect(inputs).to.deep.include({
      steps: [
        {
          name: "one",
          actionOnFailure: "TERMINATE_CLUSTER",
          hadoopJarStep: { jar: "command-runner.jar", args: ["spark-submit"] },
        },
      ],
      bootstrapActions: [{ name: "prepare", path: "s3://code/prepare.sh", args: ["now"] }],
      customAmiId: "ami-0123456789abcdef0",
      ebsRootVolumeSize: 50,
      logUri: "s3://logs/",
    });
    expect(inputs).to.not.have.property("autoTerminationPolicy");
    const configurations = JSON.parse(inputs.configurationsJson);
    expect(configurations.map((one: { Classification: string }) => one.Classification)).to.include.members([
      "spark-defaults",
      "spark-env",
    ]);
  });

  it("runs a jar with its main class", async () => {
    const jar = { command: undefined, jar: "s3://code/a.jar", mainClass: "A", args: ["1"] };
    const { steps } = await cluster(withStep(jar, { stepConcurrency: 4 }));
    expect(steps[0]).to.deep.equal({
      name: "one",
      actionOnFailure: "CONTINUE",
      hadoopJarStep: { jar: "s3://code/a.jar", mainClass: "A", args: ["1"] },
    });
  });

  it("lets nothing into its security groups but what EMR adds and EMR's service", async () => {
    await cluster(emrArgs());
    for (const name of ["main-primary", "main-core"]) {
      const { ingress, egress, ...group } = await inputsOf(groupType, name);
      expect(group).to.deep.include({ vpcId: "vpc-1", revokeRulesOnDelete: true, tags: managedTag });
      expect(ingress).to.deep.equal([]);
      expect(egress[0]).to.include({ fromPort: 443, toPort: 443 });
    }
    const { ingress, egress, ...service } = await inputsOf(groupType, "main-service");
    expect(service).to.deep.include({ revokeRulesOnDelete: true, tags: managedTag });
    expect(ingress).to.have.lengthOf(1);
    expect(ingress[0]).to.deep.include({ fromPort: 9443, toPort: 9443, securityGroups: ["main-primary-id"] });
    expect(egress).to.have.lengthOf(1);
    expect(egress[0]).to.deep.include({
      fromPort: 8443,
      toPort: 8443,
      securityGroups: ["main-primary-id", "main-core-id"],
    });
  });

  it("describes its security groups in characters that EC2 allows", async () => {
    await cluster(emrArgs());
    const groups = (await resources()).filter(({ type }) => type === groupType).map(({ inputs }) => inputs);
    const rules = groups.flatMap(({ ingress, egress }) => [...ingress, ...egress]);
    for (const { description } of [...groups, ...rules]) {
      expect(description).to.match(/^[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/);
    }
  });

  it("outputs its id, its ARN, its primary node, its key and its runtime roles", async () => {
    const security = { runtimeRoles: { daily: [] } };
    const { clusterId, clusterArn, kmsKeyArn, runtimeRoleArns, key } = new EmrCluster("main", emrArgs({ security }));
    expect(await resolved(clusterId)).to.equal("main-id");
    expect(await resolved(clusterArn)).to.equal(arn("emr", "main"));
    expect(await resolved(kmsKeyArn)).to.equal(arn("kms", "main"));
    expect(await resolved(runtimeRoleArns)).to.deep.equal({ daily: arn("iam", "main-runtime-daily") });
    expect(key).to.not.equal(undefined);
  });

  it("tags everything, including what it starts", async () => {
    const tags = { team: "a" };
    const { tags: ofCluster } = await cluster(
      withTask({ spot: 1 }, { tags, alarmTopicArns: ["arn:topic"], security: { runtimeRoles: { daily: [] } } }),
    );
    expect(ofCluster).to.deep.equal({ ...tags, ...managedTag });
    const untaggable = /[rR]olePolicy|EventTarget|SecurityConfiguration|InstanceFleet|^graviton:/;
    const taggable = (await resources()).filter(({ type }) => !untaggable.test(type));
    expect(taggable.filter(({ inputs }) => inputs.tags?.team !== "a").map(({ type }) => type)).to.deep.equal([]);
  });

  it("reports mistakes before anything is registered", async () => {
    const found = mistakes(() => new EmrCluster("main", emrArgs({ core: { instanceTypes: ["m5.xlarge"] } })));
    expect(found.map(([path]) => path)).to.deep.equal(["core.instanceTypes[0]"]);
    expect(await resources()).to.deep.equal([]);
  });

  it("only reads the outputs of a cluster that another program created", async () => {
    const urn = "urn:pulumi:stack::project::graviton:index:EmrCluster::main";
    const main = new EmrCluster("main", emrArgs(), { urn });
    expect(main).to.include.keys("clusterId", "clusterArn", "primaryDns", "kmsKeyArn", "runtimeRoleArns");
    expect(main).not.to.have.property("cluster");
    expect(() => main.access("read")).to.throw("call it where the cluster is created");
    expect(await made(clusterType)).to.deep.equal([]);
  });
});
