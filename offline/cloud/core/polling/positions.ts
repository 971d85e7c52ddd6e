import { readFileSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { replaceFile } from "../replaceFile";
import type { Checkpoint } from "./shardReader";
import type { Checkpoints } from "./streamPoller";

/** How far a reader has read each shard of a stream. */
interface Position {
  /** The stream's ARN. */
  stream: string;
  shards: Record<string, Checkpoint>;
}

/** Records are not written down one by one: what is lost when the process is killed is read again. */
const WRITE_MILLISECONDS = 100;

/**
 * How far each event source mapping and pipe has read, by its ID. On AWS they never stop, so what comes between two runs is
 * read by the next.
 */
export class Positions {
  private positions: Record<string, Position> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  /** @param file keeps them for later runs. @default memory */
  constructor(
    private readonly file: string | undefined,
    private readonly log: (line: string) => void,
  ) {}

  /** Those of a reader in a stream; another stream begins anew. */
  of(id: string, stream: string): Checkpoints {
    this.positions ??= this.read();
    const known = this.positions[id];
    const position = known?.stream === stream ? known : { stream, shards: {} };
    this.positions[id] = position;
    const { shards } = position;
    return {
      get: (shardId) => shards[shardId],
      set: (shardId, checkpoint) => {
        shards[shardId] = checkpoint;
        this.schedule();
      },
      get isEmpty() {
        return Object.keys(shards).length === 0;
      },
      retain: (shardIds) => {
        const kept = new Set(shardIds);
        for (const id of Object.keys(shards)) if (!kept.has(id)) delete shards[id];
      },
    };
  }

  /** Forgets a reader that no longer exists. */
  forget(id: string): void {
    this.positions ??= this.read();
    delete this.positions[id];
    this.schedule();
  }

  async close(): Promise<void> {
    if (this.timer) this.write();
    await this.writing;
  }

  private read(): Record<string, Position> {
    try {
      return this.file ? JSON.parse(readFileSync(this.file, "utf8")) : {};
    } catch {
      return {};
    }
  }

  private schedule(): void {
    if (this.file) this.timer ??= setTimeout(() => this.write(), WRITE_MILLISECONDS).unref();
  }

  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { file = "" } = this;
    this.writing = this.writing
      .then(() => fs.mkdir(path.dirname(file), { recursive: true }))
      .then(() => replaceFile(file, JSON.stringify(this.positions)))
      .catch(({ message }) => this.log(`error: how far streams have been read cannot be written: ${message}`));
  }
}
