import * as fs from "node:fs/promises";
import * as path from "node:path";
import { Archive, type Asset } from "../../engine/values";

/** One file of an archive: on disk, or with its contents. */
export type ArchiveFile = { name: string; path: string } | { name: string; contents: string | Uint8Array };

/**
 * The files that an archive contains.
 * @throws Error that says what cannot be read offline, and why
 */
export async function listArchive({ source }: Archive, directory: string): Promise<ArchiveFile[]> {
  if (source.uri) throw new Error(`the remote archive ${source.uri} is not downloaded`);
  if (source.path) return listPath(path.resolve(directory, source.path));
  const entries = Object.entries(source.assets ?? {});
  const nested = await Promise.all(
    entries.map(async ([name, value]) => {
      const files = value instanceof Archive ? await listArchive(value, directory) : [findAsset(value, directory)];
      return files.map((file) => ({ ...file, name: path.posix.join(name, file.name) }));
    }),
  );
  return nested.flat();
}

/**
 * The file of an asset, without a name.
 * @throws Error if the asset is remote
 */
export function findAsset({ source }: Asset, directory: string): ArchiveFile {
  if (source.uri) throw new Error(`the remote file ${source.uri} is not downloaded`);
  if (source.path) return { name: "", path: path.resolve(directory, source.path) };
  return { name: "", contents: source.text ?? "" };
}

/** @throws Error that names the file if it does not exist */
export async function readContents(file: ArchiveFile): Promise<string | Uint8Array> {
  if ("contents" in file) return file.contents;
  return fs.readFile(file.path).catch(() => {
    throw new Error(`the file ${file.path} does not exist`);
  });
}

async function listPath(location: string): Promise<ArchiveFile[]> {
  const stats = await fs.stat(location).catch(() => undefined);
  if (!stats) throw new Error(`${location} does not exist`);
  if (stats.isDirectory()) {
    const entries = await fs.readdir(location, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
      .map((file) => ({ name: path.relative(location, file).split(path.sep).join("/"), path: file }));
  }
  if (!/\.(zip|jar)$/.test(location)) throw new Error(`${location} is neither a folder nor a .zip file`);
  return unzip(await fs.readFile(location), location);
}

/** @throws Error that names the archive if it is not a .zip file */
export function unzip(data: Uint8Array, name: string): ArchiveFile[] {
  const { unzipSync } = require("fflate") as typeof import("fflate");
  try {
    const files = Object.entries(unzipSync(data));
    return files.filter(([file]) => !file.endsWith("/")).map(([file, contents]) => ({ name: file, contents }));
  } catch (error) {
    throw new Error(`${name} is not a .zip file: ${(error as Error).message}`);
  }
}
