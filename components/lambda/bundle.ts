import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { BuildOptions } from "esbuild";
import { BundleFormat } from "./args";
import {
  type Bundle,
  type BundleFiles,
  type BundleRequest,
  bundlesFolder,
  findBundle,
  type Outputs,
  storeBundle,
} from "./bundleCache";
import { chooseNatives, handlerMistakes } from "./bundleChecks";
import { buildOptions, finalOptions, NeedsEsm, outputsOf, run, scriptNameOf, withPlaceholder } from "./bundleRun";
import { Sources } from "./bundleSources";

interface Pending extends BundleRequest {
  resolve(bundle: Bundle): void;
  reject(error: unknown): void;
}

let pending: Pending[] = [];

/**
 * Bundles a function. The calls of one tick, usually a whole program's, become one run of esbuild with many entry
 * points, which parses shared sources once.
 * @throws pulumi.RunError (in the promise) that names each mistake in the sources by file:line:column
 */
export async function bundle(request: BundleRequest): Promise<BundleFiles> {
  if (pending.length === 0) setImmediate(bundlePending);
  const { files, warnings } = await new Promise<Bundle>((resolve, reject) =>
    pending.push({ ...request, resolve, reject }),
  );
  warn(warnings);
  return files;
}

function bundlePending(): void {
  // Options belong to a whole run, so functions that differ in them cannot share one.
  const groups = new Map<string, Pending[]>();
  for (const request of pending) {
    const key = JSON.stringify(buildOptions(request.options));
    groups.set(key, [...(groups.get(key) ?? []), request]);
  }
  pending = [];
  const before = new Sources();
  // Created before esbuild runs, but read only once it has run.
  const after = new Sources();
  for (const group of groups.values()) {
    bundleGroup(group, before, after).catch((error) => {
      for (const { reject } of group) reject(error);
    });
  }
}

async function bundleGroup(group: Pending[], before: Sources, after: Sources): Promise<void> {
  const missing = group.filter((request) => {
    const found = findBundle(request, aloneOptions(request), before);
    if (found) request.resolve(found);
    return !found;
  });
  const [first] = missing;
  if (!first) return;

  const options = buildOptions(first.options);
  const entryPoints = missing.map(({ entryPoint }, index) => ({ in: entryPoint, out: `${index}/index` }));
  const shared = { ...withPlaceholder(options), entryPoints, outdir: bundlesFolder() };
  const name = scriptNameOf(options);
  try {
    const result = await run({ ...shared, outExtension: { ".js": path.extname(name) } });
    for (const [index, request] of missing.entries()) {
      const outputs = outputsOf(result, request.entryPoint, `${index}/${name}`, after);
      finish(request, options, outputs, after).then(request.resolve, request.reject);
    }
  } catch (error) {
    if (!(error instanceof NeedsEsm) || first.options.format) throw error;
    for (const request of missing) buildAsNeeded(request, after).then(request.resolve, request.reject);
  }
}

/** Builds a function by itself: as an ES module only if it, rather than another of the same run, needs that. */
async function buildAsNeeded(request: BundleRequest, sources: Sources): Promise<Bundle> {
  const build = async (options: BuildOptions) => {
    const alone = { ...options, entryPoints: [request.entryPoint] };
    const name = `0/${scriptNameOf(options)}`;
    const result = await run({ ...withPlaceholder(alone), outfile: path.join(bundlesFolder(), name) });
    return finish(request, options, outputsOf(result, request.entryPoint, name, sources), sources);
  };
  try {
    return await build(buildOptions(request.options));
  } catch (error) {
    if (!(error instanceof NeedsEsm)) throw error;
    return build(buildOptions({ ...request.options, format: BundleFormat.Esm }));
  }
}

/** The options that build one function by itself. */
function aloneOptions({ options, entryPoint }: BundleRequest): BuildOptions {
  return { ...buildOptions(options), entryPoints: [entryPoint] };
}

/** Checks and stores what a run built for one function. */
async function finish(request: BundleRequest, built: BuildOptions, shared: Outputs, sources: Sources): Promise<Bundle> {
  const options = { ...built, entryPoints: [request.entryPoint] };
  const final = finalOptions(options, shared);
  const name = `0/${scriptNameOf(options)}`;
  let outputs = shared;
  // Such a function is built again by itself: a shared run puts native modules beside the functions' folders.
  if (shared.natives.length > 0 || final.inject) {
    const result = await run({ ...final, outfile: path.join(bundlesFolder(), name) });
    outputs = outputsOf(result, request.entryPoint, name, sources);
  }
  const { natives, mistakes } = chooseNatives(request, outputs);
  mistakes.push(...(await handlerMistakes(request, outputs)));
  if (mistakes.length > 0) throw new pulumi.RunError(mistakes.join("\n"));
  return storeBundle(request, aloneOptions(request), { ...outputs, natives, made: final }, sources);
}

const shown = new Set<string>();

/** Shows each warning once in a run of the program. */
function warn(warnings: string[]): void {
  for (const warning of warnings) {
    if (!shown.has(warning)) pulumi.log.warn(warning);
    shown.add(warning);
  }
}
