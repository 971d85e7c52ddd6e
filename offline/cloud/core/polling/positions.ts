import { KeptFile } from "../keptFile";
import type { Checkpoint } from "./shardReader";
import type { Checkpoints } from "./streamPoller";

/** How far a reader has read each shard of a stream. */
interface Position {
  /** The stream's ARN. */
  stream: string;
  shards: Record<string, Checkpoint>;
}

/**
 * How far each event source mapping and pipe has read, by its ID. On AWS they never stop, so what comes between two runs is
 * read by the next.
 */
export class Positions {
  private readonly kept: KeptFile<Record<string, Position>>;

  /** @param file keeps them for later runs; records read since it was written are read again. @default memory */
  constructor(file: string | undefined, log: (line: string) => void) {
    const failed = (reason: string) => log(`error: how far streams have been read cannot be written: ${reason}`);
    this.kept = new KeptFile(file, () => ({}), failed);
  }

  /** Those of a reader in a stream; another stream begins anew. */
  of(id: string, stream: string): Checkpoints {
    const positions = this.kept.contents;
    const known = positions[id];
    const position = known?.stream === stream ? known : { stream, shards: {} };
    positions[id] = position;
    const { shards } = position;
    return {
      get: (shardId) => shards[shardId],
      set: (shardId, checkpoint) => {
        shards[shardId] = checkpoint;
        this.kept.changed();
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
    delete this.kept.contents[id];
    this.kept.changed();
  }

  close(): Promise<void> {
    return this.kept.close();
  }
}
