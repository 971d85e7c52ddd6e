import { expect } from "chai";
import { type Graph, resourcesOfType, reveal } from "pulumi-offline";
import { stackGraph } from "../helpers/program/graphs";

type Inputs = Record<string, unknown>;

/** The inputs of the one resource of a type and name. */
function inputsOf(graph: Graph, type: string, name: string): Inputs {
  const found = resourcesOfType(graph, type).filter((resource) => resource.name === name);
  expect(found, `${type} ${name}`).to.have.lengthOf(1);
  return reveal(found[0]?.inputs ?? {}) as Inputs;
}

describe("the program", () => {
  let dev: Graph;
  let prod: Graph;

  before(async () => {
    [dev, prod] = await Promise.all([stackGraph("dev"), stackGraph("prod")]);
  });

  it("runs every function on arm64", () => {
    for (const { inputs } of [dev, prod].flatMap((graph) => resourcesOfType(graph, "aws:lambda/function:Function"))) {
      expect(inputs.architectures).to.deep.equal(["arm64"]);
    }
  });

  it("keeps items in an on-demand table with the key id and passes its name to the function", () => {
    const table = inputsOf(dev, "aws:dynamodb/table:Table", "items");
    expect(table).to.deep.include({ billingMode: "PAY_PER_REQUEST", hashKey: "id" });
    const [resource] = resourcesOfType(dev, "aws:dynamodb/table:Table").filter(({ name }) => name === "items");
    const { environment } = inputsOf(dev, "aws:lambda/function:Function", "items");
    expect(environment).to.have.nested.property("variables.TABLE_NAME", resource?.outputs.name);
  });

  it("serves GET /items on the stage Prod", () => {
    expect(inputsOf(dev, "aws:apigateway/stage:Stage", "api").stageName).to.equal("Prod");
    const body = JSON.parse(String(inputsOf(dev, "aws:apigateway/restApi:RestApi", "api").body));
    expect(body.paths["/items"].get["x-amazon-apigateway-integration"]).to.include({ type: "aws_proxy" });
  });

  it("has only outputs that fit on a line, as every plan prints all of them", () => {
    for (const [name, value] of Object.entries({ ...dev.outputs, ...prod.outputs })) {
      expect(JSON.stringify(reveal(value)), name).to.have.lengthOf.below(500);
    }
  });

  it("accepts any caller in dev, and only signed requests in prod", () => {
    const security = (graph: Graph) =>
      JSON.parse(String(inputsOf(graph, "aws:apigateway/restApi:RestApi", "api").body)).paths["/items"].get.security;
    expect(security(dev) ?? []).to.deep.equal([]);
    expect(security(prod)).to.deep.equal([{ sigv4: [] }]);
  });

  it("protects the data in prod and not in dev", () => {
    for (const name of ["items", "records", "summaries"]) {
      expect(inputsOf(prod, "aws:dynamodb/table:Table", name).deletionProtectionEnabled).to.equal(true);
      expect(inputsOf(dev, "aws:dynamodb/table:Table", name).deletionProtectionEnabled).to.not.equal(true);
    }
  });

  it("protects in prod what cannot be made again, and nothing else, so that the rest can be configured", () => {
    const protectedIn = ({ resources }: Graph) => resources.filter(({ protect }) => protect);
    expect(protectedIn(prod).map(({ type, name }) => `${type} ${name}`)).to.have.members([
      "aws:dynamodb/table:Table items",
      "aws:dynamodb/table:Table records",
      "aws:dynamodb/table:Table summaries",
      "aws:kms/key:Key data",
      "aws:kinesis/stream:Stream item-events",
      "aws:dynamodb/table:Table daily-summaries",
      "aws:sqs/queue:Queue daily-summaries",
      "aws:sqs/queue:Queue daily-summaries-dead-letters",
      "aws:sqs/queue:Queue rejected",
      "aws:sqs/queue:Queue rejected-dead-letters",
      "aws:s3/bucket:Bucket lake-raw",
      "aws:s3/bucket:Bucket lake-results",
      "aws:s3/bucket:Bucket lake-logs",
      "aws:s3/bucket:Bucket lake-code",
    ]);
    expect(protectedIn(dev)).to.deep.equal([]);
  });

  it("shows every function and stream of prod on its dashboard, and has none in dev", () => {
    expect(resourcesOfType(dev, "aws:cloudwatch/dashboard:Dashboard")).to.be.empty;
    const { dashboardName, dashboardBody } = inputsOf(prod, "aws:cloudwatch/dashboard:Dashboard", "overview");
    expect(dashboardName).to.equal("graviton-prod-overview");
    for (const type of ["aws:lambda/function:Function", "aws:kinesis/stream:Stream"]) {
      for (const { outputs } of resourcesOfType(prod, type)) expect(dashboardBody).to.include(`"${outputs.name}"`);
    }
  });

  it("saves a query of every function's logs in prod", () => {
    const { logGroupNames } = inputsOf(prod, "aws:cloudwatch/queryDefinition:QueryDefinition", "overview-errors");
    const groups = resourcesOfType(prod, "aws:cloudwatch/logGroup:LogGroup").map(({ outputs }) => `${outputs.name}`);
    expect(logGroupNames).to.have.members(groups.filter((name) => name.startsWith("/aws/lambda/")));
  });

  it("sends alarms to its own topic in prod and has none in dev", () => {
    const [topic] = resourcesOfType(prod, "aws:sns/topic:Topic");
    const alarms = resourcesOfType(prod, "aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarms).to.not.be.empty;
    for (const { inputs, name } of alarms) expect(inputs.alarmActions, name).to.deep.equal([topic?.outputs.arn]);
    expect(resourcesOfType(dev, "aws:cloudwatch/metricAlarm:MetricAlarm")).to.be.empty;
  });

  it("keeps logs for a week in dev and for a year in prod", () => {
    const retention = (graph: Graph) =>
      resourcesOfType(graph, "aws:cloudwatch/logGroup:LogGroup").map(({ inputs }) => inputs.retentionInDays);
    expect(new Set(retention(dev))).to.deep.equal(new Set([7]));
    expect(new Set(retention(prod))).to.deep.equal(new Set([365]));
  });

  it("encrypts all data in prod with one key, which only the services that need it may use", () => {
    const [key, ...others] = resourcesOfType(prod, "aws:kms/key:Key");
    expect(others).to.deep.equal([]);
    for (const [type, path] of [
      ["aws:dynamodb/table:Table", "serverSideEncryption.kmsKeyArn"],
      ["aws:cloudwatch/logGroup:LogGroup", "kmsKeyId"],
      ["aws:lambda/function:Function", "kmsKeyArn"],
      ["aws:sns/topic:Topic", "kmsMasterKeyId"],
    ] as const) {
      for (const { name, inputs } of resourcesOfType(prod, type)) {
        expect(reveal(inputs), `${type} ${name}`).to.have.nested.property(path, key?.outputs.arn);
      }
      for (const { name, inputs } of resourcesOfType(dev, type).filter(({ name }) => name !== "spark")) {
        expect(reveal(inputs), `${type} ${name}`).not.to.have.nested.property(path);
      }
    }
    const { Statement } = JSON.parse(String(reveal(key?.inputs.policy ?? null)));
    expect(
      Statement.slice(1).map(({ Principal }: { Principal: { Service: string } }) => Principal.Service),
    ).to.deep.equal(
      ["logs.us-east-1", "emr-serverless", "cloudwatch", "events"].map((service) => `${service}.amazonaws.com`),
    );
  });

  it("places every resource except components under a component", () => {
    for (const { type, parent, custom } of dev.resources) {
      if (custom && !type.startsWith("pulumi:")) expect(parent, type).to.match(/graviton:index:/);
    }
  });

  it("lets the jobs function submit by the job definition's ARN, with or without a revision", () => {
    const statements = resourcesOfType(prod, "aws:iam/rolePolicy:RolePolicy").flatMap(
      ({ inputs }) => JSON.parse(String(reveal(inputs.policy ?? null))).Statement,
    );
    const submit = statements.find(({ Action }: { Action: string[] }) => Action.includes("batch:SubmitJob"));
    const [definition] = resourcesOfType(prod, "aws:batch/jobDefinition:JobDefinition");
    const [queue] = resourcesOfType(prod, "aws:batch/jobQueue:JobQueue");
    const arn = `arn:aws:batch:us-east-1:123456789012:job-definition/${definition?.outputs.name}`;
    expect(submit.Resource).to.deep.equal([
      queue?.outputs.arn,
      arn,
      `${arn}:*`,
      "arn:aws:batch:us-east-1:123456789012:job/*",
    ]);
    const { environment } = inputsOf(prod, "aws:lambda/function:Function", "jobs");
    expect(environment).to.have.nested.property("variables.JOB_DEFINITION", `${arn}:1`);
  });

  it("allows actions on all resources only where IAM supports nothing narrower", () => {
    for (const { inputs, urn } of resourcesOfType(prod, "aws:iam/rolePolicy:RolePolicy")) {
      const { Statement } = JSON.parse(String(reveal(inputs.policy ?? null)));
      const wide = Statement.filter(({ Resource }: { Resource: string | string[] }) => [Resource].flat().includes("*"));
      const known = ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "batch:DescribeJobs", "batch:ListJobs"];
      const actions = wide.flatMap(({ Action }: { Action: string[] }) => Action);
      expect([...known, "ec2:DescribeInstances", "ecr:GetAuthorizationToken"], urn).to.include.members(actions);
    }
  });
});
