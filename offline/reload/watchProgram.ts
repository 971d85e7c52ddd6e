import * as fs from "node:fs";
import * as path from "node:path";
import type { Graph } from "../engine/graph";
import { readProject } from "../engine/project/project";
import type { Change, Server } from "../server";
import { FileWatcher } from "./files";
import { moveAssets, type Recipe, readImageRecipes, readRecipes } from "./recipes";
import { Versions } from "./versions";

export interface WatchOptions {
  /** The graph that is being served. */
  graph: Graph;
  server: Pick<Server, "reconcile">;
  /** Runs the program again. What it rejects with is shown, and the last good graph goes on serving. */
  rerun(): Promise<Graph>;
  /** The folder of the tables, whose files are none of the program's. */
  data?: string;
  log(line: string): void;
}

export interface Watcher {
  /** Stops watching, once what is being applied is done. */
  close(): Promise<void>;
}

/** What standard output and standard error lead to. */
const OUTPUTS = [1, 2].map((descriptor) => fs.fstatSync(descriptor));

/** Folders that hold nothing a person edits. */
const IGNORED_FOLDERS = new Set(["node_modules", "coverage"]);

const NODE_MODULES = `${path.sep}node_modules${path.sep}`;

/** A change of branches may touch hundreds of files. */
const SHOWN_FILES = 3;

/**
 * Follows the program's sources. A change in the sources of a function rebuilds that function alone; every other
 * change, one in the sources of a job too, runs the program again. A change that breaks something is shown, and what
 * served goes on serving.
 */
export async function watchProgram(options: WatchOptions): Promise<Watcher> {
  const watcher = new ProgramWatcher(options);
  await watcher.start();
  return watcher;
}

class ProgramWatcher implements Watcher {
  private recipes: Recipe[] = [];
  private readonly versions = new Versions();
  /** The files that the program itself imports. */
  private modules = new Set<string>();
  /** The recipes of jobs, whose images the program builds. */
  private imageRecipes: Recipe[] = [];
  private changed = new Set<string>();
  /** True if the program must run again. After a failed run, the next edit may be the repair. */
  private programStale = false;
  private applied: Promise<void> = Promise.resolve();
  private readonly files: FileWatcher;
  private graph: Graph;

  constructor(private readonly options: WatchOptions) {
    this.graph = options.graph;
    const data = options.data && path.resolve(options.data);
    this.files = new FileWatcher(
      (file) => file === data || this.isIgnored(file) || isOwnOutput(file),
      (files) => this.enqueue(files),
    );
  }

  async start(): Promise<void> {
    this.files.watchTree(this.graph.directory);
    await this.readSources();
  }

  async close(): Promise<void> {
    this.files.close();
    await this.applied;
    await Promise.all([this.versions.clear(), ...this.recipes.map((recipe) => recipe.close())]);
  }

  private enqueue(files: string[]): void {
    for (const file of files) this.changed.add(file);
    this.applied = this.applied.then(() => this.applyChanges());
  }

  /** Changes that came while earlier ones were applied are taken together. */
  private async applyChanges(): Promise<void> {
    if (this.changed.size === 0) return;
    const files = [...this.changed];
    this.changed = new Set();
    const names = describeFiles(files.map((file) => path.relative(this.graph.directory, file)));
    const started = performance.now();
    const stale = this.recipes.filter((recipe) => files.some((file) => recipe.uses(file)));
    const ofProgram = new Set([...this.modules, ...this.imageRecipes.flatMap((recipe) => recipe.sources)]);
    const isOfProgram = (file: string) => ofProgram.has(file) || !stale.some((recipe) => recipe.uses(file));
    if (stale.length > 0) await this.attempt(names, started, () => this.rebuild(stale));
    if (this.programStale || files.some(isOfProgram)) await this.attempt(names, started, () => this.rerun());
  }

  private async attempt(names: string, started: number, apply: () => Promise<Change[]>): Promise<void> {
    try {
      const changes = await apply();
      const time = (performance.now() - started).toFixed(0);
      this.options.log(`${names} changed | ${describe(changes)} in ${time} ms`);
    } catch (error) {
      this.options.log(`${names} changed | not taken over, what served goes on serving:\n${(error as Error).message}`);
    }
  }

