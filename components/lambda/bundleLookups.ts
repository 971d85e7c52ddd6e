import { isBuiltin } from "node:module";
import * as path from "node:path";
import type { Metafile } from "esbuild";
import { isPath, placesOfModule, type Sources, withFoldersAbove } from "./bundleSources";
import { TsConfigs } from "./bundleTsconfig";

/**
 * Where esbuild looked for modules and for the files that say where modules are: folder → names in it, of files without
 * their extension too. What is not there counts as much as what is.
 */
export type Lookups = Record<string, string[]>;

/** Stands for all names in a folder. */
const ALL = "*";

/** Folders of installed packages: what is in them changes with an installation only. */
const inPackage = /\/node_modules\/(?:@[^/]+\/)?[^/@]/;

/**
 * What decided about the imports of some files. esbuild's metafile tells the imports and what they led to, but not where
 * it looked before: that follows from its rules.
 * @param files Absolute paths of files in the metafile.
 * @see https://esbuild.github.io/api/#resolve-extensions
 * @see https://nodejs.org/api/modules.html#all-together
 */
export function lookupsOf({ inputs }: Metafile, files: string[], sources: Sources): Lookups {
  const visitor = new Visitor(sources);
  for (const file of files) {
    const folder = path.dirname(file);
    visitor.visitAbove(folder);
    visitor.visit(file);
    const imports = inputs[toMetafilePath(file)]?.imports ?? [];
    for (const { path: found, original = found } of imports) {
      if (original.includes("*")) visitor.visitPattern(folder, original);
      else visitor.visitImport(folder, original);
    }
  }
  return visitor.lookups();
}

/** A path as metafiles have it: from the program's folder. */
export function toMetafilePath(file: string): string {
  return withSlashes(path.relative("", file));
}

/** What is found now, to make a digest of. */
export function lookUp(lookups: Lookups, sources: Sources): string[] {
  return Object.entries(lookups).map(([folder, names]) =>
    names.includes(ALL)
      ? sources.all(folder)
      : sources.some(folder, (name) => names.includes(name) || names.includes(withoutExtension(name))),
  );
}

class Visitor {
  private readonly folders = new Map<string, Set<string>>();
  private readonly visited = new Set<string>();
  private readonly tsconfigs: TsConfigs;

  constructor(private readonly sources: Sources) {
    this.tsconfigs = new TsConfigs(sources, (place) => this.visit(place));
  }

  lookups(): Lookups {
    return Object.fromEntries([...this.folders].map(([folder, names]) => [folder, [...names]]));
  }

  /** The manifests that are about the files of a folder. */
  visitAbove(folder: string): void {
    for (const one of withFoldersAbove(folder)) this.add(one, "package.json", "tsconfig.json", "jsconfig.json");
  }

  visitImport(folder: string, specifier: string): void {
    if (isBuiltin(specifier) || /^\w+:|^#/.test(specifier) || !this.isNew(`${folder} ${specifier}`)) return;
    for (const place of placesOfModule(folder, specifier)) this.visit(place);
    if (isPath(specifier)) return;
    const [packageName = ""] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
    for (const place of placesOfModule(folder, packageName)) this.visit(place);
    // Packages do without the program's settings.
    if (inPackage.test(withSlashes(folder))) return;
    for (const place of this.tsconfigs.placesOf(folder, specifier)) this.visit(place);
  }

  /** A path that is put together at run time, such as `./texts/**\/*.json`: esbuild takes all files that it may be. */
  visitPattern(folder: string, pattern: string): void {
    this.visitAll(path.resolve(folder, pattern.replace(/[^/]*\*.*/, "")));
  }

  /** A file or folder that may be there, its name with an extension or without. */
  visit(place: string): void {
    if (!this.isNew(place)) return;
    const folder = path.dirname(place);
    // What is missing in a folder that is missing too will not be there before that.
    if (this.sources.list(folder)) {
      const name = path.basename(place);
      this.add(folder, name, withoutExtension(name));
      if (this.sources.list(place)) this.visitFolder(place);
    } else this.visit(folder);
  }

  private visitFolder(folder: string): void {
    this.add(folder, "package.json", "index");
    const manifest = this.sources.read(path.join(folder, "package.json")).toString();
    for (const main of mainsOf(manifest)) this.visit(path.join(folder, main));
  }

  private visitAll(folder: string): void {
    this.add(folder, ALL);
    for (const name of this.sources.list(folder)?.names ?? []) {
      const inner = path.join(folder, name);
      if (this.sources.list(inner)) this.visitAll(inner);
    }
  }

  private add(folder: string, ...names: string[]): void {
    const all = this.folders.get(folder) ?? new Set();
    this.folders.set(folder, all);
    for (const name of inPackage.test(withSlashes(folder)) ? [ALL] : names) all.add(name);
  }

  private isNew(visit: string): boolean {
    const { size } = this.visited;
    return this.visited.add(visit).size > size;
  }
}

/** The fields of a package's manifest that esbuild is told to go by. */
function mainsOf(manifest: string): string[] {
  try {
    const { module, main } = JSON.parse(manifest) as Record<string, unknown>;
    return [module, main].filter((field) => typeof field === "string");
  } catch {
    return [];
  }
}

function withoutExtension(name: string): string {
  return name.replace(/\.(?:[cm]?[jt]sx?|json|css)$/, "");
}

function withSlashes(file: string): string {
  return file.split(path.sep).join("/");
}
