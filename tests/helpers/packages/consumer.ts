import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { pack } from "../../../packaging";
import { packages, readManifest, root } from "../../../packaging/packages";
import { temporaryFolder } from "../temporaryFolder";
import { kept } from "./kept";

/** The tarballs of the packages by their names. Beside each is a folder of its package's name with what it contains. */
export async function packed(): Promise<Record<string, string>> {
  const folder = await kept("packed", (draft) => pack(draft));
  const tarballs = packages.map((one) => {
    const { name, version } = readManifest(one.folder);
    return [name, path.join(folder, `${name}-${version}.tgz`)];
  });
  return Object.fromEntries(tarballs);
}

/**
 * A project outside the repository with the packages installed from their tarballs. What they depend on is linked to the
 * repository's copies, so that nothing is asked of a registry.
 * @param files the project's other files, by path
 * @param manifest what its package.json says besides the dependencies
 * @param others what else it depends on
 */
export async function createConsumer(
  files: Record<string, string>,
  manifest: object = {},
  others: string[] = [],
): Promise<string> {
  const folder = temporaryFolder();
  const tarballs = await packed();
  const dependencies = linksOf(tarballs, "file:");
  for (const [name, tarball] of Object.entries(tarballs)) dependencies[name] = `file:${tarball}`;
  for (const other of others) dependencies[other] ??= linkTo(other, "file:");
  write(folder, { "package.json": JSON.stringify({ private: true, ...manifest, dependencies }), ...files });
  copyModules(await installed(dependencies), folder);
  return folder;
}

/** A project in which these dependencies are installed. It is shared: tests edit copies of it. */
function installed(dependencies: Record<string, string>): Promise<string> {
  const text = JSON.stringify({ private: true, dependencies });
  const name = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return kept(name, async (folder) => {
    write(folder, { "package.json": text });
    const { status, output } = await run(folder, "npm", [...install, "--offline"]);
    if (status !== 0) throw new Error(output);
  });
}

/** Copies what is installed. Its links become absolute, except those to commands, which lead into the copy. */
function copyModules(source: string, target: string): void {
  const modules = path.join(source, "node_modules");
  const commands = path.join(modules, ".bin");
  const copy = path.join(target, "node_modules");
  fs.cpSync(modules, copy, { recursive: true, filter: (file) => file !== commands });
  fs.cpSync(commands, path.join(copy, ".bin"), { recursive: true, verbatimSymlinks: true });
}

/** The repository's copies of everything that packages depend on, by name. */
export function linksOf(tarballs: Record<string, string>, protocol: string): Record<string, string> {
  const names = Object.entries(tarballs).flatMap(([name, tarball]) => {
    const manifest = JSON.parse(fs.readFileSync(path.join(path.dirname(tarball), name, "package.json"), "utf8"));
    return Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  });
  return Object.fromEntries(names.map((name) => [name, linkTo(name, protocol)]));
}

function linkTo(name: string, protocol: string): string {
  return `${protocol}${path.join(root, "node_modules", name)}`;
}

const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];

/** Writes files below a folder. */
export function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

interface Ended {
  status: number | string;
  /** What it printed, to either stream. */
  output: string;
}

/** Runs a command in a folder until it ends. */
export function run(folder: string, command: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...process.env, ...env }, encoding: "utf8", maxBuffer: 2 ** 26 } as const;
    execFile(command, args, options, (error, stdout, stderr) =>
      resolve({ status: error?.code ?? (error ? "a signal" : 0), output: stdout + stderr }),
    );
  });
}

/** Runs the project's own `pulumi-offline`. */
export function offline(folder: string, ...args: string[]): Promise<Ended> {
  return run(folder, process.execPath, [path.join(folder, "node_modules/pulumi-offline/bin.js"), ...args]);
}
