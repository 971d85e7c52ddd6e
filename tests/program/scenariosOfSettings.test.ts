import { isDeepStrictEqual } from "node:util";
import { plan } from "pulumi-offline";
import { runStack, type Settings, stackGraph } from "../helpers/program/graphs";
import { type Expected, expectPlan } from "../helpers/program/scenarios";

interface Scenario {
  setting: string;
  stack: "dev" | "prod";
  before?: Settings;
  after: Settings;
  expected: Expected;
}

const published = { update: ["RestApi::api", "Stage::api"], replace: ["Deployment::api"] };
/** What both kinds of API have. */
const deployedApi = ["Deployment::api", "Stage::api", "Permission::api-*", "LogGroup::api", "MetricAlarm::api-*"];
const dashboard = ["Dashboard::overview", "QueryDefinition::overview-*"];
/** Pulumi forgets the account's role for logs, and AWS keeps it. */
const logRole = ["Account::api", "Role*::api"];
const functions = ["Function::items", "Function::jobs", "Function::steps", "Function::instances", "Function::runs"];
/** What else changes with the customer key: all that is encrypted, and the roles that use it. */
const encrypted = [
  ...["Key::data", "Table::*", "LogGroup::*", "Topic::alarms", "RolePolicy::*", "Stream::item-events"],
  ...[
    "Queue::rejected",
    "Queue::rejected-dead-letters",
    "Function::item-events",
    "Function::office-hours",
    "Function::daily-summaries",
    "Queue::daily-summaries*",
    "Schedule::office-hours-*",
    ...functions,
  ],
];
const dataHalf = [
  ...["Bucket*::lake-*", "Key::data", "Application::spark", "LogGroup::spark", "Role*::spark", "*::steps*"],
  ...["Permission::api-listSteps", "Permission::api-listRuns", "*::runs*", "*::daily-summaries*"],
];
/** What of the pipeline names the platform that it uses. */
const pipeline = ["EventRule::daily-summaries-changes", "RolePolicy::daily-summaries", "Function::daily-summaries"];
const cluster = [
  ...["Cluster::spark", "InstanceFleet::spark*", "ManagedScalingPolicy::spark", "SecurityConfiguration::spark"],
  ...["SecurityGroup::spark*", "InstanceProfile::spark*", "Role*::spark-*"],
];

