import type { BundleRequest, Outputs } from "./bundleCache";
import { toMetafilePath } from "./bundleLookups";
import { run } from "./bundleRun";
import { fittingModules, nativeFormat } from "./rules/elf";

/** The native modules to take into an archive, and what is wrong with the others. */
export function chooseNatives({ architecture }: BundleRequest, { natives }: Outputs) {
  const { fitting, foreign } = fittingModules(natives, architecture);
  const mistakes = foreign.map(({ source, contents }) => {
    const found = nativeFormat(contents);
    return (
      `${source} is made for ${found.format} ${found.architecture}, but the function runs on Linux ${architecture}; ` +
      `install that build of the package (npm install --os=linux --cpu=${architecture === "arm64" ? "arm64" : "x64"}) or put it in a layer`
    );
  });
  return { natives: fitting, mistakes };
}

/** Why the function that Lambda is to call is none, as far as that shows without running the bundle. */
export async function handlerMistakes({ entryPoint, exportName }: BundleRequest, outputs: Outputs): Promise<string[]> {
  if (exportName === undefined) return [];
  const file = toMetafilePath(entryPoint);
  const names = exportsOf(outputs);
  if (names && !names.includes(exportName)) {
    const found = names.length > 0 ? `exports ${names.join(", ")}, but no "${exportName}"` : "exports nothing";
    return [`${file} ${found}; export a function "${exportName}", or name another export in \`handler\``];
  }
  if (outputs.format !== "esm" || (await mayBeFunction(entryPoint, exportName))) return [];
  return [`${file} exports "${exportName}", which is not a function; export an async function of that name`];
}

/** The names that an entry point exports; undefined where esbuild does not know, as of CommonJS. */
function exportsOf({ script: { text }, format }: Outputs): string[] | undefined {
  // What re-exports all of a CommonJS module has a call that ends so.
  if (format === "cjs" || /,\s*module\.exports\)/.test(text)) return undefined;
  const [, map = ""] = /\{([^{}]*)\}\);\s*module\.exports\s*=/.exec(text) ?? [];
  return [...map.matchAll(/(?:"(.*?)"|([\w$]+)):\s*\(\)/g)].map(([, quoted, name]) => quoted ?? name ?? "");
}

/** A text, a number, a word or an object, as esbuild writes them in the initializer of a constant. */
const literal = /(?:"(?:[^"\\\n]|\\.)*"|-?[\d.]+|true|false|null|void 0|\{\}|\{ [^{}\n]* \}|\{\n(?: .*\n)*\});$/.source;

/** Judges by the entry point's source alone, as esbuild writes it. */
async function mayBeFunction(entryPoint: string, exportName: string): Promise<boolean> {
  const { outputFiles } = await run({ entryPoints: [entryPoint], outdir: "out", bundle: false, format: "esm" });
  const source = outputFiles[0]?.text ?? "";
  const [, name = exportName] = new RegExp(`^  ([\\w$]+) as ${exportName},?$`, "m").exec(source) ?? [];
  const declared = name.replaceAll("$", "\\$");
  return !new RegExp(`^(?:class ${declared}\\b|const ${declared} = ${literal})`, "m").test(source);
}
