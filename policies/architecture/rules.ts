import { batch } from "./batch";
import { containerRules } from "./containers";
import { ec2Rules } from "./ec2";
import { emrRules } from "./emr";
import { lambda } from "./lambda";
import { managedRules } from "./managed";
import type { ArchitectureProperty, ArchitectureRule, Machine } from "./rule";

/** One rule for each service, or for each part of it that is configured on its own. */
export const architectureRules: ArchitectureRule[] = [
  lambda,
  batch,
  ...emrRules,
  ...ec2Rules,
  ...containerRules,
  ...managedRules,
];

/**
 * Every property of `@pulumi/aws` (and of the Docker providers) that says which processor something runs on and can say
 * Graviton. `tests/policies/architecture/drift` knows those that were left out, and why.
 */
export const architectureProperties: ArchitectureProperty[] = architectureRules.flatMap(({ properties }) => properties);

/** How a resource type names its machine's image and leaves the choice of the machine to others. */
export function machineOf(type: string): Machine {
  return architectureRules.find(({ machines }) => type in machines)?.machines[type] ?? {};
}
