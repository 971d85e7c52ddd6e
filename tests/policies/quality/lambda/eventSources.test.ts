import { expect } from "chai";
import { unknown } from "../../../helpers/policies/policies";
import { onlySaid, said, unsaid } from "../said";

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

const kafka = {
  "Amazon's managed": { eventSourceArn: "arn:aws:kafka:eu-west-1:123456789012:cluster/clicks/1", topics: ["clicks"] },
  "Amazon's managed, without a topic yet,": { eventSourceArn: "arn:aws:kafka:eu-west-1:123456789012:cluster/clicks/1" },
  "self-managed": { selfManagedEventSource: { endpoints: { KAFKA_BOOTSTRAP_SERVERS: "a:9092" } }, topics: ["clicks"] },
  unknown: { eventSourceArn: unknown, topics: ["clicks"] },
};

describe("stream-bounded-retries", () => {
  const rule = "stream-bounded-retries";

  it("accepts a mapping with limits and a destination, known or not", async () => {
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

  it("reports each missing or infinite limit", async () => {
    const found = await said(rule, mapping({ eventSourceArn: dynamodbArn, maximumRetryAttempts: -1 }));
    expect(found).to.have.lengthOf(3);
    expect(found[0]).to.match(/^maximumRetryAttempts is -1: write a number from 0 to 10000 /);
    expect(found[1]).to.match(/^maximumRecordAgeInSeconds is missing: write a number from 60 to 604800 /);
    expect(found[2]).to.match(/^destinationConfig.onFailure.destinationArn is missing: /);
  });

  it("respects the stack's limits", async () => {
    expect(await onlySaid(rule, mapping(good), { maximumRetryAttempts: 2 })).to.match(/^maximumRetryAttempts is 3: /);
    expect(await onlySaid(rule, mapping(good), { maximumRecordAge: 600 })).to.match(
      /^maximumRecordAgeInSeconds is 3600: /,
    );
  });

  it("reports values of the wrong type", async () => {
    expect(await onlySaid(rule, mapping({ ...good, maximumRetryAttempts: "3" }))).to.equal(
      "maximumRetryAttempts must be a number, but is a string.",
    );
  });

  it("treats an unknown source with a starting position as a stream", async () => {
    expect(await said(rule, mapping({ eventSourceArn: unknown, startingPosition: "LATEST" }))).to.have.lengthOf(3);
    expect(await said(rule, mapping({ eventSourceArn: unknown }))).to.deep.equal([]);
    const documentDbEventSourceConfig = { databaseName: "items" };
    const props = { eventSourceArn: unknown, startingPosition: "LATEST", documentDbEventSourceConfig };
    expect(await said(rule, mapping(props))).to.deep.equal([]);
  });

  it("needs no ARN to tell a stream, which has a starting position", async () => {
    for (const props of [{}, { startingPosition: "LATEST" }, { ...good, eventSourceArn: unknown }]) {
      expect(await unsaid(rule, mapping({ eventSourceArn: unknown, ...props }))).to.deep.equal([]);
    }
  });

  for (const [whose, source] of Object.entries(kafka)) {
    it(`applies to ${whose} Kafka`, async () => {
      expect(await said(rule, mapping({ ...source, startingPosition: "LATEST" }))).to.have.lengthOf(3);
      expect(await said(rule, mapping({ ...good, eventSourceArn: undefined, ...source }))).to.deep.equal([]);
    });
  }

  it("applies to pipes that read a stream", async () => {
    const pipe = (sourceParameters: unknown) => ({ type: "aws:pipes/pipe:Pipe", props: { sourceParameters } });
    const limits = { maximumRetryAttempts: 3, maximumRecordAgeInSeconds: 3600, deadLetterConfig: { arn: queueArn } };
    for (const source of ["dynamodbStreamParameters", "kinesisStreamParameters"]) {
      expect(await said(rule, pipe({ [source]: { startingPosition: "LATEST", ...limits } }))).to.deep.equal([]);
      expect(await said(rule, pipe({ [source]: { ...limits, maximumRetryAttempts: -1 } }))).to.deep.equal([
        `sourceParameters.${source}.maximumRetryAttempts is -1: write a number from 0 to 10000 (-1, or no value, means no limit).`,
      ]);
      expect(await said(rule, pipe({ [source]: { startingPosition: "LATEST" } }))).to.have.lengthOf(3);
    }
    expect(await said(rule, pipe({ sqsQueueParameters: { batchSize: 1 } }))).to.deep.equal([]);
    expect(await said(rule, pipe(unknown))).to.deep.equal([]);
  });

  it("does not apply to queues", async () => {
    expect(await said(rule, mapping({ eventSourceArn: queueArn }))).to.deep.equal([]);
  });
});

describe("event-source-partial-failures", () => {
  const rule = "event-source-partial-failures";

  it("accepts mappings that report partial failures, or may", async () => {
    for (const props of [
      good,
      { ...good, bisectBatchOnFunctionError: unknown, functionResponseTypes: unknown },
      { ...good, functionResponseTypes: [unknown] },
      { eventSourceArn: queueArn, functionResponseTypes: ["ReportBatchItemFailures"] },
      { eventSourceArn: unknown },
    ]) {
      expect(await said(rule, mapping(props))).to.deep.equal([]);
    }
  });

  it("requires the report for queues, and bisecting as well for streams", async () => {
    expect(await onlySaid(rule, mapping({ eventSourceArn: queueArn, functionResponseTypes: [] }))).to.match(
      /^functionResponseTypes does not contain ReportBatchItemFailures: /,
    );
    expect(await onlySaid(rule, mapping({ ...good, bisectBatchOnFunctionError: false }))).to.equal(
      "bisectBatchOnFunctionError is false: write true.",
    );
    expect(await said(rule, mapping({ eventSourceArn: kinesisArn }))).to.have.lengthOf(2);
  });

  for (const [whose, source] of Object.entries(kafka)) {
    it(`requires both for ${whose} Kafka`, async () => {
      expect(await said(rule, mapping({ ...source, startingPosition: "LATEST" }))).to.have.lengthOf(2);
      expect(await said(rule, mapping({ ...good, eventSourceArn: undefined, ...source }))).to.deep.equal([]);
    });
  }

  it("reports a value that is not a list", async () => {
    expect(await onlySaid(rule, mapping({ ...good, functionResponseTypes: "ReportBatchItemFailures" }))).to.equal(
      "functionResponseTypes must be a list, but is a string.",
    );
  });
});
