import * as fs from "node:fs/promises";

/** Replaces a file's contents completely or not at all, even if the disk is full or the process is killed meanwhile. */
export async function replaceFile(file: string, contents: string, options: { mode?: number } = {}): Promise<void> {
  const fresh = `${file}.new`;
  try {
    await fs.writeFile(fresh, contents, options);
    await fs.rename(fresh, file);
  } catch (error) {
    await fs.rm(fresh, { force: true });
    throw error;
  }
}
