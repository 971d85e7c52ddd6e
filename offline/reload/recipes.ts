import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { BuildContext, BuildFailure, BuildOptions, BuildResult } from "esbuild";
import { readImages } from "../cloud/batch/image";
import type { Graph, Resource } from "../engine/graph";
import { Archive, Asset, type Value } from "../engine/values";

const EXTENSION = ".build.json";

/** The content of `FILE.build.json`, beside a built file: how to build it again. */
interface RecipeFile {
  inputs: string[];
  /** Where imports were looked for: folder → names in it, with or without extension; `*` stands for any. */
  lookups?: Record<string, string[]>;
  /** esbuild's warnings, which the program has shown or handled. */
  warnings?: string[];
  options: BuildOptions;
}

/** What the sources now need, the recipe does not have: the program may build them by another one. */
export class OutdatedRecipe extends Error {}

/** Below the folder of an installed package. */
const INSIDE_PACKAGE = /[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/@][^\\/]*[\\/]/;

type Options = BuildOptions & { metafile: true; write: false };

/** How one asset of the program was built. */
export class Recipe {
  private context: BuildContext<Options> | undefined;

  constructor(
    /** The built file in the current graph. */
    private file: string,
    private inputs: Set<string>,
    private readonly lookups: Record<string, string[]>,
    private readonly warnings: string[],
    private readonly options: BuildOptions,
  ) {}

  /** Reads the recipe of a file, if it has one. */
  static async read(file: string): Promise<Recipe | undefined> {
    const text = await fs.readFile(file + EXTENSION, "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    const { inputs, lookups = {}, warnings = [], options } = JSON.parse(text) as RecipeFile;
    return new Recipe(file, ownSources(inputs), lookups, warnings, options);
  }

  /** The sources, without those of installed packages. */
  get sources(): string[] {
    return [...this.inputs];
  }

  /** The folder of the built file. */
  get folder(): string {
    return path.dirname(this.file);
  }

  /**
   * The folders to watch: those of the sources, and those where imports were looked for, down to the root of a package.
   * @param root the program's folder; folders above it are watched only if they contain sources, as they may be a whole disk
   */
  foldersToWatch(root: string): string[] {
    const lookedIn = Object.keys(this.lookups).filter((folder) => path.relative(folder, root).startsWith(".."));
    const ofSources = this.sources.map((source) => path.dirname(source));
    return [...ofSources, ...lookedIn.filter((folder) => !INSIDE_PACKAGE.test(folder))];
  }

  uses(file: string): boolean {
    return this.inputs.has(file);
  }

  /** Whether the imports may resolve to other files once a file or folder is added, removed or changed. */
  looksFor(file: string): boolean {
    const folder = path.dirname(file);
    const names = this.lookups[folder];
    const name = path.basename(file);
    // The folder was missing: whatever appears in it may be what was looked for.
    if (names === undefined) return folder !== file && this.looksFor(folder);
    if (names.includes("*")) return name === "package.json" || !file.includes("node_modules");
    return names.includes(name) || names.includes(path.parse(name).name);
  }

  /**
   * Builds the file again, into a folder beside the old one: workers that run the old one keep it, and the relative paths
   * in the source map stay valid.
   * @returns the folders of the old and the new files, and whether esbuild has a new warning
   * @throws Error with esbuild's messages when the sources do not compile, an OutdatedRecipe if as an ES module they might
   */
  async rebuild(): Promise<{ from: string; to: string; warned: boolean }> {
    const from = this.folder;
    const outfile = path.join(path.dirname(from), "reload", path.basename(this.file));
    const { outputFiles, metafile, warnings } = await this.build({ ...this.options, outfile, outdir: undefined });
    const hash = createHash("sha256");
    for (const { contents } of outputFiles) hash.update(contents);
    // Named after this process, because another one that serves the program removes its own folders.
    const to = path.join(path.dirname(from), `reload-${process.pid}-${hash.digest("hex").slice(0, 32)}`);
    await fs.mkdir(to, { recursive: true });
    await Promise.all(outputFiles.map((file) => fs.writeFile(path.join(to, path.basename(file.path)), file.contents)));
    const folder = this.options.absWorkingDir ?? process.cwd();
    this.inputs = ownSources(Object.keys(metafile.inputs).map((input) => path.resolve(folder, input)));
    this.file = path.join(to, path.basename(this.file));
    const warned = warnings.some(({ text }) => !this.warnings.some((known) => known.includes(text)));
    return { from, to, warned };
  }

  async close(): Promise<void> {
    await this.context?.dispose();
  }

  private async build(options: BuildOptions): Promise<BuildResult<Options>> {
    const esbuild = require("esbuild") as typeof import("esbuild");
    try {
      this.context ??= await esbuild.context({ ...options, metafile: true, write: false, logLevel: "silent" });
      return await this.context.rebuild();
    } catch (error) {
      const { errors = [], message } = error as BuildFailure;
      const lines = await esbuild.formatMessages(errors, { kind: "error" });
      const needsEsm = errors.some(({ text }) => /top-level await .* "cjs" output format/i.test(text));
      throw new (needsEsm ? OutdatedRecipe : Error)(lines.join("").trimEnd() || message);
    }
  }
}

/** Packages do not change while somebody edits a handler, and consist of thousands of files. */
function ownSources(files: string[]): Set<string> {
  return new Set(files.filter((file) => !file.includes(`${path.sep}node_modules${path.sep}`)));
}

/** The recipes of the files in the images of a program's jobs. */
export async function readImageRecipes(graph: Graph): Promise<Recipe[]> {
  const recipes = readImages(graph).map(async ({ context }) => {
    const names = await fs.readdir(context).catch(() => []);
    const built = names.filter((name) => name.endsWith(EXTENSION)).map((name) => name.slice(0, -EXTENSION.length));
    return Promise.all(built.map((name) => Recipe.read(path.join(context, name))));
  });
  return (await Promise.all(recipes)).flat().filter((recipe) => recipe !== undefined);
}

/** The recipes of the files that a program's functions consist of. */
export async function readRecipes(graph: Graph): Promise<Recipe[]> {
  const files = new Set(graph.resources.flatMap(({ inputs }) => assetFiles(inputs.code)));
  const recipes = await Promise.all([...files].map((file) => Recipe.read(path.resolve(graph.workingDirectory, file))));
  return recipes.filter((recipe) => recipe !== undefined);
}

function assetFiles(code: Value | undefined): string[] {
  if (!(code instanceof Archive)) return [];
  return Object.values(code.source.assets ?? {}).flatMap((asset) =>
    asset instanceof Asset && asset.source.path ? asset.source.path : [],
  );
}

/** The graph with each file of one folder replaced by the file of the same name in another. */
export function moveAssets(graph: Graph, from: string, to: string): Graph {
  const move = (asset: Asset | Archive): Asset | Archive => {
    const file = asset instanceof Asset && asset.source.path && path.resolve(graph.workingDirectory, asset.source.path);
    return file && path.dirname(file) === from ? new Asset({ path: path.join(to, path.basename(file)) }) : asset;
  };
  const moveCode = (resource: Resource): Resource => {
    const { code } = resource.inputs;
    if (!(code instanceof Archive) || !code.source.assets) return resource;
    const assets = Object.entries(code.source.assets).map(([name, asset]) => [name, move(asset)]);
    return { ...resource, inputs: { ...resource.inputs, code: new Archive({ assets: Object.fromEntries(assets) }) } };
  };
  return { ...graph, resources: graph.resources.map(moveCode) };
}