  private async rebuild(recipes: Recipe[]): Promise<Change[]> {
    const results = await Promise.allSettled(recipes.map((recipe) => recipe.rebuild()));
    for (const result of results) {
      if (result.status === "rejected") continue;
      this.versions.add(result.value.to);
      // The program shows the warning, or builds the function in another way.
      this.programStale ||= result.value.warned;
      this.graph = moveAssets(this.graph, result.value.from, result.value.to);
    }
    this.watchSources();
    const changes = await this.options.server.reconcile(this.graph);
    // A function that keeps its old code still starts workers from it.
    if (!changes.some(({ action }) => action === "kept")) {
      await this.versions.prune(this.recipes.map(({ folder }) => folder));
    }
    const mistakes = results.flatMap((result) => (result.status === "rejected" ? [String(result.reason.message)] : []));
    if (mistakes.length > 0) throw new Error(mistakes.join("\n"));
    return changes;
  }

  private async rerun(): Promise<Change[]> {
    this.programStale = true;
    const graph = await this.options.rerun();
    this.programStale = false;
    const changes = await this.options.server.reconcile(graph);
    this.graph = graph;
    await this.readSources();
    return changes;
  }

  private async readSources(): Promise<void> {
    const old = this.recipes;
    this.recipes = await readRecipes(this.graph);
    this.imageRecipes = await readImageRecipes(this.graph);
    this.watchSources();
    this.modules = (await readModules(this.graph.directory)) ?? this.modules;
    await Promise.all(old.map((recipe) => recipe.close()));
  }

  /** Functions and jobs may depend on packages and on sources outside the program's folder. */
  private watchSources(): void {
    const folders = this.allRecipes.flatMap((recipe) => recipe.foldersToWatch(this.graph.directory));
    for (const folder of folders) this.files.watchFolder(folder);
  }

  private get allRecipes(): Recipe[] {
    return [...this.recipes, ...this.imageRecipes];
  }

  /** In packages and outside the program's folder, only files that functions, jobs and the program depend on count. */
  private isIgnored(file: string): boolean {
    if (this.allRecipes.some((recipe) => recipe.looksFor(file))) return false;
    if (isIgnored(path.basename(file))) return true;
    const isInside = file.startsWith(this.graph.directory + path.sep) && !file.includes(NODE_MODULES);
    return !(isInside || this.modules.has(file) || this.allRecipes.some((recipe) => recipe.uses(file)));
  }
}

/** Dot files are settings of tools, caches and the drafts of editors, as are names that end in a tilde. */
function isIgnored(name: string): boolean {
  return /^\.|~$|\.log$/.test(name) || IGNORED_FOLDERS.has(name);
}

/** The file that this process's own output goes to: each line in it would bring forth another one. */
function isOwnOutput(file: string): boolean {
  const { dev, ino } = fs.statSync(file, { throwIfNoEntry: false }) ?? {};
  return OUTPUTS.some((output) => output.dev === dev && output.ino === ino);
}

/** The files that the program consists of; undefined while they do not compile. */
async function readModules(directory: string): Promise<Set<string> | undefined> {
  const esbuild = await import("esbuild");
  const { workingDirectory, entryPoint } = readProject(directory);
  try {
    const { metafile } = await esbuild.build({
      entryPoints: [path.resolve(workingDirectory, entryPoint)],
      absWorkingDir: workingDirectory,
      bundle: true,
      packages: "external",
      platform: "node",
      write: false,
      outdir: workingDirectory,
      metafile: true,
      logLevel: "silent",
    });
    return new Set(Object.keys(metafile.inputs).map((input) => path.resolve(workingDirectory, input)));
  } catch {
    return undefined;
  }
}

function describeFiles(names: string[]): string {
  const others = names.length - SHOWN_FILES;
  return others > 1 ? `${names.slice(0, SHOWN_FILES).join(", ")} and ${others} others` : names.join(", ");
}

function describe(changes: Change[]): string {
  return changes.map(({ action, kind, name }) => `${kind} ${name} ${action}`).join(", ") || "nothing changes";
}
