import { UnknownValueError } from "@pulumi/policy";
import { describe } from "./messages";

/** What is found at a path of a resource's properties. */
export type Reading =
  | { state: "known"; path: string; value: unknown }
  /** Not given, or given as an empty list. */
  | { state: "missing"; path: string }
  /** Not known until deployment. */
  | { state: "unknown"; path: string }
  /** Not of the shape that the path expects; `problem` completes a sentence that begins with the path. */
  | { state: "unreadable"; path: string; problem: string };

const unknown = Symbol("unknown");

/**
 * Reads the values at a path, element by element, so that an unknown or wrongly typed element does not hide the others.
 * @param path Names joined by dots, with `[]` after a list, `{}` after a JSON document in a string, and `*` for every
 * key of a map, such as `containerProperties{}.runtimePlatform.cpuArchitecture`.
 */
export function read(props: object, path: string): Reading[] {
  return walk(props, path.match(/[^.[\]{}]+|\[\]|\{\}/g) ?? [], "", false);
}

/** The known values at a path. */
export function known(props: object, path: string): unknown[] {
  return read(props, path).flatMap((reading) => (reading.state === "known" ? [reading.value] : []));
}

/** True if there is a value at the path, known or not. */
export function isGiven(props: object, path: string): boolean {
  return read(props, path).some(({ state }) => state !== "missing");
}

function walk(value: unknown, steps: string[], path: string, isJson: boolean): Reading[] {
  const [step, ...rest] = steps;
  if (value === unknown) return [{ state: "unknown", path }];
  if (value === undefined || value === null) return [{ state: "missing", path: path + display(steps) }];
  if (step === undefined) return [{ state: "known", path, value }];
  if (step === "{}") return walkJson(value, rest, path);
  if (step === "[]") {
    if (!Array.isArray(value)) return [unreadable(path, value, "a list")];
    if (value.length === 0) return [{ state: "missing", path: path + display(rest) }];
    return Array.from({ length: value.length }, (_, index) =>
      walk(get(value, index), rest, `${path}[${index}]`, isJson),
    ).flat();
  }
  if (typeof value !== "object" || Array.isArray(value)) return [unreadable(path, value, "a map")];
  const keys = step === "*" ? Object.keys(value) : [isJson ? keyOf(value, step) : step];
  if (keys.length === 0) return [{ state: "missing", path: path + display(steps) }];
  return keys.flatMap((key) => walk(get(value, key), rest, path ? `${path}.${key}` : key, isJson));
}

function walkJson(value: unknown, steps: string[], path: string): Reading[] {
  if (typeof value !== "string") return [unreadable(path, value, "a JSON document in a string")];
  try {
    return walk(JSON.parse(value), steps, path, true);
  } catch (error) {
    // The parser's message quotes the document, which may contain secrets.
    const place = /position \d+/.exec(String(error))?.[0];
    return [{ state: "unreadable", path, problem: `is not valid JSON${place ? ` (at ${place})` : ""}` }];
  }
}

/**
 * The name as it is spelled in a JSON document: the provider's JSON parser, Go's, ignores case, and if several names
 * match, the last one wins.
 */
export function keyOf(value: object, name: string): string {
  return Object.keys(value).findLast((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
}

function get(container: object, key: string | number): unknown {
  try {
    return (container as Record<string | number, unknown>)[key];
  } catch (error) {
    if (error instanceof UnknownValueError) return unknown;
    throw error;
  }
}

function display(steps: string[]): string {
  const names = steps.filter((step) => step !== "[]" && step !== "{}").map((step) => `.${step}`);
  return names.join("");
}

function unreadable(path: string, value: unknown, wanted: string): Reading {
  return { state: "unreadable", path, problem: `must be ${wanted}, but is ${describe(value)}` };
}
