import type { BundleRequest, Outputs } from "./bundleCache";
import { toMetafilePath } from "./bundleLookups";
import { run } from "./bundleRun";
import { fittingModules, nativeFormat } from "./rules/elf";

/** The native modules that go into the archive, and what is wrong with the others. */
export function chooseNatives({ architecture }: BundleRequest, { natives }: Outputs) {
  const { fitting, foreign } = fittingModules(natives, architecture);
  const mistakes = foreign.map(({ source, contents }) => {
    const found = nativeFormat(contents);
    return (
      `${source} is built for ${found.format} ${found.architecture}, but the function runs on Linux ${architecture}; ` +
      `install that build of the package (npm install --os=linux --cpu=${architecture === "arm64" ? "arm64" : "x64"}) or put it in a layer`
    );
  });
  return { natives: fitting, mistakes };
}

/** Why Lambda cannot call the handler, as far as the bundle shows without being run. */
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

/** The names that an entry point exports; undefined if esbuild cannot know them, as in CommonJS. */
function exportsOf({ script: { text }, format, exports }: Outputs): string[] | undefined {
  if (exports) return format === "cjs" ? undefined : exports;
  // Such a call re-exports everything from a CommonJS module.
  if (format === "cjs" || /,\s*module\.exports\)/.test(text)) return undefined;
  const [, map = ""] = /\{([^{}]*)\}\);\s*module\.exports\s*=/.exec(text) ?? [];
  return [...map.matchAll(/(?:"(.*?)"|([\w$]+)):\s*\(\)/g)].map(([, quoted, name]) => quoted ?? name ?? "");
}

/** A string, number, keyword or object literal that is the whole initializer of a constant, as esbuild prints it. */
const literal = /(?:"(?:[^"\\\n]|\\.)*"|-?[\d.]+|true|false|null|void 0|\{\}|\{ [^{}\n]* \}|\{\n(?: .*\n)*\});$/.source;

/** False only if the entry point's own source, as esbuild prints it, shows another value. */
async function mayBeFunction(entryPoint: string, exportName: string): Promise<boolean> {
  const { outputFiles } = await run({ entryPoints: [entryPoint], outdir: "out", bundle: false, format: "esm" });
  const source = outputFiles[0]?.text ?? "";
  const [, name = exportName] = new RegExp(`^  ([\\w$]+) as ${exportName},?$`, "m").exec(source) ?? [];
  const declared = name.replace(/\$/g, "\\$$");
  return !new RegExp(`^(?:class ${declared}\\b|const ${declared} = ${literal})`, "m").test(source);
}
