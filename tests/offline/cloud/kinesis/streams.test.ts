import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteResourcePolicyCommand,
  DeleteStreamCommand,
  DescribeLimitsCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  EnableEnhancedMonitoringCommand,
  GetRecordsCommand,
  GetResourcePolicyCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  type KinesisClient,
  ListShardsCommand,
  type ListShardsCommandInput,
  ListStreamsCommand,
  ListTagsForStreamCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutResourcePolicyCommand,
  RemoveTagsFromStreamCommand,
  SplitShardCommand,
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
  UpdateShardCountCommand,
  UpdateStreamModeCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "chai";
import { uniformRanges } from "../../../../offline/cloud/kinesis/sequence";
import type { StreamSettings } from "../../../../offline/cloud/kinesis/state";
import { Stream } from "../../../../offline/cloud/kinesis/stream";
import { DOCUMENTATION, recordedByLocalstack, testFact } from "../../../helpers/facts";
import { closeServices } from "../../../helpers/offline/core";
import { refusal } from "../../../helpers/offline/emr";
import { recordsOf, STREAM_ARN, serveStreams, stream } from "../../../helpers/offline/kinesis";

const RECORDED = { service: "Kinesis", source: recordedByLocalstack("2026-03") };
const DOCUMENTED = { service: "Kinesis", source: DOCUMENTATION };
const StreamName = "one";
const [S0, S1, S2, S3] = [0, 1, 2, 3].map((number) => `shardId-00000000000${number}`) as [
  string,
  string,
  string,
  string,
];
const HALF = 2n ** 127n;

