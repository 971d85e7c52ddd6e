import * as path from "node:path";
import { find, type Graph, type ProgramOptions, type Resource, runProgram } from "../../../offline";

/** A program of tests/offline/programs. */
export function programDirectory(name: string): string {
  return path.join(__dirname, "..", "..", "offline", "programs", name);
}

export function run(name: string, options: Partial<ProgramOptions> = {}): Promise<Graph> {
  return runProgram({ directory: programDirectory(name), ...options });
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
