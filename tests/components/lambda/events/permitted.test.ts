import { cognito } from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { inputsOf, resources, startMocks } from "../../../helpers/components/mocks";
import {
  account,
  called,
  deadLetterArn,
  functionArn,
  listenerArn,
  logGroupArn,
  statementsOf,
  targetGroupArn,
} from "./called";

const permissionType = "aws:lambda/permission:Permission";
const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
const action = "lambda:InvokeFunction";
const permitted = { action, function: "worker-1234567" };
const alarmTopicArns = ["topic"];

describe("a function's log group", () => {
  beforeEach(startMocks);

  const filterType = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter";

  it("may call the function, with all its lines or those of a pattern", async () => {
    called({
      lines: { logs: { logGroupArn } },
      errors: { logs: { logGroupArn: `${logGroupArn}:*`, filterPattern: "E" } },
    });
    const group = { logGroup: "/shop/orders", destinationArn: functionArn };
    expect(await inputsOf(filterType, "worker-lines")).to.deep.equal({ ...group, filterPattern: "" });
    expect(await inputsOf(filterType, "worker-errors")).to.deep.equal({ ...group, filterPattern: "E" });
    for (const name of ["worker-lines", "worker-errors"]) {
      expect(await inputsOf(permissionType, name)).to.deep.equal({
        ...permitted,
        principal: "logs.amazonaws.com",
        sourceArn: `${logGroupArn}:*`,
        sourceAccount: account,
      });
    }
  });

  it("leaves lines that the function finally fails on to its dead letter queue", async () => {
    called({ lines: { logs: { logGroupArn } } });
    expect(await inputsOf("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")).to.deep.include({
      destinationConfig: { onFailure: { destination: deadLetterArn } },
    });
  });

  it("raises an alarm when lines do not reach the function", async () => {
    called({ lines: { logs: { logGroupArn } } }, { alarmTopicArns });
    expect(await inputsOf(alarmType, "worker-lines-failed")).to.deep.include({
      metricName: "DeliveryErrors",
      dimensions: { LogGroupName: "/shop/orders", DestinationType: "Lambda", FilterName: "worker-lines-1234567" },
    });
  });
});

describe("a function's user pool", () => {
  beforeEach(startMocks);

  const principal = "cognito-idp.amazonaws.com";
  const poolArn = `arn:aws:cognito-idp:eu-west-1:${account}:userpool/eu-west-1_users`;

  it("may call the function, which the pool itself names", async () => {
    called({ signUp: { cognito: { userPoolArn: poolArn } } }, { alias: {} });
    expect(await inputsOf(permissionType)).to.deep.equal({
      ...permitted,
      qualifier: "live",
      principal,
      sourceArn: poolArn,
      sourceAccount: account,
    });
  });

  it("is any of the account's and region's, as a pool of the same program comes later", async () => {
    called({ signUp: { cognito: {} } });
    const sourceArn = `arn:aws:cognito-idp:eu-west-1:${account}:userpool/*`;
    expect(await inputsOf(permissionType)).to.include({ sourceArn, sourceAccount: account });
  });

  it("may be the one of the same program that names the function", async () => {
    const [userPoolArn, setArn] = pulumi.deferredOutput<string>();
    const { functionArn: preSignUp } = called({ signUp: { cognito: { userPoolArn } } });
    setArn(new cognito.UserPool("users", { lambdaConfig: { preSignUp } }).arn);
    expect(await inputsOf("aws:cognito/userPool:UserPool")).to.deep.equal({ lambdaConfig: { preSignUp: functionArn } });
    expect(await inputsOf(permissionType)).to.include({
      sourceArn: `arn:aws:cognito:eu-west-1:${account}:users-1234567`,
    });
  });
});

