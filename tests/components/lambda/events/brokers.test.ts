import { expect } from "chai";
import type { FunctionEventArgs } from "../../../../components";
import { inputsOf, resources, startMocks } from "../../../helpers/components/mocks";
import {
  account,
  brokerArn,
  called,
  clusterArn,
  deadLetterArn,
  functionArn,
  key,
  roleAllows,
  secretArn,
  statementsOf,
} from "./called";

const mappingType = "aws:lambda/eventSourceMapping:EventSourceMapping";
const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";
const networkActions = ["CreateNetworkInterface", "DescribeNetworkInterfaces", "DeleteNetworkInterface"];
const bootstrapServers = ["a.example.com:9092", "b.example.com:9092"];

describe("a function's Kafka topic", () => {
  beforeEach(startMocks);

  const topic = "orders";
  const ofKafka = (args: object) => ({ orders: { kafka: { topic, ...args } } }) as Record<string, FunctionEventArgs>;

  it("is read from its beginning, with bounded retries, bisected batches, pollers and a dead letter queue", async () => {
    called(ofKafka({ clusterArn }));
    expect(await inputsOf(mappingType, "worker-orders")).to.deep.equal({
      eventSourceArn: clusterArn,
      functionName: functionArn,
      enabled: true,
      topics: ["orders"],
      batchSize: 100,
      startingPosition: "TRIM_HORIZON",
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 5,
      maximumRecordAgeInSeconds: 86_400,
      functionResponseTypes: ["ReportBatchItemFailures"],
      destinationConfig: { onFailure: { destinationArn: deadLetterArn } },
      provisionedPollerConfig: { minimumPollers: 1, maximumPollers: 200 },
    });
  });

  it("is read with the role's own permissions, of this cluster, topic and group only", async () => {
    called(ofKafka({ clusterArn, consumerGroupId: "worker" }));
    const at = (part: string) => [`arn:aws:kafka:eu-west-1:${account}:${part}`];
    const allowed = await roleAllows();
    expect(allowed).to.deep.include({
      "kafka:GetBootstrapBrokers": [clusterArn],
      "kafka:DescribeClusterV2": [clusterArn],
      "kafka-cluster:Connect": [clusterArn],
      "kafka-cluster:ReadData": at("topic/orders/1-2-3/orders"),
      "kafka-cluster:AlterGroup": at("group/orders/1-2-3/worker"),
      "sqs:SendMessage": [deadLetterArn],
    });
    for (const action of networkActions) expect(allowed[`ec2:${action}`], action).to.deep.equal(["*"]);
  });

  it("is read with a secret instead", async () => {
    const authentication = { kind: "SASL_SCRAM_512_AUTH", secretArn, kmsKeyArn: key };
    called(ofKafka({ clusterArn, authentication }));
    expect(await inputsOf(mappingType)).to.deep.include({
      sourceAccessConfigurations: [{ type: "SASL_SCRAM_512_AUTH", uri: secretArn }],
    });
    const statements = await statementsOf("aws:iam/rolePolicy:RolePolicy", "worker");
    expect(JSON.stringify(statements)).to.not.contain("kafka-cluster:");
    expect(statements).to.deep.include.members([
      { Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: [secretArn] },
      {
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [key],
        Condition: { StringEquals: { "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com" } },
      },
    ]);
  });

  it("may be of brokers elsewhere, in a network, with a certificate of their own", async () => {
    const vpc = { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] };
    called(ofKafka({ bootstrapServers, vpc, rootCertificateSecretArn: secretArn, consumerGroupId: "worker" }));
    const mapping = await inputsOf(mappingType);
    expect(mapping).to.not.have.property("eventSourceArn");
    expect(mapping).to.deep.include({
      selfManagedEventSource: { endpoints: { KAFKA_BOOTSTRAP_SERVERS: bootstrapServers.join(",") } },
      selfManagedKafkaEventSourceConfig: { consumerGroupId: "worker" },
      sourceAccessConfigurations: [
        { type: "SERVER_ROOT_CA_CERTIFICATE", uri: secretArn },
        { type: "VPC_SUBNET", uri: "subnet:subnet-1" },
        { type: "VPC_SECURITY_GROUP", uri: "security_group:sg-1" },
      ],
    });
    const allowed = await roleAllows();
    expect(allowed).to.deep.include({
      "secretsmanager:GetSecretValue": [secretArn],
      "ec2:CreateNetworkInterface": ["*"],
    });
    expect(Object.keys(allowed).filter((action) => action.startsWith("kafka"))).to.deep.equal([]);
  });

  it("needs no network for brokers on the internet", async () => {
    called(ofKafka({ bootstrapServers, authentication: { kind: "BASIC_AUTH", secretArn } }));
    expect(Object.keys(await roleAllows()).filter((action) => action.startsWith("ec2"))).to.deep.equal([]);
  });

  it("is read as the arguments say", async () => {
    const pollers = { minimum: 5, maximum: 2000, group: "shared" };
    const args = { batchSize: 1, batchWindow: 300, retries: 0, maximumAge: 60, bisect: false, enabled: false };
    called(ofKafka({ clusterArn, pollers, ...args, startingPosition: "LATEST", filters: [{ value: { a: [1] } }] }));
    expect(await inputsOf(mappingType)).to.deep.include({
      provisionedPollerConfig: { minimumPollers: 5, maximumPollers: 2000, pollerGroupName: "shared" },
      batchSize: 1,
      maximumBatchingWindowInSeconds: 300,
      maximumRetryAttempts: 0,
      maximumRecordAgeInSeconds: 60,
      bisectBatchOnFunctionError: false,
      enabled: false,
      startingPosition: "LATEST",
      filterCriteria: { filters: [{ pattern: '{"value":{"a":[1]}}' }] },
    });
  });

  it("costs nothing on demand, where Lambda bounds no retries", async () => {
    called(ofKafka({ clusterArn, onDemand: true }));
    const mapping = await inputsOf(mappingType);
    expect(mapping).to.not.have.any.keys("provisionedPollerConfig", "maximumRetryAttempts", "functionResponseTypes");
    expect(mapping).to.deep.include({ destinationConfig: { onFailure: { destinationArn: deadLetterArn } } });
  });

  it("raises an alarm when reading lags behind", async () => {
    called(ofKafka({ clusterArn, alarmLag: 500 }), { alarmTopicArns: ["topic"] });
    expect(await inputsOf(alarmType, "worker-orders-offset-lag")).to.deep.include({
      namespace: "AWS/Lambda",
      metricName: "OffsetLag",
      statistic: "Maximum",
      threshold: 500,
      dimensions: { FunctionName: "worker-1234567" },
    });
  });
});

