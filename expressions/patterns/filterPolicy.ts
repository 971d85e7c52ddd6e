import type { Alternative } from "./compile";
import { type Json, JsonObject, readJson } from "./json";
import { describeMistake, type Mistake } from "./mistakes";
import { ALL_OPERATORS, type Operators } from "./operators";
import { compilePattern, InvalidPatternError, Pattern } from "./pattern";

/** What a filter policy looks at. */
export type FilterPolicyScope = "MessageAttributes" | "MessageBody";

/** A message attribute of SNS, as it is published. */
export interface MessageAttribute {
  DataType: string;
  StringValue?: string;
}

/** A filter policy that SNS refuses. */
export class InvalidFilterPolicyError extends Error {
  override readonly name = "InvalidFilterPolicyError";

  /** @param message in AWS's words, as they come after `Invalid parameter: ` */
  constructor(
    message: string,
    readonly mistakes: readonly Mistake[],
  ) {
    super(message);
  }

  /** One line for each mistake, with what to write instead. */
  get explanations(): string[] {
    return this.mistakes.map(describeMistake);
  }
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html */
const OPERATORS: Operators = {
  all: ALL_OPERATORS.all.filter((name) => name !== "wildcard"),
  anythingBut: ["prefix"],
  hasLists: false,
};
/** @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const MAX_KEYS = 5;
const MAX_COMBINATIONS = 150;

/**
 * Compiles a filter policy of an SNS subscription. It matches a message's JSON body, or what `attributesAsEvent` makes of
 * its attributes.
 * @param policy JSON, or what `JSON.stringify` makes JSON of
 * @throws InvalidFilterPolicyError with all mistakes; its message is AWS's
 */
export function parseFilterPolicy(policy: string | object, scope: FilterPolicyScope): Pattern {
  const alternatives = compile(policy);
  const names = new Set(alternatives.flatMap((alternative) => [...alternative.keys()]));
  const keys = new Set([...names].map((name) => name.split(".")[0]));
  if (keys.size > MAX_KEYS) {
    const advice = `Keep ${MAX_KEYS} of ${[...keys].join(", ")}, or group them in an object of the message's body.`;
    refuse(`Filter policy can not have more than ${MAX_KEYS} keys`, advice);
  }
  if (scope === "MessageAttributes" && isNested(readJson(policy))) {
    const reason = "Filter policy scope MessageAttributes does not support nested filter policy";
    const advice = "Write the scope MessageBody, or an array of values for each attribute.";
    throw new InvalidFilterPolicyError(reason, [{ path: "", reason, advice }]);
  }
  const combinations = alternatives.reduce((sum, alternative) => sum + combinationsOf(alternative), 0);
  if (combinations > MAX_COMBINATIONS) {
    const advice = `Write fewer values: they make ${combinations} combinations, each value counting for each level that it is nested in, and at most ${MAX_COMBINATIONS} are allowed.`;
    refuse("Filter policy is too complex", advice);
  }
  return new Pattern(alternatives);
}

/** The attributes of a message, as the event that a filter policy matches. Binary attributes cannot be matched. */
export function attributesAsEvent(attributes: Readonly<Record<string, MessageAttribute>>): string {
  const members = Object.entries(attributes).flatMap(([name, { DataType, StringValue = "" }]) => {
    const value = jsonOf(DataType, StringValue);
    return value === undefined ? [] : [`${JSON.stringify(name)}:${value}`];
  });
  return `{${members.join()}}`;
}

/** A label may follow the type, as in `String.label`; only arrays are a type of their own. */
function jsonOf(type: string, value: string): string | undefined {
  if (type === "String.Array" || /^Number\b/.test(type)) return isJson(value) ? value : undefined;
  return /^String\b/.test(type) ? JSON.stringify(value) : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function compile(policy: string | object): Alternative[] {
  if (typeof policy === "string" && !isJson(policy)) refuse("failed to parse JSON.", "Write the policy as JSON.");
  try {
    return compilePattern(policy, OPERATORS);
  } catch (error) {
    if (!(error instanceof InvalidPatternError)) throw error;
    throw new InvalidFilterPolicyError(`FilterPolicy: ${error.mistakes[0]?.reason}`, error.mistakes);
  }
}

function refuse(reason: string, advice: string): never {
  throw new InvalidFilterPolicyError(`FilterPolicy: ${reason}`, [{ path: "", reason, advice }]);
}

function isNested(policy: Json): boolean {
  if (!(policy instanceof JsonObject)) return false;
  return policy.members.some(([name, value]) =>
    name === "$or" && Array.isArray(value) ? value.some(isNested) : value instanceof JsonObject,
  );
}

/** The values of each field, each counted for every level that it is nested in, multiplied. */
function combinationsOf(alternative: Alternative): number {
  return [...alternative].reduce((product, [path, tests]) => product * tests.length * path.split(".").length, 1);
}
