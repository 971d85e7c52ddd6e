import { UnknownValueError } from "@pulumi/policy";
import { describe } from "./messages";

/** What is found at a path of a resource's properties. */
export type Reading =
  | { state: "known"; path: string; value: unknown }
  /** Not given, or given as an empty list. */
  | { state: "missing"; path: string }
  /** Only a deployment will tell. */
  | { state: "unknown"; path: string }
  /** Not of the shape that the path says; `problem` goes after the path in a sentence. */
  | { state: "unreadable"; path: string; problem: string };

const unknown = Symbol("unknown");

/**
 * Reads what is at a path, element by element, so that what is unknown or of a wrong type hides nothing else.
 * @param path Names joined by dots, `[]` after the name of a list, `{}` after that of a JSON document in a string, `*` for
 * every key of a map: `containerProperties{}.runtimePlatform.cpuArchitecture`.
 */
export function read(props: object, path: string): Reading[] {
  return walk(props, path.match(/[^.[\]{}]+|\[\]|\{\}/g) ?? [], "", false);
}

/** The values at a path that are known. */
export function known(props: object, path: string): unknown[] {
  return read(props, path).flatMap((reading) => (reading.state === "known" ? [reading.value] : []));
}

/** True when something is given at the path, known or not. */
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
    // The parser's message quotes the document, which may hold secrets.
    const place = /position \d+/.exec(String(error))?.[0];
    return [{ state: "unreadable", path, problem: `is not valid JSON${place ? ` (at ${place})` : ""}` }];
  }
}

/**
 * The name as it is written in a JSON document: Go, which the provider reads JSON with, takes names in any case, and of
 * several that are alike the last one.
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
