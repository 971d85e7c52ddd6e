import { describe, show } from "../lib/messages";
import type { Finding, ResourceRule, Settings } from "../lib/rule";
import { type Reading, read } from "../lib/values";

interface Kinds {
  boolean: boolean;
  number: number;
  string: string;
}

/** What a property must be. */
interface Demand<Kind extends keyof Kinds> {
  type: Kind;
  isRight(value: Kinds[Kind]): boolean;
  /** The end of a sentence that begins with what is wrong: what to write instead. */
  instead: string;
  /** Set where what AWS takes when nothing is given is right. @default false */
  mayBeMissing?: boolean;
}

/** Inclusive bounds; `maximum` may be a setting, which the policy's schema makes a number. */
interface Range {
  minimum: number;
  maximum: unknown;
  unit?: string;
  note?: string;
  mayBeMissing?: boolean;
}

type Check = (props: Record<string, unknown>, settings: Settings) => Finding[];

/** A rule's check by the type of the resource; resources of other types are let be. */
export function byType(checks: Record<string, Check>): ResourceRule["checkResource"] {
  return ({ type, props }, settings) => checks[type]?.(props, settings) ?? [];
}

/** A rule's check of the value at one path, which depends on the type of the resource. */
export function byPath(
  paths: Record<string, string>,
  check: (props: object, path: string, settings: Settings) => Finding[],
): ResourceRule["checkResource"] {
  return ({ type, props }, settings) => (paths[type] === undefined ? [] : check(props, paths[type], settings));
}

/** Nothing, when each value at a path is as demanded or unknown; else one finding for each that is not. */
export function demand<Kind extends keyof Kinds>(props: object, path: string, demanded: Demand<Kind>): Finding[] {
  return read(props, path).flatMap((reading) => judge(reading, demanded));
}

/** What a reading is found to be when it cannot be read as the path says. */
export function unreadable(readings: Reading[]): Finding[] {
  return readings.flatMap((reading) =>
    reading.state === "unreadable" ? [{ message: `${reading.path} ${reading.problem}.` }] : [],
  );
}

/** Whether a property is a value, or may be, as it is unknown. */
export function mayBe(props: object, path: string, value: unknown): boolean {
  return read(props, path).some((reading) =>
    reading.state === "known" ? reading.value === value : reading.state === "unknown",
  );
}

/** Demands that something is given, whatever it is. */
export function demandGiven(props: object, path: string, instead: string): Finding[] {
  return demand(props, path, { type: "string", isRight: (value) => value !== "", instead });
}

export function demandTrue(props: object, path: string, instead: string): Finding[] {
  return demand(props, path, { type: "boolean", isRight: (value) => value, instead });
}

/** Demands true, or nothing if AWS defaults to true. */
export function forbidFalse(props: object, path: string, instead: string): Finding[] {
  return demand(props, path, { type: "boolean", isRight: (value) => value, instead, mayBeMissing: true });
}

/** Demands a number in a range; `note` ends the sentence that says so. */
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

function judge<Kind extends keyof Kinds>(reading: Reading, demanded: Demand<Kind>): Finding[] {
  const { path, state } = reading;
  const { type, isRight, instead, mayBeMissing = false } = demanded;
  if (state === "unknown") return [];
  if (state === "missing") return mayBeMissing ? [] : [{ message: `${path} is missing: ${instead}.` }];
  if (state === "unreadable") return unreadable([reading]);
  const { value } = reading;
  if (!isOf(type, value)) {
    return [{ message: `${path} must be a ${type}, but is ${describe(value)}.` }];
  }
  return isRight(value) ? [] : [{ message: `${path} is ${show(value)}: ${instead}.` }];
}

function isOf<Kind extends keyof Kinds>(type: Kind, value: unknown): value is Kinds[Kind] {
  return typeof value === type;
}
