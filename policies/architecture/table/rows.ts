import type { ArchitectureProperty } from "../property";

/** A path, alone or with what is particular to it. */
type Path = string | Pick<ArchitectureProperty, "path" | "missing" | "except" | "isAnyEnough">;

/** The rows that share a policy, a kind and a page of documentation, by resource type. */
export function rows(
  shared: Pick<ArchitectureProperty, "policy" | "kind" | "source">,
  paths: Record<string, Path[]>,
): ArchitectureProperty[] {
  return Object.entries(paths).flatMap(([type, ofType]) =>
    ofType.map((path) => ({ ...shared, type, ...(typeof path === "string" ? { path } : path) })),
  );
}
