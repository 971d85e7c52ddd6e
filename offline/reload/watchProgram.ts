import * as fs from "node:fs";
import * as path from "node:path";
import type { Graph } from "../engine/graph";
import type { Change, Server } from "../server";
import { describeChanges, describeFiles } from "./describe";
import { FileWatcher, isOwnOutput } from "./files";
import { IGNORED_FOLDERS, IGNORED_NAMES, SOURCES } from "./names";
import { projectFiles, readModules } from "./project";
import { moveAssets, OutdatedRecipe, type Recipe, readImageRecipes, readRecipes } from "./recipes";
import { Versions } from "./versions";

export interface WatchOptions {
  /** That of the first run, which may still be at work. */
  graph: Graph;
  /**
   * Runs the program again, until the signal ends the run. If it rejects, the reason is logged and the last good graph
   * stays served.
   */
  rerun(signal: AbortSignal): Promise<Graph>;
  /** The folder of the tables and buckets, whose files do not belong to the program. */
  data?: string;
  log(line: string): void;
}

export interface Watcher {
  /**
   * Applies what changes to the server of the graph, whose run has ended. What was edited during that run comes first; the
   * other files that changed meanwhile were written by the program.
   */
  follow(server: Pick<Server, "reconcile">): Promise<void>;
  /** Stops watching, and ends the run in progress. */
  close(): Promise<void>;
}

/** How many runs in a row a file may end. After that, the program itself probably writes it, and would never finish. */
const ENDED_RUNS = { source: 10, other: 1 };

const NODE_MODULES = `${path.sep}node_modules${path.sep}`;

/**
 * Follows the program's sources. A change in the sources of a function rebuilds that function alone. Every other change,
 * including one in the sources of a job, runs the program again; a run in progress ends, as its result would be out of
 * date. If a change breaks something, the error is logged and the last good version stays served.
 */
