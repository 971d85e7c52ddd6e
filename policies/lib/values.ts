import { UnknownValueError } from "@pulumi/policy";
import { describe } from "./messages";
import { note, watch } from "./unknowns";

/** What is found at a path of a resource's properties. */
export type Reading =
  | { state: "known"; path: string; value: unknown }
  /** Not given, or given as an empty list. */
  | { state: "missing"; path: string }
  /** Known only after deployment; `isHidden` if it may be missing, because something on the way to it is unknown. */
  | { state: "unknown"; path: string; isHidden: boolean }
  /** Not of the shape that the path expects; `problem` completes a sentence that begins with the path. */
  | { state: "unreadable"; path: string; problem: string };

const unknown = Symbol("unknown");

/**
 * Reads the values at a path, element by element, so that an unknown or wrongly typed element does not hide the others.
 * Unknown values are noted, because the outcome of the rule may depend on them.
 * @param path Names joined by dots, with `[]` after a list, `{}` after a JSON document (in a string, or as an object
 * that the provider converts), and `*` for every key of a map, such as
 * `containerProperties{}.runtimePlatform.cpuArchitecture`.
 * @param at The path of `props` itself, if they are only a part of the resource's properties.
 */
export function read(props: object, path: string, at = ""): Reading[] {
  return noting(props, find(props, path, at), () => true);
}

/** Like `read`, for rules that ask what is given, not what its value is: only hidden values are noted. */
export function readGiven(props: object, path: string, at = ""): Reading[] {
  return noting(props, find(props, path, at), ({ isHidden }) => isHidden);
}

/** The known values at a path. */
export function known(props: object, path: string): unknown[] {
  return read(props, path).flatMap((reading) => (reading.state === "known" ? [reading.value] : []));
}

/** True if there is a value at the path, known or not. */
export function isGiven(props: object, path: string): boolean {
  const { result: readings, unknowns } = watch(() => readGiven(props, path));
  if (readings.some((reading) => reading.state !== "missing" && !isHidden(reading))) return true;
  note(unknowns);
  return unknowns.length > 0;
}

/** Whether a value at the path passes the test. Unknown values matter only if no known one does. */
export function holds(props: object, path: string, test: (value: unknown) => boolean): boolean {
  const { result: readings, unknowns } = watch(() => read(props, path));
  if (readings.some((reading) => reading.state === "known" && test(reading.value))) return true;
  note(unknowns);
  return false;
}

function isHidden(reading: Reading): boolean {
  return reading.state === "unknown" && reading.isHidden;
}

function noting(within: object, readings: Reading[], matters: (reading: { isHidden: boolean }) => boolean): Reading[] {
  note(
    readings.flatMap((reading) =>
      reading.state === "unknown" && matters(reading) ? [{ within, path: reading.path }] : [],
    ),
  );
  return readings;
}

function find(props: object, path: string, at: string): Reading[] {
  return walk(props, path.match(/[^.[\]{}]+|\[\]|\{\}/g) ?? [], at, false);
}

function walk(value: unknown, steps: string[], path: string, isJson: boolean): Reading[] {
  const [step, ...rest] = steps;
  if (value === unknown) return [{ state: "unknown", path, isHidden: step !== undefined }];
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
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return walk(value, steps, path, true);
  if (typeof value !== "string") return [unreadable(path, value, "a JSON document")];
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
