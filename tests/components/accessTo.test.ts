import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { accessTo, type FunctionAccess, ItemsTable, LambdaFunction, policyDocument } from "../../components";
import { inputsOf, resolved, startMocks } from "../helpers/components/mocks";
import { failureOf } from "../helpers/offline/program";

const account = "123456789012";
const key = `arn:aws:kms:eu-west-1:${account}:key/0a`;
const at = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:${account}:${resource}`;

/** The variables, and the statements as [actions without their service, resources, condition]. */
async function shown({ environment, statements }: FunctionAccess) {
  const known = await resolved(pulumi.output({ environment, statements }));
  return [
    known.environment,
    ...known.statements.map(({ actions, resources, conditions }) => [
      actions.map((action) => action.replace(/^.*:/, "")).join(" "),
      resources,
      ...(conditions ? [conditions] : []),
    ]),
  ];
}

const via = (service: string) => ({ StringEquals: { "kms:ViaService": `${service}.eu-west-1.amazonaws.com` } });

describe("access to resources that are not components", () => {
  beforeEach(() => startMocks());

  const cases: [what: string, access: () => FunctionAccess, expected: unknown[]][] = [
    [
      "a queue",
      () => accessTo.queue(at("sqs", "orders"), "send"),
      [
        { QUEUE_URL: `https://sqs.eu-west-1.amazonaws.com/${account}/orders` },
        ["SendMessage GetQueueUrl GetQueueAttributes", [at("sqs", "orders")]],
      ],
    ],
    [
      "an encrypted queue",
      () => accessTo.queue(at("sqs", "orders"), "consume", { environmentName: "ORDERS", kmsKeyArn: key }),
      [
        { ORDERS: `https://sqs.eu-west-1.amazonaws.com/${account}/orders` },
        ["ReceiveMessage DeleteMessage ChangeMessageVisibility GetQueueUrl GetQueueAttributes", [at("sqs", "orders")]],
        ["Decrypt", [key], via("sqs")],
      ],
    ],
    [
      "a topic",
      () => accessTo.topic(at("sns", "news"), { kmsKeyArn: key }),
      [
        { TOPIC_ARN: at("sns", "news") },
        ["Publish", [at("sns", "news")]],
        ["GenerateDataKey Decrypt", [key], via("sns")],
      ],
    ],
    [
      "a stream",
      () => accessTo.stream(at("kinesis", "stream/clicks"), "write"),
      [
        { STREAM_NAME: "clicks" },
        ["PutRecord PutRecords DescribeStreamSummary ListShards", [at("kinesis", "stream/clicks")]],
      ],
    ],
    [
      "a Firehose stream",
      () => accessTo.deliveryStream(at("firehose", "deliverystream/lake")),
      [{ DELIVERY_STREAM_NAME: "lake" }, ["PutRecord PutRecordBatch", [at("firehose", "deliverystream/lake")]]],
    ],
    [
      "an event bus",
      () => accessTo.eventBus(at("events", "event-bus/shop")),
      [{ EVENT_BUS_NAME: "shop" }, ["PutEvents", [at("events", "event-bus/shop")]]],
    ],
    [
      "a state machine",
      () => accessTo.stateMachine(at("states", "stateMachine:etl"), "start"),
      [{ STATE_MACHINE_ARN: at("states", "stateMachine:etl") }, ["StartExecution", [at("states", "stateMachine:etl")]]],
    ],
    [
      "a function",
      () => accessTo.lambdaFunction(at("lambda", "function:orders:live")),
      [
        { FUNCTION_ARN: at("lambda", "function:orders:live") },
        ["InvokeFunction", [at("lambda", "function:orders:live")]],
      ],
    ],
    [
      "a secret",
      () => accessTo.secret(at("secretsmanager", "secret:token-abc123"), { kmsKeyArn: key }),
      [
        { SECRET_ARN: at("secretsmanager", "secret:token-abc123") },
        ["GetSecretValue", [at("secretsmanager", "secret:token-abc123")]],
        ["Decrypt", [key], via("secretsmanager")],
      ],
    ],
    [
      "parameters",
      () => accessTo.parameters("/shop/prod/"),
      [
        { PARAMETER_PATH: "/shop/prod/" },
        [
          "GetParameter GetParameters GetParametersByPath",
          [at("ssm", "parameter/shop/prod"), at("ssm", "parameter/shop/prod/*")],
        ],
      ],
    ],
    ["a key", () => accessTo.key(key, "decrypt"), [{ KEY_ARN: key }, ["Decrypt", [key]]]],
    [
      "instances",
      () => accessTo.instances({ key: "office", value: "yes" }, ["start", "stop"]),
      [
        { INSTANCE_TAG_KEY: "office", INSTANCE_TAG_VALUE: "yes" },
        ["DescribeInstances", ["*"]],
        [
          "StartInstances StopInstances",
          [at("ec2", "instance/*")],
          { StringEquals: { "aws:ResourceTag/office": "yes" } },
        ],
      ],
    ],
  ];
  for (const [what, access, expected] of cases) {
    it(`is least for ${what}`, async () => {
      expect(await shown(access())).to.deep.equal(expected);
    });
  }

  it("refuses the ARN of something else, at once or once it is known", async () => {
    const topicArn = at("sns", "news");
    expect(() => accessTo.queue(topicArn, "send")).to.throw(
      pulumi.RunError,
      `accessTo.queue: is "${topicArn}"; write the ARN of an SQS queue`,
    );
    const later = pulumi.output(Promise.resolve(topicArn));
    const [statement] = accessTo.secret(later).statements;
    const resource = pulumi.output(statement?.resources) as unknown as { promise(): Promise<unknown> };
    const { message } = await failureOf(resource.promise());
    expect(message).to.contain("write the ARN of a secret");
  });
});

