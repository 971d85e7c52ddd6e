import * as fs from "node:fs";
import * as path from "node:path";

/** Editors write a file in several steps; a half-written one must not be built. */
const SETTLE_MILLISECONDS = 30;

/** Reports files that change, are added or go, in folders of its own choice: `fs.watch` alone would follow node_modules. */
export class FileWatcher {
  private readonly watchers = new Map<string, fs.FSWatcher>();
  /** What the files were like, as the system reports changes that are none. */
  private readonly stamps = new Map<string, string>();
  private readonly changed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  /**
   * @param ignored true for files and folders to leave alone
   * @param report takes the absolute paths of what changed at about the same time
   */
  constructor(
    private readonly ignored: (file: string) => boolean,
    private readonly report: (files: string[]) => void,
  ) {}

  /** Watches a folder and all below it. */
  watchTree(folder: string): void {
    if (!this.watchFolder(folder)) return;
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && !this.ignored(file)) this.watchTree(file);
    }
  }

  /** Watches the files of one folder. False when it is watched already, is not there, or all is closed. */
  watchFolder(folder: string): boolean {
    if (this.closed || this.watchers.has(folder) || !fs.existsSync(folder)) return false;
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isFile() && !this.ignored(file)) this.stamps.set(file, stampOf(file));
    }
    const watcher = fs.watch(folder, (_event, name) => name && this.touch(path.join(folder, name)));
    watcher.on("error", () => this.forget(folder));
    this.watchers.set(folder, watcher);
    return true;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    for (const folder of [...this.watchers.keys()]) this.forget(folder);
  }

  private forget(folder: string): void {
    this.watchers.get(folder)?.close();
    this.watchers.delete(folder);
  }

  private touch(file: string): void {
    if (this.ignored(file)) return;
    if (fs.statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
      this.enter(file);
      return;
    }
    this.changed.add(file);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), SETTLE_MILLISECONDS);
  }

  /** A folder that was added: what is in it already is news as well. */
  private enter(folder: string): void {
    if (this.watchers.has(folder)) return;
    this.watchTree(folder);
    for (const file of this.stamps.keys()) {
      if (!file.startsWith(folder + path.sep)) continue;
      this.stamps.delete(file);
      this.touch(file);
    }
  }

  private flush(): void {
    const files = [...this.changed].filter((file) => {
      const stamp = stampOf(file);
      const same = this.stamps.get(file) === stamp;
      this.stamps.set(file, stamp);
      return !same;
    });
    this.changed.clear();
    if (files.length > 0) this.report(files);
  }
}

function stampOf(file: string): string {
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs} ${stats.size}` : "";
}
