import {
  AddInstanceGroupsCommand,
  type AddInstanceGroupsCommandInput,
  CreateSecurityConfigurationCommand,
  type CreateSecurityConfigurationCommandInput,
  DescribeClusterCommand,
  EMRClient,
  ListInstanceGroupsCommand,
  ListStepsCommand,
  RunJobFlowCommand,
  type RunJobFlowCommandInput,
} from "@aws-sdk/client-emr";
import { expect } from "chai";
import type { EmrClusterArgs } from "../../../../components/emr/cluster/args";
import type { Graph } from "../../../../offline";
import { callService, requestMistakes } from "../../../helpers/aws/callService";
import { type Moto, pythonHas, startMoto } from "../../../helpers/aws/moto";
import { inputsOf, named, registered } from "../../../helpers/components/registered";
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

  it("satisfies the constraints of botocore's model of the API", function () {
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

  describe("is accepted by moto through the SDK", () => {
    let moto: Moto;
    let client: EMRClient;
    let subnet: string;

    before(async function () {
      if (!pythonHas("moto.server")) return this.skip();
      moto = await startMoto();
      const credentials = { accessKeyId: "test", secretAccessKey: "test" };
      client = new EMRClient({ endpoint: moto.endpoint, region: "eu-west-1", credentials });
      const [answer] = await callService(moto.endpoint, "ec2", [["DescribeSubnets", {}]]);
      subnet = answer?.Subnets[0].SubnetId;
    });
    after(() => {
      client?.destroy();
      moto?.stop();
    });

    /** moto looks for the subnet, and has only its own. */
    function run(name: string, changes: Partial<RunJobFlowCommandInput> = {}) {
      const request = made<RunJobFlowCommandInput>(graph, name, clusterType);
      const Instances = { ...request.Instances, Ec2SubnetId: subnet, Ec2SubnetIds: undefined };
      return client.send(new RunJobFlowCommand({ ...request, Instances, ...changes }));
    }

    for (const name of Object.keys(clusters)) {
      it(`the cluster "${name}" with its security configuration`, async () => {
        const type = "aws:emr/securityConfiguration:SecurityConfiguration";
        const configuration = made<CreateSecurityConfigurationCommandInput>(graph, name, type);
        await client.send(new CreateSecurityConfigurationCommand(configuration));
        const { JobFlowId } = await run(name);
        const { Cluster } = await client.send(new DescribeClusterCommand({ ClusterId: JobFlowId }));
        const inputs = inputsOf(named(graph, name, clusterType));
        expect(Cluster).to.deep.include({
          ReleaseLabel: inputs.releaseLabel,
          LogUri: inputs.logUri,
          SecurityConfiguration: configuration.Name,
          TerminationProtected: inputs.terminationProtection,
        });
        const { Steps } = await client.send(new ListStepsCommand({ ClusterId: JobFlowId }));
        expect(Steps).to.have.lengthOf(inputs.steps?.length ?? 0);
      });
    }

    it("the groups, to which task nodes are added", async () => {
      const { JobFlowId } = await run("groups", { SecurityConfiguration: undefined });
      const added = made<AddInstanceGroupsCommandInput>(graph, "groups-task", "aws:emr/instanceGroup:InstanceGroup");
      await client.send(new AddInstanceGroupsCommand({ ...added, JobFlowId }));
      const { InstanceGroups = [] } = await client.send(new ListInstanceGroupsCommand({ ClusterId: JobFlowId }));
      const groups = InstanceGroups.map((group) => [
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

/** The request that creates a resource. */
function made<Request>(graph: Graph, name: string, type: string): Request {
  const [, request] = requestOf(named(graph, name, type)) ?? [];
  return request as Request;
}
