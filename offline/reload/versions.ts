import * as fs from "node:fs/promises";

/** Events that wait for a worker may be meant for a version from some updates ago. */
const KEPT_UPDATES = 5;

/** The folders that rebuilds have created. They are removed once no more workers start from them. */
export class Versions {
  private updates = 0;
  private readonly lastUse = new Map<string, number>();

  add(folder: string): void {
    this.lastUse.set(folder, this.updates);
  }

  /** Removes the folders that have not been used for some updates. */
  async prune(inUse: string[]): Promise<void> {
    this.updates++;
    for (const folder of inUse) if (this.lastUse.has(folder)) this.add(folder);
    await this.remove((update) => update < this.updates - KEPT_UPDATES);
  }

  async clear(): Promise<void> {
    await this.remove(() => true);
  }

  private async remove(isOld: (update: number) => boolean): Promise<void> {
    const folders = [...this.lastUse].filter(([, update]) => isOld(update)).map(([folder]) => folder);
    for (const folder of folders) this.lastUse.delete(folder);
    await Promise.all(folders.map((folder) => fs.rm(folder, { recursive: true, force: true })));
  }
}
