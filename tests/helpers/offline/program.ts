import * as fs from "node:fs";
import * as path from "node:path";
import { find, type Graph, type ProgramOptions, type Resource, runProgram } from "../../../offline";
import { temporaryFolder } from "./graph";

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
  const parent = temporaryFolder();
  fs.symlinkSync(path.resolve("node_modules"), path.join(parent, "node_modules"));
  const directory = path.join(parent, "script");
  const files = Object.entries(packages).map(([file, text]) => [path.join("node_modules", file), text]);
  for (const [file = "", text = ""] of [
    ["Pulumi.yaml", `name: script\nmain: index.js\n${/^runtime:/.test(yaml) ? "" : "runtime: nodejs\n"}${yaml}\n`],
    ["package.json", "{}"],
    ["index.js", code],
    ...files,
  ]) {
    fs.mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
    fs.writeFileSync(path.join(directory, file), text);
  }
  return runProgram({ directory, ...options });
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
