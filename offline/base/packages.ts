import * as fs from "node:fs";
import * as path from "node:path";

const modules = "node_modules";

/**
 * Gives a second checkout of a repository the packages that are installed in the first. Those that are links to folders of the
 * repository, as a workspace's are, become links to the same folders of the second.
 * @param folders The folders of the repository, relative to its root
 */
export function linkPackages(from: string, to: string, folders: string[]): void {
  const home = fs.realpathSync(from);
  const targetOf = (entry: string): string => {
    const inside = path.relative(home, fs.realpathSync(entry));
    const isInside = !path.isAbsolute(inside) && inside.split(path.sep)[0] !== "..";
    return isInside && !inside.split(path.sep).includes(modules) ? path.join(to, inside) : entry;
  };
  const link = (source: string, target: string) => {
    fs.mkdirSync(target, { recursive: true });
    for (const name of fs.readdirSync(source)) {
      const [entry, copy] = [path.join(source, name), path.join(target, name)];
      // A cache would be written to by two versions of the program.
      if (name === ".cache" || !isFolder(entry) || fs.existsSync(copy)) continue;
      if (name.startsWith("@")) link(entry, copy);
      else if (isFolder(targetOf(entry))) fs.symlinkSync(targetOf(entry), copy, "junction");
    }
  };
  for (const folder of new Set(["", ...folders])) {
    if (folder.split("/").includes(modules)) continue;
    const source = path.join(from, folder, modules);
    if (isFolder(source)) link(source, path.join(to, folder, modules));
  }
}

function isFolder(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

const lockFiles = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"];

/** True when both checkouts have the same lock files in a folder and in those above it. */
export function haveSameLock(one: string, other: string, folder: string): boolean {
  const parts = folder.split("/").filter(Boolean);
  const folders = [...parts.keys(), parts.length].map((depth) => parts.slice(0, depth).join("/"));
  return folders.every((each) =>
    lockFiles.every((name) => contentOf(path.join(one, each, name)) === contentOf(path.join(other, each, name))),
  );
}

/** Without carriage returns, which a checkout may add. */
function contentOf(file: string): string | undefined {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8").replaceAll("\r\n", "\n") : undefined;
}
