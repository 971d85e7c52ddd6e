import {
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  KinesisClient,
  ListStreamConsumersCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  type StartingPosition,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
  type SubscribeToShardEventStream,
} from "@aws-sdk/client-kinesis";
import { expect } from "chai";
import { at } from "../../../helpers/clock";
import { recordedByLocalstack, testFact } from "../../../helpers/facts";
import { closeServices } from "../../../helpers/offline/core";
import { refusal } from "../../../helpers/offline/emr";
import { STREAM_ARN, serveStreams, stream, streamConsumer } from "../../../helpers/offline/kinesis";

const RECORDED = { service: "Kinesis", source: recordedByLocalstack("2026-03") };
const StreamARN = `${STREAM_ARN}/orders`;
const ConsumerARN = `${StreamARN}/consumer/fast:1704067200`;
const ShardId = "shardId-000000000000";
const BEGINNING: StartingPosition = { Type: "TRIM_HORIZON" };

describe("A consumer of a Kinesis stream", () => {
  let served: Awaited<ReturnType<typeof serveStreams>>;
  let sdk: KinesisClient;

  beforeEach(async () => {
    served = await serveStreams([stream("orders"), streamConsumer("orders", "fast")]);
    sdk = new KinesisClient(served.client);
  });
  afterEach(async () => {
    sdk.destroy();
    await closeServices();
  });

  const subscribe = async (StartingPosition = BEGINNING, client = sdk) =>
    (await client.send(new SubscribeToShardCommand({ ConsumerARN, ShardId, StartingPosition })))
      .EventStream as AsyncIterable<SubscribeToShardEventStream>;
  const put = (...texts: string[]) => {
    const Records = texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: "1" }));
    return sdk.send(new PutRecordsCommand({ StreamARN, Records }));
  };

  testFact(RECORDED, "is registered, listed and described", async () => {
    const consumers = async () => (await sdk.send(new ListStreamConsumersCommand({ StreamARN }))).Consumers;
    await sdk.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
    expect(await consumers()).to.deep.equal([]);
    const register = new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: "consumer" });
    const { Consumer } = await sdk.send(register);
    expect(Consumer?.ConsumerARN).to.match(/^arn:aws:kinesis:.*:stream\/orders\/consumer\/consumer:\d+$/);
    expect(Consumer).to.deep.include({ ConsumerName: "consumer", ConsumerStatus: "ACTIVE" });
    expect(await consumers()).to.deep.equal([Consumer]);
    const describe = new DescribeStreamConsumerCommand({ StreamARN, ConsumerARN: Consumer?.ConsumerARN });
    expect((await sdk.send(describe)).ConsumerDescription).to.deep.equal({ ...Consumer, StreamARN });
    expect(await refusal(sdk.send(register))).to.match(/^ResourceInUseException/);
  });

  testFact(RECORDED, "gets what is put after it has subscribed", async () => {
    const events = await subscribe();
    await put("0", "1", "2");
    const [event] = await take(events, 3);
    expect(event?.MillisBehindLatest).to.equal(0);
    expect(event?.ContinuationSequenceNumber).to.match(/^\d{56}$/);
    const records = event?.Records?.map(({ Data, PartitionKey, EncryptionType }) => [
      Buffer.from(Data ?? []).toString(),
      PartitionKey,
      EncryptionType,
    ]);
    expect(records).to.deep.equal([0, 1, 2].map((text) => [String(text), "1", undefined]));
  });

  testFact(RECORDED, "gets what has been put since a time, or since where another subscription ended", async () => {
    await put("a");
    const [event] = await take(await subscribe({ Type: "AT_TIMESTAMP", Timestamp: new Date(2015, 0) }), 1);
    await put("b");
    const SequenceNumber = event?.ContinuationSequenceNumber;
    for (const [seconds, Type] of [
      [10, "AT_SEQUENCE_NUMBER"],
      [20, "AFTER_SEQUENCE_NUMBER"],
    ] as const) {
      // Later than the 5 seconds in which nobody else may subscribe.
      await at(Date.now() + seconds * 1000, async () => {
        const [next] = await take(await subscribe({ Type, SequenceNumber }), 1);
        expect(next?.Records?.map(({ Data }) => Buffer.from(Data ?? []).toString())).to.deep.equal(["b"]);
      });
    }
  });

  it("gets the children of a shard that is split, and then no more", async () => {
    const events = await subscribe();
    await put("a");
    served.reconcile(stream("orders", { shardCount: 2 }), streamConsumer("orders", "fast"));
    const all: SubscribeToShardEvent[] = [];
    for await (const { SubscribeToShardEvent: event } of events) if (event) all.push(event);
    expect(all.at(-1)?.ChildShards?.map((one) => one.ShardId)).to.deep.equal([
      "shardId-000000000001",
      "shardId-000000000002",
    ]);
  });

  it("cannot subscribe twice within 5 seconds, and takes its subscription over after that", async () => {
    const events = await subscribe();
    expect(await refusal(subscribe())).to.match(/^ResourceInUseException: Another active subscription exists/);
    const second = await at(Date.now() + 10_000, () => subscribe());
    expect(await refusal(take(events, 1))).to.match(/ResourceInUseException/);
    await put("a");
    expect(await take(second, 1)).to.have.length(1);
  });

  it("also subscribes over HTTP/1.1, as boto3 does", async () => {
    const events = await subscribe(BEGINNING, served.sdk);
    await put("a");
    expect(await take(events, 1)).to.have.length(1);
  });
});

/** The events with records, until there are so many records. */
async function take(events: AsyncIterable<SubscribeToShardEventStream>, count: number) {
  const found: SubscribeToShardEvent[] = [];
  let records = 0;
  for await (const { SubscribeToShardEvent: event } of events) {
    if (!event?.Records?.length) continue;
    found.push(event);
    records += event.Records.length;
    if (records >= count) break;
  }
  return found;
}