describe("Kinesis streams", () => {
  let served: Awaited<ReturnType<typeof serveStreams>>;
  let sdk: KinesisClient;

  beforeEach(async () => {
    served = await serveStreams([stream("one", { shardCount: 1, retentionPeriod: 48, tags: { team: "a" } })]);
    sdk = served.sdk;
  });
  afterEach(closeServices);

  const list = async (input: Partial<ListShardsCommandInput> = {}) =>
    (await sdk.send(new ListShardsCommand({ StreamName, ...input }))).Shards ?? [];
  const ids = async (input: Partial<ListShardsCommandInput> = {}) => (await list(input)).map(({ ShardId }) => ShardId);
  const split = (ShardToSplit: string, NewStartingHashKey: bigint) =>
    sdk.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey: String(NewStartingHashKey) }));
  const count = (TargetShardCount: number, name = StreamName) =>
    sdk.send(new UpdateShardCountCommand({ StreamName: name, TargetShardCount, ScalingType: "UNIFORM_SCALING" }));
  const summary = async (name = StreamName) =>
    (await sdk.send(new DescribeStreamSummaryCommand({ StreamName: name }))).StreamDescriptionSummary;

  it("are the program's, as it describes them, and follow its changes", async () => {
    expect(await summary()).to.deep.include({
      StreamARN: `${STREAM_ARN}/one`,
      StreamStatus: "ACTIVE",
      StreamModeDetails: { StreamMode: "PROVISIONED" },
      RetentionPeriodHours: 48,
      OpenShardCount: 1,
      EncryptionType: "NONE",
    });
    const next = [stream("one", { shardCount: 2, retentionPeriod: 24, encryptionType: "KMS" }), stream("two")];
    const named = ({ action, name }: { action: string; name: string }) => `${action} ${name}`;
    expect(served.reconcile(...next).map(named)).to.deep.equal(["updated one", "added two"]);
    expect(await summary()).to.deep.include({
      ...{ OpenShardCount: 2, RetentionPeriodHours: 24, EncryptionType: "KMS", KeyId: "alias/aws/kinesis" },
    });
    served.reconcile(stream("two"));
    expect(await refusal(summary())).to.match(/^ResourceNotFoundException/);
  });

  it("keep what a call has changed until the program says something else", async () => {
    await count(2);
    await sdk.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 72 }));
    served.reconcile(stream("one", { shardCount: 1, retentionPeriod: 48, tags: { team: "b" } }));
    expect(await summary()).to.deep.include({ OpenShardCount: 2, RetentionPeriodHours: 72 });
    served.reconcile(stream("one", { shardCount: 1, retentionPeriod: 24, tags: { team: "b" } }));
    expect(await summary()).to.deep.include({ OpenShardCount: 2, RetentionPeriodHours: 24 });
  });

  testFact(RECORDED, "have four shards if they are created without a number of them", async () => {
    await sdk.send(new CreateStreamCommand({ StreamName: "new" }));
    const { StreamDescription } = await sdk.send(new DescribeStreamCommand({ StreamName: "new" }));
    expect(StreamDescription?.HasMoreShards).to.equal(false);
    const shards = StreamDescription?.Shards ?? [];
    expect(shards.map(({ ShardId }) => ShardId)).to.deep.equal([S0, S1, S2, S3]);
    for (const { SequenceNumberRange, HashKeyRange } of shards) {
      expect(Object.keys(SequenceNumberRange ?? {})).to.deep.equal(["StartingSequenceNumber"]);
      expect(Object.keys(HashKeyRange ?? {})).to.deep.equal(["StartingHashKey", "EndingHashKey"]);
    }
    expect(shards.at(-1)?.HashKeyRange?.EndingHashKey).to.equal(String(2n ** 128n - 1n));
  });

  it("are created, listed in pages and deleted", async () => {
    for (const name of ["b", "a"]) await sdk.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
    expect(await refusal(sdk.send(new CreateStreamCommand({ StreamName: "a", ShardCount: 1 })))).to.equal(
      "ResourceInUseException: Stream a under account 123456789012 already exists.",
    );
    const first = await sdk.send(new ListStreamsCommand({ Limit: 2 }));
    expect([first.StreamNames, first.HasMoreStreams]).to.deep.equal([["a", "b"], true]);
    const { NextToken } = first;
    const second = await sdk.send(new ListStreamsCommand({ NextToken }));
    expect([second.StreamNames, second.HasMoreStreams]).to.deep.equal([["one"], false]);
    expect(second.StreamSummaries?.[0]?.StreamARN).to.equal(`${STREAM_ARN}/one`);
    await sdk.send(new DeleteStreamCommand({ StreamName: "a" }));
    expect((await sdk.send(new ListStreamsCommand({}))).StreamNames).to.deep.equal(["b", "one"]);
  });

  it("begin with shards that are as old as they are", () => {
    const settings = { mode: "PROVISIONED", retentionHours: 24 } as StreamSettings;
    const state = {
      name: "old",
      arn: `${STREAM_ARN}/old`,
      created: 1,
      settings,
      consumers: [],
      policies: {},
      shards: [],
    };
    const old = new Stream(state);
    old.replaceShards([], uniformRanges(2));
    expect(old.state.shards.map(({ created }) => created)).to.deep.equal([1, 1]);
  });

  testFact(DOCUMENTED, "have shards that are split, merged, and filtered by when they were open", async () => {
    await split(S0, HALF);
    const [parent, lower, upper] = await list();
    expect(parent?.SequenceNumberRange?.EndingSequenceNumber).to.match(/^\d{56}$/);
    expect(lower).to.deep.include({
      ParentShardId: S0,
      HashKeyRange: { StartingHashKey: "0", EndingHashKey: String(HALF - 1n) },
    });
    expect(upper?.HashKeyRange?.StartingHashKey).to.equal(String(HALF));
    const [end = "", begin = ""] = [
      parent?.SequenceNumberRange?.EndingSequenceNumber,
      lower?.SequenceNumberRange?.StartingSequenceNumber,
    ];
    expect(BigInt(begin) > BigInt(end)).to.equal(true);
    await sdk.send(new MergeShardsCommand({ StreamName, ShardToMerge: S2, AdjacentShardToMerge: S1 }));
    expect((await list()).at(-1)).to.deep.include({ ShardId: S3, ParentShardId: S1, AdjacentParentShardId: S2 });

    expect(await ids({ ShardFilter: { Type: "AT_LATEST" } })).to.deep.equal([S3]);
    expect(await ids({ ShardFilter: { Type: "AFTER_SHARD_ID", ShardId: S1 } })).to.deep.equal([S2, S3]);
    expect(await ids({ ExclusiveStartShardId: S1 })).to.deep.equal([S2, S3]);
    expect(await ids({ ShardFilter: { Type: "FROM_TRIM_HORIZON" } })).to.deep.equal([S0, S1, S2, S3]);
    expect(await ids({ ShardFilter: { Type: "AT_TRIM_HORIZON" } })).to.deep.equal([S0]);
    const Timestamp = new Date(Date.now() + 1000);
    expect(await ids({ ShardFilter: { Type: "FROM_TIMESTAMP", Timestamp } })).to.deep.equal([S3]);
    expect(await ids({ ShardFilter: { Type: "AT_TIMESTAMP", Timestamp } })).to.deep.equal([S3]);
    const page = await sdk.send(new ListShardsCommand({ StreamName, MaxResults: 3 }));
    expect(page.Shards).to.have.length(3);
    const { Shards, NextToken } = await sdk.send(new ListShardsCommand({ NextToken: page.NextToken }));
    expect([Shards?.map(({ ShardId }) => ShardId), NextToken]).to.deep.equal([[S3], undefined]);
  });

  testFact(DOCUMENTED, "end a closed shard with its children, after its records", async () => {
    const put = () => sdk.send(new PutRecordCommand({ StreamName, Data: Buffer.from("x"), PartitionKey: "a" }));
    await put();
    await split(S0, HALF);
    expect((await put()).ShardId).to.equal(S1);
    const iterator = new GetShardIteratorCommand({ StreamName, ShardId: S0, ShardIteratorType: "TRIM_HORIZON" });
    const { ShardIterator } = await sdk.send(iterator);
    const page = await sdk.send(new GetRecordsCommand({ ShardIterator }));
    expect([page.Records?.length, page.NextShardIterator]).to.deep.equal([1, undefined]);
    expect(page.ChildShards?.map(({ ShardId, ParentShards }) => [ShardId, ParentShards])).to.deep.equal([
      [S1, [S0]],
      [S2, [S0]],
    ]);
    expect(await recordsOf(sdk, StreamName, S1)).to.have.length(1);
  });

  testFact(DOCUMENTED, "are scaled to shards of equal size", async () => {
    const answer = await count(2);
    expect(answer).to.deep.include({ StreamName, CurrentShardCount: 1, TargetShardCount: 2 });
    await count(3);
    const open = await list({ ShardFilter: { Type: "AT_LATEST" } });
    const starts = open.map(({ HashKeyRange }) => BigInt(HashKeyRange?.StartingHashKey ?? 0)).sort();
    const third = 2n ** 128n / 3n;
    expect(open).to.have.length(3);
    expect(new Set(starts)).to.deep.equal(new Set([0n, third, third * 2n]));
    expect(await refusal(count(7))).to.match(/InvalidArgument.*cannot scale up over double .* count: 3 Target .*: 7$/);
    expect(await refusal(count(1))).to.match(/InvalidArgument.*cannot scale down below half/);
    await sdk.send(
      new UpdateStreamModeCommand({ StreamARN: `${STREAM_ARN}/one`, StreamModeDetails: { StreamMode: "ON_DEMAND" } }),
    );
    expect(await refusal(count(4))).to.equal(
      "ValidationException: Request is invalid. Stream one under account 123456789012 is in On-Demand mode.",
    );
  });

  it("refuse to split or merge shards that cannot be", async () => {
    expect(await refusal(split(S0, 1n))).to.match(/InvalidArgument.*NewStartingHashKey 1 used in SplitShard/);
    await split(S0, HALF);
    expect(await refusal(split(S0, HALF))).to.match(/ResourceInUse.*already been merged or split/);
    await split(S1, HALF / 2n);
    const merge = new MergeShardsCommand({ StreamName, ShardToMerge: S3, AdjacentShardToMerge: S2 });
    expect(await refusal(sdk.send(merge))).to.match(/InvalidArgument.*not an adjacent pair/);
  });

  it("have a retention period from a day to a year, which rises and falls by calls of their own", async () => {
    const increase = (RetentionPeriodHours: number) =>
      sdk.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
    expect(await refusal(increase(24))).to.match(/InvalidArgument.*\(24 hours\).*cannot increase.*\(48 hours\)/);
    expect(await refusal(increase(8761))).to.match(/InvalidArgument.*from 24 to 8760 hours/);
    await sdk.send(new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 24 }));
    expect((await summary())?.RetentionPeriodHours).to.equal(24);
  });

  it("are encrypted, monitored and counted", async () => {
    const key = { StreamName, EncryptionType: "KMS" as const, KeyId: "alias/mine" };
    await sdk.send(new StartStreamEncryptionCommand(key));
    expect(await summary()).to.deep.include({ EncryptionType: "KMS", KeyId: "alias/mine" });
    await sdk.send(new StopStreamEncryptionCommand(key));
    expect((await summary())?.EncryptionType).to.equal("NONE");
    const ShardLevelMetrics = ["IncomingBytes" as const];
    const metrics = await sdk.send(new EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics }));
    expect(metrics).to.deep.include({ CurrentShardLevelMetrics: [], DesiredShardLevelMetrics: ShardLevelMetrics });
    expect((await summary())?.EnhancedMonitoring).to.deep.equal([{ ShardLevelMetrics }]);
    const limits = await sdk.send(new DescribeLimitsCommand({}));
    expect(limits).to.deep.include({ OpenShardCount: 1, OnDemandStreamCount: 0, OnDemandStreamCountLimit: 50 });
  });

  testFact(RECORDED, "have tags", async () => {
    await sdk.send(new AddTagsToStreamCommand({ StreamName, Tags: { foo: "bar" } }));
    const tags = async () => sdk.send(new ListTagsForStreamCommand({ StreamName }));
    const { Tags, HasMoreTags } = await tags();
    expect(HasMoreTags).to.equal(false);
    expect(Tags).to.deep.equal([
      { Key: "foo", Value: "bar" },
      { Key: "team", Value: "a" },
    ]);
    await sdk.send(new RemoveTagsFromStreamCommand({ StreamName, TagKeys: ["team"] }));
    expect((await tags()).Tags).to.have.length(1);
  });

  testFact(RECORDED, "have a resource policy, empty until it is put and after it is deleted", async () => {
    const ResourceARN = `${STREAM_ARN}/one`;
    const policy = async () => (await sdk.send(new GetResourcePolicyCommand({ ResourceARN }))).Policy;
    expect(await policy()).to.equal("{}");
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    await sdk.send(new PutResourcePolicyCommand({ ResourceARN, Policy }));
    expect(await policy()).to.equal(Policy);
    await sdk.send(new DeleteResourcePolicyCommand({ ResourceARN }));
    expect(await policy()).to.equal("{}");
    expect(await refusal(sdk.send(new DeleteResourcePolicyCommand({ ResourceARN })))).to.match(/^ResourceNotFound/);
    const other = new PutResourcePolicyCommand({ ResourceARN: `${STREAM_ARN}/other`, Policy });
    expect(await refusal(sdk.send(other))).to.match(/^ResourceNotFoundException/);
  });
});
