import { randomBytes } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { dataFiles } from "./dataFolder";
import { accessKeyOf } from "./iam/keys";
import { replaceFile } from "./replaceFile";
import type { Credentials } from "./types";

/**
 * New in each run, so that no other page or program on the machine knows them; a data folder keeps them.
 * @throws Error when the data folder cannot be used
 */
export async function findCredentials(data: string | undefined): Promise<Credentials> {
  if (data === undefined) return createCredentials();
  const file = path.join(path.resolve(data), dataFiles.credentials);
  try {
    await makeFolder(path.dirname(file));
    const kept = await readCredentials(file);
    const credentials = kept ?? createCredentials();
    if (!kept) await replaceFile(file, JSON.stringify(credentials), { mode: 0o600 });
    return credentials;
  } catch (error) {
    throw new Error(`The data folder ${data} cannot be used: ${(error as Error).message}`);
  }
}

/** Creates a folder and its parents. Node's `recursive` option never returns where that is impossible, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  await fs.mkdir(folder);
}

async function isFolder(file: string): Promise<boolean> {
  return fs.stat(file).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** Undefined if none are kept, or a process that was killed left them half-written. */
export async function readCredentials(file: string): Promise<Credentials | undefined> {
  try {
    return JSON.parse(await fs.readFile(file, "utf8")) as Credentials;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function createCredentials(): Credentials {
  return { accessKeyId: accessKeyOf("AKIA", randomBytes(16)), secretAccessKey: randomBytes(30).toString("base64") };
}
