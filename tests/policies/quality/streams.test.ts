import { expect } from "chai";
import { unknown } from "../../helpers/policies/policies";
import { onlySaid, said } from "./said";

describe("kinesis-encryption", () => {
  const rule = "kinesis-encryption";
  const stream = (props: object) => ({ type: "aws:kinesis/stream:Stream", props });

  it("demands KMS", async () => {
    for (const encryptionType of ["KMS", unknown]) {
      expect(await said(rule, stream({ encryptionType }))).to.deep.equal([]);
    }
    expect(await onlySaid(rule, stream({}))).to.match(/^encryptionType is missing: write "KMS", /);
    expect(await onlySaid(rule, stream({ encryptionType: "NONE" }))).to.match(/^encryptionType is NONE: /);
    expect(await onlySaid(rule, stream({ encryptionType: true }))).to.match(/must be a string, but is a boolean\.$/);
  });
});

describe("firehose-encryption", () => {
  const rule = "firehose-encryption";
  const firehose = (props: object) => ({ type: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", props });

  it("demands it of what producers write to, not of what another stream feeds", async () => {
    for (const props of [
      { serverSideEncryption: { enabled: true } },
      { serverSideEncryption: unknown },
      { kinesisSourceConfiguration: { kinesisStreamArn: unknown } },
      { mskSourceConfiguration: unknown },
    ]) {
      expect(await said(rule, firehose(props))).to.deep.equal([]);
    }
    expect(await onlySaid(rule, firehose({ serverSideEncryption: { enabled: false } }))).to.equal(
      "serverSideEncryption.enabled is false: write true.",
    );
    expect(await said(rule, firehose({}))).to.have.lengthOf(1);
  });
});

describe("sqs-encryption and sns-encryption", () => {
  const queue = (props: object) => ({ type: "aws:sqs/queue:Queue", props });
  const topic = (props: object) => ({ type: "aws:sns/topic:Topic", props });

  it("takes a queue that AWS encrypts by default, and none where that is turned off", async () => {
    for (const props of [
      {},
      { sqsManagedSseEnabled: unknown },
      { sqsManagedSseEnabled: false, kmsMasterKeyId: "key" },
    ]) {
      expect(await said("sqs-encryption", queue(props))).to.deep.equal([]);
    }
    expect(await onlySaid("sqs-encryption", queue({ sqsManagedSseEnabled: false }))).to.match(
      / is false: write true, /,
    );
  });

  it("takes a topic with a key, known or not", async () => {
    for (const kmsMasterKeyId of ["alias/topics", unknown]) {
      expect(await said("sns-encryption", topic({ kmsMasterKeyId }))).to.deep.equal([]);
    }
    expect(await onlySaid("sns-encryption", topic({}))).to.match(/^kmsMasterKeyId is missing: /);
    expect(await onlySaid("sns-encryption", topic({ kmsMasterKeyId: "" }))).to.match(/^kmsMasterKeyId is empty: /);
  });
});

const kinesisArn = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks";
const dynamodbArn = "arn:aws:dynamodb:eu-west-1:123456789012:table/items/stream/2026";
const queueArn = "arn:aws:sqs:eu-west-1:123456789012:jobs";

const mapping = (props: object) => ({ type: "aws:lambda/eventSourceMapping:EventSourceMapping", props });
const good = {
  eventSourceArn: kinesisArn,
  startingPosition: "LATEST",
  maximumRetryAttempts: 3,
  maximumRecordAgeInSeconds: 3600,
  bisectBatchOnFunctionError: true,
  functionResponseTypes: ["ReportBatchItemFailures"],
  destinationConfig: { onFailure: { destinationArn: queueArn } },
};

describe("stream-bounded-retries", () => {
  const rule = "stream-bounded-retries";

  it("takes a mapping with bounds and a destination, or unknown ones", async () => {
    for (const props of [
      good,
      { ...good, eventSourceArn: dynamodbArn, maximumRetryAttempts: 0, maximumRecordAgeInSeconds: 60 },
      { ...good, maximumRetryAttempts: 10000, maximumRecordAgeInSeconds: 604800 },
      { ...good, maximumRetryAttempts: unknown, maximumRecordAgeInSeconds: unknown, destinationConfig: unknown },
      { ...good, destinationConfig: { onFailure: { destinationArn: unknown } } },
    ]) {
      expect(await said(rule, mapping(props))).to.deep.equal([]);
    }
  });

  it("tells each bound that is missing or infinite", async () => {
    const found = await said(rule, mapping({ eventSourceArn: dynamodbArn, maximumRetryAttempts: -1 }));
    expect(found).to.have.lengthOf(3);
    expect(found[0]).to.match(/^maximumRetryAttempts is -1: write a number from 0 to 10000 /);
    expect(found[1]).to.match(/^maximumRecordAgeInSeconds is missing: write a number from 60 to 604800 /);
    expect(found[2]).to.match(/^destinationConfig.onFailure.destinationArn is missing: /);
  });

  it("goes by the stack's bounds", async () => {
    expect(await onlySaid(rule, mapping(good), { maximumRetryAttempts: 2 })).to.match(/^maximumRetryAttempts is 3: /);
    expect(await onlySaid(rule, mapping(good), { maximumRecordAge: 600 })).to.match(
      /^maximumRecordAgeInSeconds is 3600: /,
    );
  });

  it("tells what has another type", async () => {
    expect(await onlySaid(rule, mapping({ ...good, maximumRetryAttempts: "3" }))).to.equal(
      "maximumRetryAttempts must be a number, but is a string.",
    );
  });

  it("takes a source that is unknown yet for a stream when it has a starting position", async () => {
    expect(await said(rule, mapping({ eventSourceArn: unknown, startingPosition: "LATEST" }))).to.have.lengthOf(3);
    expect(await said(rule, mapping({ eventSourceArn: unknown }))).to.deep.equal([]);
    for (const other of [{ topics: ["clicks"] }, { documentDbEventSourceConfig: { databaseName: "items" } }]) {
      const props = { eventSourceArn: unknown, startingPosition: "LATEST", ...other };
      expect(await said(rule, mapping(props))).to.deep.equal([]);
    }
  });

  it("is not for queues and Kafka", async () => {
    expect(await said(rule, mapping({ eventSourceArn: queueArn }))).to.deep.equal([]);
    expect(await said(rule, mapping({ topics: ["clicks"], startingPosition: "LATEST" }))).to.deep.equal([]);
  });
});

describe("event-source-partial-failures", () => {
  const rule = "event-source-partial-failures";

  it("takes what reports them, or may", async () => {
    for (const props of [
      good,
      { ...good, bisectBatchOnFunctionError: unknown, functionResponseTypes: unknown },
      { ...good, functionResponseTypes: [unknown] },
      { eventSourceArn: queueArn, functionResponseTypes: ["ReportBatchItemFailures"] },
      { eventSourceArn: unknown },
      { topics: ["clicks"] },
    ]) {
      expect(await said(rule, mapping(props))).to.deep.equal([]);
    }
  });

  it("demands the report of queues, and bisecting too of streams", async () => {
    expect(await onlySaid(rule, mapping({ eventSourceArn: queueArn, functionResponseTypes: [] }))).to.match(
      /^functionResponseTypes does not have ReportBatchItemFailures: /,
    );
    expect(await onlySaid(rule, mapping({ ...good, bisectBatchOnFunctionError: false }))).to.equal(
      "bisectBatchOnFunctionError is false: write true.",
    );
    expect(await said(rule, mapping({ eventSourceArn: kinesisArn }))).to.have.lengthOf(2);
  });

  it("tells what is no list", async () => {
    expect(await onlySaid(rule, mapping({ ...good, functionResponseTypes: "ReportBatchItemFailures" }))).to.equal(
      "functionResponseTypes must be a list, but is a string.",
    );
  });
});
