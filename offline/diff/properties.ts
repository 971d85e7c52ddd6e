import { tryJson } from "../engine/documents";
import { Archive, Asset, isMap, type Properties, redact, Secret, type Value } from "../engine/values";
import { differences, format, type Path } from "../plan/paths";
import type { ChangedInput } from "../plan/replacing";
import { uniqueBy } from "./grouping";
import type { PropertyDiff } from "./model";

/** The changed inputs with their values. Texts that are JSON documents are compared inside. */
export function propertyDiffs(changed: ChangedInput[], before: Properties, after: Properties): PropertyDiff[] {
  const own = changed.filter(({ madeFrom }) => madeFrom === undefined).map(({ path }) => path);
  const made = changed.flatMap(({ path, madeFrom }): PropertyDiff[] =>
    madeFrom === undefined ? [] : [{ path: format(path), ...shown("before", valueAt(before, path)), madeFrom }],
  );
  return uniqueBy([...own.flatMap((path) => diffsAt(path, before, after)), ...made], ({ path }) => path);
}

function diffsAt(given: Path, before: Properties, after: Properties): PropertyDiff[] {
  const path = outermost(given, before, after);
  const [was, is] = [valueAt(before, path), valueAt(after, path)];
  const [one, other] = [documentIn(was), documentIn(is)];
  const inner = one && other ? differences(one, other).map((place) => outermost(place, one, other)) : [];
  if (inner.length === 0) return [{ path: format(path), ...shown("before", was), ...shown("after", is) }];
  return inner.map((place) => ({
    path: format([...path, ...place]),
    ...shown("before", valueAt(one, place)),
    ...shown("after", valueAt(other, place)),
  }));
}

/**
 * The part of a path to the first value that only one side has or that is a secret: what is added or removed as a whole is one
 * difference, and the names inside a secret may be secret as well.
 */
function outermost(path: Path, before: Value, after: Value): Path {
  const last = path.findIndex((_, index) => {
    const [one, other] = [before, after].map((value) => valueAt(value, path.slice(0, index + 1)) ?? undefined);
    return (one === undefined) !== (other === undefined) || one instanceof Secret || other instanceof Secret;
  });
  return last < 0 ? path : path.slice(0, last + 1);
}

function shown(side: "before" | "after", value: Value | undefined): Partial<PropertyDiff> {
  if (value === undefined || value === null) return {};
  if ((value instanceof Asset || value instanceof Archive) && value.digest) {
    return { [side]: `contents ${value.digest.slice(0, 8)}` };
  }
  return { [side]: redact(value) };
}

/** The value at a path; a secret if it is inside one. */
function valueAt(value: Value | undefined, path: Path): Value | undefined {
  if (value instanceof Secret) return value;
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(value)) return valueAt(value[Number(key)], rest);
  return isMap(value) ? valueAt(value[key], rest) : undefined;
}

function documentIn(value: Value | undefined): Value | undefined {
  return typeof value === "string" && /^\s*[{[]/.test(value) ? (tryJson(value) as Value | undefined) : undefined;
}
