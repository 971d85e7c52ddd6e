import { AwsError } from "../core/awsError";
import { hashKeyOf } from "./sequence";
import { Shard, type StreamRecord } from "./shard";
import type { Entry, NewRecord, Placed, Store, StreamSettings, StreamState } from "./state";

const HOUR = 60 * 60 * 1000;
/** How often old records are dropped at most. */
const TRIM_MILLISECONDS = 60_000;

/** A stream with its shards. */
export class Stream {
  /** All shards, in the order of their numbers. */
  private shards: Shard[] = [];
  /** The shards that take records, by their hash keys. */
  private open: Shard[] = [];
  private trimmed = 0;
  /** Whether the store lacks the stream as it is now. */
  private isStale = false;
  private readonly listeners = new Set<() => void>();

  constructor(
    readonly state: StreamState,
    /** @default memory */
    public store?: Store,
  ) {
    this.restore(state);
  }

  get name(): string {
    return this.state.name;
  }

  get arn(): string {
    return this.state.arn;
  }

  get settings(): StreamSettings {
    return this.state.settings;
  }

  /** Records that arrived before it are no longer kept; in milliseconds since 1970. */
  get horizon(): number {
    return Date.now() - this.settings.retentionHours * HOUR;
  }

  get openShards(): readonly Shard[] {
    return this.open;
  }

  shard(id: string): Shard | undefined {
    this.trim();
    return this.shards.find((shard) => shard.id === id);
  }

  /** The shards that can still be read, in the order of their ids. */
  get readable(): readonly Shard[] {
    this.trim();
    return this.shards;
  }

  childrenOf(shard: Shard): Shard[] {
    return this.shards.filter(({ state }) => state.parents.includes(shard.id));
  }

  /**
   * Adds records, all of them or none but those that exceed their shard's throughput.
   * @throws AwsError InternalFailureException if they cannot be stored
   */
  put(records: NewRecord[]): Placed[] {
    const now = Date.now();
    const entries: { shard: Shard; index: number; record: StreamRecord }[] = [];
    const next = new Map<Shard, number>();
    const placed = records.map(({ data, partitionKey, explicitHashKey }): Placed => {
      const shard = this.shardFor(partitionKey, explicitHashKey);
      const bytes = data.length + Buffer.byteLength(partitionKey ?? "");
      if (this.settings.mode === "PROVISIONED" && !shard.admits(bytes, now)) return { exceeded: shard.id };
      const index = next.get(shard) ?? shard.state.next;
      next.set(shard, index + 1);
      const number = shard.sequenceNumberAt(index);
      const encrypted = this.settings.keyId !== undefined;
      const record = { sequenceNumber: number, arrived: shard.arrival(now), data, partitionKey, encrypted };
      entries.push({ shard, index, record });
      return { shardId: shard.id, sequenceNumber: number };
    });
    this.append(entries.map(({ shard, index, record }) => ({ shard: shard.state.number, index, record })));
    for (const { shard, index, record } of entries) shard.add(index, record);
    this.trim();
    if (entries.length > 0) this.notify();
    return placed;
  }

  /** Takes the stream as it is, from the store. */
  restore(state: StreamState): void {
    const known = new Map(this.shards.map((shard) => [shard.state.number, shard]));
    this.shards = state.shards.map((one) => {
      const shard = known.get(one.number) ?? new Shard(one);
      Object.assign(shard.state, one);
      return shard;
    });
    Object.assign(this.state, state, { shards: this.shards.map((shard) => shard.state) });
    this.sortOpen();
  }

  /** Takes a record from the store. */
  restoreRecord(shardNumber: number, index: number, record: StreamRecord): void {
    const shard = this.shards.find(({ state }) => state.number === shardNumber);
    shard?.add(index, { ...record, sequenceNumber: shard.sequenceNumberAt(index) });
  }

  /** All that the store must have: the stream, and the records that can still be read. */
  *contents(): Iterable<Entry> {
    this.trim();
    yield { stream: this.state };
    for (const shard of this.shards) yield* shard.entries();
  }

  /** Changes something about the stream, and stores it. @throws AwsError InternalFailureException if that fails */
  change(part: Partial<Omit<StreamState, "settings">> & { settings?: Partial<StreamSettings> }): void {
    Object.assign(this.state, part, { settings: { ...this.settings, ...part.settings } });
    this.append([{ stream: this.state }]);
  }

  /** Closes shards, and opens others in their place. */
  replaceShards(parents: Shard[], ranges: { first: bigint; last: bigint }[]): void {
    // The first shards are as old as the stream, which is open from its trim horizon on.
    const created = parents.length
      ? Math.max(Date.now(), ...parents.map(({ state }) => state.created + 1))
      : this.state.created;
    for (const { state } of parents) state.closed = Date.now();
    const number = Math.max(-1, ...this.shards.map(({ state }) => state.number)) + 1;
    for (const [index, { first, last }] of ranges.entries()) {
      const ids = parents.map(({ id }) => id);
      const range = { first: String(first), last: String(last) };
      this.shards.push(new Shard({ number: number + index, created, parents: ids, ...range, next: 1 }));
    }
    this.sortOpen();
    this.state.shards = this.shards.map(({ state }) => state);
    this.append([{ stream: this.state }]);
    this.notify();
  }

  /** Calls back when there are new records or shards, and when the stream is gone. Returns how to stop that. */
  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Serves the stream no more. What is stored stays. */
  close(): void {
    this.store?.close();
    this.end();
  }

  /** Deletes the stream with all that is stored. */
  remove(): void {
    this.store?.remove();
    this.end();
  }

  private end(): void {
    this.shards = [];
    this.notify();
  }

  /** Drops records that are older than the retention period, and closed shards without any. */
  private trim(): void {
    const now = Date.now();
    if (Math.abs(now - this.trimmed) < TRIM_MILLISECONDS) return;
    this.trimmed = now;
    const { horizon } = this;
    for (const shard of this.shards) shard.trim(horizon);
    const kept = this.shards.filter(({ state: { closed } }) => closed === undefined || closed >= horizon);
    if (kept.length === this.shards.length) return;
    this.shards = kept;
    this.state.shards = kept.map(({ state }) => state);
  }

  private shardFor(partitionKey = "", explicitHashKey?: string): Shard {
    const { open } = this;
    const isAutomatic = this.settings.distribution === "AUTO";
    if (open.length === 1 || isAutomatic) return open[Math.floor(Math.random() * open.length)] as Shard;
    const key = explicitHashKey === undefined ? hashKeyOf(partitionKey) : BigInt(explicitHashKey);
    return open.findLast(({ first }) => first <= key) as Shard;
  }

  private sortOpen(): void {
    this.open = this.shards.filter(({ isOpen }) => isOpen).sort((one, other) => (one.first < other.first ? -1 : 1));
  }

  private append(entries: Entry[]): void {
    if (!this.store || entries.length === 0) return;
    try {
      this.store.append(this.isStale ? [{ stream: this.state }, ...entries] : entries);
      this.isStale = false;
    } catch (error) {
      this.isStale = true;
      const message = `The stream ${this.name} cannot be stored: ${(error as Error).message}`;
      throw new AwsError("InternalFailureException", message, 500);
    }
  }

  private notify(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
