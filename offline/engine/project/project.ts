import * as fs from "node:fs";
import * as path from "node:path";
import { isYamlMap, readYaml, type YamlMap } from "../documents";
import { ProgramError } from "../errors";
import { nearest } from "../nearest";

/** The contents of Pulumi.yaml. @see https://www.pulumi.com/docs/iac/concepts/projects/project-file/ */
export interface Project {
  name: string;
  /** The folder of Pulumi.yaml, absolute. */
  directory: string;
  /** The file, absolute. */
  file: string;
  /** Where the program runs, absolute. */
  workingDirectory: string;
  /** The module that the runner loads, relative to `workingDirectory`. */
  entryPoint: string;
  /** The tsconfig of `runtime.options`, absolute. */
  tsconfig?: string;
  /** Whether the SDK compiles TypeScript: false if `runtime.options` say so. */
  typescript: boolean;
  /** The arguments for Node.js in `nodeargs` of `runtime.options`. */
  nodeArguments: string[];
  /** About what is done otherwise here than the file says. */
  warnings: string[];
  config: YamlMap;
  /** The folder of the stack files, absolute. */
  stackDirectory: string;
}

/**
 * Reads Pulumi.yaml in the folder or in the nearest one above it, as the Pulumi CLI does.
 * @throws ProgramError when there is none, or with all its mistakes
 */
export function readProject(directory: string): Project {
  const file = findProjectFile(directory);
  const yaml = readYaml(file);
  const home = path.dirname(file);
  const mistakes: string[] = [];
  const text = (key: string): string | undefined => {
    const value = yaml[key];
    if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
    mistakes.push(`"${key}" must be text`);
    return undefined;
  };
  const name = text("name");
  if (!name) mistakes.push(`"name" is missing: write "name: my-project"`);
  const { name: runtime, options, mistake } = readRuntime(yaml.runtime, "programs");
  if (mistake) mistakes.push(mistake);
  const tsconfig = typeof options.tsconfig === "string" ? path.resolve(home, options.tsconfig) : undefined;
  if (tsconfig && !fs.existsSync(tsconfig))
    mistakes.push(`"runtime.options.tsconfig" names ${tsconfig}, which does not exist`);
  const config = yaml.config ?? {};
  if (!isYamlMap(config) && typeof config !== "string") mistakes.push(`"config" must be a map of keys`);
  const main = text("main");
  const start = main === undefined ? { workingDirectory: home, entryPoint: "." } : findMain(home, main, mistakes);
  const stackDirectory = text("stackConfigDir") ?? (typeof config === "string" ? config : ".");
  if (mistakes.length > 0) throw new ProgramError(`${file}:\n${mistakes.map((mistake) => `  ${mistake}`).join("\n")}`);
  return {
    name: name ?? "",
    directory: home,
    file,
    ...start,
    ...(tsconfig && { tsconfig }),
    typescript: options.typescript !== false,
    nodeArguments: splitArguments(String(options.nodeargs ?? "")),
    warnings: [
      ...(runtime === "bun" ? [`"runtime" is "bun": the program runs on Node.js here.`] : []),
      ...misspelt(path.basename(file), yaml),
    ],
    config: isYamlMap(config) ? config : {},
    stackDirectory: path.resolve(home, stackDirectory),
  };
}

/** The top-level keys of Pulumi.yaml, which may have others too. */
const properties =
  "author backend config description license main name options packages plugins requiredPulumiVersion runtime stackConfigDir template website".split(
    " ",
  );

function misspelt(name: string, yaml: YamlMap): string[] {
  const missing = properties.filter((key) => yaml[key] === undefined);
  const others = Object.keys(yaml).filter((key) => !properties.includes(key));
  return others.flatMap((key) => unread(name, key, missing));
}

/**
 * A warning about a key at the top of a file that is not read, if it says what to do about it.
 * @param candidates The keys that may have been meant
 * @param otherwise What to do if none of them is similar. @default nothing
 */
export function unread(file: string, key: string, candidates: string[], otherwise?: string): string[] {
  const meant = nearest(key, candidates);
  const instead = meant ? `did you mean "${meant}"?` : otherwise;
  return instead ? [`${file}: "${key}" at the top of the file is not read: ${instead}`] : [];
}

/** A key without a namespace belongs to the project; `project:config:key` is an old form of `project:key`. */
export function fullKey(project: Project, key: string): string {
  const named = key.replace(/^([^:]+):config:/, "$1:");
  return named.includes(":") ? named : `${project.name}:${named}`;
}

/** The key as `--config` takes it. */
export function shortKey(project: Project, key: string): string {
  return key.startsWith(`${project.name}:`) ? key.slice(project.name.length + 1) : key;
}

function findProjectFile(directory: string): string {
  const file = findUpwards(path.resolve(directory), "Pulumi.json", "Pulumi.yaml", "Pulumi.yml");
  if (file) return file;
  throw new ProgramError(
    `There is no Pulumi.yaml in ${path.resolve(directory)} or above it. Change to a Pulumi project or name one with --cwd DIR.`,
  );
}

/** The first of these files that exists in the folder, else in the nearest one above it. */
export function findUpwards(directory: string, ...names: string[]): string | undefined {
  const file = names.map((name) => path.join(directory, name)).find((candidate) => fs.existsSync(candidate));
  if (file || directory === path.dirname(directory)) return file;
  return findUpwards(path.dirname(directory), ...names);
}

/** The runtime of a program or a policy pack: its name and options, and what is wrong with its name. */
export function readRuntime(
  runtime: unknown,
  kind: "programs" | "packs",
): { name: unknown; options: YamlMap; mistake?: string } {
  const { name, options } = isYamlMap(runtime) ? runtime : { name: runtime };
  const runs = name === "nodejs" || (name === "bun" && kind === "programs");
  const written = JSON.stringify(name ?? null);
  return {
    name,
    options: isYamlMap(options) ? options : {},
    ...(!runs && {
      mistake: `"runtime" is ${written}: pulumi-offline runs ${kind} in TypeScript and JavaScript ("runtime: nodejs"), but not in ${otherLanguages[kind]}; use the Pulumi CLI for this one`,
    }),
  };
}

const otherLanguages = { programs: "YAML, Python, Go, .NET or Java", packs: "Python or OPA" };

/** Splits a command line as a shell does, as far as quotes. */
function splitArguments(line: string): string[] {
  const words = line.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}

/** `main` is a folder or a file; the program runs in that folder, or in the file's. */
function findMain(home: string, main: string, mistakes: string[]): Pick<Project, "workingDirectory" | "entryPoint"> {
  const target = path.resolve(home, main);
  const stat = fs.statSync(target, { throwIfNoEntry: false });
  if (!stat) mistakes.push(`"main" is ${JSON.stringify(main)}, but ${target} does not exist`);
  if (stat?.isDirectory()) return { workingDirectory: target, entryPoint: "." };
  return { workingDirectory: path.dirname(target), entryPoint: path.basename(target) };
}
