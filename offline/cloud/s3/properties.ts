import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";

/** An object, without its data. */
export interface ObjectInfo {
  key: string;
  size: number;
  modified: Date;
  /** In its quotes. */
  etag: string;
  /** What was said of it when it was written, as response headers in lower case: its type, its metadata. */
  headers: Record<string, string>;
}

/** What cannot be seen in an object's file. */
interface Kept {
  etag: string;
  headers: Record<string, string>;
  /** The state of the file that this is about. */
  state: string;
}

/** Keeps what is known of objects beside their files, in a folder apart: a file for each key, as keys may contain one another. */
export class KeptProperties {
  constructor(private readonly folder: string) {}

  async write(key: string, stats: BigIntStats, etag: string, headers: Record<string, string>): Promise<void> {
    const kept: Kept = { etag, headers, state: stateOf(stats) };
    const file = this.fileOf(key);
    await fs.mkdir(this.folder, { recursive: true });
    await fs.writeFile(`${file}.new`, JSON.stringify(kept));
    await fs.rename(`${file}.new`, file);
  }

  /** Nothing is known of a file that another program has written, or written over. */
  async describe(key: string, stats: BigIntStats): Promise<ObjectInfo> {
    const kept = await this.read(key);
    const known = kept?.state === stateOf(stats) ? kept : undefined;
    return {
      key,
      size: Number(stats.size),
      modified: new Date(Number(stats.mtimeMs)),
      etag: known?.etag ?? `"${hash("md5", stateOf(stats))}-1"`,
      headers: known?.headers ?? {},
    };
  }

  async remove(key: string): Promise<void> {
    await fs.rm(this.fileOf(key), { force: true });
  }

  private async read(key: string): Promise<Kept | undefined> {
    try {
      return JSON.parse(await fs.readFile(this.fileOf(key), "utf8")) as Kept;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT" || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  private fileOf(key: string): string {
    return path.join(this.folder, `${hash("sha256", key)}.json`);
  }
}

function stateOf({ size, mtimeNs }: BigIntStats): string {
  return `${size} ${mtimeNs}`;
}

function hash(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest("hex");
}
