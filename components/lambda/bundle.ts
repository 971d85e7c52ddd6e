import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { BuildFailure, BuildOptions, BuildResult } from "esbuild";
import type { BundleArgs } from "./args";
import {
  type BundleFiles,
  type BundleRequest,
  bundlesFolder,
  findBundle,
  type Outputs,
  storeBundle,
} from "./bundleCache";
import { lookupsOf, toMetafilePath } from "./bundleLookups";
import { Sources } from "./bundleSources";
import { nativeFormat } from "./rules/elf";

interface Pending extends BundleRequest {
  resolve(files: BundleFiles): void;
  reject(error: unknown): void;
}

let pending: Pending[] = [];

/**
 * Bundles a function. The calls of one tick, a whole program's as a rule, become one run of esbuild with many entry
 * points, which parses what the functions share once.
 * @throws pulumi.RunError (in the promise) that names each mistake in the sources by file:line:column
 */
export function bundle(request: BundleRequest): Promise<BundleFiles> {
  if (pending.length === 0) setImmediate(bundlePending);
  return new Promise((resolve, reject) => pending.push({ ...request, resolve, reject }));
}

function bundlePending(): void {
  // Options belong to a whole run, so functions that differ in them cannot share one.
  const groups = new Map<string, Pending[]>();
  for (const request of pending) {
    const key = JSON.stringify(request.options);
    groups.set(key, [...(groups.get(key) ?? []), request]);
  }
  pending = [];
  const sources = new Sources();
  for (const group of groups.values()) {
    bundleGroup(group, sources).catch((error) => {
      for (const { reject } of group) reject(error);
    });
  }
}

async function bundleGroup(group: Pending[], sources: Sources): Promise<void> {
  const found = group.map((request) => ({ request, files: findBundle(request, aloneOptions(request), sources) }));
  for (const { request, files } of found) if (files) request.resolve(files);
  const missing = found.flatMap(({ request, files }) => (files ? [] : request));
  const [first] = missing;
  if (!first) return;

  const entryPoints = missing.map(({ entryPoint }, index) => ({ in: entryPoint, out: `${index}/index` }));
  // Nothing is read before esbuild has read it.
  const sourcesNow = new Sources();
  const result = await run({ ...buildOptions(first.options), entryPoints, outdir: bundlesFolder() });
  for (const [index, request] of missing.entries()) {
    const outputs = outputsOf(result, request.entryPoint, `${index}/index.js`, sourcesNow);
    finish(request, outputs, sourcesNow).then(request.resolve, request.reject);
  }
}

/**
 * Measured with Node 22 and 24: CommonJS starts 1.4 times as fast as ESM, the packages' `module` builds leave out what
 * `main` drags in (343 KB instead of 540), and minified output is the same from every folder.
 */
function buildOptions({ external = [], define = {}, defaultCredentialChain }: BundleArgs): BuildOptions {
  const credentials = { "@aws-sdk/credential-provider-node": require.resolve("./environmentCredentials") };
  return {
    absWorkingDir: process.cwd(),
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    mainFields: ["module", "main"],
    minify: true,
    legalComments: "none",
    sourcemap: "linked",
    sourcesContent: false,
    loader: { ".node": "copy" },
    external,
    define,
    alias: defaultCredentialChain ? {} : credentials,
  };
}

/** What builds one function by itself. */
function aloneOptions({ options, entryPoint }: BundleRequest): BuildOptions {
  return { ...buildOptions(options), entryPoints: [entryPoint] };
}

type Result = BuildResult<{ metafile: true; write: false }>;

async function run(options: BuildOptions): Promise<Result> {
  // Loaded here, as a program whose bundles are all in the cache needs no esbuild.
  const esbuild = require("esbuild") as typeof import("esbuild");
  try {
    return await esbuild.build({ ...options, metafile: true, write: false, logLevel: "silent" });
  } catch (error) {
    throw new pulumi.RunError(describe(error as BuildFailure));
  }
}

