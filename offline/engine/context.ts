import { hash } from "node:crypto";
import type { Diagnostic, Graph, Resource } from "./graph";
import type { Lookups } from "./lookups";
import { partitionOf } from "./partition";
import type { Predecessors } from "./predecessors";
import type { StackConfig } from "./project/config";

/** The state of one run of a program, shared by the parts of the engine. */
export interface Context {
  config: StackConfig;
  dryRun: boolean;
  /** True when computed outputs are unknown, as in a first preview. */
  unknowns: boolean;
  /** Whether to record what assets contain. */
  contents: boolean;
  /** Where the program runs and its packages are resolved. */
  workingDirectory: string;
  graph: Graph;
  /** The graph's resources by URN. */
  resources: ReadonlyMap<string, Resource>;
  /** The resources inside remote components, by URN; the graph has only the components. */
  parts: Map<string, Resource>;
  /** The resources of an earlier run that those of this one continue. */
  predecessors: Predecessors;
  /**
   * Adds a resource to the graph.
   * @throws Error when the graph already has a resource with its URN
   */
  add(resource: Resource): void;
  report(diagnostic: Diagnostic): void;
  /** What may have caused the errors reported so far. */
  hints: ReadonlySet<string>;
  lookups: Lookups;
  /** Aborted when the program must end at once; a diagnostic says why. */
  failure: AbortController;
  onResource(resource: Resource): void;
  /** Called when the program has done all that it does, and its process is about to end. */
  onDone(): void;
}

/** The account in all ARNs: the one of AWS's own examples. */
export const account = "123456789012";

/** Who calls AWS. */
export function callerArn(region: string): string {
  return `arn:${partitionOf(region).partition}:iam::${account}:user/offline`;
}

/** Up to 64 hexadecimal digits, always the same for the same seed. */
export function hexOf(seed: string, length: number): string {
  return hash("sha256", seed).slice(0, length);
}

/** A UUID, always the same for the same seed. */
export function uuidOf(seed: string): string {
  const hex = hexOf(seed, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join("-");
}
