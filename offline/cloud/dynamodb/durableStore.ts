import { type Stats, statSync } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { getSystemErrorMap } from "node:util";
import { ClassicLevel } from "classic-level";
import type { Range } from "dynalite/db";
import { MemoryLevel } from "memory-level";
import { internalServerError } from "./errors";

type Level = Pick<ClassicLevel<string, unknown>, "status" | "open" | "close" | "getSync" | "keys" | "values" | "batch">;

/** LevelDB creates it when it first opens a folder, and keeps it. */
const LOCK_FILE = "LOCK";
/** Named like LevelDB's own temporary files, so that LevelDB removes it if the process is killed before we can. */
const PROBE_FILE = "999999.dbtmp";
/** The most that a new log and a new manifest need at first. */
const REOPENING_BYTES = 64 * 1024;
/** How many values are read at once. */
const PAGE = 1000;

export interface StoreOptions {
  /** The folder of the store. @default memory */
  folder?: string;
  /** Takes a line when the folder can no longer be written, and another when it can be again. */
  log(line: string): void;
}

/**
 * Ordered keys with JSON values, in LevelDB. Whatever `write` has acknowledged has reached the operating system, so it
 * survives if the process is killed. It may not survive a power failure, as nothing waits for the disk.
 *
 * LevelDB keeps appending to its log after a failed write, but when it next reads that log, it drops what follows the
 * torn record. So after a failure nothing is written until LevelDB has been reopened, which begins a new log.
 */
export class DurableStore {
  /** Why writes fail, from the first one that did until one succeeds. */
  private failure: string | undefined;
  /** Whether the log may end in a torn record. */
  private torn = false;
  private turn: Promise<unknown> = Promise.resolve();
  private closed = false;
  private lockFile: Stats | undefined;

  private constructor(
    private readonly level: Level,
    private readonly options: StoreOptions,
  ) {}

  /** @throws Error when the folder cannot be opened, for example because another process has it open */
  static async open(options: StoreOptions): Promise<DurableStore> {
    const { folder } = options;
    const encoding = { valueEncoding: "json" };
    const level = folder === undefined ? new MemoryLevel(encoding) : new ClassicLevel(folder, encoding);
    const store = new DurableStore(level as Level, options);
    try {
      await level.open();
      if (folder !== undefined) store.lockFile = statSync(path.join(folder, LOCK_FILE));
    } catch (error) {
      throw new Error(`The tables in ${folder} cannot be opened: ${reasonOf(error)}`);
    }
    return store;
  }

  /** Waits until the store is open, which it always is unless it is recovering from a failure. @throws as `exclusively` */
  async ready(): Promise<void> {
    if (this.level.status !== "open") await this.exclusively(async () => {});
  }

  /** Undefined if there is no such key. @throws AwsError InternalServerError when it cannot be read */
  get(key: string): unknown {
    try {
      return this.level.getSync(key);
    } catch (error) {
      throw this.describe("read", error);
    }
  }

  keys(range: Range): AsyncIterable<string> {
    return this.level.keys(range);
  }

  /** Values in the order of their keys, in pages. @throws AwsError InternalServerError when they cannot be read */
  async *values(range: Range): AsyncGenerator<unknown[]> {
    try {
      const iterator = this.level.values(range);
      try {
        for (let page = await iterator.nextv(PAGE); page.length > 0; page = await iterator.nextv(PAGE)) yield page;
      } finally {
        await iterator.close();
      }
    } catch (error) {
      throw this.describe("read", error);
    }
  }

  /**
   * Runs pieces of work one after another, so that nothing else writes what one of them has read.
   * @throws AwsError InternalServerError when the store has not recovered from a failure: the work is not run
   */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.turn.then(async () => {
      await this.recover();
      return work();
    });
    this.turn = result.catch(() => {});
    return result;
  }

  /**
   * Writes everything or nothing. Only work that runs exclusively may call it.
   * @param writes values by key; undefined deletes the key
   * @throws AwsError InternalServerError when the folder cannot be written
   */
  async write(writes: ReadonlyMap<string, unknown>): Promise<void> {
    if (writes.size === 0) return;
    const operations = [...writes].map(([key, value]) =>
      value === undefined ? ({ type: "del", key } as const) : ({ type: "put", key, value } as const),
    );
    try {
      await this.level.batch(operations);
    } catch (error) {
      this.torn = true;
      this.fail(error);
    }
    if (this.failure) this.options.log(`The tables in ${this.options.folder} can be written again`);
    this.failure = undefined;
  }

  /** Closes the store once the work that has begun is done. */
  async close(): Promise<void> {
    await this.turn;
    this.closed = true;
    await this.level.close();
  }

  /** Files that are open can still be written after their folder is gone, but nobody would find them. */
  private checkFolder(): void {
    const { folder } = this.options;
    if (folder === undefined) return;
    const found = statSync(path.join(folder, LOCK_FILE), { throwIfNoEntry: false });
    if (found?.ino === this.lockFile?.ino && found?.dev === this.lockFile?.dev) return;
    throw new Error("their folder was removed or replaced. Put it back, or restart");
  }

  /** Reopens LevelDB after a failure: before anything is read for a write, as it may find what it failed to write. */
  private async recover(): Promise<void> {
    if (this.closed) throw new Error("The tables are closed");
    try {
      this.checkFolder();
      if (!this.torn) return;
      if (this.level.status === "open") {
        // As long as there is no room to reopen, the tables can at least be read.
        await this.probe();
        await this.level.close();
      }
      await this.level.open({ createIfMissing: false });
      this.torn = false;
    } catch (error) {
      this.fail(error);
    }
  }

  /** Writes as much as reopening does, which moves the contents of the logs into a table. */
  private async probe(): Promise<void> {
    const { folder = "" } = this.options;
    const logs = (await fs.readdir(folder)).filter((name) => name.endsWith(".log"));
    const sizes = await Promise.all(logs.map(async (name) => (await fs.stat(path.join(folder, name))).size));
    const file = path.join(folder, PROBE_FILE);
    try {
      await fs.writeFile(file, Buffer.alloc(sizes.reduce((sum, size) => sum + size, REOPENING_BYTES)));
    } finally {
      await fs.rm(file, { force: true });
    }
  }

  private fail(error: unknown): never {
    const failure = this.describe("written", error);
    if (failure.message !== this.failure && !this.closed) {
      this.options.log(`error: ${failure.message}. Until they can be, writes fail with InternalServerError`);
    }
    this.failure = failure.message;
    throw failure;
  }

  private describe(participle: "read" | "written", error: unknown): Error {
    return internalServerError(`The tables in ${this.options.folder} cannot be ${participle}: ${reasonOf(error)}`);
  }
}

/** The reason alone, without the name of the file and the system call. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as Error;
  const { code, errno, message } = cause as NodeJS.ErrnoException;
  if (code === "LEVEL_LOCKED")
    return "another process has them open. End that start, or choose another folder with --data.";
  const [, fromLevelDb] = /^IO error: .*: (.+)$/.exec(message) ?? [];
  return (
    fromLevelDb?.replace(/^./, (first) => first.toLowerCase()) ?? getSystemErrorMap().get(errno ?? 0)?.[1] ?? message
  );
}
