import { type KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { expect } from "chai";
import type { SourceRecord, StreamSource } from "../../../../offline/cloud/core/sources";
import type { Streams } from "../../../../offline/cloud/kinesis/streams";
import { recordedByLocalstack, testFact } from "../../../helpers/facts";
import { closeServices } from "../../../helpers/offline/core";
import { recordsOf, STREAM_ARN, serveStreams, stream, streamConsumer } from "../../../helpers/offline/kinesis";

const RECORDED = { service: "Kinesis", source: recordedByLocalstack("2026-03") };
const FIRST = "shardId-000000000000";
const ARN = `${STREAM_ARN}/orders`;

describe("a Kinesis stream as an event source", () => {
  afterEach(closeServices);

  testFact(
    RECORDED,
    "gives functions a record with its data in Base64 and its place, to which a mapping adds its role",
    async () => {
      const { sdk, streams } = await serveStreams([stream("orders")]);
      await put(sdk, "hello");
      const [record] = await recordsOf(sdk, "orders");
      const [read] = (await readAll(streams.sourceOf(ARN))) as [SourceRecord];
      expect(read.data).to.equal("hello");
      expect(read.sequenceNumber).to.equal(record?.SequenceNumber);
      expect(read.event).to.deep.equal({
        awsRegion: "eu-west-1",
        eventID: `${FIRST}:${record?.SequenceNumber}`,
        eventName: "aws:kinesis:record",
        eventSource: "aws:kinesis",
        eventSourceARN: ARN,
        eventVersion: "1.0",
        kinesis: {
          approximateArrivalTimestamp: Number(record?.ApproximateArrivalTimestamp) / 1000,
          data: "aGVsbG8=",
          kinesisSchemaVersion: "1.0",
          partitionKey: "key",
          sequenceNumber: record?.SequenceNumber,
        },
      });
    },
  );

  it("is also the source of a consumer's mapping, under the consumer's ARN", async () => {
    const consumer = `${ARN}/consumer/fast:1704067200`;
    const { sdk, streams } = await serveStreams([stream("orders"), streamConsumer("orders", "fast")]);
    await put(sdk, "a");
    expect((await readAll(streams.sourceOf(consumer))).map(({ event }) => event)).to.deep.include.members([
      { ...(await readAll(streams.sourceOf(ARN)))[0]?.event, eventSourceARN: consumer },
    ]);
    expect(streams.sourceOf(`${ARN}/consumer/other:1704067200`)).to.equal(undefined);
    expect(streams.sourceOf(`${STREAM_ARN}/other`)).to.equal(undefined);
  });

  it("tells whoever watches it of a record before the call that puts it has returned", async () => {
    const { streams } = await serveStreams([stream("orders")]);
    let calls = 0;
    const stop = sourceIn(streams).watch(() => calls++);
    const one = streams.find({ StreamName: "orders" });
    one.put([{ data: Buffer.from("a"), partitionKey: "a" }]);
    expect(calls).to.equal(1);
    stop();
    one.put([{ data: Buffer.from("b"), partitionKey: "b" }]);
    expect(calls).to.equal(1);
  });

  it("begins where a mapping says", async () => {
    const { sdk, streams } = await serveStreams([stream("orders")]);
    const source = sourceIn(streams);
    const latest = await source.position(FIRST, { type: "LATEST" });
    await put(sdk, "a", "b", "c");
    const dataFrom = async (position: unknown) => (await source.read(position, 10)).records.map(({ data }) => data);
    expect(await dataFrom(latest)).to.deep.equal(["a", "b", "c"]);
    const [{ sequenceNumber, arrived }] = (await readAll(source)) as [SourceRecord];
    const after = await source.position(FIRST, { type: "AFTER_SEQUENCE_NUMBER", sequenceNumber });
    expect(await dataFrom(after)).to.deep.equal(["b", "c"]);
    expect(await dataFrom(await source.position(FIRST, { type: "AT_TIMESTAMP", timestamp: arrived }))).to.include("a");
    const later = await source.position(FIRST, { type: "AT_TIMESTAMP", timestamp: Date.now() + 60_000 });
    expect(await dataFrom(later)).to.deep.equal([]);
    const page = await source.read(after, 1);
    expect(await dataFrom(page.next)).to.deep.equal(["c"]);
  });

  it("ends the shards that are split, and names them as the parents of their parts", async () => {
    const { sdk, streams, reconcile } = await serveStreams([stream("orders", { shardCount: 1 })]);
    const source = sourceIn(streams);
    await put(sdk, "a");
    reconcile(stream("orders", { shardCount: 2 }));
    expect(await source.shards()).to.deep.equal([
      { id: FIRST, parents: [] },
      { id: "shardId-000000000001", parents: [FIRST] },
      { id: "shardId-000000000002", parents: [FIRST] },
    ]);
    const { records, next } = await source.read(await source.position(FIRST, { type: "TRIM_HORIZON" }), 10);
    expect([records.length, next]).to.deep.equal([1, undefined]);
  });

  it("ends when the program no longer has it", async () => {
    const { streams, reconcile } = await serveStreams([stream("orders")]);
    const source = sourceIn(streams);
    const position = await source.position(FIRST, { type: "TRIM_HORIZON" });
    reconcile();
    expect(await source.shards()).to.deep.equal([]);
    expect(await source.read(position, 10)).to.deep.equal({ records: [] });
    expect(streams.sourceOf(ARN)).to.equal(undefined);
  });
});

function sourceIn(streams: Streams): StreamSource {
  return streams.sourceOf(ARN) as StreamSource;
}

async function put(sdk: KinesisClient, ...texts: string[]): Promise<void> {
  const Records = texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: "key" }));
  await sdk.send(new PutRecordsCommand({ StreamName: "orders", Records }));
}

async function readAll(source: StreamSource | undefined): Promise<SourceRecord[]> {
  return (await source?.read(await source.position(FIRST, { type: "TRIM_HORIZON" }), 10))?.records ?? [];
}
