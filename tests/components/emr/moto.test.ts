import { expect } from "chai";
import type { EmrClusterArgs } from "../../../components/emr/args";
import { type Graph, resourcesOfType } from "../../../offline";
import { type Moto, pythonHas, requestMistakes, startMoto } from "../../helpers/moto";
import { inputsOf, named, registered } from "../../helpers/registered";
import { emrArgs, ofGroups, withStep, withTask } from "./emrArgs";
import { requestOf } from "./requests";

const clusterType = "aws:emr/cluster:Cluster";
const scaling = { minimum: 1, maximum: 8, maximumOnDemand: 0 };

const clusters: Record<string, EmrClusterArgs> = {
  fleets: withTask(
    { spot: 2, bidPercentage: 60 },
    { scaling: { ...scaling, maximumOnDemand: 1 }, tags: { team: "a" } },
  ),
  groups: ofGroups({
    core: { volumes: [{ size: 64 }, { size: 500, type: "st1" }] },
    task: { onDemand: 1 },
    scaling: { minimum: 2, maximum: 8, unit: "Instances" },
  }),
  disks: emrArgs({ core: { onDemand: 2, volumes: [{ size: 100, type: "io1", iops: 300, count: 2 }] } }),
  available: emrArgs({
    highAvailability: true,
    applications: ["Spark", "Trino"],
    core: { onDemand: 2 },
    configurations: { "trino-connector-hive": { "hive.metastore": "glue" } },
  }),
  guarded: withStep(
    {},
    {
      bootstrapActions: [{ name: "prepare", path: "s3://code/prepare.sh" }],
      configurations: { "spark-env": { A: "1" } },
      imageId: "ami-0123456789abcdef0",
      security: {
        certificates: "s3://code/certificates.zip",
        kerberos: { realm: "EXAMPLE.COM", kdcAdminPassword: "secret" },
      },
    },
  ),
};

describe("what EmrCluster registers", function () {
  this.timeout(60_000);
  let graph: Graph;

  before(async () => {
    graph = await registered("EmrCluster", clusters);
  });

  it("passes the constraints of botocore's model of the API", function () {
    if (!pythonHas("botocore")) return this.skip();
    const all = graph.resources.flatMap((resource) => {
      const request = requestOf(resource);
      return request ? [request] : [];
    });
    expect(all.map(([operation]) => operation)).to.include.members([
      ...["RunJobFlow", "CreateSecurityConfiguration", "AddInstanceFleet", "AddInstanceGroups"],
      "PutManagedScalingPolicy",
    ]);
    expect(requestMistakes("emr", all)).to.equal("");
  });

  describe("is taken by moto over the wire", () => {
    let moto: Moto;
    let subnet: string;

    before(async function () {
      if (!pythonHas("moto.server")) return this.skip();
      moto = await startMoto();
      const subnets = await moto.query("ec2", { Action: "DescribeSubnets", Version: "2016-11-15" });
      subnet = /<subnetId>([^<]+)/.exec(subnets)?.[1] ?? "";
    });
    after(() => moto?.stop());

    const call = (operation: string, request: object) =>
      moto.json("elasticmapreduce", `ElasticMapReduce.${operation}`, request);

    for (const name of Object.keys(clusters)) {
      it(`the cluster "${name}" with its security configuration`, async () => {
        const configuration = named(graph, name, "aws:emr/securityConfiguration:SecurityConfiguration");
        const cluster = named(graph, name, clusterType);
        await call(...(requestOf(configuration) as [string, object]));
        const [, request] = requestOf(cluster) as [string, { Instances: object }];
        // moto looks for the subnet, and there is none but its own.
        const Instances = { ...request.Instances, Ec2SubnetId: subnet, Ec2SubnetIds: undefined };
        const { JobFlowId } = await call("RunJobFlow", { ...request, Instances });
        const { Cluster } = await call("DescribeCluster", { ClusterId: JobFlowId });
        const inputs = inputsOf(cluster);
        expect(Cluster).to.deep.include({
          ReleaseLabel: inputs.releaseLabel,
          LogUri: inputs.logUri,
          SecurityConfiguration: configuration.outputs.name,
          TerminationProtected: inputs.terminationProtection,
        });
        const { Steps } = await call("ListSteps", { ClusterId: JobFlowId });
        expect(Steps).to.have.lengthOf(inputs.steps?.length ?? 0);
      });
    }

    it("the groups, to which task nodes are added", async () => {
      const [, request] = requestOf(named(graph, "groups", clusterType)) as [string, { Instances: object }];
      const Instances = { ...request.Instances, Ec2SubnetId: subnet };
      const { JobFlowId } = await call("RunJobFlow", { ...request, SecurityConfiguration: undefined, Instances });
      const [task] = resourcesOfType(graph, "aws:emr/instanceGroup:InstanceGroup");
      if (!task) throw new Error("no task nodes");
      const [, added] = requestOf(task) as [string, object];
      await call("AddInstanceGroups", { ...added, JobFlowId });
      const { InstanceGroups } = await call("ListInstanceGroups", { ClusterId: JobFlowId });
      const groups = (InstanceGroups as Record<string, unknown>[]).map((group) => [
        group.InstanceGroupType,
        group.InstanceType,
        group.RequestedInstanceCount,
      ]);
      expect(groups).to.have.deep.members([
        ["MASTER", "m8g.xlarge", 1],
        ["CORE", "m8g.xlarge", 1],
        ["TASK", "m8g.xlarge", 1],
      ]);
    });
  });
});
