import { expect } from "chai";
import { inputsOf, resources, startMocks } from "../../../helpers/components/mocks";
import { called, deadLetterArn, functionArn, key, queueArn, roleAllows, streamArn } from "./called";

const mappingType = "aws:lambda/eventSourceMapping:EventSourceMapping";
const tableStreamArn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2030-01-31T03:00:00.000";

describe("a function's stream", () => {
  beforeEach(startMocks);

  it("is read from its beginning, with bounded retries, bisected batches and a dead letter queue", async () => {
    called({ changes: { stream: { streamArn } } });
    expect(await inputsOf(mappingType, "worker-changes")).to.deep.equal({
      eventSourceArn: streamArn,
      functionName: functionArn,
      enabled: true,
      batchSize: 100,
      maximumBatchingWindowInSeconds: 0,
      startingPosition: "TRIM_HORIZON",
      parallelizationFactor: 1,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 5,
      maximumRecordAgeInSeconds: 86_400,
      functionResponseTypes: ["ReportBatchItemFailures"],
      destinationConfig: { onFailure: { destinationArn: deadLetterArn } },
    });
  });

  it("is read as the arguments say", async () => {
    const stream = {
      streamArn,
      startingPosition: "AT_TIMESTAMP",
      startingTimestamp: "2020-01-31T03:00:00Z",
      batchSize: 10,
      batchWindow: 5,
      parallelization: 10,
      tumblingWindow: 60,
      bisect: false,
      retries: 0,
      maximumAge: 60,
      reportBatchItemFailures: false,
      enabled: false,
      filters: [{ data: { kind: ["paid"] } }],
    } as const;
    called({ changes: { stream: { ...stream, filters: [...stream.filters] } } }, { alias: { name: "live" } });
    expect(await inputsOf(mappingType)).to.deep.include({
      functionName: `arn:aws:lambda:eu-west-1:123456789012:live`,
      enabled: false,
      batchSize: 10,
      maximumBatchingWindowInSeconds: 5,
      startingPosition: "AT_TIMESTAMP",
      startingPositionTimestamp: "2020-01-31T03:00:00Z",
      parallelizationFactor: 10,
      tumblingWindowInSeconds: 60,
      bisectBatchOnFunctionError: false,
      maximumRetryAttempts: 0,
      maximumRecordAgeInSeconds: 60,
      functionResponseTypes: [],
      filterCriteria: { filters: [{ pattern: '{"data":{"kind":["paid"]}}' }] },
    });
  });

  it("may be read by the function's role, which may send dead letters", async () => {
    called({ changes: { stream: { streamArn, kmsKeyArn: key } } });
    const allowed = await roleAllows();
    for (const action of ["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"]) {
      expect(allowed[`kinesis:${action}`], action).to.deep.equal([streamArn]);
    }
    expect(allowed).to.deep.include({ "kms:Decrypt": [key], "sqs:SendMessage": [deadLetterArn] });
    expect(allowed).to.not.have.property("kinesis:SubscribeToShard");
  });

  it("may be a consumer with enhanced fan-out", async () => {
    const consumerArn = `${streamArn}/consumer/worker:1`;
    called({ changes: { stream: { streamArn, consumerArn } } });
    expect(await inputsOf(mappingType)).to.include({ eventSourceArn: consumerArn });
    expect(await roleAllows()).to.deep.include({
      "kinesis:SubscribeToShard": [consumerArn],
      "kinesis:GetRecords": [streamArn],
    });
  });

  it("may be a table's, for which the role has DynamoDB's permissions", async () => {
    called({ changes: { stream: { streamArn: tableStreamArn } } });
    const allowed = await roleAllows();
    expect(allowed).to.deep.include({
      "dynamodb:GetRecords": [tableStreamArn],
      "dynamodb:ListStreams": ["arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/*"],
    });
    expect(Object.keys(allowed).filter((action) => action.startsWith("kinesis"))).to.deep.equal([]);
  });

  it("sends dead letters to a topic or bucket instead", async () => {
    const topic = "arn:aws:sns:eu-west-1:123456789012:failed";
    called({ changes: { stream: { streamArn, deadLetterArn: topic } } });
    expect(await inputsOf(mappingType)).to.deep.include({
      destinationConfig: { onFailure: { destinationArn: topic } },
    });
    expect(await roleAllows()).to.deep.include({ "sns:Publish": [topic] });
    expect((await resources()).filter(({ type }) => type.startsWith("aws:sqs"))).to.deep.equal([]);
  });

  it("raises an alarm when reading lags behind", async () => {
    called({ changes: { stream: { streamArn, alarmLag: 60 } } }, { alarmTopicArns: ["topic"] });
    expect(await inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm", "worker-changes-iterator-age")).to.deep.include({
      namespace: "AWS/Lambda",
      metricName: "IteratorAge",
      statistic: "Maximum",
      threshold: 60_000,
      dimensions: { FunctionName: "worker-1234567" },
      alarmActions: ["topic"],
    });
  });
});

describe("a function's queue", () => {
  beforeEach(startMocks);

  it("is read in batches of ten, of which the function may report the failed messages", async () => {
    called({ orders: { queue: { queueArn } } });
    expect(await inputsOf(mappingType, "worker-orders")).to.deep.equal({
      eventSourceArn: queueArn,
      functionName: functionArn,
      enabled: true,
      batchSize: 10,
      maximumBatchingWindowInSeconds: 0,
      functionResponseTypes: ["ReportBatchItemFailures"],
    });
  });

  it("keeps its dead letters itself", async () => {
    const { deadLetterQueue } = called({ orders: { queue: { queueArn } } });
    expect(deadLetterQueue).to.equal(undefined);
    expect((await resources()).filter(({ type }) => type.startsWith("aws:sqs"))).to.deep.equal([]);
  });

  it("may be read by the function's role, and decrypted with its key", async () => {
    called({ orders: { queue: { queueArn, kmsKeyArn: key } } });
    const allowed = await roleAllows();
    for (const action of ["ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes"]) {
      expect(allowed[`sqs:${action}`], action).to.deep.equal([queueArn]);
    }
    expect(allowed).to.deep.include({ "kms:Decrypt": [key] });
  });

  it("waits a second for batches of more than ten, as AWS demands, or as long as the arguments say", async () => {
    called({ some: { queue: { queueArn, batchSize: 11 } }, more: { queue: { queueArn, batchWindow: 300 } } });
    expect(await inputsOf(mappingType, "worker-some")).to.include({ maximumBatchingWindowInSeconds: 1 });
    expect(await inputsOf(mappingType, "worker-more")).to.include({ maximumBatchingWindowInSeconds: 300 });
  });

  it("limits the calls at the same time, or always has pollers", async () => {
    called({
      few: { queue: { queueArn, maximumConcurrency: 2 } },
      many: { queue: { queueArn, pollers: { maximum: 10_000 } } },
    });
    expect(await inputsOf(mappingType, "worker-few")).to.deep.include({ scalingConfig: { maximumConcurrency: 2 } });
    expect(await inputsOf(mappingType, "worker-many")).to.deep.include({
      provisionedPollerConfig: { minimumPollers: 2, maximumPollers: 10_000 },
    });
  });
});
