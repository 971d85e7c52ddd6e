import { isBuiltin } from "node:module";
import * as path from "node:path";
import type { Metafile } from "esbuild";
import { isPath, type Sources, withFoldersAbove } from "./bundleSources";
import { TsConfigs } from "./bundleTsconfig";

/**
 * Where esbuild looked for modules, and for the manifests that say where modules are: folder → names, with and without
 * extension. A name that was not found matters as much as one that was.
 */
export type Lookups = Record<string, string[]>;

/** Stands for all names in a folder. */
const ALL = "*";

/** A folder of packages, or one in a package. */
const NODE_MODULES = /[\\/]node_modules(?:[\\/]|$)/;

/** An installed package changes as a whole, so all names in its folders count. */
function isInPackage(folder: string): boolean {
  return /[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/@]/.test(folder);
}

/**
 * The lookups that resolved the imports of some files. esbuild's metafile has the imports and the files they resolved
 * to, but not the places that were tried first: those follow from its resolution rules.
 * @param names The files' paths in the metafile.
 * @see https://esbuild.github.io/api/#resolve-extensions
 * @see https://nodejs.org/api/modules.html#all-together
 */
export function lookupsOf({ inputs }: Metafile, names: string[], sources: Sources): Lookups {
  const visitor = new Visitor(sources);
  for (const name of names) {
    const file = path.resolve(name);
    const folder = path.dirname(file);
    const ofPackage = isInPackage(folder);
    visitor.visitAbove(folder);
    if (!ofPackage) visitor.visit(file);
    for (const { path: found, original = found, external } of inputs[name]?.imports ?? []) {
      // A package's own file is visited itself, with its folder and those above, where it was looked for.
      if (ofPackage && !external && original.startsWith(".")) continue;
      if (original.includes("*")) visitor.visitPattern(folder, original);
      else visitor.visitImport(folder, original);
    }
  }
  return visitor.lookups();
}

/** A path as metafiles write it: relative to the program's folder, with slashes. */
export function toMetafilePath(file: string): string {
  return path.relative("", file).split(path.sep).join("/");
}

/** What the lookups find now, as texts to digest. */
export function lookUp(lookups: Lookups, sources: Sources): string[] {
  return Object.entries(lookups).map(([folder, names]) => lookInto(folder, names, sources));
}

/** The same, except that packages' folders and manifests are not read: their stamps are equal if nothing was written. */
export function stampLookups(lookups: Lookups, sources: Sources): string[] {
  return Object.entries(lookups).map(([folder, names]) => {
    if (!NODE_MODULES.test(folder)) return lookInto(folder, names, sources);
    const manifests = names.filter(isManifest).map((name) => path.join(folder, name));
    return [folder, ...manifests].map((place) => sources.stamp(place)).join("\n");
  });
}

function lookInto(folder: string, names: string[], sources: Sources): string {
  if (names.includes(ALL)) return sources.all(folder);
  return sources.some(folder, (name) => names.includes(name) || names.includes(withoutExtension(name)));
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

  /** The manifests that apply to the files of a folder, and the folders of packages that they can import. */
  visitAbove(folder: string): void {
    for (const one of withFoldersAbove(folder)) {
      if (!this.isNew(`above ${one}`)) return;
      this.add(one, "package.json", "tsconfig.json", "jsconfig.json", "node_modules");
    }
  }

  visitImport(folder: string, specifier: string): void {
    if (isBuiltin(specifier) || /^\w+:|^#/.test(specifier) || !this.isNew(`${folder} ${specifier}`)) return;
    for (const place of this.sources.placesOfModule(folder, specifier)) this.visit(place);
    if (isPath(specifier)) return;
    const [packageName = ""] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
    for (const place of this.sources.placesOfModule(folder, packageName)) this.visit(place);
    // The program's settings do not apply to packages.
    if (isInPackage(folder)) return;
    for (const place of this.tsconfigs.placesOf(folder, specifier)) this.visit(place);
  }

  /** A path that is completed at run time, such as `./texts/**\/*.json`: esbuild bundles every file that matches. */
  visitPattern(folder: string, pattern: string): void {
    this.visitAll(path.resolve(folder, pattern.replace(/[^/]*\*.*/, "")));
  }

  /** A file or folder that may exist, named with or without its extension. */
  visit(place: string): void {
    if (!this.isNew(place)) return;
    const folder = path.dirname(place);
    if (this.sources.list(folder)) {
      const name = path.basename(place);
      this.add(folder, name, withoutExtension(name));
      if (this.sources.hasFolder(place)) this.visitFolder(place);
    } else this.visit(folder); // Nothing can appear in a missing folder before the folder does.
  }

  private visitFolder(folder: string): void {
    this.add(folder, "package.json", "index");
    for (const main of this.sources.mains(folder)) this.visit(path.join(folder, main));
  }

  private visitAll(folder: string): void {
    this.add(folder, ALL);
    for (const name of this.sources.list(folder)?.names ?? []) {
      const inner = path.join(folder, name);
      if (this.sources.hasFolder(inner)) this.visitAll(inner);
    }
  }

  private add(folder: string, ...names: string[]): void {
    const known = this.folders.get(folder);
    const all = known ?? new Set(isInPackage(folder) ? [ALL] : []);
    if (!known) this.folders.set(folder, all);
    for (const name of names) if (!all.has(ALL) || isManifest(name)) all.add(name);
  }

  private isNew(visit: string): boolean {
    const { size } = this.visited;
    return this.visited.add(visit).size > size;
  }
}

/** A file that may say where modules are: one that is written again leaves no trace in its folder's stamp. */
function isManifest(name: string): boolean {
  return name.endsWith(".json");
}

function withoutExtension(name: string): string {
  return name.replace(/\.(?:[cm]?[jt]sx?|json|css)$/, "");
}
