import type { Scenario } from "../../helpers/program/scenarios";

const fargate = '{ type: "FARGATE", maxVcpus: 16 }';
const spot = '{ type: "SPOT", maxVcpus: 16 }';
const ec2 = '{ type: "EC2", maxVcpus: 16 }';
const one = '{ one: { image: "one:1" } }';
const batch = (environments: string, jobs = one) =>
  `new g.GravitonBatch(name, { ...network, environments: [${environments}], jobs: ${jobs} });`;
const queue = (kind: string) => [`JobQueue::@${kind}`];
const environment = (kind: string) => [`ComputeEnvironment::@-${kind}`];
const machines = [
  "Role::@-instance",
  "InstanceProfile::@-instance",
  "RolePolicyAttachment::@-instance",
  "LaunchTemplate::@-*",
];
const built = "new g.JobImage(name, { entry: `${name}/job.ts` });";
const job = "console.log(1);\n";

/** Edits of jobs and of what they run on: a queue gets its new environment before it loses the old one. */
export const batchScenarios: Scenario[] = [
  {
    edit: "a job's size",
    before: batch(fargate),
    after: batch(fargate, '{ one: { image: "one:1", vcpus: 2, memory: 8192 } }'),
    expected: { update: ["JobDefinition::@-one"] },
  },
  {
    edit: "a job is added",
    before: batch(fargate),
    after: batch(fargate, '{ one: { image: "one:1" }, two: { image: "two:1" } }'),
    expected: {
      create: ["JobDefinition::@-two", "LogGroup::@-two", "Role*::@-two*"],
    },
  },
  {
    edit: "a job is removed",
    before: batch(fargate, '{ one: { image: "one:1" }, two: { image: "two:1" } }'),
    after: batch(fargate),
    expected: {
      delete: ["JobDefinition::@-two", "LogGroup::@-two", "Role*::@-two*"],
    },
  },
  {
    edit: "how many jobs run at once",
    before: batch(fargate),
    after: batch(fargate.replace("16", "64")),
    expected: { update: environment("fargate") },
  },
  {
    edit: "a second environment on Fargate",
    before: batch(fargate),
    after: batch(`{ type: "FARGATE_SPOT", maxVcpus: 16 }, ${fargate}`),
    expected: {
      create: environment("fargate-spot"),
      update: queue("-fargate"),
      order: [["ComputeEnvironment::@-fargate-spot", "JobQueue::@-fargate"]],
    },
  },
  {
    edit: "a second environment on instances",
    before: batch(spot),
    after: batch(`${spot}, ${ec2}`),
    expected: {
      create: [...environment("ec2"), "LaunchTemplate::@-ec2"],
      update: queue(""),
      order: [["ComputeEnvironment::@-ec2", "JobQueue::@"]],
    },
  },
  {
    edit: "other instance types",
    before: batch('{ type: "EC2", maxVcpus: 16, instanceTypes: ["m7g"] }'),
    after: batch('{ type: "EC2", maxVcpus: 16, instanceTypes: ["r7g"] }'),
    expected: { update: environment("ec2") },
  },
  {
    edit: "from Spot instances to On-Demand ones",
    before: batch(spot),
    after: batch(ec2),
    expected: {
      create: [...environment("ec2"), "LaunchTemplate::@-ec2"],
      update: queue(""),
      delete: [...environment("spot"), "LaunchTemplate::@-spot"],
      order: [["ComputeEnvironment::@-ec2", "JobQueue::@"]],
    },
  },
  {
    edit: "from Fargate to instances",
    before: batch(fargate),
    after: batch(ec2),
    expected: {
      create: [...machines, ...environment("ec2"), ...queue("")],
      update: ["JobDefinition::@-one"],
      delete: [...environment("fargate"), ...queue("-fargate")],
      order: [["ComputeEnvironment::@-ec2", "JobQueue::@"]],
    },
  },
  {
    edit: "from instances to Fargate",
    before: batch(ec2),
    after: batch(fargate),
    expected: {
      create: [...environment("fargate"), ...queue("-fargate")],
      update: ["JobDefinition::@-one"],
      delete: [...machines, ...environment("ec2"), ...queue("")],
    },
  },
  {
    edit: "an image's code",
    before: built,
    after: built,
    files: [{ "job.ts": job }, { "job.ts": job.replace("1", "2") }],
    expected: { update: ["Image::@"] },
  },
  {
    edit: "a comment in an image's code",
    before: built,
    after: built,
    files: [{ "job.ts": job }, { "job.ts": `// What it says.\n${job}` }],
    expected: {},
  },
];
