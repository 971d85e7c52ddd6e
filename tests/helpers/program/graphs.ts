import { type Graph, runProgram } from "pulumi-offline";
import { repository } from "../offline/start";

/** Configuration of the program, by its key without a namespace. */
export type Settings = Record<string, string>;

const graphs = new Map<string, Promise<Graph>>();

/** Runs this repository's program. */
export function runStack(stack: string, settings: Settings = {}): Promise<Graph> {
  const config = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`graviton:${name}`, value]));
  return runProgram({ directory: repository, stack, config, contents: true });
}

/** The graph of this repository's program, which is run once for all files of a process: tests only read it. */
export function stackGraph(stack: string, settings: Settings = {}): Promise<Graph> {
  const key = JSON.stringify([stack, settings]);
  const graph = graphs.get(key) ?? runStack(stack, settings);
  graphs.set(key, graph);
  return graph;
}
