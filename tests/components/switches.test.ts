import { expect } from "chai";
import type { Graph } from "../../offline";
import type { Resource } from "../../offline/engine/graph";
import { named, run } from "../helpers/components/registered";

/**
 * Every way in which a component makes its callers use something else. Pulumi creates and updates a resource after
 * those it depends on, and deletes what is no longer wanted when all of that is done.
 */
const program = `
import * as pulumi from "@pulumi/pulumi";
const code = new pulumi.asset.StringAsset("exports.handler = async () => {}");
const topic = new graviton.AlarmTopic("alarms");
const batch = new graviton.GravitonBatch("jobs", {
  environments: [{ type: "SPOT", maxVcpus: 16 }, { type: "EC2", maxVcpus: 4 }],
  vpcId: "vpc-1",
  subnetIds: ["subnet-1"],
  jobs: { one: { image: "one", access: [{ environment: {}, statements: [{ actions: ["s3:Get*"], resources: ["*"] }] }] } },
});
new graviton.JobTrigger("nightly", { batch, schedule: "rate(1 day)" });
new graviton.JobTrigger("orders", { batch, eventPattern: { source: ["shop"] }, alarmTopicArns: [topic.topicArn] });
const place = { releaseLabel: "emr-7.10.0", vpcId: "vpc-1", subnetIds: ["subnet-1"] };
const cluster = new graviton.EmrCluster("cluster", { ...place, logUri: "s3://logs/" });
const serverless = new graviton.EmrServerless("serverless", place);
const items = new graviton.LambdaFunction("items", {
  code,
  access: [batch.access("submit"), cluster.access("addSteps"), serverless.access("startJob")],
  alias: { provisionedConcurrency: 1 },
  onFailure: { destinationArn: "arn:aws:sqs:us-east-1:123456789012:failed" },
});
new graviton.LambdaFunction("open", { code, url: { auth: "none" }, alias: {} });
const read = { function: items, operationId: "read" };
for (const permissions of ["api", "route"] as const) {
  new graviton.ServerlessApi(permissions, { routes: { "GET /": read, "PUT /": { ...read, operationId: "write" } }, permissions });
}
`;

type Named = [name: string, type: string];

/** What switches callers over, and what must be there before. */
const switches: [what: string, later: Named, earlier: Named[]][] = [
  [
    "an API's stage calls a function only when it permits the calls",
    ["api", "aws:apigateway/stage:Stage"],
    [
      ["api", "aws:apigateway/deployment:Deployment"],
      ["api-read", "aws:lambda/permission:Permission"],
    ],
  ],
  [
    "an API's stage calls a function only when it permits the calls of each route",
    ["route", "aws:apigateway/deployment:Deployment"],
    [
      ["route-read", "aws:lambda/permission:Permission"],
      ["route-write", "aws:lambda/permission:Permission"],
    ],
  ],
  [
    "an API calls an alias only when it is warm and its failures are kept",
    ["api", "aws:apigateway/restApi:RestApi"],
    [
      ["items", "aws:lambda/alias:Alias"],
      ["items", "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"],
      ["items", "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"],
    ],
  ],
  [
    "a function's URL opens only when the function permits the calls",
    ["open", "aws:lambda/functionUrl:FunctionUrl"],
    [
      ["open", "aws:lambda/permission:Permission"],
      ["open", "aws:lambda/alias:Alias"],
    ],
  ],
  [
    "a function uses a queue, a job, a cluster or an application only when it may, and when they work",
    ["items", "aws:lambda/function:Function"],
    [
      ["items", "aws:iam/rolePolicy:RolePolicy"],
      ["jobs", "aws:batch/jobQueue:JobQueue"],
      ["jobs-one", "aws:batch/jobDefinition:JobDefinition"],
      ["cluster", "aws:emr/cluster:Cluster"],
      ["cluster-nodes", "aws:iam/rolePolicy:RolePolicy"],
      ["serverless", "aws:emrserverless/application:Application"],
      ["serverless", "aws:iam/rolePolicy:RolePolicy"],
    ],
  ],
  [
    "a job can be submitted only when its roles allow what it needs",
    ["jobs-one", "aws:batch/jobDefinition:JobDefinition"],
    [
      ["jobs-one", "aws:iam/rolePolicy:RolePolicy"],
      ["jobs-one-execution", "aws:iam/rolePolicy:RolePolicy"],
    ],
  ],
  [
    "a queue uses a compute environment only when it exists",
    ["jobs", "aws:batch/jobQueue:JobQueue"],
    [
      ["jobs-spot", "aws:batch/computeEnvironment:ComputeEnvironment"],
      ["jobs-ec2", "aws:batch/computeEnvironment:ComputeEnvironment"],
    ],
  ],
  [
    "a schedule submits a job only when it may",
    ["nightly", "aws:scheduler/schedule:Schedule"],
    [
      ["nightly", "aws:iam/rolePolicy:RolePolicy"],
      ["jobs-one", "aws:batch/jobDefinition:JobDefinition"],
    ],
  ],
  [
    "an event submits a job only when it may, and when refused events are kept",
    ["orders", "aws:cloudwatch/eventTarget:EventTarget"],
    [
      ["orders", "aws:iam/rolePolicy:RolePolicy"],
      ["orders", "aws:sqs/queuePolicy:QueuePolicy"],
    ],
  ],
  [
    "an alarm notifies a topic only when it may",
    ["orders-dead-letters", "aws:cloudwatch/metricAlarm:MetricAlarm"],
    [["alarms", "aws:sns/topicPolicy:TopicPolicy"]],
  ],
];

describe("a switch to something else", function () {
  this.timeout(60_000);
  let graph: Graph;
  before(async () => {
    graph = await run(program);
  });

  /** The URNs of all that a resource depends on, directly or not. */
  function precedents({ urn }: Resource): Set<string> {
    const found = new Set([urn]);
    for (const one of found) {
      const { dependencies = [] } = graph.resources.find((resource) => resource.urn === one) ?? {};
      for (const dependency of dependencies) found.add(dependency);
    }
    return found;
  }

  for (const [what, later, earlier] of switches) {
    it(what, () => {
      const urns = earlier.map((one) => named(graph, ...one).urn);
      expect([...precedents(named(graph, ...later))]).to.include.members(urns);
    });
  }

  it("leaves the old one for last: nothing that callers use is deleted before its replacement exists", () => {
    const early = graph.resources.filter(({ options }) => options.deleteBeforeReplace);
    expect(early.map(({ urn }) => urn)).to.deep.equal([]);
  });
});
