import type { Operator } from "../syntax/nodes";
import { Double, isNumber, type Value } from "./values";

type Numeric = number | bigint | Double;

/** An integer of the narrowest type that is at least as wide as both operands'. */
function integer(value: bigint, wide: boolean): number | bigint {
  return wide || BigInt.asIntN(32, value) !== value ? value : Number(value);
}

/** As `doubleValue()` gives it. */
export function doubleOf(value: Numeric): number {
  return value instanceof Double ? value.value : Number(value);
}

const DOUBLES: Partial<Record<Operator, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
};

const INTEGERS: Partial<Record<Operator, (left: bigint, right: bigint) => bigint>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
};

/** As Java computes it, except that integers grow where Java's would overflow. Null for a division by zero. */
export function calculate(operator: Operator, left: Numeric, right: Numeric): Numeric | null {
  if ((operator === "/" || operator === "%") && doubleOf(right) === 0) return null;
  if (left instanceof Double || right instanceof Double) {
    return new Double(DOUBLES[operator]?.(doubleOf(left), doubleOf(right)) ?? Number.NaN);
  }
  const wide = typeof left === "bigint" || typeof right === "bigint";
  return integer(INTEGERS[operator]?.(BigInt(left), BigInt(right)) ?? 0n, wide);
}

/** Negative, zero or positive, as the left is less than, equal to or greater than the right. */
export function compareNumbers(left: Numeric, right: Numeric): number {
  const [one, other] =
    left instanceof Double || right instanceof Double ? [doubleOf(left), doubleOf(right)] : [left, right];
  return one < other ? -1 : one > other ? 1 : 0;
}

/** As `intValue()` gives it. */
export function intOf(value: Numeric): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(BigInt.asIntN(32, value));
  return Math.trunc(Math.min(Math.max(value.value || 0, -(2 ** 31)), 2 ** 31 - 1));
}

/** As `longValue()` gives it. */
export function longOf(value: Numeric): bigint {
  if (!(value instanceof Double)) return BigInt.asIntN(64, BigInt(value));
  const size = value.value || 0;
  if (size >= 2 ** 63) return 2n ** 63n - 1n;
  return size <= -(2 ** 63) ? -(2n ** 63n) : BigInt(Math.trunc(size));
}

/** Undefined for values that have no order: those of different kinds, and those other than numbers and texts. */
export function compareValues(left: Value, right: Value): number | undefined {
  if (isNumber(left) && isNumber(right)) return compareNumbers(left, right);
  if (typeof left !== "string" || typeof right !== "string") return undefined;
  return left < right ? -1 : left > right ? 1 : 0;
}
