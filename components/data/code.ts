import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** What jobs run, as a folder has it. */
export interface Code {
  /** Says what the files are: the same of the same files. */
  digest: string;
  /** The files' paths from the folder on, with slashes, in alphabetical order. */
  files: string[];
}

/** Made on each machine anew by those who run the code, or of no use to it. */
const ignored = /(?:^|\/)(?:\.|__pycache__\/)|\.pyc$/;

/** @throws Error of the file system, where the folder cannot be read */
export function readCode(folder: string): Code {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"))
    .filter((file) => !ignored.test(file))
    .sort();
  const sum = createHash("sha256");
  for (const file of files) {
    const content = fs.readFileSync(path.join(folder, file));
    sum.update(`${file}:${content.length}:`).update(content);
  }
  return { digest: sum.digest("hex").slice(0, 16), files };
}
