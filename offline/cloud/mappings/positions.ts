import { readFileSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Checkpoint } from "../core/polling/shardReader";
import type { Checkpoints } from "../core/polling/streamPoller";
import { replaceFile } from "../core/replaceFile";

/** How far a mapping has read each shard of a stream. */
interface Position {
  /** The stream's ARN. */
  stream: string;
  shards: Record<string, Checkpoint>;
}

/** Records are not written down one by one: what is lost when the process is killed is read again. */
const WRITE_MILLISECONDS = 100;

/** How far each mapping has read, by its UUID. On AWS, mappings never stop, so what comes between two runs is read by the next. */
export class Positions {
  private positions: Record<string, Position> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  /** @param file keeps them for later runs. @default memory */
  constructor(
    private readonly file: string | undefined,
    private readonly log: (line: string) => void,
  ) {}

  /** Those of a mapping in a stream; another stream begins anew. */
  of(uuid: string, stream: string): Checkpoints {
    this.positions ??= this.read();
    const known = this.positions[uuid];
    const position = known?.stream === stream ? known : { stream, shards: {} };
    this.positions[uuid] = position;
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

  /** Forgets a mapping that no longer exists. */
  forget(uuid: string): void {
    delete this.positions?.[uuid];
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
      .catch(({ message }) => this.log(`error: the positions of event source mappings cannot be written: ${message}`));
  }
}
