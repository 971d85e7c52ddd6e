import { describe, show } from "../lib/messages";
import type { Finding, ResourceRule, Settings } from "../lib/rule";
import { type Reading, read, readGiven } from "../lib/values";

interface Kinds {
  boolean: boolean;
  number: number;
  string: string;
}

/** What a property must be. */
interface Demand<Kind extends keyof Kinds> {
  type: Kind;
  isRight(value: Kinds[Kind]): boolean;
  /** What to write instead, as the end of a sentence that begins with the problem. */
  instead: string;
  /** True if AWS's default is right. @default false */
  mayBeMissing?: boolean;
}

/** Inclusive bounds; `maximum` may be a setting, which is a number by the policy's schema. */
interface Range {
  minimum: number;
  maximum: unknown;
  unit?: string;
  note?: string;
  mayBeMissing?: boolean;
}

type Check = (props: Record<string, unknown>, settings: Settings) => Finding[];

/** A rule's check by resource type; resources of other types are not checked. */
export function byType(checks: Record<string, Check>): ResourceRule["checkResource"] {
  return ({ type, props }, settings) => checks[type]?.(props, settings) ?? [];
}

/** A rule's check of the value at one path, which depends on the resource type. */
export function byPath(
  paths: Record<string, string>,
  check: (props: object, path: string, settings: Settings) => Finding[],
): ResourceRule["checkResource"] {
  return ({ type, props }, settings) => (paths[type] === undefined ? [] : check(props, paths[type], settings));
}

/**
 * One finding for each value at a path that is known and not as demanded.
 * @param at The path of `props` itself, if they are only a part of the resource's properties.
 */
export function demand<Kind extends keyof Kinds>(
  props: object,
  path: string,
  demanded: Demand<Kind>,
  at = "",
): Finding[] {
  return read(props, path, at).flatMap((reading) => judge(reading, demanded));
}

/** One finding for each reading that does not have the shape that its path expects. */
export function unreadable(readings: Reading[]): Finding[] {
  return readings.flatMap((reading) =>
    reading.state === "unreadable" ? [{ message: `${reading.path} ${reading.problem}.` }] : [],
  );
}

/** Demands a value, whatever it is, so that one which is still unknown is right too. */
export function demandGiven(props: object, path: string, instead: string): Finding[] {
  const demanded: Demand<"string"> = { type: "string", isRight: (value) => value !== "", instead };
  return readGiven(props, path).flatMap((reading) => judge(reading, demanded));
}

export function demandTrue(props: object, path: string, instead: string, at = ""): Finding[] {
  return demand(props, path, { type: "boolean", isRight: (value) => value, instead }, at);
}

/** Demands true or, as AWS defaults to true, nothing. */
export function forbidFalse(props: object, path: string, instead: string): Finding[] {
  return demand(props, path, { type: "boolean", isRight: (value) => value, instead, mayBeMissing: true });
}

/** Demands a number in a range; `note` is added to the end of the message. */
export function demandRange(
  props: object,
  path: string,
  { minimum, maximum, unit, note = "", mayBeMissing }: Range,
): Finding[] {
  return demand(props, path, {
    type: "number",
    isRight: (value) => value >= minimum && value <= Number(maximum),
    instead: `write a number ${unit ? `of ${unit} ` : ""}from ${minimum} to ${maximum}${note}`,
    mayBeMissing,
  });
}

/** One finding for each known wrong value at the paths; values of another shape are left to other rules. */
export function forbid(props: object, isWrong: (value: unknown) => boolean, why: string, paths: string[]): Finding[] {
  return paths.flatMap((path) =>
    read(props, path).flatMap((reading) => {
      if (reading.state !== "known" || !isWrong(reading.value)) return [];
      return [{ message: `${reading.path} is ${show(reading.value)}: ${why}.` }];
    }),
  );
}

function judge<Kind extends keyof Kinds>(reading: Reading, demanded: Demand<Kind>): Finding[] {
  const { path, state } = reading;
  const { type, isRight, instead, mayBeMissing = false } = demanded;
  if (state === "unknown") return [];
  if (state === "missing") return mayBeMissing ? [] : [{ message: `${path} is missing: ${instead}.` }];
  if (state === "unreadable") return unreadable([reading]);
  // Some properties are flags in strings, and the provider converts the others.
  const value = type === "boolean" ? flagOf(reading.value) : reading.value;
  if (!isOf(type, value)) {
    return [{ message: `${path} must be a ${type}, but is ${describe(value)}.` }];
  }
  return isRight(value) ? [] : [{ message: `${path} is ${show(value)}: ${instead}.` }];
}

function flagOf(value: unknown): unknown {
  return value === "true" || value === "false" ? value === "true" : value;
}

function isOf<Kind extends keyof Kinds>(type: Kind, value: unknown): value is Kinds[Kind] {
  return typeof value === type;
}
