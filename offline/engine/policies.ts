import type { PolicyPackResult, Resource } from "./graph";

/** What judges the resources of a run. */
export interface Policies {
  /** Judges a new resource, and resolves to the inputs that it is to have. */
  register(resource: Resource): Promise<Resource["inputs"]>;
  /** Judges the stack as a whole, after all its resources, and resolves to what was found. */
  finish(): Promise<PolicyPackResult[]>;
  close(): void;
}
