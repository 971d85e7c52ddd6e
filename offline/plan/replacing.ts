import type { Resource } from "../engine/graph";
import { reveal } from "../engine/values";
import { covers, format, type Path } from "./paths";
import { replacingProperties } from "./rules/aws";
import { conditionally } from "./rules/conditions";

/** Why a resource is replaced. */
export interface Replacing {
  /** The input, with its path: `computeResources.type`. */
  property: string;
  reason: string;
}

/** An input, or a place inside one, that differs or may differ after a deployment. */
export interface ChangedInput {
  path: Path;
  /** The resource whose new outputs the input is made from, if it does not differ by itself. */
  madeFrom?: string;
}

/** The changed inputs because of which a resource is replaced. */
export function replacing(before: Resource, after: Resource, changed: ChangedInput[]): Replacing[] {
  const { replaceOnChanges = [] } = after.options;
  const forced = forcedPatterns(before, after);
  return changed.flatMap(({ path, madeFrom }) => {
    const cause = madeFrom === undefined ? "" : `; it is made from new outputs of ${madeFrom}`;
    const because = (reason: string) => [{ property: format(path), reason: reason + cause }];
    if (replaceOnChanges.some((pattern) => covers(pattern, path))) {
      return because("the program lists it in replaceOnChanges");
    }
    // The rules do not tell the elements of a list apart.
    const names = path.filter((key) => typeof key === "string");
    return forced.some((pattern) => covers(pattern, names)) ? because("the provider cannot change it in place") : [];
  });
}

function forcedPatterns(before: Resource, after: Resource): string[] {
  const known = replacingProperties[after.type];
  if (!known) return [];
  const patterns = ["region", ...known, ...conditionally(after.type, before.inputs, after.inputs)];
  return patterns.flatMap((pattern) => {
    const [property = ""] = pattern.split("#");
    if (property === pattern) return [pattern];
    return countOf(property, before) === countOf(property, after) ? [] : [property];
  });
}

/** How many elements a list has; an object counts as one. */
function countOf(property: string, { inputs }: Resource): number {
  const inside = (value: unknown, key: string) => (value as Record<string, unknown> | undefined)?.[key];
  const value = property.split(".").reduce(inside, reveal(inputs)) ?? [];
  return Array.isArray(value) ? value.length : 1;
}
