import { setMaxListeners } from "node:events";
import type { Shard, Start, StreamSource } from "../sources";
import type { StreamSettings, StreamTarget } from "./lane";
import { type Checkpoint, ShardReader } from "./shardReader";
import { Signal } from "./signal";

/** How far each shard has been processed. */
export interface Checkpoints {
  get(shardId: string): Checkpoint | undefined;
  set(shardId: string, checkpoint: Checkpoint): void;
  /** Whether it knows of no shard. */
  readonly isEmpty: boolean;
  /** Forgets the shards that no longer exist. */
  retain(shardIds: string[]): void;
}

export interface StreamPollerOptions {
  source: StreamSource;
  /** Where to begin, unless the checkpoints say that the stream has been read before. */
  start: Start;
  settings: StreamSettings;
  target: StreamTarget;
  checkpoints: Checkpoints;
}

/** Before shards that cannot be listed are asked for again. */
const ERROR_MILLISECONDS = 1000;

/** Reads a stream: all its shards at once, but each only after those that it was made from. */
export class StreamPoller {
  private readonly closed = new AbortController();
  private readonly readers = new Map<string, ShardReader>();
  /** There may be new records or shards. */
  private readonly news = new Signal();
  private unwatch: (() => void) | undefined;
  /** Resolves when nothing is read or delivered any more. */
  stopped: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: StreamPollerOptions) {
    // Each lane of each shard listens.
    setMaxListeners(0, this.closed.signal);
  }

  /** Begins. Whatever is written once it has resolved will be read. @throws Error if the stream cannot be read */
  async start(): Promise<void> {
    const { source, start, checkpoints } = this.options;
    const shards = await source.shards();
    if (checkpoints.isEmpty) {
      for (const { id } of shards) checkpoints.set(id, { position: await source.position(id, start) });
    }
    this.unwatch = source.watch(() => this.wake());
    this.stopped = this.run(shards);
  }

  /** Reads no more. Batches in flight end, and are not waited for. */
  close(): void {
    this.unwatch?.();
    this.closed.abort();
    this.news.send();
  }

  private wake(): void {
    this.news.send();
    for (const reader of this.readers.values()) reader.wake();
  }

  private async run(first: Shard[]): Promise<void> {
    for (let shards = first; !this.closed.signal.aborted; shards = await this.list(shards)) {
      await this.openReaders(shards);
      await this.news.wait();
    }
    await Promise.all([...this.readers.values()].map(({ stopped }) => stopped));
  }

  private async list(before: Shard[]): Promise<Shard[]> {
    try {
      return await this.options.source.shards();
    } catch (error) {
      if (!this.closed.signal.aborted)
        this.options.target.log(`its shards cannot be listed: ${(error as Error).message}`);
      setTimeout(() => this.news.send(), ERROR_MILLISECONDS).unref();
      return before;
    }
  }

  private async openReaders(shards: Shard[]): Promise<void> {
    const { source, settings, target, checkpoints } = this.options;
    const { signal } = this.closed;
    const ids = new Set(shards.map(({ id }) => id));
    checkpoints.retain([...ids]);
    const isDone = (id: string) => !ids.has(id) || "ended" in (checkpoints.get(id) ?? {});
    for (const { id, parents } of shards) {
      if (this.readers.has(id) || isDone(id) || !parents.every(isDone)) continue;
      const position = await this.positionOf(id);
      if (signal.aborted) return;
      const save = (checkpoint: Checkpoint) => checkpoints.set(id, checkpoint);
      const reader = new ShardReader({ source, shardId: id, settings, target, signal, save }, position);
      this.readers.set(id, reader);
      void reader.stopped.then(() => this.readers.delete(id)).then(() => this.news.send());
    }
  }

  /** Shards that have come since the stream was first read are read from their beginnings. */
  private async positionOf(id: string): Promise<unknown> {
    const { source, checkpoints } = this.options;
    const checkpoint = checkpoints.get(id);
    if (checkpoint && "position" in checkpoint) return checkpoint.position;
    const start: Start =
      checkpoint && "after" in checkpoint
        ? { type: "AFTER_SEQUENCE_NUMBER", sequenceNumber: checkpoint.after }
        : { type: "TRIM_HORIZON" };
    // What came after it may have been deleted meanwhile.
    return source.position(id, start).catch(() => source.position(id, { type: "TRIM_HORIZON" }));
  }
}
