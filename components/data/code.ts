import * as fs from "node:fs";
import * as path from "node:path";
import { hash } from "../lambda/bundleSources";

/** Made on each machine anew by those who run the code, or of no use to it. */
const ignored = /(?:^|\/)(?:\.|__pycache__\/)|\.pyc$/;

/**
 * The paths of what jobs run, from the folder on, with slashes, in alphabetical order.
 * @throws Error of the file system, where the folder cannot be read
 */
export function listCode(folder: string): string[] {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"))
    .filter((file) => !ignored.test(file))
    .sort();
}

/** Says what the files are: the same of the same files. */
export function digestOf(folder: string, files: string[]): string {
  return hash(files.flatMap((file) => [file, fs.readFileSync(path.join(folder, file))])).slice(0, 16);
}
