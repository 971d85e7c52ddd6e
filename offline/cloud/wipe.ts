import * as fs from "node:fs/promises";
import * as path from "node:path";
import { readCredentials } from "./core/credentials";
import { dataFiles } from "./core/dataFolder";

/**
 * What a data folder contains that pulumi-offline has stored, in the order in which it is deleted.
 * @throws Error when it is not a data folder
 */
export async function storedIn(folder: string): Promise<string[]> {
  const { credentials, ...others } = dataFiles;
  const kept = await readCredentials(path.join(folder, credentials)).catch(() => undefined);
  if (typeof kept?.accessKeyId !== "string" || typeof kept.secretAccessKey !== "string") {
    throw new Error(
      `${folder} is not a folder that start --data has written: it has no ${credentials} with an access key. ` +
        "Nothing was deleted.",
    );
  }
  const names = new Set(await fs.readdir(folder));
  // The credentials go last: after an interruption, it is still a data folder.
  return [...Object.values(others), credentials].filter((name) => names.has(name));
}

/**
 * Deletes what pulumi-offline has stored in a data folder, and the folder if nothing else is in it.
 * @throws Error when it is not a data folder, or is in use
 */
export async function wipe(folder: string): Promise<void> {
  const names = await storedIn(folder);
  // Loaded here, as every other command would wait for it.
  const { ClassicLevel } = require("classic-level") as typeof import("classic-level");
  try {
    // It takes LevelDB's lock, which every start that uses the folder holds.
    if (names.includes(dataFiles.tables)) await ClassicLevel.destroy(path.join(folder, dataFiles.tables));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "LEVEL_LOCKED" ? "it is in use: end the start that uses it" : message;
    throw new Error(`${folder} cannot be wiped: ${reason}. Nothing was deleted.`);
  }
  for (const name of names) await fs.rm(path.join(folder, name), { recursive: true, force: true });
  if ((await fs.readdir(folder)).length === 0) await fs.rmdir(folder);
}
