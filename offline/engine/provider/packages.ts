import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { readManifest } from "../documents";

/** The declaration files of the Pulumi packages that a program has installed. */
export class InstalledPackages {
  private readonly files = new Map<string, string | undefined>();
  private readonly folders = new Map<string, string | undefined>();

  /** @param directory The program's folder, from which its packages are resolved. */
  constructor(private readonly directory: string) {}

  /** The text of a module's declaration file, if it exists. */
  read(packageName: string, module: string): string | undefined {
    const folder = this.folderOf(packageName);
    if (!folder) return undefined;
    const file = path.join(folder, `${module}.d.ts`);
    // Only comments contain non-ASCII text, and decoding megabytes of UTF-8 takes three times as long.
    if (!this.files.has(file)) this.files.set(file, fs.existsSync(file) ? fs.readFileSync(file, "latin1") : undefined);
    return this.files.get(file);
  }

  /** A Pulumi package's npm name is usually `@pulumi/<name>`; otherwise its package.json gives the Pulumi name. */
  private folderOf(packageName: string): string | undefined {
    if (this.folders.has(packageName)) return this.folders.get(packageName);
    // A component's package may bring its own copy of a package that the program does not depend on.
    const dependents = [...this.folders.values()].flatMap((folder) => (folder ? fs.realpathSync(folder) : []));
    for (const directory of [this.directory, ...dependents]) {
      const folder = findPackage(packageName, directory);
      if (folder) this.folders.set(packageName, folder);
      if (folder) return folder;
    }
    this.folders.set(packageName, undefined);
    return undefined;
  }
}

/** The folder of a Pulumi package as modules in `directory` find it. */
function findPackage(packageName: string, directory: string): string | undefined {
  const resolve = createRequire(path.join(directory, "program"));
  const manifests = [`@pulumi/${packageName}`, `@pulumiverse/${packageName}`, ...dependenciesOf(directory)];
  const found = manifests.flatMap((name) => {
    const file = manifestOf(resolve, name);
    return file && pulumiName(file, name) === packageName ? path.dirname(file) : [];
  });
  return found[0];
}

function manifestOf(resolve: NodeJS.Require, name: string): string | undefined {
  const folders = resolve.resolve.paths(name) ?? [];
  return folders.map((folder) => path.join(folder, name, "package.json")).find((file) => fs.existsSync(file));
}

function pulumiName(manifest: string, name: string): string {
  return readManifest(manifest).pulumi?.name ?? name.slice(name.lastIndexOf("/") + 1);
}

function dependenciesOf(directory: string): string[] {
  const manifest = path.join(directory, "package.json");
  return fs.existsSync(manifest) ? Object.keys(readManifest(manifest).dependencies ?? {}) : [];
}

/** The text between the braces that follow `header`. */
export function bodyOf(text: string, header: string, from = 0): string | undefined {
  const start = text.indexOf(header, from);
  if (start < 0) return undefined;
  const open = text.indexOf("{", start);
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", start) + 1))?.[0] ?? "";
  const close = text.indexOf(`\n${indent}}`, open);
  return text.slice(open + 1, close < 0 ? undefined : close);
}

/** The properties that a declaration lists, without methods, constructors and static members. */
export function members(body: string): { name: string; type: string; optional: boolean }[] {
  const text = body.replace(/\/\*[\s\S]*?\*\//g, "");
  const start = /^\s*(?:readonly )?(\w+)(\?)?: /gm;
  const found = [...text.matchAll(start)];
  return found.flatMap((match) => {
    const from = match.index + match[0].length;
    const end = nextOutside(";", text, from);
    const [, name = "", mark] = match;
    return end === undefined ? [] : { name, type: text.slice(from, end).replace(/\s+/g, " "), optional: mark === "?" };
  });
}

/** The index of the next `wanted` character outside all brackets; undefined if the enclosing bracket closes first. */
export function nextOutside(wanted: string, text: string, from: number): number | undefined {
  let depth = 0;
  for (let index = from; index < text.length && depth >= 0; index++) {
    const character = text.charAt(index);
    if (character === wanted && depth === 0) return index;
    if ("<{[(".includes(character)) depth++;
    else if (">}])".includes(character)) depth--;
  }
  return undefined;
}
