import { type Value, Walk } from "../../../../expressions/velocity";
import { JsonArray } from "./json";
import { PathReader, type Step } from "./jsonPathReader";

/**
 * What a JSONPath finds, in the dialect of Jayway's library, which API Gateway uses: a path that can match once gives
 * the value, and any other a list. The functions other than `length()` are left out.
 * @returns null if a path that can match once matches nothing
 * @throws MethodFailure for a path that cannot be read
 */
export function findPath(root: Value, path: string, walk = new Walk()): Value {
  const steps = new PathReader(path).path((from, inner) => follow(from, root, inner, walk));
  return follow(root, root, steps, walk) ?? null;
}

/** Undefined if nothing is found. */
function follow(from: Value, root: Value, steps: Step[], walk: Walk): Value | undefined {
  let found: Value[] = [from];
  let isDefinite = true;
  for (const step of steps) {
    const before = "isDeep" in step && step.isDeep ? found.flatMap((value) => descendants(value, walk)) : found;
    found = before.flatMap((value) => take(value, step, root, walk));
    isDefinite &&= isSingle(step);
  }
  return isDefinite ? found[0] : JsonArray.from(found);
}

function isSingle(step: Step): boolean {
  if (step.kind === "length") return true;
  if (step.isDeep) return false;
  return step.kind === "names" || (step.kind === "indexes" && step.indexes.length === 1);
}

function descendants(value: Value, walk: Walk): Value[] {
  walk.step();
  return [value, ...children(value).flatMap((child) => descendants(child, walk))];
}

function children(value: Value): Value[] {
  if (Array.isArray(value)) return [...value];
  return value instanceof Map ? [...value.values()] : [];
}

function take(value: Value, step: Step, root: Value, walk: Walk): Value[] {
  walk.step();
  switch (step.kind) {
    case "names":
      return named(value, step.names);
    case "indexes":
      return Array.isArray(value) ? step.indexes.flatMap((index) => present(value.at(index))) : [];
    case "slice":
      return Array.isArray(value) ? [...value.slice(step.from, step.to)] : [];
    case "all":
      return children(value);
    case "filter":
      return (Array.isArray(value) ? [...value] : value instanceof Map ? [value] : []).filter((one) => {
        walk.step();
        return step.holds(one, root);
      });
    case "length":
      return Array.isArray(value) ? [value.length] : value instanceof Map ? [value.size] : [];
  }
}

function present(value: Value | undefined): Value[] {
  return value === undefined ? [] : [value];
}

/** Several names give an object with those members. */
function named(value: Value, names: string[]): Value[] {
  if (!(value instanceof Map)) return [];
  const [name = ""] = names;
  if (names.length === 1) return value.has(name) ? [value.get(name) ?? null] : [];
  return [new Map([...value].filter(([key]) => typeof key === "string" && names.includes(key)))];
}
