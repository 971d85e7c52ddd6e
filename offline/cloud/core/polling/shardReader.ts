import { hash } from "node:crypto";
import type { SourcePage, SourceRecord, StreamSource } from "../sources";
import { pause } from "../timers";
import { MAX_PAYLOAD_BYTES } from "./batches";
import { Lane, type RecordItem, type StreamSettings, type StreamTarget } from "./lane";
import { Progress } from "./progress";
import { Signal } from "./signal";

/** How far a shard has been processed, as JSON: to its end, after a record, or not beyond the position where it begins. */
export type Checkpoint = { ended: true } | { after: string } | { position: unknown };

export interface ShardReaderOptions {
  source: StreamSource;
  shardId: string;
  settings: StreamSettings;
  target: StreamTarget;
  signal: AbortSignal;
  /** Takes how far the shard has been processed, whenever that changes. */
  save(checkpoint: Checkpoint): void;
}

/** What is read ahead of the batches: a lane that fails keeps the others of its shard from being read only after that. */
const MAX_RECORDS_AHEAD = 10_000;
/** The most that a shard is asked for at once. */
const PAGE = 1000;
/** Before a shard that cannot be read is asked again. */
const ERROR_MILLISECONDS = 1000;

/** Reads one shard into as many lanes as batches may be delivered at once. Records with the same key share a lane. */
export class ShardReader {
  private readonly lanes: Lane[];
  private readonly progress = new Progress();
  /** There is something to read, or room for it. */
  private readonly news = new Signal();
  private records = 0;
  private bytes = 0;
  /** Resolves when the shard has been processed to its end, or is read no more. */
  readonly stopped: Promise<void>;

  constructor(
    private readonly options: ShardReaderOptions,
    position: unknown,
  ) {
    const finish = (items: RecordItem[]) => this.finish(items);
    this.lanes = Array.from({ length: options.settings.parallelization }, () => new Lane({ ...options, finish }));
    options.signal.addEventListener("abort", () => this.wake(), { once: true });
    this.stopped = this.run(position);
  }

  /** There may be something to read. */
  wake(): void {
    this.news.send();
  }

  private get isClosed(): boolean {
    return this.options.signal.aborted;
  }

  private async run(start: unknown): Promise<void> {
    let position: unknown = start;
    while (position !== undefined && !this.isClosed) {
      if (this.isFull) {
        await this.news.wait();
        continue;
      }
      const page = await this.read(position);
      if (this.isClosed) return;
      for (const record of page.records) this.take(record);
      if (page.records.length === 0 && page.next !== undefined) await this.news.wait();
      position = page.next;
    }
    for (const lane of this.lanes) lane.end();
    await Promise.all(this.lanes.map(({ stopped }) => stopped));
    if (!this.isClosed) this.options.save({ ended: true });
  }

  private async read(position: unknown): Promise<SourcePage> {
    const { source, target, shardId, signal } = this.options;
    try {
      return await source.read(position, PAGE);
    } catch (error) {
      if (!this.isClosed) target.log(`${shardId} cannot be read: ${(error as Error).message}`);
      await pause(ERROR_MILLISECONDS, signal);
      this.wake();
      const { code } = error as { code?: string };
      if (code !== "TrimmedDataAccessException") return { records: [], next: position };
      // What is too old has been deleted; what comes after it can be read.
      const next = await source.position(shardId, { type: "TRIM_HORIZON" }).catch(() => position);
      return { records: [], next };
    }
  }

  private take(record: SourceRecord): void {
    const reading = this.progress.begin(record.sequenceNumber);
    if (!this.options.target.accepts(record)) {
      this.progress.finish(reading);
      if (this.progress.isIdle) this.save();
      return;
    }
    const json = JSON.stringify(record.event);
    this.records++;
    this.bytes += json.length;
    const index = this.lanes.length > 1 ? laneOf(record, this.lanes.length) : 0;
    this.lanes[index]?.push({ id: record.sequenceNumber, json, record, reading });
  }

  private finish(items: RecordItem[]): void {
    if (items.length === 0) return;
    for (const { reading, json } of items) {
      this.progress.finish(reading);
      this.records--;
      this.bytes -= json.length;
    }
    this.save();
    this.wake();
  }

  private save(): void {
    const { done } = this.progress;
    if (done !== undefined) this.options.save({ after: done });
  }

  private get isFull(): boolean {
    return this.records >= MAX_RECORDS_AHEAD || this.bytes >= 2 * MAX_PAYLOAD_BYTES * this.lanes.length;
  }
}

/** The number of the lane of a record's key. */
function laneOf({ event }: SourceRecord, lanes: number): number {
  const { kinesis, dynamodb } = event as { kinesis?: { partitionKey: string }; dynamodb?: { Keys: object } };
  const key = kinesis?.partitionKey ?? JSON.stringify(dynamodb?.Keys);
  return hash("md5", key, "buffer").readUInt32BE(0) % lanes;
}
