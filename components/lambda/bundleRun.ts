import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { BuildFailure, BuildOptions, BuildResult, Message } from "esbuild";
import type { BundleArgs } from "./args";
import { bundlesFolder, type Outputs } from "./bundleCache";
import { lookupsOf, toMetafilePath } from "./bundleLookups";
import type { Sources } from "./bundleSources";

/** What CommonJS in an ES module looks for. They are global, as a declaration could collide with one of the source's. */
const commonJsNames = [
  'import { createRequire as __createRequire } from "node:module";',
  "Object.assign(globalThis, { require: __createRequire(import.meta.url), __filename: import.meta.filename, __dirname: import.meta.dirname });",
].join("\n");

/**
 * Measured with Node 22 and 24: CommonJS starts 1.4 times as fast as ESM, the packages' `module` builds leave out what
 * `main` drags in (343 KB instead of 540), and minified output is the same from every folder.
 */
export function buildOptions(args: BundleArgs): BuildOptions {
  const { external = [], define = {}, defaultCredentialChain, keepNames = false, minify = true, format = "cjs" } = args;
  const credentials = { "@aws-sdk/credential-provider-node": require.resolve("./environmentCredentials") };
  return {
    absWorkingDir: process.cwd(),
    bundle: true,
    platform: "node",
    format,
    ...(format === "esm" && { banner: { js: commonJsNames } }),
    target: "node22",
    mainFields: ["module", "main"],
    minify,
    keepNames,
    legalComments: "none",
    sourcemap: "linked",
    sourcesContent: false,
    loader: { ".node": "copy" },
    external,
    define,
    alias: defaultCredentialChain ? {} : credentials,
  };
}

/** The name by which Node.js and Lambda recognize the kind of module. */
export function scriptNameOf({ format }: BuildOptions): string {
  return format === "esm" ? "index.mjs" : "index.js";
}

/** Replaces `import.meta`, which CommonJS lacks; `./importMeta` exports it. */
const placeholder = "__importMeta";

/** Options with which a bundle contains the placeholder if it uses `import.meta`. */
export function withPlaceholder(options: BuildOptions): BuildOptions {
  if (options.format === "esm") return options;
  return { ...options, define: { "import.meta": placeholder, ...options.define } };
}

/**
 * The options for the final bundle of a function. `import.meta` is injected only where it is used, because an injection
 * makes esbuild pick longer names, which cost 1.5 KB in a bundle with the AWS SDK.
 */
export function finalOptions(options: BuildOptions, { script }: Outputs): BuildOptions {
  if (options.format === "esm" || !script.text.includes(placeholder)) return options;
  return { ...withPlaceholder(options), inject: [require.resolve("./importMeta")] };
}

export type Result = BuildResult<{ metafile: true; write: false }>;

/** @throws pulumi.RunError that names each mistake in the sources by file:line:column */
export async function run(options: BuildOptions): Promise<Result> {
  // Loaded here, as a program whose bundles are all in the cache needs no esbuild.
  const esbuild = require("esbuild") as typeof import("esbuild");
  try {
    return await esbuild.build({ ...options, metafile: true, write: false, logLevel: "silent" });
  } catch (error) {
    const failure = error as BuildFailure;
    if (failure.errors?.some(({ text }) => topLevelAwait.test(text))) throw new NeedsEsm(describeFailure(failure));
    throw new pulumi.RunError(describeFailure(failure));
  }
}

/** The sources have what CommonJS does not. */
export class NeedsEsm extends pulumi.RunError {}

const topLevelAwait = /top-level await is currently not supported with the "cjs"/i;

function describeFailure({ errors, message }: BuildFailure): string {
  if (!errors?.length) return `esbuild failed: ${message}`;
  const lines = errors.map((error) => `  ${describe(error)}`);
  if (errors.some(({ text }) => topLevelAwait.test(text))) {
    lines.push('  CommonJS has no top-level await: leave out `bundle.format`, or write `format: "esm"` in it.');
  }
  return `The functions do not compile:\n${lines.join("\n")}`;
}

function describe({ location, text, notes }: Message): string {
  const where = location ? `${location.file}:${location.line}:${location.column + 1}: ` : "";
  return [`${where}${text}`, ...notes.map((note) => `    ${note.text}`)].join("\n");
}

/** What a run built from one entry point, and its sources. */
export function outputsOf(result: Result, entryPoint: string, scriptName: string, sources: Sources): Outputs {
  const { metafile, outputFiles, warnings } = result;
  const isModule = scriptName.endsWith(".mjs");
  const script = path.join(bundlesFolder(), scriptName);
  const file = (wanted: string) => {
    const found = outputFiles.find((output) => output.path === wanted);
    if (!found) throw new Error(`esbuild did not write ${wanted}`);
    return found;
  };
  const { imports = [], exports = [] } = metafile.outputs[toMetafilePath(script)] ?? {};
  const natives = imports.filter((imported) => imported.path.endsWith(".node") && !imported.external);
  const names = inputsOf(result, toMetafilePath(entryPoint));
  const inputs = names.map((name) => path.resolve(name));
  return {
    script: file(script),
    map: file(`${script}.map`),
    natives: natives.map(({ path: name }) => {
      const [source = name] = Object.keys(metafile.outputs[name]?.inputs ?? {});
      return { name: path.basename(name), contents: file(path.resolve(name)).contents, source };
    }),
    format: metafile.inputs[toMetafilePath(entryPoint)]?.format,
    ...(isModule && { exports }),
    inputs,
    lookups: lookupsOf(metafile, names, sources),
    warnings: warnings.filter(({ location }) => !location || names.includes(location.file)).map(describe),
  };
}

/** Every file that the entry point imports, used or not: a change in an unused one may make it used. */
function inputsOf({ metafile: { inputs } }: Result, entryPoint: string): string[] {
  const reached = new Set([entryPoint]);
  for (const input of reached) {
    for (const { path: imported } of inputs[input]?.imports ?? []) {
      // An injected module is given by its absolute path.
      const found = path.isAbsolute(imported) ? toMetafilePath(imported) : imported;
      const matches = found.includes("*") ? matching(found, input, Object.keys(inputs)) : [found];
      for (const match of matches) if (inputs[match]) reached.add(match);
    }
  }
  return [...reached].sort();
}

/** The files that match a path that is completed at run time: `./texts/**\/*.json`. */
function matching(pattern: string, importer: string, files: string[]): string[] {
  const start = path.posix.join(importer, "..", pattern.replace(/\*.*/, ""));
  return files.filter((file) => file.startsWith(start));
}
