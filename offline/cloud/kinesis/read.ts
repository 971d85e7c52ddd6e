import { account } from "../../engine/context";
import { AwsError } from "../core/awsError";
import { invalid, refuseDryRun } from "./errors";
import { isAfter } from "./sequence";
import type { Shard, Start, StreamRecord } from "./shard";
import type { Stream } from "./stream";
import type { Reference, Streams } from "./streams";
import { readToken, tokenOf } from "./tokens";

interface Iterator {
  stream: string;
  /** When the stream was created. */
  created: number;
  shardId: string;
  /** The sequence number before it. */
  after: string;
}

export type StartInput = { Type: Start["type"]; SequenceNumber?: string; Timestamp?: number };
type IteratorInput = Reference & {
  ShardId: string;
  ShardIteratorType: Start["type"];
  StartingSequenceNumber?: string;
  Timestamp?: number;
  DryRun?: boolean;
};
type GetRecordsInput = { ShardIterator: string; Limit?: number; StreamARN?: string; DryRun?: boolean };

const MAX_RECORDS = 10_000;

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html */
export function getShardIterator(streams: Streams, input: IteratorInput): object {
  const { stream, shard } = streams.findShard(input, input.ShardId);
  const { ShardIteratorType: Type, StartingSequenceNumber: SequenceNumber, Timestamp } = input;
  const after = shard.position(readStart(stream, shard, { Type, SequenceNumber, Timestamp }));
  refuseDryRun(input);
  return { ShardIterator: iteratorAt(stream, shard, after) };
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html */
export function getRecords(streams: Streams, input: GetRecordsInput): object {
  // AWS also takes an iterator in quotes. (Recorded from AWS by localstack, 2026-03.)
  const text = input.ShardIterator.replace(/^"(.*)"$/, "$1");
  const token = readToken<Iterator>(text, ({ stream, shardId, after }) =>
    [stream, shardId, after].every((one) => typeof one === "string"),
  );
  if (!token) throw invalid("Invalid ShardIterator.");
  const { shardId, after, created } = token.content;
  const { stream, shard } = streams.findShard(
    { StreamName: token.content.stream, StreamARN: input.StreamARN },
    shardId,
  );
  if (token.isExpired || created !== stream.state.created) {
    const message = "Iterator expired. Iterators can be used for 5 minutes: get another one with GetShardIterator.";
    throw new AwsError("ExpiredIteratorException", message);
  }
  refuseDryRun(input);
  const page = shard.read(after, input.Limit ?? MAX_RECORDS);
  const last = page.records.at(-1);
  const isOver = page.isLast && !shard.isOpen;
  return {
    Records: page.records.map(showRecord),
    ...(isOver
      ? { ChildShards: stream.childrenOf(shard).map(showChild) }
      : { NextShardIterator: iteratorAt(stream, shard, last?.sequenceNumber ?? after) }),
    MillisBehindLatest: behind(page),
  };
}

/** How far a reader is behind the end of the shard, in milliseconds. */
export function behind({ records, isLast }: { records: StreamRecord[]; isLast: boolean }): number {
  return isLast ? 0 : Math.max(0, Date.now() - (records.at(-1)?.arrived ?? Date.now()));
}

/** @throws AwsError InvalidArgumentException if it is not a place in the shard */
export function readStart(stream: Stream, shard: Shard, { Type: type, SequenceNumber, Timestamp }: StartInput): Start {
  if (type === "AT_TIMESTAMP") {
    if (Timestamp === undefined)
      throw invalid(
        "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.",
      );
    const now = Date.now();
    if (Timestamp <= now) return { type, timestamp: Timestamp };
    throw invalid(
      `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${Timestamp}, currentTimestampInMillis: ${now}`,
    );
  }
  if (type !== "AT_SEQUENCE_NUMBER" && type !== "AFTER_SEQUENCE_NUMBER") return { type };
  const place = `used in GetShardIterator on shard ${shard.id} in stream ${stream.name} under account ${account}`;
  if (SequenceNumber === undefined) {
    throw invalid(
      `Must either specify (1) AT_SEQUENCE_NUMBER/AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${type} and no StartingSequenceNumber.`,
    );
  }
  const { startingSequenceNumber: first, endingSequenceNumber: last } = shard;
  if (isAfter(first, SequenceNumber) || (last !== undefined && isAfter(SequenceNumber, last))) {
    throw invalid(
      `StartingSequenceNumber ${SequenceNumber} ${place} is invalid because it did not come from this stream.`,
    );
  }
  return { type, sequenceNumber: SequenceNumber };
}

export function showRecord({ sequenceNumber, arrived, data, partitionKey, encrypted }: StreamRecord): object {
  return {
    SequenceNumber: sequenceNumber,
    ApproximateArrivalTimestamp: arrived,
    Data: data,
    PartitionKey: partitionKey,
    EncryptionType: encrypted ? "KMS" : undefined,
  };
}

export function showRange({ state: { first, last } }: Shard): object {
  return { StartingHashKey: first, EndingHashKey: last };
}

export function showChild(shard: Shard): object {
  return { ShardId: shard.id, ParentShards: shard.state.parents, HashKeyRange: showRange(shard) };
}

function iteratorAt(stream: Stream, shard: Shard, after: string): string {
  const iterator: Iterator = { stream: stream.name, created: stream.state.created, shardId: shard.id, after };
  return tokenOf(iterator);
}
