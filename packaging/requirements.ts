/** Runs before anything else in a package that is used, and says what is wrong with the installation. */
import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";

interface Manifest {
  name: string;
  version: string;
  engines: { node: string };
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** An installed package. */
interface Installed {
  folder: string;
  version: string;
}

const sdk = "@pulumi/pulumi";

checkInstallation(read(__dirname));

/** @throws Error with everything that is wrong, which Pulumi prints without a stack trace */
function checkInstallation(manifest: Manifest): void {
  const nodeMistakes = nodeMistakesOf(manifest);
  const mistakes = nodeMistakes.length > 0 ? nodeMistakes : peerMistakesOf(manifest);
  if (mistakes.length === 0) return;
  const message = `${manifest.name} cannot be used as it is installed in ${__dirname}:\n${mistakes.map((mistake) => `  ${mistake}`).join("\n")}`;
  // Pulumi prints only the message of an error with this mark, and Node only an error's stack and what can be enumerated.
  throw Object.defineProperties(new Error(message), { stack: { value: message }, __pulumiRunError: { value: true } });
}

function nodeMistakesOf({ engines }: Manifest): string[] {
  const needed = engines.node.replace(">=", "");
  if (isAtLeast(process.versions.node, needed)) return [];
  return [`It needs Node ${needed} or later; this is Node ${process.versions.node}.`];
}

function peerMistakesOf({ peerDependencies = {}, peerDependenciesMeta = {} }: Manifest): string[] {
  const found = new Map<string, Installed>();
  const mistakes: string[] = [];
  for (const [name, range] of Object.entries(peerDependencies)) {
    const install = `npm install ${name}@${range}`;
    const installed = findPackage(name, __dirname);
    if (installed) {
      found.set(name, installed);
      if (!fits(installed.version, range)) {
        mistakes.push(`It needs ${name} ${range}, but ${describe(installed)} is installed: write ${install}`);
      }
    } else if (!peerDependenciesMeta[name]?.optional) {
      mistakes.push(`It needs ${name} ${range}, which is not installed: write ${install}`);
    }
  }
  return [...mistakes, ...copyMistakesOf(found, peerDependencies[sdk])];
}

/** The copies that this package and its peers find, and those that the program has loaded. */
function copyMistakesOf(found: Map<string, Installed>, range: string | undefined): string[] {
  const finders = [__dirname, ...[...found.values()].map(({ folder }) => folder)];
  const loaded = Object.keys(require.cache).flatMap((file) => {
    const [, folder] = /^(.*[\\/]@pulumi[\\/]pulumi)[\\/]runtime[\\/]state\.js$/.exec(file) ?? [];
    return folder === undefined ? [] : { folder, version: read(folder).version };
  });
  const copies = new Map<string, Installed>();
  for (const copy of [...finders.map((folder) => findPackage(sdk, folder)), ...loaded]) {
    if (copy) copies.set(copy.folder, copy);
  }
  if (copies.size < 2) return [];
  const list = [...copies.values()].map(describe).join(" and ");
  return [
    `${sdk} is installed more than once, and the resources of one copy mean nothing to another: ${list}. ` +
      `Write the same version of it everywhere, npm install ${sdk}@${range}, and then npm dedupe`,
  ];
}

function findPackage(name: string, from: string): Installed | undefined {
  try {
    const folder = realpathSync(path.dirname(createRequire(`${from}/`).resolve(`${name}/package.json`)));
    return { folder, version: read(folder).version };
  } catch {
    return undefined;
  }
}

function describe({ version, folder }: Installed): string {
  return `${version} (in ${folder})`;
}

function read(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
}

/** Whether a version fits a range of the form ^1.2.3. */
function fits(version: string, range: string): boolean {
  const least = range.replace("^", "");
  return parse(version)[0] === parse(least)[0] && isAtLeast(version, least);
}

function isAtLeast(version: string, least: string): boolean {
  const [found, needed] = [parse(version), parse(least)];
  const different = needed.findIndex((number, index) => found[index] !== number);
  return different < 0 || (found[different] ?? 0) > (needed[different] ?? 0);
}

function parse(version: string): number[] {
  return (/^[\d.]+/.exec(version)?.[0] ?? "").split(".").map(Number);
}
