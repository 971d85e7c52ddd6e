import * as fs from "node:fs";
import * as path from "node:path";
import { find, type Graph, type ProgramOptions, type Resource, runProgram } from "../../../offline";
import { temporaryFolder } from "../temporaryFolder";

/** A program of tests/offline/programs. */
export function programDirectory(name: string): string {
  return path.join(__dirname, "..", "..", "offline", "programs", name);
}

export function run(name: string, options: Partial<ProgramOptions> = {}): Promise<Graph> {
  return runProgram({ directory: programDirectory(name), ...options });
}

/**
 * Runs a JavaScript program of one file.
 * @param yaml Further lines of its Pulumi.yaml
 * @param packages Files in its own node_modules, by path
 */
export function runScript(
  code: string,
  yaml = "",
  options: Partial<ProgramOptions> = {},
  packages: Record<string, string> = {},
): Promise<Graph> {
  const files = Object.entries(packages).map(([file, text]) => [path.join("node_modules", file), text]);
  const directory = writeProgram({
    "Pulumi.yaml": `name: script\nmain: index.js\n${/^runtime:/.test(yaml) ? "" : "runtime: nodejs\n"}${yaml}\n`,
    "index.js": code,
    ...Object.fromEntries(files),
  });
  return runProgram({ directory, ...options });
}

/**
 * Writes a program's files, by path, and returns its folder, which is outside this repository.
 * @param modules The folder with the packages that it finds besides those in its own node_modules
 */
export function writeProgram(files: Record<string, string>, modules = path.resolve("node_modules")): string {
  const parent = temporaryFolder();
  fs.symlinkSync(modules, path.join(parent, "node_modules"));
  const directory = path.join(parent, "script");
  const usual = { "Pulumi.yaml": "name: script\nruntime: nodejs\n", "package.json": "{}" };
  for (const [file, text] of Object.entries({ ...usual, ...files })) {
    fs.mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
    fs.writeFileSync(path.join(directory, file), text);
  }
  return directory;
}

/** The resource of that name and type, which must be there. */
export function get(graph: Graph, name: string, type?: string): Resource {
  const resource = find(graph, name, type);
  if (!resource) throw new Error(`the graph has no resource "${name}"`);
  return resource;
}

/** The error that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("it did not fail with an error");
}
