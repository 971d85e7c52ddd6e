import { hash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import * as fs from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import * as path from "node:path";
import { replaceFile } from "../core/replaceFile";

/** An object, without its data. */
export interface ObjectInfo {
  key: string;
  size: number;
  modified: Date;
  /** With its quotes. */
  etag: string;
  /** The headers that it was written with, in lower case, such as its type and metadata. */
  headers: Record<string, string>;
}

/** The properties that an object's file does not have. */
interface Kept {
  etag: string;
  headers: Record<string, string>;
  /** The state of the file that this describes. */
  state: string;
}

const KEPT_HEADERS =
  /^(?:content-type|content-disposition|content-language|cache-control|expires|x-amz-website-redirect-location|x-amz-meta-.+)$/;

/** The headers of a write that are kept with the object. */
export function keptHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => KEPT_HEADERS.test(name));
  // `aws-chunked` describes the request, the rest describes the object.
  const encodings = String(headers["content-encoding"] ?? "").split(",");
  const encoding = encodings.filter((one) => one.trim() !== "aws-chunked").join(",");
  return Object.fromEntries([...kept, ...(encoding ? [["content-encoding", encoding]] : [])]);
}

/** Keeps the properties of objects in a separate folder, in a file for each key, as keys may contain one another. */
export class KeptProperties {
  constructor(private readonly folder: string) {}

  /**
   * Keeps the properties of a file that is about to become the object, beside those of the present one: whichever
   * remains, even if the process is killed in between, is described.
   */
  async write(
    key: string,
    stats: BigIntStats,
    { etag, headers }: Pick<Kept, "etag" | "headers">,
    present: BigIntStats | undefined,
  ): Promise<void> {
    const before = present && (await this.find(key, present));
    const kept: Kept[] = [{ etag, headers, state: stateOf(stats) }, ...(before ? [before] : [])];
    await fs.mkdir(this.folder, { recursive: true });
    await replaceFile(this.fileOf(key), JSON.stringify(kept));
  }

  /** A file that another program has written or overwritten has no properties. */
  async describe(key: string, stats: BigIntStats): Promise<ObjectInfo> {
    const known = await this.find(key, stats);
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

  private async find(key: string, stats: BigIntStats): Promise<Kept | undefined> {
    try {
      // Earlier versions kept one object instead of a list.
      const kept = [JSON.parse(await fs.readFile(this.fileOf(key), "utf8")) as Kept | Kept[]].flat();
      return kept.find(({ state }) => state === stateOf(stats));
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
