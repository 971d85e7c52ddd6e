import { hash, randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { type ArchiveFile, readContents } from "../core/archive";

/** A folder with the code of a function, or with what its layers contain. */
export interface Code {
  root: string;
  /** Changes whenever a file does. */
  version: string;
}

/**
 * Finds or makes a folder with the files of an archive. Files that already lie on disk as the archive arranges them
 * are used in place. Everything else is written to `.cache/code` in the program's folder, from where Node.js also finds
 * the modules that come with Lambda's runtime, such as the AWS SDK.
 * @throws Error if a file cannot be read
 */
export async function findCode(files: ArchiveFile[], directory: string): Promise<Code> {
  const version = await fingerprint(files);
  const root = await commonRoot(files);
  return { root: root ?? (await write(withPackage(files), folderOf(version, directory))), version };
}

/**
 * Makes a folder with the code of a function in JavaScript, below folders in which Node.js finds the modules of its layers:
 * first those for its own version of Node.js.
 * @param node such as `node22`
 * @throws Error if a file cannot be read
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-layers.html
 */
export async function placeCode(files: ArchiveFile[], layers: Code, node: string, directory: string): Promise<Code> {
  const version = digest([await fingerprint(files), layers, node]);
  const placed = withPackage(files).map((file) => ({ ...file, name: `${node}/task/${file.name}` }));
  const folder = await write(placed, folderOf(version, directory), {
    node_modules: path.join(layers.root, "nodejs", "node_modules"),
    [`${node}/node_modules`]: path.join(layers.root, "nodejs", node, "node_modules"),
  });
  return { root: path.join(folder, node, "task"), version };
}

async function fingerprint(files: ArchiveFile[]): Promise<string> {
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return digest(await Promise.all(sorted.map(async (file) => [file.name, hash("sha256", await readContents(file))])));
}

function digest(value: unknown): string {
  return hash("sha256", JSON.stringify(value)).slice(0, 32);
}

function folderOf(version: string, directory: string): string {
  return path.join(directory, ".cache", "code", version);
}

/** A package.json above the folder must not turn its CommonJS into ES modules. */
function withPackage(files: ArchiveFile[]): ArchiveFile[] {
  return hasPackage(files) ? files : [...files, { name: "package.json", contents: "{}" }];
}

function hasPackage(files: ArchiveFile[]): boolean {
  return files.some(({ name }) => name === "package.json");
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
  if (hasPackage(files)) return false;
  for (let folder = root; ; folder = path.dirname(folder)) {
    const text = await fs.readFile(path.join(folder, "package.json"), "utf8").catch(() => undefined);
    if (text !== undefined) return /"type"\s*:\s*"module"/.test(text);
    if (folder === path.dirname(folder)) return false;
  }
}

/** @param links symbolic links to other folders, by their place in this one */
async function write(files: ArchiveFile[], folder: string, links: Record<string, string> = {}): Promise<string> {
  if (await exists(folder)) return folder;
  const unfinished = `${folder}.${randomUUID()}`;
  try {
    await fill(unfinished, files, links);
    await fs.rename(unfinished, folder);
  } catch (error) {
    await fs.rm(unfinished, { recursive: true, force: true });
    // Another function with the same code may have been faster.
    if (!(await exists(folder))) throw error;
  }
  return folder;
}

async function fill(folder: string, files: ArchiveFile[], links: Record<string, string>): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  for (const file of files) {
    const target = path.join(folder, file.name);
    if (!target.startsWith(folder + path.sep)) throw new Error(`it contains ${file.name}, which leads out of it`);
    await fs.mkdir(path.dirname(target), { recursive: true });
    await ("path" in file ? copy(file.path, target) : fs.writeFile(target, file.contents));
  }
  for (const [name, target] of Object.entries(links)) await fs.symlink(target, path.join(folder, name), "junction");
}

/** A copy of a script finds its source map where that is, as the map's sources are relative to it. */
async function copy(source: string, target: string): Promise<void> {
  await fs.copyFile(source, target);
  if (!/\.[cm]?js$/.test(source)) return;
  const text = await fs.readFile(source, "utf8");
  const linked = text.replace(/^(\/\/# sourceMappingURL=)(?!data:)(\S+)/m, (_, comment: string, map: string) => {
    return comment + new URL(map, pathToFileURL(source)).href;
  });
  if (linked !== text) await fs.writeFile(target, linked);
}

function exists(folder: string): Promise<boolean> {
  return fs.access(folder).then(
    () => true,
    () => false,
  );
}
