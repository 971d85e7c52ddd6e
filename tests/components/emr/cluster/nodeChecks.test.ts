import { expect } from "chai";
import { emrArgs, itRefuses, itTakes, mistakesOf, ofGroups, withCore, withTask } from "./emrArgs";

const many = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("the nodes of an EMR cluster are refused for", () => {
  itRefuses([
    [
      "an unknown kind of instances",
      emrArgs({ instances: "FLEET" as "INSTANCE_FLEET" }),
      "instances",
      /"INSTANCE_GROUP" or/,
    ],
    ["an unknown workload", emrArgs({ workload: "web" as "cpu" }), "workload", /write "general", "cpu"/],
    [
      "an unknown workload of a role",
      withCore({ workload: "web" as "cpu" }),
      "core.workload",
      /write "general", "cpu"/,
    ],
    [
      "a size below EMR's",
      withCore({ size: "large" }),
      "core.size",
      /m6g.large is too small for EMR; write m6g.xlarge/,
    ],
    [
      "a size that no family has",
      withCore({ size: "24xlarge", workload: "storage", instanceTypes: undefined }, { releaseLabel: "emr-6.6.0" }),
      "core.size",
      /emr-6.6.0 does not support i8g; write emr-6.10.0/,
    ],
    [
      "a size that does not exist",
      withCore({ size: "big" }),
      "core.size",
      /no type for "general" has; write xlarge, 2xlarge, .* or 48xlarge$/,
    ],
    [
      "a Graviton type below EMR's",
      withCore({ instanceTypes: ["r7g.large"] }),
      "core.instanceTypes[0]",
      /write r7g.xlarge/,
    ],
    ["an x86 type", withCore({ instanceTypes: ["m5.2xlarge"] }), "core.instanceTypes[0]", /x86; write "m7g.2xlarge"/],
    [
      "an x86 type without an equivalent",
      withCore({ instanceTypes: ["p5.48xlarge"] }),
      "core.instanceTypes[0]",
      /not Graviton; write one such as/,
    ],
    [
      "a family that the release lacks",
      withCore({ instanceTypes: ["m8gd.xlarge"] }, { releaseLabel: "emr-7.0.0" }),
      "core.instanceTypes[0]",
      /write emr-7.1.0 or later/,
    ],
    [
      "a release without arm64, although AWS lists the type for it",
      withCore({ instanceTypes: ["r8gn.xlarge"] }, { releaseLabel: "emr-5.29.0" }),
      "core.instanceTypes[0]",
      /emr-5.29.0 came before EMR's support for arm64; write emr-6.1.0 or later/,
    ],
    [
      "a size of a family that EMR lacks",
      withCore({ instanceTypes: ["r8gb.48xlarge"] }),
      "core.instanceTypes[0]",
      /r8gb has no such size; write xlarge, .* or 24xlarge$/,
    ],
    ["m8gn", withCore({ instanceTypes: ["m8gn.xlarge"] }), "core.instanceTypes[0]", /no EMR release known here/],
    [
      "a size that the family lacks",
      withCore({ instanceTypes: ["m7g.24xlarge"] }),
      "core.instanceTypes[0]",
      /no such size; write xlarge, .* or 16xlarge$/,
    ],
    ["bare metal", withCore({ instanceTypes: ["m7g.metal"] }), "core.instanceTypes[0]", /does not run on bare metal/],
    [
      "a duplicate type",
      withCore({ instanceTypes: ["m7g.xlarge", "m7g.xlarge"] }),
      "core.instanceTypes[1]",
      /listed twice; write it once/,
    ],
    ["no types", withCore({ instanceTypes: [] }), "core.instanceTypes", /is empty; write 1 to 30 types/],
    [
      "more than 30 types",
      withCore({ instanceTypes: many(31).map((index) => `m${index}g.xlarge`) }),
      "core.instanceTypes",
      /has 31; write 1 to 30 types/,
    ],
    [
      "a workload with types",
      withCore({ instanceTypes: ["m7g.xlarge"], workload: "cpu" }),
      "core.workload",
      /with `instanceTypes`/,
    ],
    [
      "a size with types",
      withCore({ instanceTypes: ["m7g.xlarge"], size: "xlarge" }),
      "core.size",
      /write one of them/,
    ],

    [
      "two types in a group",
      ofGroups({ core: { instanceTypes: ["m7g.xlarge", "m6g.xlarge"] } }),
      "core.instanceTypes",
      /has 2; write one, or/,
    ],
    ["Spot in a group", ofGroups({ core: { spot: 1 } }), "core.spot", /is for fleets; leave it out, or write/],

    ["a negative number", withCore({ onDemand: -1 }), "core.onDemand", /from 0 to 10000 units/],
    ["half a node", withCore({ spot: 0.5 }), "core.spot", /whole number from 0/],
    ["no core nodes", withCore({ onDemand: 0 }), "core", /has no units; write 1 or more/],
    ["zero task nodes", withTask({}), "task", /or leave `task` out/],
    ["two primary nodes", emrArgs({ primary: { onDemand: 2 } }), "primary", /has 2 units; write 1 .* three$/],
    ["a bid of nothing", withCore({ spot: 1, bidPercentage: 0 }), "core.bidPercentage", /from 1 to 100 percent/],
    ["a bid without Spot", withCore({ bidPercentage: 50 }), "core.bidPercentage", /does nothing without `spot`/],
    ["a short timeout", withCore({ spot: 1, spotTimeoutMinutes: 4 }), "core.spotTimeoutMinutes", /5 to 1440 minutes/],
    [
      "an unknown strategy",
      withCore({ spot: 1, spotAllocationStrategy: "best" as "diversified" }),
      "core.spotAllocationStrategy",
      /"price-capacity-optimized", /,
    ],
    [
      "an unknown action",
      withCore({ spot: 1, spotTimeoutAction: "WAIT" as "TERMINATE_CLUSTER" }),
      "core.spotTimeoutAction",
      /"SWITCH_TO_ON_DEMAND" or/,
    ],

    ["a small disk", withCore({ volumes: [{ size: 4 }] }), "core.volumes[0].size", /from 5 to 65536 GiB/],
    ["a small magnetic disk", withCore({ volumes: [{ type: "st1", size: 100 }] }), "core.volumes[0].size", /from 125/],
    [
      "an unknown disk",
      withCore({ volumes: [{ type: "gp9" as "gp3", size: 64 }] }),
      "core.volumes[0].type",
      /"gp3", "io1" or "st1"/,
    ],
    ["a slow gp3 volume", withCore({ volumes: [{ size: 64, iops: 100 }] }), "core.volumes[0].iops", /3000 to 32000/],
    [
      "operations for st1",
      withCore({ volumes: [{ type: "st1", size: 500, iops: 500 }] }),
      "core.volumes[0].iops",
      /not for st1/,
    ],
    [
      "io1 without operations",
      withCore({ volumes: [{ type: "io1", size: 64 }] }),
      "core.volumes[0].iops",
      /is missing/,
    ],
    [
      "too many operations per GiB",
      withCore({ volumes: [{ type: "io1", size: 10, iops: 501 }] }),
      "core.volumes[0].iops",
      /100 to 500, as 10 GiB of io1 allow/,
    ],
    [
      "two kinds of disks in a fleet",
      withCore({ volumes: [{ size: 64 }, { size: 500, type: "st1" }] }),
      "core.volumes",
      /a fleet allows one; write one with a `count`, or/,
    ],
    ["no disk", withCore({ volumes: [{ size: 64, count: 0 }] }), "core.volumes[0].count", /1 to 25/],
    [
      "26 disks",
      withCore({
        volumes: [
          { size: 64, count: 20 },
          { size: 32, count: 6 },
        ],
      }),
      "core.volumes",
      /come to 26; EMR allows 25/,
    ],
    ["a small root disk", emrArgs({ rootVolumeSize: 10 }), "rootVolumeSize", /15 to 100 GiB/],

    [
      "two highly available primary nodes",
      emrArgs({ highAvailability: true, primary: { onDemand: 2 } }),
      "primary.onDemand",
      /is 2; .* 3/,
    ],
    [
      "highly available primary nodes on Spot",
      emrArgs({ highAvailability: true, primary: { spot: 3 } }),
      "primary.spot",
      /On-Demand only/,
    ],
    [
      "highly available fleets in a release without them",
      emrArgs({ highAvailability: true, releaseLabel: "emr-6.10.0" }),
      "highAvailability",
      /write emr-6.12.0 or later, or `instances: "INSTANCE_GROUP"`/,
    ],
  ]);
});