/** Settings that change different resources share a scenario: each run of the program takes a second. */
const scenarios: Scenario[] = [
  {
    setting: "nothing",
    stack: "prod",
    after: {},
    expected: {},
  },
  {
    setting: "apiAuth, logRetentionDays, protectData and jobsRunOn",
    stack: "prod",
    after: { apiAuth: "none", logRetentionDays: "30", protectData: "false", jobsRunOn: '["FARGATE"]' },
    expected: {
      replace: published.replace,
      update: [...published.update, "LogGroup::*", "Table::*", "Bucket::lake-*", "JobQueue::jobs-fargate"],
      delete: ["ComputeEnvironment::jobs-fargate-spot"],
      order: [["Deployment::api", "Stage::api"]],
    },
  },
  {
    setting: "corsOrigin, and alarms, off",
    stack: "prod",
    after: { corsOrigin: "https://example.com", alarms: "false" },
    expected: {
      ...published,
      update: [...published.update, ...functions, "Key::data"],
      delete: ["MetricAlarm::*", "Event*::*", "Topic*::alarms", ...dashboard],
    },
  },
  {
    setting: "apiKind",
    stack: "prod",
    after: { apiKind: "HTTP" },
    expected: {
      create: ["Api::api", ...deployedApi],
      update: dashboard,
      delete: ["RestApi::api", "MethodSettings::api", "LogGroup::api-execution", ...logRole, ...deployedApi],
      order: [
        ["Permission::api-*", "Deployment::api"],
        ["Deployment::api", "Stage::api"],
      ],
    },
  },
  {
    setting: "alarms, nat and interfaceEndpoints",
    stack: "dev",
    after: { alarms: "true", nat: "None", interfaceEndpoints: '["ecr.api", "ecr.dkr", "logs"]' },
    expected: {
      update: ["Vpc::network"],
      create: [
        ...["MetricAlarm::*", "Event*::*", "Topic*::alarms", "Key::alarms", ...dashboard],
        ...["VpcEndpoint::network-*", "SecurityGroup::network-endpoints"],
      ],
    },
  },
  {
    setting: "jobsRunOn, instances",
    stack: "prod",
    after: { jobsRunOn: '["SPOT", "EC2"]' },
    expected: {
      create: ["*::jobs-instance", "LaunchTemplate::jobs-*", "ComputeEnvironment::jobs-*", "JobQueue::jobs"],
      update: [
        "JobDefinition::jobs-summarise",
        "EventRule::jobs-*",
        "RolePolicy::jobs",
        "Function::jobs",
        "Dashboard::overview",
      ],
      delete: ["ComputeEnvironment::jobs-fargate*", "JobQueue::jobs-fargate"],
      order: [
        ["ComputeEnvironment::jobs-ec2", "JobQueue::jobs"],
        ["JobQueue::jobs", "Function::jobs"],
      ],
    },
  },
  {
    setting: "dataPlatform, on",
    stack: "dev",
    before: { dataPlatform: "none" },
    after: {},
    expected: { ...published, create: dataHalf },
  },
  {
    setting: "dataPlatform, off",
    stack: "dev",
    after: { dataPlatform: "none" },
    expected: { ...published, delete: dataHalf },
  },
  {
    setting: "dataPlatform, from serverless to a cluster",
    stack: "dev",
    after: { dataPlatform: "cluster" },
    expected: {
      create: cluster,
      update: ["Function::steps", "RolePolicy::steps", "Key::data", ...pipeline],
      delete: ["Application::spark", "LogGroup::spark", "Role*::spark"],
      order: [["Cluster::spark", "Function::steps"]],
    },
  },
  {
    setting: "emrCertificates",
    stack: "dev",
    before: { dataPlatform: "cluster" },
    after: { dataPlatform: "cluster", emrCertificates: "s3://certificates/nodes.zip" },
    expected: {
      replace: [
        "Cluster::spark",
        "InstanceFleet::spark-task",
        "ManagedScalingPolicy::spark",
        "SecurityConfiguration::spark",
      ],
      update: ["RolePolicy::spark-nodes", "RolePolicy::steps", "Function::steps", ...pipeline],
    },
  },
  {
    setting: "vpcId and subnetIds",
    stack: "dev",
    after: { vpcId: "vpc-0a1b2c3d4e5f60718", subnetIds: '["subnet-0a1b2c3d4e5f60718"]' },
    expected: {
      replace: ["SecurityGroup::jobs"],
      update: ["ComputeEnvironment::jobs-fargate-spot"],
      delete: ["Vpc::network", "VpcEndpoint::network-*", "DefaultSecurityGroup::network-default"],
    },
  },
  {
    setting: "dataPlatform, off where data is protected",
    stack: "prod",
    after: { dataPlatform: "none" },
    expected: {
      ...published,
      update: [...published.update, "Key::data", ...dashboard],
      delete: [...dataHalf.filter((name) => name !== "Key::data"), "MetricAlarm::*", "Event*::spark-*"],
      errors: ["Bucket::lake-*", "Queue::daily-summaries*", "Table::daily-summaries"],
    },
  },
  {
    setting: "customerKey, on, and alarmEmail",
    stack: "prod",
    before: { customerKey: "false", alarmEmail: "one@example.com" },
    after: { alarmEmail: "two@example.com" },
    expected: {
      replace: ["TopicSubscription::alarms"],
      update: encrypted,
      delete: ["Key::alarms"],
      order: [
        ["Key::data", "Table::items"],
        ["Key::data", "LogGroup::items"],
        ["Table::items", "RolePolicy::items"],
      ],
    },
  },
  {
    setting: "customerKey, off",
    stack: "prod",
    after: { customerKey: "false" },
    expected: { create: ["Key::alarms"], update: encrypted },
  },
  {
    setting: "customerKey, off where nothing else is encrypted with the key",
    stack: "prod",
    before: { dataPlatform: "none" },
    after: { dataPlatform: "none", customerKey: "false" },
    expected: { create: ["Key::alarms"], mayUpdate: true, delete: ["Key::data"], errors: ["Key::data"] },
  },
];

describe("what a setting of the program deploys", function () {
  this.timeout(120_000);
  for (const { stack, setting, before = {}, after, expected } of scenarios) {
    it(`${setting}, on ${stack}`, async () => {
      const deployed = await stackGraph(stack, before);
      // The same settings are run again.
      const graph = await (isDeepStrictEqual(before, after) ? runStack : stackGraph)(stack, after);
      expectPlan(plan(deployed, graph), graph, expected);
    });
  }
});
