import { ProgramError } from "../errors";
import type { Graph } from "../graph";

/** True when no policy pack found a mandatory violation or failed to check something; also when none ran. */
export function isCompliant({ policyPacks }: Pick<Graph, "policyPacks">): boolean {
  return policyPacks.every(
    ({ violations, failures }) => failures.length === 0 && violations.every(({ level }) => level === "advisory"),
  );
}

/** @throws ProgramError when the graph is not compliant: the report says why */
export function requireCompliance(graph: Graph): void {
  if (!isCompliant(graph))
    throw new ProgramError("Mandatory policies are violated or could not be checked: see above.");
}
