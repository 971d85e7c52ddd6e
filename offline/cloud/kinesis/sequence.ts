import { hash } from "node:crypto";

/** The largest hash key, of 128 bits. */
export const LAST_HASH_KEY = 2n ** 128n - 1n;

/**
 * A number of 56 digits like those of AWS: it rises within a shard, and is larger than all of the shards before it.
 * @param created when the shard was, in milliseconds since 1970
 * @param index of the record in its shard
 * @param shard the shard's own number
 */
export function sequenceNumber(created: number, index: number, shard: number): string {
  return String((2n << 184n) | (BigInt(created) << 140n) | (BigInt(index) << 76n) | (BigInt(shard) << 4n) | 2n);
}

/** Whether a sequence number comes after another one. */
export function isAfter(one: string, other: string): boolean {
  return one.length === other.length ? one > other : one.length > other.length;
}

/** Where a partition key belongs: its MD5 as a number. */
export function hashKeyOf(partitionKey: string): bigint {
  return BigInt(`0x${hash("md5", partitionKey)}`);
}

/** So many ranges of equal size, which together are all hash keys. */
export function uniformRanges(count: number): { first: bigint; last: bigint }[] {
  const size = (LAST_HASH_KEY + 1n) / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    first: size * BigInt(index),
    last: index === count - 1 ? LAST_HASH_KEY : size * BigInt(index + 1) - 1n,
  }));
}
