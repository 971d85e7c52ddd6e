import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { temporaryFolder } from "../temporaryFolder";

const PAGE_BYTES = 4096;

/** A file system of a few megabytes, for tests of what happens when it is full. */
export interface SmallDisk {
  folder: string;
  /** Uses up this many bytes. @default all that are left */
  fill(bytes?: number): void;
  /** Frees the bytes that `fill` has used up. */
  free(): void;
  remove(): void;
}

/** Undefined if this process may not mount one: a test then skips itself. */
export function mountSmallDisk(megabytes: number): SmallDisk | undefined {
  const folder = temporaryFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder], { stdio: "ignore" });
  } catch {
    console.log(`      skipped: a file system of ${megabytes} MB cannot be mounted here`);
    return undefined;
  }
  const filler = path.join(folder, "filler");
  const fill = (bytes = Number.POSITIVE_INFINITY) => {
    fs.rmSync(filler, { force: true });
    try {
      for (let size = 0; size < bytes; size += PAGE_BYTES) fs.appendFileSync(filler, Buffer.alloc(PAGE_BYTES));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    }
  };
  return {
    folder,
    fill,
    free: () => fs.rmSync(filler, { force: true }),
    remove: () => execFileSync("umount", ["--lazy", folder]),
  };
}