describe("the scaling of an EMR cluster is refused for", () => {
  itRefuses([
    ["scaling from zero", emrArgs({ scaling: { minimum: 0, maximum: 4 } }), "scaling.minimum", /from 1/],
    [
      "scaling backwards",
      emrArgs({ scaling: { minimum: 5, maximum: 4 } }),
      "scaling.maximum",
      /is 4; write 5 units or more/,
    ],
    [
      "more core nodes than nodes",
      emrArgs({ scaling: { minimum: 1, maximum: 4, maximumCore: 5 } }),
      "scaling.maximumCore",
      /is 5; write up to 4/,
    ],
    [
      "more On-Demand nodes than nodes",
      emrArgs({ scaling: { minimum: 1, maximum: 4, maximumOnDemand: 5 } }),
      "scaling.maximumOnDemand",
      /is 5; write up to 4/,
    ],
    [
      "vCPUs for fleets",
      emrArgs({ scaling: { minimum: 1, maximum: 3, unit: "VCPU" } }),
      "scaling.unit",
      /is for groups; leave it out/,
    ],
    [
      "an unknown unit",
      ofGroups({ scaling: { minimum: 1, maximum: 4, unit: "Nodes" as "VCPU" } }),
      "scaling.unit",
      /"Instances" or "VCPU"/,
    ],
    [
      "no On-Demand nodes with a limit on core nodes",
      withCore({ spot: 1 }, { scaling: { minimum: 1, maximum: 9, maximumCore: 3, maximumOnDemand: 0 } }),
      "scaling.maximumOnDemand",
      /gets lost with `maximumCore`; write 1 or more/,
    ],
    [
      "scaling below the initial size",
      withTask({ spot: 4 }, { scaling: { minimum: 1, maximum: 4 } }),
      "scaling.maximum",
      /is 4, but the cluster begins with 5; write 5 or more/,
    ],
    [
      "fewer core nodes than at first",
      withCore({ onDemand: 3 }, { scaling: { minimum: 1, maximum: 9, maximumCore: 2 } }),
      "scaling.maximumCore",
      /begins with 3/,
    ],
    [
      "fewer On-Demand nodes than at first",
      withCore({ onDemand: 3 }, { scaling: { minimum: 1, maximum: 9, maximumOnDemand: 0 } }),
      "scaling.maximumOnDemand",
      /is 0, but the cluster begins with 3/,
    ],
    [
      "fewer vCPUs than at first",
      ofGroups({ core: { onDemand: 2, size: "2xlarge" }, scaling: { minimum: 4, maximum: 15, unit: "VCPU" } }),
      "scaling.maximum",
      /begins with 16/,
    ],
    [
      "fewer vCPUs than at first, including task nodes",
      ofGroups({ task: { onDemand: 1, size: "8xlarge" }, scaling: { minimum: 4, maximum: 20, unit: "VCPU" } }),
      "scaling.maximum",
      /begins with 36/,
    ],
  ]);

  it("vCPUs for fleets, but not for their number", () => {
    const found = mistakesOf(emrArgs({ scaling: { minimum: 1, maximum: 3, unit: "VCPU" } }));
    expect(found.map(([path]) => path)).to.deep.equal(["scaling.unit"]);
  });
});

