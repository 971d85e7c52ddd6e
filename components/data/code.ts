import * as fs from "node:fs";
import * as path from "node:path";
import { hash } from "../lambda/bundleSources";

/** Files that each machine generates when it runs the code, or that the code does not use. */
const ignored = /(?:^|\/)(?:\.|__pycache__\/)|\.pyc$/;

/**
 * The paths of the jobs' files, relative to the folder, with slashes, in alphabetical order.
 * @throws Error of the file system, if the folder cannot be read
 */
export function listCode(folder: string): string[] {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .filter((file) => !ignored.test(file))
    .sort();
}

/** A digest of the files, the same for the same files. */
export function digestOf(folder: string, files: string[]): string {
  return hash(files.flatMap((file) => [file, fs.readFileSync(path.join(folder, file))])).slice(0, 16);
}
