import { AwsError } from "../core/awsError";
import { invalid } from "./errors";
import { showRange } from "./read";
import type { Shard } from "./shard";
import type { Stream } from "./stream";
import type { Reference, Streams } from "./streams";
import { readToken, tokenOf } from "./tokens";

type DescribeInput = Reference & { Limit?: number; ExclusiveStartShardId?: string };
type ListStreamsInput = { Limit?: number; ExclusiveStartStreamName?: string; NextToken?: string };
type ShardFilter = { Type: string; ShardId?: string; Timestamp?: number };
type ListShardsInput = Reference & {
  NextToken?: string;
  ExclusiveStartShardId?: string;
  MaxResults?: number;
  ShardFilter?: ShardFilter;
};

const DEFAULT_LIMIT = 100;
const DEFAULT_SHARDS = 1000;

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStream.html */
export function describeStream(streams: Streams, input: DescribeInput): object {
  const { Limit = DEFAULT_LIMIT, ExclusiveStartShardId = "" } = input;
  const stream = streams.find(input);
  const rest = stream.readable.filter(({ id }) => id > ExclusiveStartShardId);
  const Shards = rest.slice(0, Limit).map(showShard);
  return { StreamDescription: { ...showStream(stream), Shards, HasMoreShards: rest.length > Shards.length } };
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamSummary.html */
export function describeStreamSummary(streams: Streams, input: Reference): object {
  const stream = streams.find(input);
  const { settings, state, openShards } = stream;
  return {
    StreamDescriptionSummary: {
      ...showStream(stream),
      OpenShardCount: openShards.length,
      ConsumerCount: state.consumers.length,
      MaxRecordSizeInKiB: settings.maxRecordKiB,
      RecordDistributionStrategy: settings.distribution,
      ChannelCount: 0,
      QueueCount: 0,
    },
  };
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreams.html */
export function listStreams(streams: Streams, input: ListStreamsInput): object {
  const { Limit = DEFAULT_LIMIT, ExclusiveStartStreamName = "", NextToken } = input;
  const after = NextToken === undefined ? ExclusiveStartStreamName : readPage<{ name: string }>(NextToken, "name").name;
  const rest = streams.all.filter(({ name }) => name > after);
  const page = rest.slice(0, Limit);
  const HasMoreStreams = rest.length > page.length;
  return {
    StreamNames: page.map(({ name }) => name),
    HasMoreStreams,
    ...(HasMoreStreams && { NextToken: tokenOf({ name: page.at(-1)?.name }) }),
    StreamSummaries: page.map(showStream),
  };
}

/** What is left to list. */
interface Rest {
  stream: string;
  after: string;
  filter?: ShardFilter;
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html */
export function listShards(streams: Streams, input: ListShardsInput): object {
  const { NextToken, MaxResults = DEFAULT_SHARDS, ExclusiveStartShardId = "", ShardFilter: filter } = input;
  const rest: Rest = NextToken
    ? readPage<Rest>(NextToken, "after")
    : { stream: streams.find(input).name, after: ExclusiveStartShardId, filter };
  const stream = streams.find({ StreamName: rest.stream });
  const shards = filtered(stream, rest.filter).filter(({ id }) => id > rest.after);
  const page = shards.slice(0, MaxResults);
  return {
    Shards: page.map(showShard),
    ...(page.length < shards.length && { NextToken: tokenOf({ ...rest, after: page.at(-1)?.id }) }),
  };
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ShardFilter.html */
function filtered(stream: Stream, filter: ShardFilter | undefined): readonly Shard[] {
  const { Type = "FROM_TRIM_HORIZON", ShardId, Timestamp } = filter ?? {};
  const horizon = Math.max(stream.state.created, stream.horizon);
  if (Type.endsWith("_TIMESTAMP") && Timestamp === undefined) {
    throw invalid(`Timestamp must be given for a ShardFilter of type ${Type}.`);
  }
  if (Type === "AFTER_SHARD_ID" && ShardId === undefined) {
    throw invalid(`ShardId must be given for a ShardFilter of type ${Type}.`);
  }
  const time = Math.max(horizon, Timestamp ?? 0);
  const isClosedBefore = ({ state: { closed } }: Shard) => closed !== undefined && closed < time;
  const all = stream.readable;
  switch (Type) {
    case "AFTER_SHARD_ID":
      return all.filter(({ id }) => id > (ShardId ?? ""));
    case "AT_LATEST":
      return all.filter(({ isOpen }) => isOpen);
    case "AT_TRIM_HORIZON":
    case "AT_TIMESTAMP":
      return all.filter((shard) => shard.state.created <= time && !isClosedBefore(shard));
    default:
      return all.filter((shard) => !isClosedBefore(shard));
  }
}

/** @throws AwsError ExpiredNextTokenException, or InvalidArgumentException for a token of another kind */
export function readPage<T extends object>(token: string, member: keyof T & string): T {
  const found = readToken<T>(token, (content) => typeof content[member] === "string");
  if (!found) throw invalid("The NextToken is not valid.");
  if (found.isExpired) throw new AwsError("ExpiredNextTokenException", "The NextToken is older than 5 minutes.");
  return found.content;
}

/** What the descriptions of a stream have in common. */
function showStream({ state, settings }: Stream): object {
  return {
    StreamName: state.name,
    StreamARN: state.arn,
    StreamStatus: "ACTIVE",
    StreamModeDetails: { StreamMode: settings.mode },
    RetentionPeriodHours: settings.retentionHours,
    StreamCreationTimestamp: Math.floor(state.created / 1000) * 1000,
    EnhancedMonitoring: [{ ShardLevelMetrics: settings.metrics }],
    EncryptionType: settings.keyId === undefined ? "NONE" : "KMS",
    KeyId: settings.keyId,
  };
}

function showShard(shard: Shard): object {
  const { id, state, startingSequenceNumber, endingSequenceNumber } = shard;
  const [ParentShardId, AdjacentParentShardId] = state.parents;
  return {
    ShardId: id,
    ParentShardId,
    AdjacentParentShardId,
    HashKeyRange: showRange(shard),
    SequenceNumberRange: {
      StartingSequenceNumber: startingSequenceNumber,
      EndingSequenceNumber: endingSequenceNumber,
    },
  };
}
