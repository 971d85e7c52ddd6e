/** Runs Pulumi programs on one machine, as a library: see README.md. */
import type { Graph } from "./engine/graph";
import type { ServeOptions, Server } from "./server";

export type { PolicyPackOptions } from "./engine/crossguard/start";
export { isCompliant } from "./engine/crossguard/verdict";
export { ProgramError } from "./engine/errors";
export type {
  Diagnostic,
  Graph,
  PolicyFailure,
  PolicyPackResult,
  PolicyRemediation,
  PolicyViolation,
  Resource,
  ResourceOptions,
} from "./engine/graph";
export { find, hideSecrets, resourcesOfType } from "./engine/query";
export { type ProgramOptions, runProgram } from "./engine/run";
export {
  Archive,
  Asset,
  type Properties,
  ResourceReference,
  redact,
  reveal,
  Secret,
  Unknown,
  type Value,
} from "./engine/values";
export type { ResourceChange } from "./plan/change";
export { type Plan, type PlanError, plan } from "./plan/plan";
export type { Replacing } from "./plan/replacing";
export type { Step } from "./plan/steps";
export { renderJson } from "./report/json";
export { renderMarkdown } from "./report/markdown";
export type { ServeOptions, Server } from "./server";

/**
 * Serves a program on this machine: see `serve` in server.ts, which is loaded when this is called, as previews do not need it.
 * @throws Error when the port is in use or the data folder cannot be used
 */
export async function serve(graph: Graph, options: ServeOptions): Promise<Server> {
  return (require("./server") as typeof import("./server")).serve(graph, options);
}
