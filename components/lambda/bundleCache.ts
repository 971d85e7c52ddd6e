import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { BuildOptions, OutputFile } from "esbuild";
import type { BundleArgs } from "./args";
import { type Lookups, lookUp, stampLookups } from "./bundleLookups";
import { hash, Sources } from "./bundleSources";
import type { NativeModule } from "./rules/elf";

/** One function, or one program of a container, to bundle. */
export interface BundleRequest {
  /** The source file, as an absolute path. */
  entryPoint: string;
  /** The export that Lambda calls; a stand-alone program needs none. */
  exportName?: string;
  /** The processor that native modules must be built for. */
  architecture: string;
  options: BundleArgs;
}

/** The files of a function's archive: name → path; first the script, `index.js` or, as an ES module, `index.mjs`. */
export type BundleFiles = Record<string, string>;

/** The results of a run for one entry point. */
export interface Outputs {
  script: OutputFile;
  map: OutputFile;
  natives: (NativeModule & { name: string })[];
  /** The kind of module that the entry point is; undefined if it neither imports nor exports. */
  format?: "cjs" | "esm";
  /** What a bundle exports that is an ES module. */
  exports?: string[];
  /** Every source file that was read, as absolute paths. */
  inputs: string[];
  /** What else the result depends on. */
  lookups: Lookups;
  /** esbuild's warnings. */
  warnings: string[];
}

/** The results that are kept. */
interface FinalOutputs extends Outputs {
  /** The options that built them. */
  made: BuildOptions;
}

/** A function's archive, and esbuild's warnings about its sources. */
export interface Bundle {
  files: BundleFiles;
  warnings: string[];
}

/**
 * The content of `index.js.build.json` or `index.mjs.build.json`: enough to watch the sources and to build the bundle
 * again with esbuild alone.
 */
interface Recipe {
  entryPoint: string;
  /** Every source file, as absolute paths. */
  inputs: string[];
  /** Where the imports were looked for. */
  lookups: Lookups;
  /** esbuild's warnings. */
  warnings: string[];
  options: BuildOptions;
}

/** A cached bundle, which is valid as long as its sources have this digest. */
interface CacheEntry extends Bundle {
  inputs: string[];
  lookups: Lookups;
  digest: string;
  /** Valid at once if these are equal: nothing was written. What was installed again has other stamps and the same digest. */
  stamps: string;
  /** Digest of the files: a bundle that somebody edited is no longer valid. */
  content: string;
}

/** Read from its manifest, as a program whose bundles are all in the cache does not load esbuild. */
const { version } = JSON.parse(readFileSync(require.resolve("esbuild/package.json"), "utf8")) as { version: string };

/** Where bundles live, each in a folder named after its content: `.cache/bundles` of the program's folder. */
export function bundlesFolder(): string {
  return path.resolve(".cache", "bundles");
}

/** The bundle made earlier from the same sources, options and esbuild, if there is one. */
export function findBundle(request: BundleRequest, options: BuildOptions, sources = new Sources()): Bundle | undefined {
  try {
    const place = entryFile(request, options);
    const entry: CacheEntry = JSON.parse(readFileSync(place, "utf8"));
    const contents = Object.values(entry.files).map((file) => readFileSync(file));
    if (hash(contents) !== entry.content) return undefined;
    const stamps = stampsOf(entry, sources);
    if (stamps === entry.stamps) return entry;
    if (digestOf(entry, sources) !== entry.digest) return undefined;
    // The next run finds it faster, unless the folder is read-only.
    replaceWhole(place, JSON.stringify({ ...entry, stamps })).catch(() => undefined);
    return entry;
  } catch {
    // There is no such bundle, or its sources or files are missing or damaged: build it again.
    return undefined;
  }
}

/**
 * Stores a bundle with its source map and recipe, and records which sources it was built from.
 * @param options The options by which {@link findBundle} will look for it.
 */
export async function storeBundle(
  request: BundleRequest,
  options: BuildOptions,
  outputs: FinalOutputs,
  sources: Sources,
): Promise<Bundle> {
  const { script, map, natives, inputs, lookups, warnings, made } = outputs;
  const content = hash([script, ...natives].map((file) => file.contents));
  const folder = path.join(bundlesFolder(), content);
  const name = path.basename(script.path);
  const outfile = path.join(folder, name);
  const recipe: Recipe = { entryPoint: request.entryPoint, inputs, lookups, warnings, options: { ...made, outfile } };
  const files: BundleFiles = { [name]: outfile };
  for (const native of natives) files[native.name] = path.join(folder, native.name);
  await Promise.all([
    replaceWhole(outfile, script.contents),
    ...natives.map(({ name, contents }) => replaceWhole(path.join(folder, name), contents)),
    replaceWhole(`${outfile}.map`, map.contents),
    replaceWhole(`${outfile}.build.json`, JSON.stringify(recipe, null, 2)),
  ]);
  const [stamps, digest] = [stampsOf(outputs, sources), digestOf(outputs, sources)];
  const entry: CacheEntry = { inputs, lookups, digest, stamps, files, content, warnings };
  // If a source was edited meanwhile, its digest is not that of the text that was built.
  if (!inputs.some((input) => sources.isNewer(input))) {
    await replaceWhole(entryFile(request, options), JSON.stringify(entry));
  }
  return { files, warnings };
}

/** Another one whenever entries come to contain something else. */
const FORMAT = 2;

function entryFile({ exportName, architecture }: BundleRequest, options: BuildOptions): string {
  const key = JSON.stringify([FORMAT, version, options, exportName, architecture, process.env.NODE_PATH]);
  return path.join(bundlesFolder(), `${hash([key])}.json`);
}

function digestOf({ inputs, lookups }: Pick<CacheEntry, "inputs" | "lookups">, sources: Sources): string {
  return hash([[...inputs.flatMap((input) => [input, sources.digest(input)]), ...lookUp(lookups, sources)].join("\n")]);
}

function stampsOf({ inputs, lookups }: Pick<CacheEntry, "inputs" | "lookups">, sources: Sources): string {
  return hash([...inputs.map((input) => sources.stamp(input)), ...stampLookups(lookups, sources)]);
}

/**
 * Writes a file, and its folder if there is none. Another program may read the file meanwhile: it sees the old one or the new
 * one, never half of one.
 * @throws pulumi.RunError that says what to do when the folder cannot be written to
 */
export async function replaceWhole(file: string, content: string | Uint8Array): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(draft, content);
    await rename(draft, file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code || !["EACCES", "EPERM", "EROFS"].includes(code)) throw error;
    throw new pulumi.RunError(
      `What is built for functions and images is kept in .cache in the program's folder, which this user cannot write to ` +
        `(${message}): make it writable, or create a writable .cache in it`,
    );
  }
}
