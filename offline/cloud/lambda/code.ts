import { hash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Archive } from "../../engine/values";
import { type ArchiveFile, listArchive, readContents } from "../core/archive";

/** A folder with the code of a function. */
export interface Code {
  root: string;
  /** Changes whenever a file does. */
  version: string;
}

/**
 * Finds or makes a folder with the contents of an archive. Files that already lie on disk as the archive arranges them
 * are used in place. Everything else is written to `.cache/code` in the program's folder, from where Node.js also finds
 * the modules that come with Lambda's runtime, such as the AWS SDK.
 * @throws Error if the archive cannot be read offline; the message names it and says why
 */
export async function findCode(archive: Archive, directory: string): Promise<Code> {
  const files = await listArchive(archive, directory);
  const version = await fingerprint(files);
  const root = await commonRoot(files);
  return { root: root ?? (await write(files, path.join(directory, ".cache", "code", version))), version };
}

async function fingerprint(files: ArchiveFile[]): Promise<string> {
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const stamps = await Promise.all(sorted.map(async (file) => [file.name, hash("sha256", await readContents(file))]));
  return hash("sha256", JSON.stringify(stamps)).slice(0, 32);
}

/** The folder in which every file already lies where the archive puts it, if there is one. */
async function commonRoot(files: ArchiveFile[]): Promise<string | undefined> {
  const [first] = files;
  if (!first || !("path" in first) || !first.path.endsWith(path.normalize(`/${first.name}`))) return undefined;
  const root = first.path.slice(0, -first.name.length - 1);
  const together = files.every((file) => "path" in file && file.path === path.join(root, file.name));
  return together && !(await wouldChangeMeaning(files, root)) ? root : undefined;
}

/** A package.json above the code, which is not in the archive, may turn its CommonJS into ES modules. */
async function wouldChangeMeaning(files: ArchiveFile[], root: string): Promise<boolean> {
  if (files.some(({ name }) => name === "package.json")) return false;
  for (let folder = root; ; folder = path.dirname(folder)) {
    const text = await fs.readFile(path.join(folder, "package.json"), "utf8").catch(() => undefined);
    if (text !== undefined) return /"type"\s*:\s*"module"/.test(text);
    if (folder === path.dirname(folder)) return false;
  }
}

async function write(files: ArchiveFile[], folder: string): Promise<string> {
  if (await fs.stat(folder).catch(() => undefined)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  await fs.mkdir(unfinished, { recursive: true });
  if (!files.some(({ name }) => name === "package.json"))
    await fs.writeFile(path.join(unfinished, "package.json"), "{}");
  for (const file of files) {
    const target = path.join(unfinished, file.name);
    if (!target.startsWith(unfinished + path.sep)) throw new Error(`it contains ${file.name}, which leads out of it`);
    await fs.mkdir(path.dirname(target), { recursive: true });
    await ("path" in file ? fs.copyFile(file.path, target) : fs.writeFile(target, file.contents));
  }
  await fs.rename(unfinished, folder);
  return folder;
}
