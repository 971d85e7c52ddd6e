import * as fs from "node:fs/promises";
import * as path from "node:path";
import { readCredentials } from "./core/credentials";
import { dataFiles } from "./core/dataFolder";

/**
 * The names of what pulumi-offline has stored in a data folder.
 * @throws Error when it is not a data folder
 */
export async function storedIn(folder: string): Promise<string[]> {
  const { credentials } = dataFiles;
  const kept = await readCredentials(path.join(folder, credentials)).catch(() => undefined);
  if (typeof kept?.accessKeyId !== "string" || typeof kept.secretAccessKey !== "string") {
    throw new Error(
      `${folder} is not a folder that start --data has written: it has no ${credentials} with an access key. ` +
        "Nothing was deleted.",
    );
  }
  const names = new Set(await fs.readdir(folder));
  return Object.values(dataFiles).filter((name) => names.has(name));
}

/**
 * Deletes what pulumi-offline has stored in a data folder, and the folder if nothing else is in it.
 * @throws Error when it is not a data folder, or is in use
 */
export async function wipe(folder: string): Promise<void> {
  const names = await storedIn(folder);
  // Loaded here, as every other command would wait for it.
  const { ClassicLevel } = require("classic-level") as typeof import("classic-level");
  const tables = path.join(folder, dataFiles.tables);
  // LevelDB's lock, which every start that uses the folder holds. What LevelDB cannot open, no start can use.
  const lock = new ClassicLevel(tables);
  await lock.open().catch((error: Error) => {
    if (!isLocked(error.cause)) return;
    throw new Error(`${folder} cannot be wiped: it is in use: end the start that uses it. Nothing was deleted.`);
  });
  try {
    for (const name of names.filter((one) => one !== dataFiles.tables && one !== dataFiles.credentials)) {
      await fs.rm(path.join(folder, name), { recursive: true, force: true });
    }
  } finally {
    await lock.close();
  }
  await ClassicLevel.destroy(tables).catch((error: Error) => {
    const reason = isLocked(error) ? "a start has begun to use it" : error.message;
    throw new Error(`The tables in ${folder} could not be deleted: ${reason}.`);
  });
  // Last, so that it is still a data folder after an interruption.
  await fs.rm(path.join(folder, dataFiles.credentials), { force: true });
  if ((await fs.readdir(folder)).length === 0) await fs.rmdir(folder);
}

function isLocked(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === "LEVEL_LOCKED";
}
