import { hash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** Editors write a file in several steps; a half-written one must not be built. */
const SETTLE_MILLISECONDS = 30;

/** A file as it was. The digest is that of its last change: a program may write a file in every run, always the same. */
interface Stamp {
  written: string;
  digest?: string;
}

/** Takes the absolute path of a file. */
type Visit = (file: string) => void;

export interface FileWatcherOptions {
  /** True for files and folders to leave alone. */
  ignored(file: string): boolean;
  /** Takes the absolute paths of the files that changed at about the same time. */
  report(files: string[]): void;
  /** Takes the reason why changes go unnoticed. */
  fail(message: string): void;
}

/**
 * Reports files that are changed, added or removed, in the folders that it is asked to watch: `fs.watch` alone would follow
 * node_modules. Files and folders may vanish at any moment, as when a branch is checked out.
 */
export class FileWatcher {
  private readonly watchers = new Map<string, fs.FSWatcher>();
  /** The files as they were, because the system also reports files that have not changed. */
  private readonly stamps = new Map<string, Stamp>();
  private readonly changed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  /** The codes of the errors that were reported: every folder runs into the same limit of the system. */
  private readonly failures = new Set<string | undefined>();

  constructor(private readonly options: FileWatcherOptions) {}

  /** Watches a folder and all below it. */
  watchTree(folder: string, visit: Visit = this.remember): void {
    if (!this.watchFolder(folder, visit)) return;
    for (const entry of entriesOf(folder)) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && !this.options.ignored(file)) this.watchTree(file, visit);
    }
  }

  /** Watches the files of one folder. False if it is watched already, or cannot be. */
  watchFolder(folder: string, visit: Visit = this.remember): boolean {
    if (this.closed || this.watchers.has(folder)) return false;
    const watcher = this.open(folder);
    if (!watcher) return false;
    this.watchers.set(folder, watcher);
    for (const entry of entriesOf(folder)) {
      const file = path.join(folder, entry.name);
      if (entry.isFile() && !this.options.ignored(file)) visit(file);
    }
    return true;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    for (const folder of [...this.watchers.keys()]) this.forget(folder);
  }

  private open(folder: string): fs.FSWatcher | undefined {
    try {
      const watcher = fs.watch(folder, (_event, name) => name && this.touch(path.join(folder, name)));
      return watcher.on("error", () => this.forget(folder));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const isGone = code === "ENOENT" || code === "ENOTDIR";
      if (!isGone && !this.failures.has(code)) this.options.fail(`changes go unnoticed: ${message}`);
      this.failures.add(code);
      return undefined;
    }
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
    if (this.closed || this.options.ignored(file)) return;
    if (statsOf(file)?.isDirectory() || this.watchers.has(file)) this.replace(file);
    else this.changed.add(file);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), SETTLE_MILLISECONDS);
  };

  /** A folder that came or went, or went and came back as another one: every file that was or is in it may have changed. */
  private replace(folder: string): void {
    const isInside = (file: string) => file === folder || file.startsWith(folder + path.sep);
    for (const watched of [...this.watchers.keys()].filter(isInside)) this.forget(watched);
    for (const file of [...this.stamps.keys()].filter(isInside)) this.changed.add(file);
    this.watchTree(folder, this.touch);
  }

  /** Reports at once what is known to have changed. */
  flush(): void {
    const files = [...this.changed].filter((file) => this.hasChanged(file));
    this.changed.clear();
    if (files.length > 0) this.options.report(files);
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

/** The files, terminals or pipes that standard output and standard error are. */
const OUTPUTS = [1, 2].map((descriptor) => fs.fstatSync(descriptor));

/** The file that this process's own output goes to: each line in it would cause another one. */
export function isOwnOutput(file: string): boolean {
  const { dev, ino } = statsOf(file) ?? {};
  return OUTPUTS.some((output) => output.dev === dev && output.ino === ino);
}

/** Undefined if there is no such file, or a link leads to itself. */
function statsOf(file: string): fs.Stats | undefined {
  try {
    return fs.statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Empty if the folder is gone or must not be read. */
function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Undefined if there is no such file. A pipe is not one: reading it would wait for a writer. */
function writtenAt(file: string): string | undefined {
  const stats = statsOf(file);
  return stats?.isFile() ? `${stats.mtimeMs} ${stats.size}` : undefined;
}

/** Undefined if the file is gone meanwhile. */
function digestOf(file: string): string | undefined {
  try {
    return hash("sha256", fs.readFileSync(file));
  } catch {
    return undefined;
  }
}
