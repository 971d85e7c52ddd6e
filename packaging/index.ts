/** `npm run pack`: builds the packages in `dist` and packs them, `dist/NAME-VERSION.tgz`. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import ts from "typescript";
import { filesIn } from "../offline/commands/templates";
import { declare } from "./declarations";
import { compile, type Files, toPosix } from "./javascript";
import { publishedManifest } from "./manifest";
import { isExported, type Package, packages, readManifest, root } from "./packages";

/**
 * Builds all packages and packs them.
 * @param output the folder of the results. @default dist
 * @returns the tarballs, by their packages' names
 * @throws Error for a dependency that a manifest lacks, or an export without a type
 */
export async function pack(output = path.join(root, "dist")): Promise<Record<string, string>> {
  fs.rmSync(output, { recursive: true, force: true });
  const folders = await Promise.all(packages.map((one) => stage(one, output)));
  const options = ["--pack-destination", output, "--ignore-scripts", "--json"];
  const printed = execFileSync("npm", ["pack", ...folders, ...options], { cwd: root, encoding: "utf8" });
  const packed = Object.values(JSON.parse(printed)) as { name: string; filename: string }[];
  return Object.fromEntries(packed.map(({ name, filename }) => [name, path.join(output, filename)]));
}

async function stage(one: Package, output: string): Promise<string> {
  const source = path.join(root, one.folder);
  const target = path.join(output, readManifest(one.folder).name);
  const javascript = await compile(source, one.entries);
  const declarations = declare(source, one.entries.flat().filter(isExported));
  const copied = copies(one);
  const files: Files = new Map([...javascript.files, ...declarations.files, ...copied]);
  const externals = new Set([...javascript.externals, ...declarations.externals, ...requestsOf(copied)]);
  const manifest = publishedManifest(one, [...files.keys()], externals);
  files.set("package.json", `${JSON.stringify(manifest, null, 2)}\n`);
  files.set("LICENSE", fs.readFileSync(path.join(root, "LICENSE")));
  for (const [name, contents] of files) {
    const file = path.join(target, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, contents);
  }
  return target;
}

function copies({ folder, files: patterns, folders = {}, replace = {} }: Package): Files {
  const source = path.join(root, folder);
  const names = filesIn(source).map(toPosix);
  const files: Files = new Map();
  for (const pattern of patterns) {
    const matching = names.filter((name) => pattern.test(name));
    if (matching.length === 0) throw new Error(`${folder} has no file that matches ${pattern}`);
    for (const name of matching) {
      const [found = "", replacement = ""] = replace[name] ?? [];
      files.set(name, fs.readFileSync(path.join(source, name), "utf8").replace(found, replacement));
    }
  }
  for (const [target, from] of Object.entries(folders)) {
    for (const file of filesIn(path.join(root, from))) {
      // npm packs no file of the former name.
      const name = toPosix(file).replace(/(^|\/)\.gitignore$/, "$1gitignore");
      files.set(`${target}/${name}`, fs.readFileSync(path.join(root, from, file)));
    }
  }
  return files;
}

/** What copied scripts load. */
function requestsOf(files: Files): string[] {
  return [...files]
    .filter(([name]) => name.endsWith(".cjs"))
    .flatMap(([, text]) => ts.preProcessFile(String(text), true, true).importedFiles)
    .map(({ fileName }) => fileName);
}

if (require.main === module) {
  pack().then(
    (tarballs) =>
      console.log(
        Object.values(tarballs)
          .map((file) => path.relative(root, file))
          .join("\n"),
      ),
    (error: Error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
