import { uniformRanges } from "./sequence";
import type { Shard } from "./shard";
import type { Stream } from "./stream";

/** Splits and merges shards until there are so many of equal size. Some that it opens on the way are closed at once, as on AWS. */
export function reshard(stream: Stream, count: number): void {
  const ranges = uniformRanges(count);
  for (const { first } of ranges) {
    const shard = stream.openShards.find((one) => one.first < first && first <= one.last);
    if (shard) split(stream, shard, first);
  }
  for (const { first, last } of ranges) {
    const [begin, ...others] = stream.openShards.filter((one) => first <= one.first && one.last <= last);
    others.reduce((merged, shard) => merge(stream, merged, shard), begin as Shard);
  }
}

/** @param at the first hash key of the second part */
export function split(stream: Stream, shard: Shard, at: bigint): void {
  const { first, last } = shard;
  stream.replaceShards(
    [shard],
    [
      { first, last: at - 1n },
      { first: at, last },
    ],
  );
}

/** Merges two adjacent shards, the lower one first. */
export function merge(stream: Stream, lower: Shard, upper: Shard): Shard {
  const { first } = lower;
  stream.replaceShards([lower, upper], [{ first, last: upper.last }]);
  return stream.openShards.find((one) => one.first === first) as Shard;
}