function describe({ errors, message }: BuildFailure): string {
  if (!errors?.length) return `esbuild failed: ${message}`;
  const lines = errors.map(({ location, text, notes }) => {
    const where = location ? `${location.file}:${location.line}:${location.column + 1}: ` : "";
    return [`  ${where}${text}`, ...notes.map((note) => `    ${note.text}`)].join("\n");
  });
  return `The functions do not compile:\n${lines.join("\n")}`;
}

function outputsOf(result: Result, entryPoint: string, scriptName: string, sources: Sources): Outputs {
  const script = path.join(bundlesFolder(), scriptName);
  const file = (wanted: string) => {
    const found = result.outputFiles.find((output) => output.path === wanted);
    if (!found) throw new Error(`esbuild did not write ${wanted}`);
    return found;
  };
  const imports = result.metafile.outputs[toMetafilePath(script)]?.imports ?? [];
  const natives = imports.filter((imported) => imported.path.endsWith(".node") && !imported.external);
  const inputs = inputsOf(result, toMetafilePath(entryPoint)).map((input) => path.resolve(input));
  return {
    script: file(script),
    map: file(`${script}.map`),
    natives: natives.map((native) => file(path.resolve(native.path))),
    inputs,
    lookups: lookupsOf(result.metafile, inputs, sources),
  };
}

/** Every file that the entry point imports, used or not: a change in an unused one may make it used. */
function inputsOf({ metafile: { inputs } }: Result, entryPoint: string): string[] {
  const reached = new Set([entryPoint]);
  for (const input of reached) {
    for (const { path: found } of inputs[input]?.imports ?? []) {
      // A path that is put together at run time: `./texts/**/*.json`.
      const [start, isPattern] = [path.posix.join(input, "..", found.replace(/\*.*/, "")), found.includes("*")];
      const matches = isPattern ? Object.keys(inputs).filter((other) => other.startsWith(start)) : [found];
      for (const match of matches) if (inputs[match]) reached.add(match);
    }
  }
  return [...reached].sort();
}

/** Checks and keeps what a shared run made of one function. */
async function finish(request: BundleRequest, shared: Outputs, sources: Sources): Promise<BundleFiles> {
  const alone = aloneOptions(request);
  let outputs = shared;
  // A shared run puts native modules beside the functions' folders, not inside: such a function is built by itself.
  if (shared.natives.length > 0) {
    const result = await run({ ...alone, outfile: path.join(bundlesFolder(), "0/index.js") });
    outputs = outputsOf(result, request.entryPoint, "0/index.js", sources);
  }
  const mistakes = [...missingExport(request, outputs), ...foreignModules(request, outputs)];
  if (mistakes.length > 0) throw new pulumi.RunError(mistakes.join("\n"));
  return storeBundle(request, outputs, alone, sources);
}

/** esbuild lists the names that a module exports at the end of a CommonJS file, as an aid to Node's own parser. */
function missingExport({ entryPoint, exportName }: BundleRequest, { script }: Outputs): string[] {
  if (exportName === undefined) return [];
  const names = /\b0&&\(module\.exports=\{([^}]*)\}\)/.exec(script.text)?.[1]?.split(",");
  if (!names || names.map((name) => name.split(":")[0]).includes(exportName)) return [];
  const file = toMetafilePath(entryPoint);
  return [
    `${file} exports ${names.join(", ") || "nothing"}, but no "${exportName}"; export it, or name another in \`handler\``,
  ];
}

function foreignModules({ architecture }: BundleRequest, { natives, inputs }: Outputs): string[] {
  const sources = inputs.filter((input) => input.endsWith(".node"));
  return natives.flatMap(({ path: native, contents }) => {
    const found = nativeFormat(contents);
    if (found.format === "ELF" && found.architecture === architecture) return [];
    const stem = path.basename(native).replace(/-[A-Z0-9]+\.node$/, "");
    const source = sources.find((input) => path.basename(input, ".node") === stem) ?? native;
    return [
      `${toMetafilePath(source)} is made for ${found.format} ${found.architecture}, but the function runs on Linux ${architecture}; ` +
        `install that build of the package (npm install --os=linux --cpu=${architecture === "arm64" ? "arm64" : "x64"}) or put it in a layer`,
    ];
  });
}
