import type { BigIntStats } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { AwsError } from "../core/awsError";
import { besideFolder, keyOf, pathOf } from "./keys";
import { KeptProperties, type ObjectInfo } from "./properties";

/** Data that waits to become an object, in a file on the same file system. */
export interface Staged {
  file: string;
  etag: string;
  headers: Record<string, string>;
}

/** Throws if the present object must not be overwritten or deleted. */
export type Condition = (present: ObjectInfo | undefined) => void;

/** The objects of one bucket: every file in its folder is one, whoever wrote it. */
export class Bucket {
  private readonly properties: KeptProperties;
  private changed: Promise<unknown> = Promise.resolve();

  constructor(
    readonly name: string,
    readonly region: string,
    /** Its real path, which exists while the bucket does. */
    readonly folder: string,
    propertiesFolder: string,
  ) {
    this.properties = new KeptProperties(propertiesFolder);
  }

  /** Opens the file of an object; writes by others do not affect it. The caller closes it. */
  async open(key: string): Promise<{ handle: fs.FileHandle; info: ObjectInfo } | undefined> {
    const file = path.join(this.folder, pathOf(key));
    const handle = (await openFile(file)) ?? (await openFile(besideFolder(file)));
    if (!handle) return undefined;
    return { handle, info: await this.properties.describe(key, await handle.stat({ bigint: true })) };
  }

  async find(key: string): Promise<ObjectInfo | undefined> {
    const stats = await this.stat(key);
    return stats && this.properties.describe(key, stats);
  }

  /** Makes staged data the object of a key, at once for all readers. */
  write(key: string, staged: Staged, condition: Condition = () => {}): Promise<ObjectInfo> {
    return this.change(async () => {
      condition(await this.find(key));
      const stats = await fs.stat(staged.file, { bigint: true });
      await this.properties.write(key, stats, staged, await this.stat(key));
      await this.place(staged.file, path.join(this.folder, pathOf(key)));
      return this.properties.describe(key, stats);
    });
  }

  /** Returns whether the object existed. */
  delete(key: string, condition: Condition = () => {}): Promise<boolean> {
    return this.change(async () => {
      const present = await this.find(key);
      condition(present);
      const file = path.join(this.folder, pathOf(key));
      for (const candidate of [file, besideFolder(file)]) {
        if (await isFile(candidate)) await fs.rm(candidate, { force: true });
      }
      await this.properties.remove(key);
      await this.prune(path.dirname(file));
      return present !== undefined;
    });
  }

  async created(): Promise<Date> {
    return (await fs.stat(this.folder)).birthtime;
  }

  /** The keys that begin with a prefix, in byte order. */
  async keys(prefix: string): Promise<string[]> {
    const folders = prefix.split("/").slice(0, -1);
    const start = folders.length > 0 ? pathOf(folders.join("/")) : "";
    const keys: string[] = [];
    if (await isFolder(path.join(this.folder, start))) {
      await this.walk(start, (key) => {
        if (key.startsWith(prefix)) keys.push(key);
      });
    }
    const bytes = new Map(keys.map((key) => [key, Buffer.from(key)]));
    return [...bytes].sort(([, a], [, b]) => Buffer.compare(a, b)).map(([key]) => key);
  }

  private async stat(key: string): Promise<BigIntStats | undefined> {
    const file = path.join(this.folder, pathOf(key));
    return [await stat(file), await stat(besideFolder(file))].find((found) => found?.isFile());
  }

  /** Runs changes one after another, as each begins by reading the present state. */
  private change<Result>(action: () => Promise<Result>): Promise<Result> {
    const result = this.changed.then(action);
    this.changed = result.catch(() => {});
    return result;
  }

  private async place(staged: string, file: string): Promise<void> {
    await this.makeFolders(path.dirname(file));
    const beside = besideFolder(file);
    if (await isFolder(file)) return fs.rename(staged, beside);
    if (await isForeign(file)) throw inTheWay(file);
    await fs.rename(staged, file);
    await fs.rm(beside, { force: true });
  }

  /** Creates a folder, and moves aside objects that are in its way. */
  private async makeFolders(folder: string): Promise<void> {
    if (folder === this.folder) return;
    await this.makeFolders(path.dirname(folder));
    if (await isFile(folder)) await fs.rename(folder, besideFolder(folder));
    if (await isForeign(folder)) throw inTheWay(folder);
    if (!(await isFolder(folder))) await fs.mkdir(folder);
  }

  /** S3 has no folders: empty ones would only be in the way. */
  private async prune(folder: string): Promise<void> {
    for (let current = folder; current !== this.folder; current = path.dirname(current)) {
      const removed = await fs.rmdir(current).then(
        () => true,
        (error: NodeJS.ErrnoException) => error.code === "ENOENT",
      );
      if (!removed) return;
    }
  }

  private async walk(relative: string, visit: (key: string) => void): Promise<void> {
    const entries = await fs.readdir(path.join(this.folder, relative), { withFileTypes: true }).catch(ignoreMissing);
    for (const entry of entries ?? []) {
      const below = relative === "" ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) await this.walk(below, visit);
      const key = entry.isFile() ? keyOf(below) : undefined;
      if (key !== undefined) visit(key);
    }
  }
}

async function openFile(file: string): Promise<fs.FileHandle | undefined> {
  return (await isFile(file)) ? fs.open(file).catch(ignoreMissing) : undefined;
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file))?.isFile() ?? false;
}

async function isFolder(file: string): Promise<boolean> {
  return (await stat(file))?.isDirectory() ?? false;
}

/** Only for this exact path, not for a symbolic link, which could lead out of the bucket, or a name in another case. */
async function stat(file: string): Promise<BigIntStats | undefined> {
  const stats = await fs.lstat(file, { bigint: true }).catch(ignoreMissing);
  return stats && (await fs.realpath(file).catch(ignoreMissing)) === file ? stats : undefined;
}

/** Whether something else answers to this path. */
async function isForeign(file: string): Promise<boolean> {
  return !(await stat(file)) && (await fs.lstat(file).catch(ignoreMissing)) !== undefined;
}

function inTheWay(file: string): AwsError {
  const obstacle = "a symbolic link, or a name that this file system does not tell apart";
  return new AwsError("InvalidRequest", `The object cannot be stored: ${obstacle}, is at ${file}`);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
  return undefined;
}
