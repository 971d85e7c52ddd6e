import { type Json, type JsonLeaf, JsonNumber, JsonObject } from "./json";
import { refuse } from "./mistakes";

const COMPARISONS = new Map<string, (value: number, bound: number) => boolean>([
  ["=", (value, bound) => value === bound],
  ["<", (value, bound) => value < bound],
  ["<=", (value, bound) => value <= bound],
  [">", (value, bound) => value > bound],
  [">=", (value, bound) => value >= bound],
]);
const RANGE = 'Write one comparison, such as ["=", 5] or [">=", 0], or a range from below, such as [">", 0, "<=", 5].';

/** The same number, however it is spelled. */
export function sameNumber({ value, text }: JsonNumber): (leaf: JsonLeaf) => boolean {
  return (leaf) => leaf instanceof JsonNumber && (value === undefined ? leaf.text === text : leaf.value === value);
}

/**
 * The value of a number.
 * @throws Refusal if a double does not hold it exactly
 */
export function comparable({ text, value }: JsonNumber): number {
  return value ?? refuse(`Cannot compare number : ${text}`, "Write a number that a double holds exactly.");
}

/**
 * Reads a comparison, or two that make a range.
 * @throws Refusal
 */
export function readRange(value: Json): (leaf: JsonLeaf) => boolean {
  if (!Array.isArray(value)) return refuse("Value of numeric must be an array.", RANGE);
  const [operator, first, second, end] = value;
  if (typeof operator !== "string") return refuse(`Invalid member in numeric match: ${spelling(operator)}`, RANGE);
  const passes = COMPARISONS.get(operator);
  if (!passes) return refuse(`Unrecognized numeric range operator: ${operator}`, RANGE);
  const bound = boundIn(first, operator === "=" ? "equals" : operator);
  if (value.length === 2) {
    const limit = comparable(bound);
    return among((number) => passes(number, limit));
  }
  if (!operator.startsWith(">")) refuse("Too many elements in numeric expression", RANGE);
  if (typeof second !== "string") return refuse(`Bad value in numeric range: ${spelling(second)}`, RANGE);
  const isBelow = second.startsWith("<") ? COMPARISONS.get(second) : undefined;
  if (!isBelow) return refuse(`Bad numeric range operator: ${second}`, RANGE);
  const top = boundIn(end, second);
  if (value.length > 4) refuse("Too many terms in numeric range expression", RANGE);
  const from = comparable(bound);
  const to = comparable(top);
  if (from >= to) refuse("Bottom must be less than top", `Nothing is between ${bound.text} and ${top.text}: ${RANGE}`);
  return among((number) => passes(number, from) && isBelow(number, to));
}

function among(test: (value: number) => boolean): (leaf: JsonLeaf) => boolean {
  return (leaf) => {
    const value = leaf instanceof JsonNumber ? leaf.value : undefined;
    return value !== undefined && test(value);
  };
}

function boundIn(value: Json | undefined, operator: string): JsonNumber {
  return value instanceof JsonNumber ? value : refuse(`Value of ${operator} must be numeric`, RANGE);
}

/** A value as AWS's messages show it; nothing stands for the end of the array. */
function spelling(value: Json | undefined): string {
  if (value === undefined) return "]";
  if (value instanceof JsonNumber) return value.text;
  if (value instanceof JsonObject) return "{";
  return Array.isArray(value) ? "[" : String(value);
}
