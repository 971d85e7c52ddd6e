import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "../../../packaging/packages";

const installed = path.join(root, "node_modules");

/**
 * Gives a consumer copies of Pulumi's packages and links to everything else that the repository has, except compilers: the SDK
 * looks for those around itself, and would find the repository's.
 */
export function isolate(folder: string): void {
  for (const name of packagesIn(installed)) {
    const [source, target] = [path.join(installed, name), path.join(folder, "node_modules", name)];
    if (name.startsWith("@pulumi/")) {
      fs.rmSync(target, { force: true });
      fs.cpSync(source, target, { recursive: true, filter: (file) => !file.endsWith(".map") });
    } else if (!compilers.includes(name) && !fs.existsSync(target)) {
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.symlinkSync(source, target, "junction");
    }
  }
}

const compilers = ["typescript", "ts-node"];

/** Gives an isolated consumer the repository's TypeScript. */
export function addTypeScript(folder: string): void {
  fs.symlinkSync(path.join(installed, "typescript"), path.join(folder, "node_modules/typescript"), "junction");
}

function packagesIn(folder: string): string[] {
  return fs.readdirSync(folder).flatMap((name) => {
    if (!name.startsWith("@")) return name.startsWith(".") ? [] : name;
    return fs.readdirSync(path.join(folder, name)).map((scoped) => `${name}/${scoped}`);
  });
}
