import * as fs from "node:fs";
import * as path from "node:path";
import { type BuildOptions, build, type OnLoadResult, type Plugin } from "esbuild";
import { root, workspaces } from "./packages";

/** The files of a package, by their path in it. */
export type Files = Map<string, string | Uint8Array>;

/** What a package's modules import from other packages, by specifier. */
export type Externals = Set<string>;

/** The file that says what is wrong with an installation, before a package's main module loads anything else. */
const requirements = "requirements.js";

/**
 * Bundles the modules of a workspace: what belongs to the repository goes into the package's own files, and everything
 * else stays an import.
 * @param folder absolute
 * @param entries see {@link Package}
 */
export async function compile(folder: string, entries: string[][]): Promise<{ files: Files; externals: Externals }> {
  const files: Files = new Map();
  const externals: Externals = new Set();
  const byPath = new Set<string>();
  const own = entries.flat().map((entry) => path.join(folder, entry));
  for (const [[first = "", ...others], index] of entries.map((modules, index) => [modules, index] as const)) {
    const contents = [first, ...others].map((entry) => `export * from "./${entry}";`).join("\n");
    const resolveDir = folder;
    await run({
      stdin: { contents, resolveDir, sourcefile: `${first}.entry.ts`, loader: "ts" },
      outfile: path.join(folder, `${first}.js`),
      format: "cjs",
      banner: index === 0 ? { js: `require("./${requirements}");` } : {},
      plugins: [ownModules(path.dirname(path.join(folder, first)), own, byPath)],
    });
    const shared = `module.exports = require("./${path.basename(first)}.js");\n`;
    for (const other of others) files.set(`${other}.js`, shared);
  }
  // Modules that are found by their path are sources of functions, of which bundlers leave out more in ES modules.
  for (const source of byPath) {
    await run({ entryPoints: [source], outfile: source.replace(/\.ts$/, ".mjs"), format: "esm" });
  }
  await run({
    entryPoints: [path.join(__dirname, "requirements.ts")],
    outfile: path.join(folder, requirements),
    format: "cjs",
    // It must run where nothing else does.
    target: "node12",
  });
  return { files, externals };

  async function run(options: BuildOptions): Promise<void> {
    const { outputFiles, metafile } = await build({ ...common, ...options, write: false, metafile: true });
    for (const { path: file, contents, text } of outputFiles) {
      files.set(toPosix(path.relative(folder, file)), file.endsWith(".js") ? withClassNames(text) : contents);
    }
    for (const { imports } of Object.values(metafile.outputs)) {
      for (const found of imports) if (found.external) externals.add(found.path);
    }
  }
}

/**
 * Gives exported classes their names back: the bundle has one scope, in which a class that is called like one of AWS's
 * has another name.
 */
function withClassNames(text: string): string {
  const exported = new Map(
    [...text.matchAll(/^ {2}(\w+): \(\) => (\w+),?$/gm)].map(([, name, local]) => [local, name]),
  );
  return text.replace(/^var (\w+) = class(?= extends )/gm, (found, local: string) => {
    const name = exported.get(local);
    return name === undefined || name === local ? found : `${found} ${name}`;
  });
}

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20.19",
  packages: "external",
  legalComments: "none",
  logLevel: "warning",
  // The package contains these files.
  logOverride: { "require-resolve-not-external": "silent" },
};

/**
 * Keeps three things as they are in the sources, although many modules become one file: which module another package of
 * the repository is, that an entry exists once, and which files of ours a module finds by its own place.
 * @param target the folder of the file that is built
 * @param entries modules with a file of their own, as absolute paths without extension
 * @param byPath receives the modules that are found by their path
 */
function ownModules(target: string, entries: string[], byPath: Set<string>): Plugin {
  return {
    name: "own-modules",
    setup(build) {
      build.onResolve({ filter: /^[^.]/ }, ({ path: specifier }) => {
        const [name = ""] = specifier.split("/");
        const folder = workspaces.get(name);
        if (folder === undefined) return undefined;
        return { path: sourceOf(path.join(root, folder, specifier.slice(name.length))) };
      });
      build.onResolve({ filter: /^\./ }, ({ path: specifier, importer, resolveDir }) => {
        const module = path.resolve(resolveDir, specifier);
        const file = toPosix(path.relative(target, module));
        // Scripts are copied.
        if (module.endsWith(".cjs")) return { path: `./${file}`, external: true };
        if (!importer.endsWith(".ts") || importer.endsWith(".entry.ts") || !entries.includes(module)) return undefined;
        return { path: `./${file}.js`, external: true };
      });
      build.onLoad({ filter: /\.ts$/ }, ({ path: file }) => load(file, target, byPath));
    },
  };
}

function load(file: string, target: string, byPath: Set<string>): OnLoadResult | undefined {
  const folder = path.dirname(file);
  const text = fs.readFileSync(file, "utf8");
  // A property may have that name, too.
  const folderName = /\b__dirname\b(?!:)/g;
  if (text.search(folderName) < 0 && !/\brequire\.resolve\(/.test(text)) return undefined;
  const place = toPosix(path.relative(target, folder));
  const contents = text
    .replace(/\brequire\.resolve\("(\.[^"]+)"\)/g, (_, specifier: string) => {
      const source = sourceOf(path.join(folder, specifier));
      if (source.endsWith(".ts")) byPath.add(source);
      return `require.resolve("./${toPosix(path.relative(target, source)).replace(/\.ts$/, ".mjs")}")`;
    })
    .replace(/\brequire\.resolve\((?!")/g, `require("node:module").createRequire(__dirname + "/").resolve(`)
    .replace(folderName, place === "" ? "$&" : `require("node:path").join(__dirname, "${place}")`);
  return { contents, loader: "ts" };
}

/** The file of a module that is imported without its extension. */
function sourceOf(module: string): string {
  const found = [`${module}.ts`, path.join(module, "index.ts"), module].find((file) => fs.existsSync(file));
  if (found === undefined) throw new Error(`${module} is imported, but there is no such file`);
  return found;
}

export function toPosix(file: string): string {
  return file.split(path.sep).join("/");
}
