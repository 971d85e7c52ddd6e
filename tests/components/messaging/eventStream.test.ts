import { expect } from "chai";
import { EventStream, type EventStreamArgs } from "../../../components";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../../helpers/components/mocks";

const streamType = "aws:kinesis/stream:Stream";
const streamArn = "arn:aws:kinesis:eu-west-1:123456789012:clicks-1234567";
const consumerArn = "arn:aws:kinesis:eu-west-1:123456789012:clicks-audit-1234567";
const key = "arn:aws:kms:eu-west-1:123456789012:key/1";

describe("EventStream", () => {
  beforeEach(startMocks);

  it("is on demand and encrypted with Kinesis's own key", async () => {
    new EventStream("clicks", { tags: { team: "a" } });
    expect(await inputsOf(streamType)).to.deep.equal({
      streamModeDetails: { streamMode: "ON_DEMAND" },
      retentionPeriod: 24,
      maxRecordSizeInKib: 1024,
      encryptionType: "KMS",
      kmsKeyId: "alias/aws/kinesis",
      tags: { team: "a" },
    });
  });

  it("is as the arguments say", async () => {
    const streamArgs = { shardLevelMetrics: ["IncomingBytes"] };
    const own = { shards: 4, retentionHours: 8760, maximumRecordSize: 10_240, kmsKeyArn: key, streamArgs };
    new EventStream("clicks", own);
    expect(await inputsOf(streamType)).to.deep.equal({
      ...streamArgs,
      streamModeDetails: { streamMode: "PROVISIONED" },
      shardCount: 4,
      retentionPeriod: 8760,
      maxRecordSizeInKib: 10_240,
      encryptionType: "KMS",
      kmsKeyId: key,
    });
  });

  it("has consumers with enhanced fan-out", async () => {
    const { consumerArns } = new EventStream("clicks", { consumers: ["audit"] });
    expect(await inputsOf("aws:kinesis/streamConsumer:StreamConsumer", "clicks-audit")).to.deep.equal({ streamArn });
    expect(await resolved(consumerArns)).to.deep.equal({ audit: consumerArn });
  });

  it("can be written and read with the least privileges", async () => {
    const stream = new EventStream("clicks", { consumers: ["audit"] });
    expect(await resolved(stream.access("write"))).to.deep.equal({
      environment: { STREAM_NAME: "clicks-1234567" },
      statements: [
        {
          actions: ["PutRecord", "PutRecords", "DescribeStreamSummary", "ListShards"].map((one) => `kinesis:${one}`),
          resources: [streamArn],
        },
      ],
    });
    const [read, subscribe] = await resolved(stream.access("read", { environmentName: "CLICKS" }).statements);
    expect(read?.actions).to.include.members(["kinesis:GetRecords", "kinesis:GetShardIterator"]);
    expect(subscribe).to.deep.equal({
      actions: ["kinesis:SubscribeToShard", "kinesis:DescribeStreamConsumer"],
      resources: [consumerArn],
    });
  });

  it("lets its users use its customer key through Kinesis only", async () => {
    const stream = new EventStream("clicks", { kmsKeyArn: key });
    const conditions = { StringEquals: { "kms:ViaService": "kinesis.eu-west-1.amazonaws.com" } };
    const use = async (level: "write" | "read") => (await resolved(stream.access(level).statements)).at(-1);
    const write = ["kms:GenerateDataKey", "kms:Decrypt"];
    expect(await use("write")).to.deep.equal({ actions: write, resources: [key], conditions });
    expect(await use("read")).to.deep.equal({ actions: ["kms:Decrypt"], resources: [key], conditions });
  });

  it("raises alarms when reading lags behind and when records are refused", async () => {
    new EventStream("clicks", { alarmTopicArns: ["topic"], alarmLag: 60 });
    const alarms = (await resources()).filter(({ type }) => /metricAlarm/.test(type));
    expect(
      alarms.map(({ inputs: { metricName, statistic, threshold } }) => [metricName, statistic, threshold]),
    ).to.have.deep.members([
      ["GetRecords.IteratorAgeMilliseconds", "Maximum", 60_000],
      ["WriteProvisionedThroughputExceeded", "Sum", 1],
    ]);
    for (const { inputs } of alarms) expect(inputs.dimensions).to.deep.equal({ StreamName: "clicks-1234567" });
  });

  const cases: [what: string, args: EventStreamArgs, path: string, reason: RegExp][] = [
    ["a retention under a day", { retentionHours: 23 }, "retentionHours", /24 to 8760 hours/],
    ["records over 10 MiB", { maximumRecordSize: 10_241 }, "maximumRecordSize", /1024 to 10240 KiB/],
    ["no shards", { shards: 0 }, "shards", /1 to 10000 shards/],
    ["two consumers of one name", { consumers: ["a", "a"] }, "consumers[1]", /"a" is taken by another/],
    ["a consumer of a wrong name", { consumers: ["a b"] }, "consumers[0]", /letters, digits/],
    ["what it wires up", { streamArgs: { shardCount: 1 } }, "streamArgs.shardCount", /component's `shards` instead/],
  ];
  for (const [what, args, path, reason] of cases) {
    it(`refuses ${what}`, () => {
      const found = mistakes(() => new EventStream("clicks", args));
      expect(found.map(([place]) => place)).to.deep.equal([path]);
      expect(found[0]?.[1]).to.match(reason);
    });
  }
});
