import {
  Archive,
  Asset,
  isMap,
  ResourceReference,
  redact,
  reveal,
  Secret,
  Unknown,
  type Value,
} from "../engine/values";

/** The place of a value inside a resource's inputs: `["tags", "Name"]`, `["rules", 0, "id"]`. */
export type Path = (string | number)[];

/**
 * The innermost places where two values differ. A secret equals the value inside it, null equals a missing
 * value, and an unknown equals only another unknown.
 */
export function differences(before: Value | undefined, after: Value | undefined, path: Path = []): Path[] {
  const [one, other] = [bare(before), bare(after)];
  const keys = keysOf(one, other);
  if (keys.length === 0) return fingerprint(one) === fingerprint(other) ? [] : [path];
  return keys.flatMap((key) => differences(at(one, key), at(other, key), [...path, key]));
}

/** The texts and unknowns inside a value, with their paths. */
export function leaves(value: Value | undefined, path: Path = []): { path: Path; leaf: string | Unknown }[] {
  const open = bare(value);
  if (typeof open === "string" || open instanceof Unknown) return [{ path, leaf: open }];
  return keysOf(open).flatMap((key) => leaves(at(open, key), [...path, key]));
}

/** A path as Pulumi writes it: `rules[0].id`. */
export function format(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    if (!/^\w+$/.test(key)) return `${text}["${key}"]`;
    return text ? `${text}.${key}` : key;
  }, "");
}

/**
 * True for the path that the pattern names and for those inside it. `*` matches any key.
 * @see https://www.pulumi.com/docs/iac/concepts/miscellaneous/property-paths/
 */
export function covers(pattern: string, path: Path): boolean {
  const keys = [...pattern.matchAll(/\["((?:[^"\\]|\\.)*)"\]|[^.[\]]+/g)].map(([text, quoted]) => quoted ?? text);
  return keys.length <= path.length && keys.every((key, index) => key === "*" || key === String(path[index]));
}

/** The value without secrets and null. */
function bare(value: Value | undefined): Exclude<Value, Secret | null> | undefined {
  if (value instanceof Secret) return bare(value.value);
  return value ?? undefined;
}

function keysOf(...values: (Value | undefined)[]): (string | number)[] {
  const given = values.filter((value) => value !== undefined);
  if (given.every(isMap)) return [...new Set(given.flatMap((map) => Object.keys(map)))];
  if (!given.every(Array.isArray)) return [];
  return Array.from({ length: Math.max(0, ...given.map(({ length }) => length)) }, (_, index) => index);
}

function at(value: Value | undefined, key: string | number): Value | undefined {
  if (Array.isArray(value)) return value[Number(key)];
  return isMap(value) ? value[key] : undefined;
}

function fingerprint(value: Value | undefined): string {
  if (value === undefined) return "";
  if (value instanceof Unknown) return "unknown";
  if (value instanceof ResourceReference) return JSON.stringify(reveal(value));
  if ((value instanceof Asset || value instanceof Archive) && value.digest) return value.digest;
  return JSON.stringify(redact(value));
}
