import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** Editors write a file in several steps; a half-written one must not be built. */
const SETTLE_MILLISECONDS = 30;

/** What a file was like. The digest is that of its last change: a program may write a file in every run, always the same. */
interface Stamp {
  written: string;
  digest?: string;
}

/** Reports files that change, are added or go, in folders of its own choice: `fs.watch` alone would follow node_modules. */
export class FileWatcher {
  private readonly watchers = new Map<string, fs.FSWatcher>();
  /** What the files were like, as the system reports changes that are none. */
  private readonly stamps = new Map<string, Stamp>();
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
  watchTree(folder: string, found = this.remember): void {
    if (!this.watchFolder(folder, found)) return;
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && !this.ignored(file)) this.watchTree(file, found);
    }
  }

  /** Watches the files of one folder. False when it is watched already, is not there, or all is closed. */
  watchFolder(folder: string, found = this.remember): boolean {
    if (this.closed || this.watchers.has(folder) || !fs.existsSync(folder)) return false;
    const watcher = fs.watch(folder, (_event, name) => name && this.touch(path.join(folder, name)));
    watcher.on("error", () => this.forget(folder));
    this.watchers.set(folder, watcher);
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isFile() && !this.ignored(file)) found(file);
    }
    return true;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    for (const folder of [...this.watchers.keys()]) this.forget(folder);
  }

  private readonly remember = (file: string): void => {
    const written = writtenAt(file);
    if (written) this.stamps.set(file, { written });
  };

  private forget(folder: string): void {
    this.watchers.get(folder)?.close();
    this.watchers.delete(folder);
  }

  private readonly touch = (file: string): void => {
    if (this.closed || this.ignored(file)) return;
    const isFolder = fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
    if (isFolder || this.watchers.has(file)) this.replace(file);
    else this.changed.add(file);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), SETTLE_MILLISECONDS);
  };

  /** A folder that came or went, or went and came back as another one: all that was and is in it may be news. */
  private replace(folder: string): void {
    const isInside = (file: string) => file === folder || file.startsWith(folder + path.sep);
    for (const watched of [...this.watchers.keys()].filter(isInside)) this.forget(watched);
    for (const file of [...this.stamps.keys()].filter(isInside)) this.changed.add(file);
    this.watchTree(folder, this.touch);
  }

  private flush(): void {
    const files = [...this.changed].filter((file) => this.hasChanged(file));
    this.changed.clear();
    if (files.length > 0) this.report(files);
  }

  private hasChanged(file: string): boolean {
    const before = this.stamps.get(file);
    const written = writtenAt(file);
    if (written === before?.written) return false;
    const digest = written && digestOf(file);
    if (written) this.stamps.set(file, { written, digest });
    else this.stamps.delete(file);
    return digest === undefined || digest !== before?.digest;
  }
}

/** Undefined when the file is not there. */
function writtenAt(file: string): string | undefined {
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  return stats && `${stats.mtimeMs} ${stats.size}`;
}

/** Undefined when the file has gone meanwhile. */
function digestOf(file: string): string | undefined {
  try {
    return createHash("sha256").update(fs.readFileSync(file)).digest("hex");
  } catch {
    return undefined;
  }
}
