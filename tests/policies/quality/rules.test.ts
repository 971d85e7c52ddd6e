import { expect } from "chai";
import { qualityRules } from "../../../policies/quality/rules";
import type { Checked } from "../../helpers/policies/policies";
import { check } from "./said";

interface Broken {
  rule: string;
  resource: Checked;
  settings?: Record<string, unknown>;
}

const broken: Broken[] = [
  { rule: "lambda-memory-and-timeout", resource: { type: "aws:lambda/function:Function", props: {} } },
  {
    rule: "lambda-current-runtime",
    resource: { type: "aws:lambda/function:Function", props: { runtime: "nodejs8.10" } },
  },
  { rule: "lambda-log-group", resource: { type: "aws:lambda/function:Function", props: { name: "items" } } },
  { rule: "log-retention", resource: { type: "aws:cloudwatch/logGroup:LogGroup", props: {} } },
  {
    rule: "api-execution-log-group",
    resource: {
      type: "aws:apigateway/methodSettings:MethodSettings",
      props: { restApi: "id", stageName: "Prod", settings: { loggingLevel: "INFO" } },
    },
  },
  { rule: "dynamodb-point-in-time-recovery", resource: { type: "aws:dynamodb/table:Table", props: {} } },
  {
    rule: "dynamodb-encryption",
    resource: { type: "aws:dynamodb/table:Table", props: {} },
    settings: { customerKeys: true },
  },
  {
    rule: "dynamodb-deletion-protection",
    resource: { type: "aws:dynamodb/table:Table", props: {} },
    settings: { required: true },
  },
  { rule: "kinesis-encryption", resource: { type: "aws:kinesis/stream:Stream", props: {} } },
  {
    rule: "firehose-encryption",
    resource: { type: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", props: {} },
  },
  { rule: "sqs-encryption", resource: { type: "aws:sqs/queue:Queue", props: { sqsManagedSseEnabled: false } } },
  { rule: "sns-encryption", resource: { type: "aws:sns/topic:Topic", props: {} } },
  ...["stream-bounded-retries", "event-source-partial-failures"].map((rule) => ({
    rule,
    resource: {
      type: "aws:lambda/eventSourceMapping:EventSourceMapping",
      props: { eventSourceArn: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks" },
    },
  })),
  {
    rule: "iam-least-privilege",
    resource: {
      type: "aws:iam/policy:Policy",
      props: { policy: JSON.stringify({ Statement: { Effect: "Allow", Action: "*", Resource: "*" } }) },
    },
  },
  {
    rule: "iam-no-administrator",
    resource: {
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      props: { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    },
  },
  {
    rule: "iam-trust",
    resource: {
      type: "aws:iam/role:Role",
      props: {
        assumeRolePolicy: JSON.stringify({
          Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: "*" }],
        }),
      },
    },
  },
  { rule: "api-access-logs", resource: { type: "aws:apigateway/stage:Stage", props: {} } },
  {
    rule: "lambda-permission-source",
    resource: { type: "aws:lambda/permission:Permission", props: { principal: "events.amazonaws.com" } },
  },
  {
    rule: "api-authorization",
    resource: { type: "aws:lambda/functionUrl:FunctionUrl", props: { authorizationType: "NONE" } },
    settings: { required: true },
  },
  { rule: "api-throttling", resource: { type: "aws:apigateway/stage:Stage", props: {} } },
  {
    rule: "batch-container-isolation",
    resource: {
      type: "aws:batch/jobDefinition:JobDefinition",
      props: { containerProperties: JSON.stringify({ privileged: true }) },
    },
  },
  { rule: "batch-timeout", resource: { type: "aws:batch/jobDefinition:JobDefinition", props: {} } },
  {
    rule: "batch-retry",
    resource: { type: "aws:batch/jobDefinition:JobDefinition", props: { retryStrategy: { attempts: 11 } } },
  },
  {
    rule: "batch-public-ip",
    resource: {
      type: "aws:batch/jobDefinition:JobDefinition",
      props: { containerProperties: JSON.stringify({ networkConfiguration: { assignPublicIp: "ENABLED" } }) },
    },
  },
  { rule: "emr-security-configuration", resource: { type: "aws:emr/cluster:Cluster", props: {} } },
  {
    rule: "emr-encryption",
    resource: { type: "aws:emr/securityConfiguration:SecurityConfiguration", props: { configuration: "{}" } },
  },
  { rule: "emr-log-key", resource: { type: "aws:emr/cluster:Cluster", props: { logUri: "s3://logs/" } } },
  { rule: "emr-termination", resource: { type: "aws:emr/cluster:Cluster", props: {} } },
  {
    rule: "emr-serverless-auto-stop",
    resource: {
      type: "aws:emrserverless/application:Application",
      props: { autoStopConfiguration: { enabled: false } },
    },
  },
];

describe("the quality rules", () => {
  it("have unique names, a page of AWS's documentation, and a default for each setting", () => {
    expect(new Set(qualityRules.map(({ name }) => name)).size).to.equal(qualityRules.length);
    for (const { name, url, settings = {} } of qualityRules) {
      expect(name).to.match(/^[a-z0-9]+(-[a-z0-9]+)+$/);
      expect(url).to.match(/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/);
      for (const setting of Object.values(settings)) expect(setting, name).to.have.property("default");
    }
  });

  it("do not check resources that they do not apply to", async () => {
    expect(await check([{ type: "aws:s3/bucket:Bucket", props: { policy: "{" } }])).to.deep.equal([]);
  });

  it("are each violated by one of the resources here", () => {
    // This rule's own test has the stack that it takes to violate it.
    const others = qualityRules.filter(({ name }) => name !== "emr-managed-policy-tag");
    expect(broken.map(({ rule }) => rule)).to.have.members(others.map(({ name }) => name));
  });

  for (const { rule, resource, settings = {} } of broken) {
    it(`${rule} is violated at its level, but not by an exempt resource`, async () => {
      const level = qualityRules.find(({ name }) => name === rule)?.enforcementLevel ?? "mandatory";
      const found = (await check([resource], { [rule]: settings })).filter(({ policy }) => policy === rule);
      expect(found).to.not.be.empty;
      for (const violation of found) expect(violation.level).to.equal(level);

      const exemptions = [{ type: resource.type, match: "it", reason: "it is being fixed", expires: "2999-12-31" }];
      const exempt = await check([resource], { [rule]: { ...settings, exemptions } });
      const left = exempt.filter(({ policy }) => policy === rule);
      expect(left).to.have.lengthOf(found.length);
      for (const violation of left) {
        expect(violation.level).to.equal("advisory");
        expect(violation.message).to.match(/^Exempt until 2999-12-31 \(it is being fixed\): /);
      }
    });
  }
});
