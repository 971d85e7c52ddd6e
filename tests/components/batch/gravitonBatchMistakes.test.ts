import { expect } from "chai";
import type { ComputeEnvironmentArgs, FairShareArgs, GravitonBatchArgs } from "../../../components/batch/args";
import { GravitonBatch } from "../../../components/batch/gravitonBatch";
import { mistakes, resources, startMocks } from "../../helpers/components/mocks";
import { batchArgs, onFargate, withJob } from "./batchArgs";

const spot: ComputeEnvironmentArgs = { type: "SPOT", maxVcpus: 16 };

function environment(changes: Partial<ComputeEnvironmentArgs>): GravitonBatchArgs {
  return batchArgs({ environments: [{ ...spot, ...changes }] });
}

function fairShare(changes: Partial<FairShareArgs>): GravitonBatchArgs {
  return batchArgs({ fairShare: { shares: [{ identifier: "a" }], ...changes } });
}

const onEc2: Partial<GravitonBatchArgs> = { environments: [{ type: "EC2", maxVcpus: 64 }] };
const four = ["a", "b", "c", "d"].map((name) => ({ ...spot, name }));
const retry = { action: "RETRY", onExitCode: "1" } as const;

describe("GravitonBatch refuses", () => {
  beforeEach(startMocks);

  const cases: [what: string, args: GravitonBatchArgs, path: string, reason: RegExp][] = [
    ["no environment", batchArgs({ environments: [] }), "environments", /is empty; write 1 to 3/],
    [
      "four environments",
      batchArgs({ environments: four }),
      "environments",
      /has 4; write 1 to 3 .* another GravitonBatch/,
    ],
    [
      "Fargate alongside EC2",
      batchArgs({ environments: [spot, { type: "FARGATE", maxVcpus: 4 }] }),
      "environments[1].type",
      /FARGATE alongside SPOT; a queue has one or the other/,
    ],
    [
      "two environments of one name",
      batchArgs({ environments: [spot, spot] }),
      "environments[1].name",
      /"spot" is taken/,
    ],
    ["an environment with an invalid name", environment({ name: "a b" }), "environments[0].name", /write a letter/],
    ["a long environment's name", environment({ name: "x".repeat(128) }), "environments[0].name", /at most 120/],
    [
      "an unknown type",
      environment({ type: "LAMBDA" as "EC2" }),
      "environments[0].type",
      /"EC2", "SPOT", "FARGATE" or/,
    ],
    ["no vCPUs", environment({ maxVcpus: 0 }), "environments[0].maxVcpus", /from 1/],
    ["more vCPUs at least than at most", environment({ minVcpus: 17 }), "environments[0].minVcpus", /from 0 to 16/],
    [
      "an x86 type",
      environment({ instanceTypes: ["m5.large"] }),
      "environments[0].instanceTypes[0]",
      /x86; write "m7g.large"/,
    ],
    [
      "mixed types",
      environment({ instanceTypes: ["c7g", "c5"] }),
      "environments[0].instanceTypes[1]",
      /"c5", which is x86; write "c7g"/,
    ],
    [
      "optimal alongside Graviton",
      environment({ instanceTypes: ["m7g", "optimal"] }),
      "environments[0].instanceTypes[1]",
      /write "default_arm64"/,
    ],
    [
      "an x86 type without an equivalent",
      environment({ instanceTypes: ["p5"] }),
      "environments[0].instanceTypes[0]",
      /such as m7g/,
    ],
    ["no types", environment({ instanceTypes: [] }), "environments[0].instanceTypes", /is empty/],
    [
      "a type that does not exist",
      environment({ instanceTypes: ["big"] }),
      "environments[0].instanceTypes[0]",
      /not a Graviton type/,
    ],
    [
      "an arm64 type that is not Graviton",
      environment({ instanceTypes: ["mac2"] }),
      "environments[0].instanceTypes[0]",
      /not a Graviton/,
    ],
    [
      "g5g without an image",
      environment({ instanceTypes: ["g5g"] }),
      "environments[0].instanceTypes[0]",
      /write the `imageId`/,
    ],
    [
      "a1 on Amazon Linux 2023",
      environment({ instanceTypes: ["a1"] }),
      "environments[0].instanceTypes[0]",
      /2023 does not/,
    ],
    [
      "a workload with types",
      environment({ instanceTypes: ["m7g"], workload: "cpu" }),
      "environments[0].workload",
      /write one of them/,
    ],
    ["an unknown workload", environment({ workload: "web" as "cpu" }), "environments[0].workload", /"general", "cpu"/],
    [
      "BEST_FIT",
      environment({ allocationStrategy: "BEST_FIT" as "BEST_FIT_PROGRESSIVE" }),
      "environments[0].allocationStrategy",
      /"BEST_FIT_PROGRESSIVE", "BEST_FIT_PROGRESSIVE_ORDERED", "SPOT_PRICE/,
    ],
    [
      "a Spot strategy without Spot",
      environment({ type: "EC2", allocationStrategy: "SPOT_CAPACITY_OPTIMIZED" }),
      "environments[0].allocationStrategy",
      /for Spot only/,
    ],
    [
      "a strategy for On-Demand instances on Spot",
      environment({ type: "SPOT", allocationStrategy: "BEST_FIT_PROGRESSIVE_ORDERED" }),
      "environments[0].allocationStrategy",
      /for EC2 only; write "SPOT_CAPACITY_OPTIMIZED_PRIORITIZED"/,
    ],
    [
      "Graviton5 with other types",
      environment({ graviton5: true, instanceTypes: ["m7g"] }),
      "environments[0].graviton5",
      /does nothing with `instanceTypes`/,
    ],
    [
      "Graviton5 on Fargate",
      environment({ type: "FARGATE", graviton5: true }),
      "environments[0].graviton5",
      /not for Fargate/,
    ],
    [
      "a bid without Spot",
      environment({ type: "EC2", bidPercentage: 50 }),
      "environments[0].bidPercentage",
      /leave it out/,
    ],
    ["a bid over the price", environment({ bidPercentage: 101 }), "environments[0].bidPercentage", /1 to 100 percent/],
    ["a small disk", environment({ volumeSize: 8 }), "environments[0].volumeSize", /30 to 65536 GiB/],
    [
      "a long update",
      environment({ instanceUpdate: { timeoutMinutes: 7201 } }),
      "environments[0].instanceUpdate.timeoutMinutes",
      /1 to 7200 minutes/,
    ],
    [
      "instances on Fargate",
      environment({ type: "FARGATE", workload: "cpu" }),
      "environments[0].workload",
      /not for Fargate/,
    ],
    ["no network", batchArgs({ securityGroupIds: undefined }), "vpcId", /is missing/],
    ["no subnets", batchArgs({ subnetIds: [] }), "subnetIds", /is empty; write the ids of one or more/],
    [
      "no security groups",
      batchArgs({ securityGroupIds: [] }),
      "securityGroupIds",
      /is empty; write the ids of one or more/,
    ],
    ["a VPC with security groups", batchArgs({ vpcId: "vpc-1" }), "vpcId", /write one of them/],
    ["a negative priority", batchArgs({ priority: -1 }), "priority", /0 to 1000/],
    ["an invalid retention", batchArgs({ logRetentionDays: 31 }), "logRetentionDays", /is 31; write 0, 1, 3/],
    [
      "a limit under ten minutes",
      batchArgs({ stuckJobs: { tooLarge: 599 } }),
      "stuckJobs.tooLarge",
      /600 to 86400 seconds, or 0/,
    ],
    ["fair share without shares", fairShare({ shares: [] }), "fairShare.shares", /is empty; write the shares/],
    [
      "an invalid share",
      fairShare({ shares: [{ identifier: "a-b" }] }),
      "fairShare.shares[0].identifier",
      /letters and digits/,
    ],
    [
      "shares that overlap",
      fairShare({ shares: [{ identifier: "UserA*" }, { identifier: "UserA1" }] }),
      "fairShare.shares[1].identifier",
      /"UserA1" overlaps "UserA\*"/,
    ],
    [
      "a weight of 0",
      fairShare({ shares: [{ identifier: "a", weight: 0 }] }),
      "fairShare.shares[0].weight",
      /0.0001 to/,
    ],
    ["a long decay", fairShare({ decaySeconds: 604_801 }), "fairShare.decaySeconds", /604800 seconds/],
    ["all vCPUs reserved", fairShare({ computeReservation: 100 }), "fairShare.computeReservation", /0 to 99/],
    [
      "a job with an invalid name",
      batchArgs({ jobs: { "a.b": { image: "i" } } }),
      'jobs["a.b"]',
      /characters that AWS refuses/,
    ],
    [
      "a job's name over 128",
      batchArgs({ jobs: { ["x".repeat(129)]: { image: "i" } } }),
      `jobs.${"x".repeat(129)}`,
      /write at most 56, as AWS allows 64/,
    ],
    ["a timeout under 60 s", withJob({ timeout: 59 }), "jobs.summarise.timeout", /60 to 1209600 seconds/],
    ["11 attempts", withJob({ attempts: 11 }), "jobs.summarise.attempts", /1 to 10/],
    ["an array of one", withJob({ arraySize: 1 }), "jobs.summarise.arraySize", /2 to 10000/],
    [
      "more than 5 retry rules",
      withJob({ retryRules: [retry, retry, retry, retry] }),
      "jobs.summarise.retryRules",
      /write at most 3, as Batch allows 5/,
    ],
    [
      "a rule that matches nothing",
      withJob({ retryRules: [{ action: "RETRY" }] }),
      "jobs.summarise.retryRules[0]",
      /write `onStatusReason`/,
    ],
    [
      "an unknown action",
      withJob({ retryRules: [{ ...retry, action: "AGAIN" as "RETRY" }] }),
      "jobs.summarise.retryRules[0].action",
      /"RETRY" or "EXIT"/,
    ],
    [
      "an exit code in words",
      withJob({ retryRules: [{ action: "RETRY", onExitCode: "one" }] }),
      "jobs.summarise.retryRules[0].onExitCode",
      /write digits/,
    ],
    [
      "a pattern with a star inside",
      withJob({ retryRules: [{ action: "RETRY", onReason: "a*b" }] }),
      "jobs.summarise.retryRules[0].onReason",
      /at the end only/,
    ],
    [
      "an AWS_BATCH variable",
      withJob({ environment: { AWS_BATCH_JOB_ID: "x" } }),
      "jobs.summarise.environment.AWS_BATCH_JOB_ID",
      /which Batch reserves/,
    ],
    [
      "an invalid variable",
      withJob({ environment: { "a b": "x" } }),
      'jobs.summarise.environment["a b"]',
      /not the name of a variable/,
    ],
    [
      "a variable that is a secret too",
      withJob({ environment: { A: "x" }, secrets: { A: "arn:aws:ssm:eu-west-1:1:parameter/a" } }),
      "jobs.summarise.secrets.A",
      /already given by jobs.summarise.environment/,
    ],
    ["a secret's value", withJob({ secrets: { A: "hunter2" } }), "jobs.summarise.secrets.A", /not the value itself/],
    ["a key without secrets", withJob({ secretsKeyArn: "k" }), "jobs.summarise.secretsKeyArn", /leave it out/],
    [
      "a definition over 24 KiB",
      withJob({ environment: { A: "x".repeat(24 * 1024) } }),
      "jobs.summarise.environment",
      /24577 bytes; Batch allows 24576/,
    ],
    [
      "a priority without fair share",
      withJob({ schedulingPriority: 1 }),
      "jobs.summarise.schedulingPriority",
      /`fairShare`/,
    ],
    ["half a vCPU on EC2", withJob({ vcpus: 0.5 }), "jobs.summarise.vcpus", /whole number from 1/],
    [
      "more vCPUs than any environment has",
      withJob({ vcpus: 17 }),
      "jobs.summarise.vcpus",
      /no environment has more than 16/,
    ],
    ["hardly any memory", withJob({ memory: 3 }), "jobs.summarise.memory", /from 4/],
    ["Fargate's disk on EC2", withJob({ ephemeralStorage: 30 }), "jobs.summarise.ephemeralStorage", /Fargate only/],
    [
      "Fargate's version on EC2",
      withJob({ platformVersion: "1.4.0" }),
      "jobs.summarise.platformVersion",
      /Fargate only/,
    ],
    ["vCPUs that Fargate lacks", onFargate({ vcpus: 3 }), "jobs.summarise.vcpus", /0.25, 0.5, 1, 2, 4, 8, 16/],
    ["memory that Fargate lacks", onFargate({ vcpus: 1, memory: 1024 }), "jobs.summarise.memory", /offers 2048, 3072/],
    ["GPUs that no environment has", withJob({ gpus: 1 }), "jobs.summarise.gpus", /not in any environment; .*g5g/],
    ["GPUs on Fargate", onFargate({ gpus: 1 }), "jobs.summarise.gpus", /not for Fargate/],
    ["a small disk on Fargate", onFargate({ ephemeralStorage: 20 }), "jobs.summarise.ephemeralStorage", /21 to 200/],
    ["several nodes on Spot", withJob({ nodes: { count: 2 } }), "jobs.summarise.nodes", /run only on EC2 environments/],
    [
      "several nodes where Spot comes second",
      withJob({ nodes: { count: 2 } }, { environments: [{ type: "EC2", maxVcpus: 16 }, spot] }),
      "jobs.summarise.nodes",
      /run only on EC2 environments/,
    ],
    [
      "more vCPUs on all nodes than any environment has",
      withJob({ nodes: { count: 33 }, vcpus: 2 }, onEc2),
      "jobs.summarise.vcpus",
      /come to 66, but no environment has more than 64/,
    ],
    ["one node", withJob({ nodes: { count: 1 } }, onEc2), "jobs.summarise.nodes.count", /2 to 1000/],
    [
      "a main node that does not exist",
      withJob({ nodes: { count: 2, main: 2 } }, onEc2),
      "jobs.summarise.nodes.main",
      /0 to 1/,
    ],
    [
      "an array of nodes",
      withJob({ nodes: { count: 2 }, arraySize: 2 }, onEc2),
      "jobs.summarise.nodes",
      /leave out `arraySize`/,
    ],
    [
      "nodes on x86",
      withJob({ nodes: { count: 2, instanceType: "c5.large" } }, onEc2),
      "jobs.summarise.nodes.instanceType",
      /write "c7g.large"/,
    ],
  ];
  for (const [what, args, path, reason] of cases) {
    it(what, async () => {
      const found = mistakes(() => new GravitonBatch("main", args));
      expect(found.map(([place]) => place)).to.include(path);
      expect(
        found
          .filter(([place]) => place === path)
          .map(([, why]) => why)
          .join("\n"),
      ).to.match(reason);
      expect(await resources()).to.deep.equal([]);
    });
  }

  it("a name that AWS would refuse, and reports all mistakes at once", () => {
    const found = mistakes(
      () => new GravitonBatch("x y".repeat(20), withJob({ timeout: 1, attempts: 0 }, { priority: -1 })),
    );
    expect(found.map(([path]) => path)).to.include.members([
      "name",
      "priority",
      "jobs.summarise.timeout",
      "jobs.summarise.attempts",
    ]);
  });
});
