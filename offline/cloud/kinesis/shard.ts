import type { Start as SourceStart } from "../core/sources";
import { isAfter, sequenceNumber } from "./sequence";

/** A record as it is stored. */
export interface StreamRecord {
  sequenceNumber: string;
  /** When it arrived, in milliseconds since 1970. */
  arrived: number;
  data: Buffer;
  /** Absent if its stream distributes records by itself, and the producer gave none. */
  partitionKey?: string;
  encrypted: boolean;
}

/** What is known of a shard besides its records. */
export interface ShardState {
  number: number;
  /** In milliseconds since 1970, later than that of its parents. */
  created: number;
  /** The shards that it was made from. */
  parents: string[];
  /** The range of its hash keys, both inclusive, in decimal digits. */
  first: string;
  last: string;
  /** The index of the next record. */
  next: number;
  /** When it was split or merged, in milliseconds since 1970. */
  closed?: number;
}

/** Where a reader begins; one that is not a source of events may also begin at a record. */
export type Start = SourceStart | { type: "AT_SEQUENCE_NUMBER"; sequenceNumber: string };

/** What a provisioned shard takes in a second. @see https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const RECORDS_A_SECOND = 1000;
const BYTES_A_SECOND = 2 ** 20;
/** The most that one call reads. */
const MAX_READ_BYTES = 10 * 2 ** 20;

/** A shard with its records, in order. */
export class Shard {
  readonly id: string;
  /** The range of its hash keys, both inclusive. */
  readonly first: bigint;
  readonly last: bigint;
  private records: StreamRecord[] = [];
  private written = { second: 0, records: 0, bytes: 0 };

  constructor(readonly state: ShardState) {
    this.id = `shardId-${String(state.number).padStart(12, "0")}`;
    this.first = BigInt(state.first);
    this.last = BigInt(state.last);
  }

  get isOpen(): boolean {
    return this.state.closed === undefined;
  }

  get startingSequenceNumber(): string {
    return this.sequenceNumberAt(0);
  }

  /** After all of its records, once it is closed. */
  get endingSequenceNumber(): string | undefined {
    return this.isOpen ? undefined : this.sequenceNumberAt(this.state.next);
  }

  sequenceNumberAt(index: number): string {
    return sequenceNumber(this.state.created, index, this.state.number);
  }

  /** Whether a record of that size is within the limits of a provisioned shard. A large one uses up the seconds after it. */
  admits(bytes: number, now: number): boolean {
    const second = Math.floor(now / 1000);
    const left = Math.max(0, this.written.bytes - (second - this.written.second) * BYTES_A_SECOND);
    if (second !== this.written.second) this.written = { second, records: 0, bytes: left };
    const { records } = this.written;
    if (records >= RECORDS_A_SECOND || (left > 0 && left + bytes > BYTES_A_SECOND)) return false;
    this.written = { second, records: records + 1, bytes: left + bytes };
    return true;
  }

  /** When the next record arrives: never before the one before it, even if the clock is set back. */
  arrival(now: number): number {
    return Math.max(now, this.records.at(-1)?.arrived ?? 0);
  }

  /** Adds the next record. */
  add(index: number, record: StreamRecord): void {
    this.records.push(record);
    this.state.next = index + 1;
  }

  /** Drops the records that arrived before a time. */
  trim(horizon: number): void {
    const kept = this.records.findIndex(({ arrived }) => arrived >= horizon);
    if (kept === 0) return;
    this.records = kept < 0 ? [] : this.records.slice(kept);
  }

  /** Its records with their indexes, for the store. */
  entries(): { shard: number; index: number; record: StreamRecord }[] {
    const first = this.state.next - this.records.length;
    return this.records.map((record, index) => ({ shard: this.state.number, index: first + index, record }));
  }

  /** The sequence number after which a reader begins. */
  position(start: Start): string {
    switch (start.type) {
      case "TRIM_HORIZON":
        return this.startingSequenceNumber;
      case "LATEST":
        return this.sequenceNumberAt(Math.max(0, this.state.next - 1));
      case "AFTER_SEQUENCE_NUMBER":
        return start.sequenceNumber;
      case "AT_SEQUENCE_NUMBER":
        return String(BigInt(start.sequenceNumber) - 1n);
      case "AT_TIMESTAMP": {
        const index = this.records.findIndex(({ arrived }) => arrived >= start.timestamp);
        return index < 0
          ? this.position({ type: "LATEST" })
          : (this.records[index - 1]?.sequenceNumber ?? this.startingSequenceNumber);
      }
    }
  }

  /** The records after a sequence number: at most so many, and no more than 10 MiB after the first one. */
  read(after: string, limit: number): { records: StreamRecord[]; isLast: boolean } {
    const from = this.indexAfter(after);
    let to = from;
    for (let bytes = 0; to < this.records.length && to - from < limit; to++) {
      bytes += this.records[to]?.data.length ?? 0;
      if (to > from && bytes > MAX_READ_BYTES) break;
    }
    return { records: this.records.slice(from, to), isLast: to === this.records.length };
  }

  private indexAfter(after: string): number {
    let low = 0;
    let high = this.records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isAfter(this.records[middle]?.sequenceNumber ?? "", after)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
