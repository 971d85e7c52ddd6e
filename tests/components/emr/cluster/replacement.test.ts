import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { EmrCluster } from "../../../../components/emr/cluster/emrCluster";
import { fixedTaskFleet } from "../../../../components/emr/cluster/nodes";
import type { Graph } from "../../../../offline";
import { resourcesOfType } from "../../../../offline";
import { resources, startMocks } from "../../../helpers/components/mocks";
import { named, only, registered } from "../../../helpers/components/registered";
import { emrArgs, ofGroups, withTask } from "./emrArgs";

const clusterType = "aws:emr/cluster:Cluster";
const scaling = { minimum: 1, maximum: 4 };

/**
 * Pulumi creates the replacement of a resource, updates its dependents, and then deletes the old one; it deletes in the
 * reverse order of dependencies. So: new cluster, what watches it, old cluster, and IAM and the network last.
 */
describe("the replacement of an EMR cluster", function () {
  this.timeout(60_000);
  let graph: Graph;

  before(async () => {
    const alarmTopicArns = ["arn:aws:sns:eu-west-1:123456789012:alarms"];
    graph = await registered("EmrCluster", {
      fleets: withTask({ spot: 1 }, { scaling, alarmTopicArns, highAvailability: true, core: { onDemand: 2 } }),
      groups: ofGroups({ scaling, task: { onDemand: 1 } }),
      plain: emrArgs(),
    });
  });

  const ignored = (name: string, type: string) => named(graph, name, type).options.ignoreChanges ?? [];

  it("can create the new one alongside the old one: no name is fixed, and only the scaling policy is deleted first", () => {
    const made = graph.resources.filter(({ type }) => /^aws:(emr|iam|ec2|kms)\//.test(type));
    expect(made).to.have.length.above(40);
    for (const { name, type, inputs, outputs, options } of made) {
      const physical = outputs.name ?? name;
      const free = inputs.name === undefined || (inputs.name === physical && inputs.name !== name);
      // The names of nodes are within their cluster, and that of an instance profile is its role's.
      const inner = /^aws:emr\/instance/.test(type) || /instanceProfile/.test(type);
      expect(free || inner, `${type} ${name}`).to.equal(true);
      const unnamed = /managedScalingPolicy/.test(type);
      expect(options.deleteBeforeReplace ?? false, name).to.equal(unnamed);
    }
  });

  it("keeps the machines' roles and network until they are gone", () => {
    const { dependencies } = named(graph, "fleets", clusterType);
    for (const [name, type] of [
      ["fleets-nodes", "aws:iam/instanceProfile:InstanceProfile"],
      ["fleets-nodes", "aws:iam/rolePolicy:RolePolicy"],
      ["fleets-service", "aws:iam/rolePolicy:RolePolicy"],
      ["fleets-service", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"],
      ["fleets-placement", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"],
      ["fleets-service", "aws:ec2/securityGroup:SecurityGroup"],
      ["fleets", "aws:emr/securityConfiguration:SecurityConfiguration"],
      ["fleets", "aws:kms/key:Key"],
    ] as const) {
      expect(dependencies, `${type} ${name}`).to.include(named(graph, name, type).urn);
    }
  });

  it("moves what watches the cluster to the new one", () => {
    const { urn } = named(graph, "fleets", clusterType);
    const lost = named(graph, "fleets-lost-nodes", "aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(lost.propertyDependencies.dimensions).to.include(urn);
    const rule = named(graph, "fleets-failed-step", "aws:cloudwatch/eventRule:EventRule");
    expect(rule.propertyDependencies.eventPattern).to.include(urn);
  });

  it("removes neither task nodes nor limits from a cluster that terminates", () => {
    const { urn } = named(graph, "fleets", clusterType);
    const fleet = only(graph, "aws:emr/instanceFleet:InstanceFleet");
    const policy = named(graph, "fleets", "aws:emr/managedScalingPolicy:ManagedScalingPolicy");
    for (const { name, options } of [fleet, policy]) expect(options.deletedWith, name).to.equal(urn);
  });

  it("does not happen because managed scaling has changed sizes", () => {
    expect(ignored("fleets", clusterType)).to.include.members([
      "coreInstanceFleet.targetOnDemandCapacity",
      "coreInstanceFleet.targetSpotCapacity",
    ]);
    expect(ignored("fleets-task", "aws:emr/instanceFleet:InstanceFleet")).to.have.members([
      "targetOnDemandCapacity",
      "targetSpotCapacity",
    ]);
    expect(ignored("groups", clusterType)).to.include("coreInstanceGroup.instanceCount");
    expect(ignored("groups-task", "aws:emr/instanceGroup:InstanceGroup")).to.have.members(["instanceCount"]);
  });

  it("does not happen because functions have added steps, nor an update because EMR has added rules", () => {
    for (const { name, options } of resourcesOfType(graph, clusterType)) {
      expect(options.ignoreChanges, name).to.include("steps");
    }
    expect(ignored("plain", clusterType)).to.have.members(["steps"]);
    for (const name of ["plain-primary", "plain-core"]) {
      expect(ignored(name, "aws:ec2/securityGroup:SecurityGroup")).to.include("ingress");
    }
  });

  it("happens for another fleet of task nodes, which a cluster accepts once, but not for another size", () => {
    const small = fixedTaskFleet(withTask({ spot: 1 }));
    expect(fixedTaskFleet(withTask({ spot: 4 }))).to.equal(small);
    expect(fixedTaskFleet(withTask({ spot: 1, workload: "cpu" }))).to.not.equal(small);
    expect(fixedTaskFleet(withTask({ spot: 1, spotTimeoutMinutes: 5 }))).to.not.equal(small);
    expect(fixedTaskFleet(emrArgs())).to.equal(undefined);
    expect(fixedTaskFleet(ofGroups({ task: { onDemand: 1 } }))).to.equal(undefined);
  });

  it("is triggered by a digest of that fleet", async () => {
    await startMocks();
    const triggers: unknown[] = [];
    const look = ({ type, opts }: pulumi.ResourceTransformationArgs) => {
      if (type === clusterType) triggers.push((opts as pulumi.ResourceOptions).replacementTrigger);
      return undefined;
    };
    const args = withTask({ spot: 1 });
    new EmrCluster("main", args, { transformations: [look] });
    await resources();
    expect(triggers).to.deep.equal([fixedTaskFleet(args)]);
  });
});
