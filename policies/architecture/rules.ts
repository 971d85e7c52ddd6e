import { batch } from "./batch";
import { containerRules } from "./containers";
import { ec2Rules } from "./ec2";
import { emrRules } from "./emr";
import { lambda } from "./lambda";
import { managedRules } from "./managed";
import type { ArchitectureProperty, ArchitectureRule, Machine } from "./rule";

/** One rule for each service, or for each part of a service that is configured separately. */
export const architectureRules: ArchitectureRule[] = [
  lambda,
  batch,
  ...emrRules,
  ...ec2Rules,
  ...containerRules,
  ...managedRules,
];

/**
 * Every property of `@pulumi/aws` and the Docker providers that selects the processor and can select Graviton.
 * `tests/policies/architecture/drift` lists those that are left out, and why.
 */
export const architectureProperties: ArchitectureProperty[] = architectureRules.flatMap(({ properties }) => properties);

/** Where a resource type names its machine's image and launch template; empty if it has none. */
export function machineOf(type: string): Machine {
  return architectureRules.find(({ machines }) => type in machines)?.machines[type] ?? {};
}