describe("the nodes of an EMR cluster are accepted", () => {
  itTakes([
    ["with the minimum", emrArgs()],
    [
      "in groups",
      ofGroups({ core: { onDemand: 2 }, task: { instanceTypes: ["c7g.4xlarge"], onDemand: 2, volumes: [] } }),
    ],
    ["in groups with two kinds of disks", ofGroups({ core: { volumes: [{ size: 64 }, { size: 500, type: "st1" }] } })],
    ["with volumes besides disks", withCore({ instanceTypes: ["m7gd.xlarge"], volumes: [{ size: 64, iops: 4000 }] })],
    ["with a small gp3 volume at its default speed", withCore({ volumes: [{ size: 5, iops: 3000 }] })],
    ["with the largest and fastest gp3 volume", withCore({ volumes: [{ size: 65_536, iops: 80_000 }] })],
    ["with a workload for each role", emrArgs({ workload: "storage", core: { workload: "memory", size: "16xlarge" } })],
    ["that scales groups by vCPUs", ofGroups({ scaling: { minimum: 4, maximum: 64, maximumCore: 4, unit: "VCPU" } })],
    [
      "that scales fleets",
      withTask({ spot: 1 }, { scaling: { minimum: 1, maximum: 2, maximumCore: 1, maximumOnDemand: 1 } }),
    ],
    ["with three primary nodes", emrArgs({ highAvailability: true, primary: { onDemand: 3 } })],
    ["with three in a group in an older release", ofGroups({ highAvailability: true, releaseLabel: "emr-6.10.0" })],
  ]);
});