export function watchProgram(options: WatchOptions): Watcher {
  return new ProgramWatcher(options);
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
  /** Pulumi.yaml and the stack's file. */
  private projectFiles: string[];
  /** Ends the run in progress. */
  private run: AbortController | undefined;
  /** How many runs each file has ended since a run last finished. */
  private readonly endedRuns = new Map<string, number>();
  private applied: Promise<void> = Promise.resolve();
  private closed = false;
  private readonly files: FileWatcher;
  private graph: Graph;
  private server: Pick<Server, "reconcile"> | undefined;

  constructor(private readonly options: WatchOptions) {
    this.graph = options.graph;
    const data = options.data && path.resolve(options.data);
    this.files = new FileWatcher({
      ignored: (file) => file === data || this.isIgnored(file) || isOwnOutput(file),
      report: (files) => this.enqueue(files),
      fail: (message) => options.log(`warning: ${message}`),
    });
    this.projectFiles = projectFiles(this.graph);
    this.files.watchTree(this.graph.directory);
  }

  async follow(server: Pick<Server, "reconcile">): Promise<void> {
    await this.readRecipes();
    this.files.flush();
    const changed = this.changed;
    this.changed = new Set();
    this.server = server;
    // Not awaited: the first requests need not wait for it.
    this.applied = this.readModules().then(() => {
      const own = new Set([...this.projectFiles, ...this.allRecipes.flatMap((recipe) => recipe.sources)]);
      // The modules of a program that was broken meanwhile, and does not compile, are not known.
      const isModule = (file: string) => (this.modules.size > 0 ? this.modules.has(file) : SOURCES.test(file));
      for (const file of changed) if (own.has(file) || isModule(file)) this.changed.add(file);
      return this.applyChanges();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.files.close();
    this.run?.abort();
    await this.applied;
    await Promise.all([this.versions.clear(), ...this.recipes.map((recipe) => recipe.close())]);
  }

  private enqueue(files: string[]): void {
    for (const file of files) this.changed.add(file);
    if (!this.server) return;
    if (this.run && files.some((file) => this.mayEndRun(file))) {
      for (const file of files) this.endedRuns.set(file, (this.endedRuns.get(file) ?? 0) + 1);
      this.run.abort();
    }
    this.applied = this.applied.then(() => this.applyChanges());
  }

  private mayEndRun(file: string): boolean {
    return (this.endedRuns.get(file) ?? 0) < (SOURCES.test(file) ? ENDED_RUNS.source : ENDED_RUNS.other);
  }

  /** Changes that came while earlier ones were applied are taken together. */
  private async applyChanges(): Promise<void> {
    if (this.changed.size === 0 || this.closed) return;
    const files = [...this.changed];
    this.changed = new Set();
    const names = describeFiles(files.map((file) => path.relative(this.graph.directory, file)));
    const started = performance.now();
    const stale = this.recipes.filter((recipe) => files.some((file) => recipe.uses(file)));
    const ofProgram = new Set([...this.modules, ...this.imageRecipes.flatMap((recipe) => recipe.sources)]);
    const isOfProgram = (file: string) => ofProgram.has(file) || !stale.some((recipe) => recipe.uses(file));
    if (stale.length > 0) await this.attempt(names, started, () => this.rebuild(stale));
    if (!this.programStale && !files.some(isOfProgram)) return;
    const run = new AbortController();
    this.run = run;
    const isDone = await this.attempt(names, started, () => this.rerun(run.signal), run.signal);
    this.run = undefined;
    if (isDone) this.endedRuns.clear();
    // The newer change, which waits for its turn, is applied together with these.
    else for (const file of files) this.changed.add(file);
  }

  /** Applies a change and logs the outcome. False if the signal ended it: then there is none. */
  private async attempt(
    names: string,
    started: number,
    apply: () => Promise<Change[]>,
    signal?: AbortSignal,
  ): Promise<boolean> {
    try {
      const changes = await apply();
      const time = (performance.now() - started).toFixed(0);
      this.options.log(`${names} changed | ${describeChanges(changes)} in ${time} ms`);
    } catch (error) {
      if (signal?.aborted) return false;
      this.options.log(
        `${names} changed | not applied, the last good version is still served:\n${(error as Error).message}`,
      );
    }
    return true;
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
    const changes = await this.reconcile(this.graph);
    // A function that keeps its old code still starts workers from it.
    if (!changes.some(({ action }) => action === "kept")) {
      await this.versions.prune(this.recipes.map(({ folder }) => folder));
    }
    const failures: Error[] = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    this.programStale ||= failures.some((failure) => failure instanceof OutdatedRecipe);
    const mistakes = failures.filter((one) => !(one instanceof OutdatedRecipe)).map(({ message }) => message);
    if (mistakes.length > 0) throw new Error(mistakes.join("\n"));
    return changes;
  }

  private async reconcile(graph: Graph): Promise<Change[]> {
    return this.server?.reconcile(graph) ?? [];
  }

  private async rerun(signal: AbortSignal): Promise<Change[]> {
    this.programStale = true;
    this.findProjectFiles();
    const graph = await this.options.rerun(signal);
    this.programStale = false;
    const changes = await this.reconcile(graph);
    this.graph = graph;
    await this.readRecipes();
    await this.readModules();
    return changes;
  }

  /**
   * An editor may remove a file before it writes it again. Without the stack's file the program would run with other
   * settings, without Pulumi.yaml a project of a folder above it.
   */
  private findProjectFiles(): void {
    const missing = this.projectFiles.filter((file) => !fs.existsSync(file)).map((file) => path.basename(file));
    if (missing.length > 0) {
      throw new Error(
        `Waiting for ${missing.join(" and ")} to come back; the stack ${this.graph.stack} stays as it was.`,
      );
    }
    this.projectFiles = projectFiles(this.graph);
  }

  private async readRecipes(): Promise<void> {
    const old = this.recipes;
    this.recipes = await readRecipes(this.graph);
    this.imageRecipes = await readImageRecipes(this.graph);
    this.watchSources();
    await Promise.all(old.map((recipe) => recipe.close()));
  }

  private async readModules(): Promise<void> {
    this.modules = (await readModules(this.graph.directory)) ?? this.modules;
  }

  /** Functions and jobs may depend on packages, and on sources outside the program's folder. */
  private watchSources(): void {
    const folders = this.allRecipes.flatMap((recipe) => recipe.foldersToWatch(this.graph.directory));
    for (const folder of folders) this.files.watchFolder(folder);
  }

  private get allRecipes(): Recipe[] {
    return [...this.recipes, ...this.imageRecipes];
  }

  /** In packages and outside the program's folder, only the files that functions, jobs and the program depend on count. */
  private isIgnored(file: string): boolean {
    if (this.allRecipes.some((recipe) => recipe.looksFor(file))) return false;
    const name = path.basename(file);
    if (IGNORED_NAMES.test(name) || IGNORED_FOLDERS.has(name)) return true;
    const isInside = file.startsWith(this.graph.directory + path.sep) && !file.includes(NODE_MODULES);
    return !(isInside || this.modules.has(file) || this.allRecipes.some((recipe) => recipe.uses(file)));
  }
}