describe("a function's broker", () => {
  beforeEach(startMocks);

  const mq = { brokerArn, queue: "orders", secretArn };

  it("is read with its secret, and keeps its dead letters itself", async () => {
    called({ orders: { mq } });
    expect(await inputsOf(mappingType, "worker-orders")).to.deep.equal({
      eventSourceArn: brokerArn,
      functionName: functionArn,
      enabled: true,
      queues: "orders",
      batchSize: 100,
      sourceAccessConfigurations: [{ type: "BASIC_AUTH", uri: secretArn }],
    });
    expect((await resources()).filter(({ type }) => type.startsWith("aws:sqs"))).to.deep.equal([]);
  });

  it("may be read by the function's role", async () => {
    called({ orders: { mq: { ...mq, kmsKeyArn: key } } });
    expect(await roleAllows()).to.deep.include({
      "mq:DescribeBroker": [brokerArn],
      "secretsmanager:GetSecretValue": [secretArn],
      "kms:Decrypt": [key],
      "ec2:DescribeSecurityGroups": ["*"],
    });
  });

  it("may have a virtual host", async () => {
    called({ orders: { mq: { ...mq, virtualHost: "shop", batchWindow: 5 } } });
    expect(await inputsOf(mappingType)).to.deep.include({
      maximumBatchingWindowInSeconds: 5,
      sourceAccessConfigurations: [
        { type: "BASIC_AUTH", uri: secretArn },
        { type: "VIRTUAL_HOST", uri: "shop" },
      ],
    });
  });
});