describe("a function's IoT rule", () => {
  beforeEach(startMocks);

  const sql = "SELECT temperature FROM 'sensors/+'";
  const ruleType = "aws:iot/topicRule:TopicRule";

  it("calls the function, and keeps messages that it cannot deliver", async () => {
    called({ "hot-days": { iot: { sql } } });
    expect(await inputsOf(ruleType, "worker_hot_days")).to.deep.equal({
      description: "Calls worker-hot-days",
      sql,
      sqlVersion: "2016-03-23",
      enabled: true,
      lambdas: [{ functionArn }],
      errorAction: {
        sqs: {
          queueUrl: `https://sqs.eu-west-1.amazonaws.com/${account}/worker-dead-letters-1234567`,
          roleArn: `arn:aws:iam:eu-west-1:${account}:worker-hot-days-iot-1234567`,
          useBase64: false,
        },
      },
    });
    expect(await inputsOf(permissionType)).to.deep.equal({
      ...permitted,
      principal: "iot.amazonaws.com",
      sourceArn: `arn:aws:iot:eu-west-1:${account}:worker_hot_days-1234567`,
    });
  });

  it("has a role that only rules of the account may assume, and that may send dead letters only", async () => {
    called({ readings: { iot: { sql } } });
    expect(await statementsOf("aws:iam/role:Role", "worker-readings-iot", "assumeRolePolicy")).to.deep.equal([
      {
        Effect: "Allow",
        Principal: { Service: "iot.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { ArnEquals: { "aws:SourceArn": `arn:aws:iot:eu-west-1:${account}:rule/*` } },
      },
    ]);
    expect(await statementsOf("aws:iam/rolePolicy:RolePolicy", "worker-readings-iot")).to.deep.equal([
      { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [deadLetterArn] },
    ]);
  });

  it("raises alarms for messages that are lost before the rule can act", async () => {
    called({ readings: { iot: { sql } } }, { alarmTopicArns });
    const alarms = (await resources()).filter(({ type, name }) => type === alarmType && name.includes("readings"));
    expect(alarms.map(({ inputs }) => [inputs.metricName, inputs.dimensions])).to.deep.equal([
      ["ParseError", { RuleName: "worker_readings-1234567" }],
      ["RuleMessageThrottled", { RuleName: "worker_readings-1234567" }],
    ]);
  });
});

describe("a function's load balancer", () => {
  beforeEach(startMocks);

  const groupArn = `arn:aws:lb:eu-west-1:${account}:worker-requests-1234567`;
  const principal = "elasticloadbalancing.amazonaws.com";
  const attachmentType = "aws:lb/targetGroupAttachment:TargetGroupAttachment";

  it("gets a rule that sends requests to the function", async () => {
    const conditions = { paths: ["/orders/*"], hosts: ["*.example.com"], methods: ["GET", "PUT"] };
    called({ requests: { loadBalancer: { listenerArn, ...conditions, priority: 10 } } });
    expect(await inputsOf("aws:lb/targetGroup:TargetGroup")).to.deep.equal({
      targetType: "lambda",
      lambdaMultiValueHeadersEnabled: false,
    });
    expect(await inputsOf(permissionType)).to.deep.equal({ ...permitted, principal, sourceArn: groupArn });
    expect(await inputsOf(attachmentType)).to.deep.equal({ targetGroupArn: groupArn, targetId: functionArn });
    expect(await inputsOf("aws:lb/listenerRule:ListenerRule")).to.deep.equal({
      listenerArn,
      priority: 10,
      conditions: [
        { pathPattern: { values: ["/orders/*"] } },
        { hostHeader: { values: ["*.example.com"] } },
        { httpRequestMethod: { values: ["GET", "PUT"] } },
      ],
      actions: [{ type: "forward", targetGroupArn: groupArn }],
    });
  });

  it("may have a target group already", async () => {
    called({ requests: { loadBalancer: { targetGroupArn } } });
    expect(await inputsOf(permissionType)).to.deep.equal({ ...permitted, principal, sourceArn: targetGroupArn });
    expect(await inputsOf(attachmentType)).to.deep.equal({ targetGroupArn, targetId: functionArn });
    const types = (await resources()).map(({ type }) => type);
    expect(types).to.not.include.members(["aws:lb/targetGroup:TargetGroup"]);
    expect(types).to.not.include.members(["aws:lb/listenerRule:ListenerRule"]);
  });

  it("raises an alarm when the function does not answer as it should", async () => {
    called({ requests: { loadBalancer: { targetGroupArn } } }, { alarmTopicArns });
    expect(await inputsOf(alarmType, "worker-requests-target-errors")).to.deep.include({
      namespace: "AWS/ApplicationELB",
      metricName: "LambdaUserError",
      dimensions: { TargetGroup: "targetgroup/shop/1" },
    });
  });
});
