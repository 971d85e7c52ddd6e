import { createHash } from "node:crypto";
import type { Diagnostic, Graph, Resource } from "./graph";
import type { Predecessors } from "./predecessors";
import type { StackConfig } from "./project/config";

/** What one run of a program knows, shared by the parts of the engine. */
export interface Context {
  config: StackConfig;
  dryRun: boolean;
  /** True when computed outputs are unknown, as in a first preview. */
  unknowns: boolean;
  /** True when what assets hold is recorded. */
  contents: boolean;
  /** Where the program runs, and its packages are looked for. */
  workingDirectory: string;
  graph: Graph;
  /** The graph's resources by URN. */
  resources: ReadonlyMap<string, Resource>;
  /** The resources inside remote components, by URN: the graph has the components alone. */
  parts: Map<string, Resource>;
  /** What the resources were in an earlier run. */
  predecessors: Predecessors;
  /**
   * Puts a resource into the graph.
   * @throws Error when there is one with its URN
   */
  add(resource: Resource): void;
  report(diagnostic: Diagnostic): void;
  /** Aborted when the program must end at once; a diagnostic says why. */
  failure: AbortController;
  onResource(resource: Resource): void;
}

/** The account of all ARNs: AWS's own example account. */
export const account = "123456789012";

/** Hexadecimal digits (64 at most) that are always the same for the same seed. */
export function hexOf(seed: string, length: number): string {
  return createHash("sha256").update(seed).digest("hex").slice(0, length);
}

/** A UUID that is always the same for the same seed. */
export function uuidOf(seed: string): string {
  const hex = hexOf(seed, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join("-");
}
