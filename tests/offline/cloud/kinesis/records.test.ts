import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  KinesisClient,
  PutRecordCommand,
  type PutRecordCommandInput,
  PutRecordsCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "chai";
import { getShardIterator } from "../../../../offline/cloud/kinesis/read";
import { at } from "../../../helpers/clock";
import { DOCUMENTATION, MODEL, recordedByLocalstack, testFact, testFacts } from "../../../helpers/facts";
import { closeServices } from "../../../helpers/offline/core";
import { refusal } from "../../../helpers/offline/emr";
import { cborCall, recordsOf, serveStreams, stream } from "../../../helpers/offline/kinesis";

const RECORDED = { service: "Kinesis", source: recordedByLocalstack("2026-03") };
const DOCUMENTED = { service: "Kinesis", source: DOCUMENTATION };
const SHARD = "shardId-000000000000";

describe("Kinesis records", () => {
  let served: Awaited<ReturnType<typeof serveStreams>>;
  let sdk: KinesisClient;

  const put = (data: string | Buffer, more: Partial<PutRecordCommandInput> = {}) =>
    sdk.send(new PutRecordCommand({ StreamName: "one", Data: Buffer.from(data), PartitionKey: "1", ...more }));
  const iterator = async (input: Partial<GetShardIteratorCommandInput> = {}) => {
    const whole = { StreamName: "one", ShardId: SHARD, ShardIteratorType: "TRIM_HORIZON" as const, ...input };
    return (await sdk.send(new GetShardIteratorCommand(whole))).ShardIterator;
  };
  const get = async (ShardIterator?: string, Limit?: number) =>
    sdk.send(new GetRecordsCommand({ ShardIterator, Limit }));
  const texts = async (input: Partial<GetShardIteratorCommandInput>) =>
    (await get(await iterator(input))).Records?.map(({ Data }) => Buffer.from(Data ?? []).toString());

  beforeEach(async () => {
    served = await serveStreams([
      stream("one", { shardCount: 1 }),
      stream("two", { shardCount: 2 }),
      stream("large", { maxRecordSizeInKib: 10_240 }),
      stream("demand", { streamModeDetails: { streamMode: "ON_DEMAND" } }),
      stream("secret", { encryptionType: "KMS", kmsKeyId: "alias/aws/kinesis" }),
    ]);
    sdk = served.sdk;
  });
  afterEach(closeServices);

  testFact(RECORDED, "come back as they were put, in order, with what they were put with", async () => {
    const data = ["", "a".repeat(1000), "test", "ünicödé 统一码 💣💻🔥"];
    const numbers: unknown[] = [];
    for (const one of data) numbers.push((await put(one)).SequenceNumber);
    const records = await recordsOf(sdk, "one");
    expect(records.map(({ Data }) => Buffer.from(Data ?? []).toString())).to.deep.equal(data);
    expect(records.map(({ SequenceNumber }) => SequenceNumber)).to.deep.equal(numbers);
    for (const { ApproximateArrivalTimestamp, Data, SequenceNumber, ...others } of records) {
      expect(others).to.deep.equal({ PartitionKey: "1" });
      expect(ApproximateArrivalTimestamp).to.be.instanceOf(Date);
      expect(SequenceNumber).to.match(/^\d{56}$/);
    }
    expect(numbers.toSorted()).to.deep.equal(numbers);
  });

  testFact(RECORDED, "are put in batches, with a shard and a number each", async () => {
    const Records = ["a", "b", "c"].map((text) => ({ Data: Buffer.from(text), PartitionKey: "20" }));
    const answer = await sdk.send(new PutRecordsCommand({ StreamName: "one", Records }));
    expect([answer.FailedRecordCount, answer.EncryptionType]).to.deep.equal([0, undefined]);
    expect(answer.Records?.map(({ ShardId }) => ShardId)).to.deep.equal([SHARD, SHARD, SHARD]);
    const records = await recordsOf(sdk, "one");
    expect(records.map(({ SequenceNumber }) => SequenceNumber)).to.deep.equal(
      answer.Records?.map(({ SequenceNumber }) => SequenceNumber),
    );
  });

  testFact(RECORDED, "are read with iterators that are never the same, also in quotes", async () => {
    await put("a");
    const first = await iterator();
    const { NextShardIterator: second, Records = [] } = await get(`"${first}"`);
    const { NextShardIterator: third, MillisBehindLatest } = await get(second);
    expect(Records).to.have.length(1);
    expect(new Set([first, second, third]).size).to.equal(3);
    expect(MillisBehindLatest).to.equal(0);
  });

  it("are read by SDKs that speak HTTP/2", async () => {
    const second = new KinesisClient(served.client);
    await second.send(new PutRecordCommand({ StreamName: "one", Data: Buffer.from("a"), PartitionKey: "1" }));
    expect(await recordsOf(second, "one")).to.have.length(1);
    second.destroy();
  });

  it("are read from each kind of place", async () => {
    await put("a");
    const { SequenceNumber: StartingSequenceNumber } = await put("b");
    await put("c");
    expect(await texts({ ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber })).to.deep.equal(["b", "c"]);
    expect(await texts({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber })).to.deep.equal(["c"]);
    expect(await texts({ ShardIteratorType: "LATEST" })).to.deep.equal([]);
    const Timestamp = new Date(0);
    expect(await texts({ ShardIteratorType: "AT_TIMESTAMP", Timestamp })).to.deep.equal(["a", "b", "c"]);
    const { Records, NextShardIterator, MillisBehindLatest } = await get(await iterator(), 2);
    expect(Records).to.have.length(2);
    expect(MillisBehindLatest).to.be.at.least(0);
    expect((await get(NextShardIterator)).Records).to.have.length(1);
  });

  testFact(DOCUMENTED, "are at most 10 MiB in an answer", async () => {
    const data = Buffer.alloc(5 * 2 ** 20);
    const large = served.streams.find({ StreamName: "large" });
    large.change({ settings: { mode: "ON_DEMAND" } });
    large.put([1, 2, 3].map(() => ({ data, partitionKey: "1" })));
    const { Records, NextShardIterator } = await get(await iterator({ StreamName: "large" }));
    expect(Records).to.have.length(2);
    expect((await get(NextShardIterator)).Records).to.have.length(1);
  });

  testFact(DOCUMENTED, "go to the shard of their key's MD5, or of the hash key that is given", async () => {
    const shardOf = async (PartitionKey: string, ExplicitHashKey?: string) =>
      (await put("x", { StreamName: "two", PartitionKey, ExplicitHashKey })).ShardId;
    // MD5 begins with 0c and with 92.
    expect([await shardOf("a"), await shardOf("b")]).to.deep.equal([SHARD, "shardId-000000000001"]);
    expect(await shardOf("b", "0")).to.equal(SHARD);
    expect(await shardOf("a", String(2n ** 127n))).to.equal("shardId-000000000001");
    expect(await shardOf("a", String(2n ** 127n - 1n))).to.equal(SHARD);
  });

  testFact(DOCUMENTED, "say how they are encrypted, if they are", async () => {
    expect((await put("a", { StreamName: "secret" })).EncryptionType).to.equal("KMS");
    expect((await recordsOf(sdk, "secret"))[0]?.EncryptionType).to.equal("KMS");
  });

  testFact(DOCUMENTED, "need no partition key where the stream distributes them by itself", async () => {
    served.streams.find({ StreamName: "one" }).change({ settings: { distribution: "AUTO" } });
    const answer = await served.call({
      service: "kinesis",
      headers: { "x-amz-target": "Kinesis_20131202.PutRecord", "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify({ StreamName: "one", Data: "YQ==" }),
    });
    expect(answer.status).to.equal(200);
    expect((await recordsOf(sdk, "one"))[0]?.PartitionKey).to.equal(undefined);
  });

  testFact(DOCUMENTED, "are at most 1,000 or 1 MiB a second in a provisioned shard", async () => {
    const one = served.streams.find({ StreamName: "one" });
    const records = Array.from({ length: 1500 }, () => ({ data: Buffer.alloc(0), partitionKey: "1" }));
    // All in one call, and so in one second.
    expect(one.put(records).filter((placed) => "exceeded" in placed)).to.have.length(500);
    const Records = Array.from({ length: 3 }, () => ({ Data: Buffer.alloc(500_000), PartitionKey: "a" }));
    const two = await sdk.send(new PutRecordsCommand({ StreamName: "two", Records }));
    expect(two.FailedRecordCount).to.equal(1);
    expect(two.Records?.[2]).to.deep.equal({
      ErrorCode: "ProvisionedThroughputExceededException",
      ErrorMessage: `Rate exceeded for shard ${SHARD} in stream two under account 123456789012.`,
    });
  });

  it("are not limited in a stream on demand, whose capacity AWS adapts", async () => {
    const records = Array.from({ length: 5000 }, () => ({ data: Buffer.alloc(1000), partitionKey: "1" }));
    const placed = served.streams.find({ StreamName: "demand" }).put(records);
    expect(placed.filter((one) => "exceeded" in one)).to.have.length(0);
  });

  it("are no longer there after the retention period", async () => {
    await put("a");
    const one = served.streams.find({ StreamName: "one" });
    await at(Date.now() + 25 * 60 * 60 * 1000, async () => one.put([{ data: Buffer.from("b"), partitionKey: "1" }]));
    expect(await texts({})).to.deep.equal(["b"]);
  });

  const refusals: { fact: string; call(): Promise<unknown>; code: string; message: RegExp }[] = [
    {
      fact: "refuse a stream that does not exist",
      call: () => put("a", { StreamName: "wrong-stream-name" }),
      code: "ResourceNotFoundException",
      message: /^Stream wrong-stream-name under account 123456789012 not found\.$/,
    },
  ];
  testFacts({ ...RECORDED, facts: refusals }, refused);

  const documented: typeof refusals = [
    {
      fact: "refuse one that is larger than its stream allows",
      call: () => put(Buffer.alloc(2 ** 20)),
      code: "InvalidArgumentException",
      message: /1048577 bytes, but stream one takes at most 1048576/,
    },
    {
      fact: "refuse a call with more than 10 MiB",
      call: () => {
        const Records = Array.from({ length: 11 }, () => ({ Data: Buffer.alloc(2 ** 20 - 1), PartitionKey: "1" }));
        return sdk.send(new PutRecordsCommand({ StreamName: "one", Records }));
      },
      code: "InvalidArgumentException",
      message: /10 MiB/,
    },
    {
      fact: "refuse a hash key of more than 128 bits",
      call: () => put("a", { ExplicitHashKey: String(2n ** 128n) }),
      code: "InvalidArgumentException",
      message: /Invalid ExplicitHashKey\. .*\[0, 2\^128-1\]/,
    },
    {
      fact: "refuse to be put without a partition key in a stream that needs one",
      call: () => put("a", { PartitionKey: undefined }),
      code: "InvalidArgumentException",
      message: /PartitionKey is missing/,
    },
    {
      fact: "refuse a time to come",
      call: () => iterator({ ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(Date.now() + 60_000) }),
      code: "InvalidArgumentException",
      message: /cannot be greater than the current/,
    },
    {
      fact: "refuse a number that is not of the shard",
      call: () => iterator({ ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber: "1" }),
      code: "InvalidArgumentException",
      message: /did not come from this stream/,
    },
    {
      fact: "refuse a shard that does not exist",
      call: () => iterator({ ShardId: "shardId-000000000009" }),
      code: "ResourceNotFoundException",
      message: /^Shard shardId-000000000009 in stream one under account 123456789012 does not exist$/,
    },
    {
      fact: "refuse an iterator that is none",
      call: () => get("nothing"),
      code: "InvalidArgumentException",
      message: /^Invalid ShardIterator\.$/,
    },
    {
      fact: "refuse an iterator that is older than 5 minutes",
      call: async () => {
        const input = { StreamName: "one", ShardId: SHARD, ShardIteratorType: "LATEST" as const };
        const old = await at(Date.now() - 301_000, async () => getShardIterator(served.streams, input));
        return get((old as { ShardIterator: string }).ShardIterator);
      },
      code: "ExpiredIteratorException",
      message: /5 minutes/,
    },
    {
      fact: "only check a call with DryRun",
      call: () => put("a", { DryRun: true } as object),
      code: "DryRunOperationException",
      message: /would have succeeded/,
    },
  ];
  testFacts({ ...DOCUMENTED, facts: documented }, refused);

  const modelled: typeof refusals = [
    {
      fact: "refuse a key of more than 256 characters",
      call: () => put("a", { PartitionKey: "x".repeat(257) }),
      code: "ValidationException",
      message: /'partitionKey' failed to satisfy constraint: Member must have length less than or equal to 256/,
    },
    {
      fact: "refuse more than 500 in a call",
      call: () => {
        const Records = Array.from({ length: 501 }, () => ({ Data: Buffer.from("a"), PartitionKey: "1" }));
        return sdk.send(new PutRecordsCommand({ StreamName: "one", Records }));
      },
      code: "ValidationException",
      message: /'records' failed to satisfy constraint: Member must have length less than or equal to 500/,
    },
  ];
  testFacts({ service: "Kinesis", source: MODEL, facts: modelled }, refused);

  async function refused({ call, code, message }: (typeof refusals)[number]): Promise<void> {
    const [, name, text] = /^(\w+): (.*)$/s.exec(await refusal(call())) ?? [];
    expect(name).to.equal(code);
    expect(text).to.match(message);
  }

  describe("in CBOR", () => {
    const cbor = (operation: string, input: object) => cborCall(served.client, operation, input);

    testFact(RECORDED, "are bytes, and times are whole milliseconds", async () => {
      const { status, output } = await cbor("PutRecord", {
        StreamName: "one",
        Data: Buffer.from("hi"),
        PartitionKey: "1",
      });
      expect([status, output.ShardId]).to.deep.equal([200, SHARD]);
      const iterator = await cbor("GetShardIterator", {
        ...{ StreamName: "one", ShardId: SHARD, ShardIteratorType: "AT_TIMESTAMP", Timestamp: new Date(1000) },
      });
      const { output: page } = await cbor("GetRecords", { ShardIterator: iterator.output.ShardIterator });
      const [record] = page.Records as { Data: Buffer; ApproximateArrivalTimestamp: Date }[];
      expect(record?.Data.toString()).to.equal("hi");
      const [plain] = await recordsOf(sdk, "one");
      expect(record?.ApproximateArrivalTimestamp).to.deep.equal(plain?.ApproximateArrivalTimestamp);
      const { bytes } = await cbor("DescribeStream", { StreamName: "one" });
      expect(bytes.includes("StreamCreationTimestamp\xc1\xfb", 0, "latin1")).to.equal(false);
      expect(bytes.includes("StreamCreationTimestamp\xc1\x1b", 0, "latin1")).to.equal(true);
    });

    testFact(RECORDED, "have errors in CBOR", async () => {
      const { status, output } = await cbor("DescribeStream", {
        StreamARN: "arn:aws:kinesis:eu-west-1:123456789012:stream/wrong-stream-name",
      });
      expect(status).to.equal(400);
      expect(output).to.deep.equal({
        __type: "ResourceNotFoundException",
        message: "Stream wrong-stream-name under account 123456789012 not found.",
      });
    });
  });
});
