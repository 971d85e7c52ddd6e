import type { ArchitectureProperty } from "./property";
import { computeProperties } from "./table/compute";
import { containerProperties } from "./table/containers";
import { dataProperties } from "./table/data";

/**
 * Every property of `@pulumi/aws` (and of the Docker providers) that says which processor something runs on and can say
 * Graviton. `tests/policies/drift` knows those that were left out, and why.
 */
export const architectureProperties: ArchitectureProperty[] = [
  ...computeProperties,
  ...containerProperties,
  ...dataProperties,
];
