import { account } from "../../engine/context";
import { AwsError } from "../core/awsError";
import { invalid } from "./errors";
import { merge, reshard, split } from "./reshard";
import type { Shard } from "./shard";
import type { Stream } from "./stream";
import type { Reference, Streams } from "./streams";

type SplitInput = Reference & { ShardToSplit: string; NewStartingHashKey: string };
type MergeInput = Reference & { ShardToMerge: string; AdjacentShardToMerge: string };
type CountInput = Reference & { TargetShardCount: number };

/** The most shards of a stream. */
const MAX_SHARDS = 10_000;

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SplitShard.html */
export function splitShard(streams: Streams, input: SplitInput): void {
  const { stream, shard } = openShard(streams, input, input.ShardToSplit);
  const at = BigInt(input.NewStartingHashKey);
  const { first, last } = shard;
  if (first + 1n < at && at < last) {
    split(stream, shard, at);
    return;
  }
  const used = `NewStartingHashKey ${at} used in SplitShard() on shard ${shard.id} in stream ${placeOf(stream)}`;
  const range = `greater than one plus the shard's StartingHashKey ${first} and less than the shard's EndingHashKey ${last}`;
  throw invalid(`${used} is not both ${range}.`);
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_MergeShards.html */
export function mergeShards(streams: Streams, input: MergeInput): void {
  const { stream, shard: one } = openShard(streams, input, input.ShardToMerge);
  const { shard: other } = openShard(streams, input, input.AdjacentShardToMerge);
  const [lower, upper] = one.first < other.first ? [one, other] : [other, one];
  if (lower.last + 1n !== upper.first) {
    const message = `Shards ${one.id} and ${other.id} in stream ${placeOf(stream)} are not an adjacent pair of shards eligible for merging`;
    throw invalid(message);
  }
  merge(stream, lower, upper);
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html */
export function updateShardCount(streams: Streams, input: CountInput): object {
  const stream = provisioned(streams, input);
  const { TargetShardCount: target } = input;
  const current = stream.openShards.length;
  const counts = `Current open shard count: ${current} Target shard count: ${target}`;
  if (target > 2 * current) {
    throw invalid(`UpdateShardCount cannot scale up over double your current open shard count. ${counts}`);
  }
  if (target < current / 2) {
    throw invalid(`UpdateShardCount cannot scale down below half your current open shard count. ${counts}`);
  }
  if (target > MAX_SHARDS) {
    throw new AwsError("LimitExceededException", `A stream has at most ${MAX_SHARDS} shards. ${counts}`);
  }
  reshard(stream, target);
  return { StreamName: stream.name, StreamARN: stream.arn, CurrentShardCount: current, TargetShardCount: target };
}

function openShard(streams: Streams, input: Reference, id: string): { stream: Stream; shard: Shard } {
  const stream = provisioned(streams, input);
  const { shard } = streams.findShard(input, id);
  if (shard.isOpen) return { stream, shard };
  const eligible = "has already been merged or split, and thus is not eligible for merging or splitting.";
  throw new AwsError("ResourceInUseException", `Shard ${id} in stream ${placeOf(stream)} ${eligible}`);
}

/** @throws AwsError ValidationException for a stream on demand, whose shards are AWS's own affair */
function provisioned(streams: Streams, input: Reference): Stream {
  const stream = streams.find(input);
  if (stream.settings.mode === "PROVISIONED") return stream;
  throw new AwsError("ValidationException", `Request is invalid. Stream ${placeOf(stream)} is in On-Demand mode.`);
}

function placeOf({ name }: Stream): string {
  return `${name} under account ${account}`;
}