describe("a function's own access", () => {
  beforeEach(() => startMocks());

  const code = new pulumi.asset.AssetArchive({});

  it("lets others call it, or its alias only", async () => {
    const one = new LambdaFunction("one", { code, handler: "index.handler" });
    const two = new LambdaFunction("two", {
      code,
      handler: "index.handler",
      alias: {},
      access: [one.access("invoke")],
    });
    const oneArn = at("lambda", "one-1234567");
    expect(await shown(one.invokeAccess)).to.deep.equal([{ FUNCTION_ARN: oneArn }, ["InvokeFunction", [oneArn]]]);
    expect((await shown(two.access("invoke", { environmentName: "TWO" })))[0]).to.deep.equal({
      TWO: at("lambda", "live"),
    });
    const { policy } = await inputsOf("aws:iam/rolePolicy:RolePolicy", "two");
    expect(policy).to.contain("lambda:InvokeFunction").and.contain(oneArn);
  });

  it("gives the role of a state machine its policy", async () => {
    const one = new LambdaFunction("one", { code, handler: "index.handler" });
    expect(JSON.parse(await resolved(policyDocument(one.access("invoke").statements)))).to.deep.equal({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [at("lambda", "one-1234567")] }],
    });
  });
});

describe("a table's access beyond its items", () => {
  beforeEach(() => startMocks());

  const tableArn = at("dynamodb", "orders-1234567");
  const environment = { TABLE_NAME: "orders-1234567" };

  it("changes the table itself", async () => {
    expect(await shown(new ItemsTable("orders").access("reconfigure"))).to.deep.equal([
      environment,
      ["UpdateTable DescribeTable", [tableArn]],
    ]);
  });

  it("makes and deletes backups of this table, and lists all, which AWS cannot limit", async () => {
    expect(await shown(new ItemsTable("orders").access("backup"))).to.deep.equal([
      environment,
      ["CreateBackup DescribeContinuousBackups", [tableArn]],
      ["DescribeBackup DeleteBackup", [`${tableArn}/backup/*`]],
      ["ListBackups", ["*"]],
    ]);
  });

  it("restores into a table whose name begins with this one's, with its key", async () => {
    const table = new ItemsTable("orders", { kmsKeyArn: key });
    expect(await shown(table.access("restore"))).to.deep.equal([
      environment,
      ["RestoreTableFromBackup", [`${tableArn}/backup/*`]],
      ["RestoreTableToPointInTime", [tableArn]],
      ["PutItem UpdateItem BatchWriteItem DeleteItem GetItem Query Scan DescribeTable", [`${tableArn}-restored*`]],
      ["Decrypt Encrypt ReEncryptFrom ReEncryptTo GenerateDataKey DescribeKey CreateGrant", [key], via("dynamodb")],
    ]);
  });
});
