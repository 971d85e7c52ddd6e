import type { PolicyPackResult, Resource } from "./graph";

/** Checks the resources of a run. */
export interface Policies {
  /** Checks a new resource, and resolves to its inputs as policies leave them. */
  register(resource: Resource): Promise<Resource["inputs"]>;
  /** Checks the stack as a whole, after all its resources, and resolves to the findings. */
  finish(): Promise<PolicyPackResult[]>;
  close(): void;
}
