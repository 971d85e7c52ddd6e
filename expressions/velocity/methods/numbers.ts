import { MethodFailure } from "../failures";
import { compareNumbers, doubleOf, intOf, longOf } from "../values/numbers";
import { Double, isEqual, isNumber, textOf, type Value } from "../values/values";
import { hashOf, incomparable, type Methods, methodsOf } from "./method";

type Numeric = number | bigint | Double;

const method = methodsOf<Numeric>();

function parseWhole(text: string, bits: number, radix = 10): bigint {
  const digits = /^([+-]?)([0-9a-z]+)$/i.exec(text);
  const values = [...(digits?.[2] ?? "")].map((digit) => Number.parseInt(digit, 36));
  if (digits && values.every((digit) => digit < radix)) {
    const size = values.reduce((sum, digit) => sum * BigInt(radix) + BigInt(digit), 0n);
    const value = digits[1] === "-" ? -size : size;
    if (BigInt.asIntN(bits, value) === value) return value;
  }
  throw new MethodFailure(`${JSON.stringify(text)} is not ${bits === 32 ? "an int" : "a long"}`);
}

function parseDouble(text: string): Double {
  const trimmed = text.trim().replace(/[dDfF]$/, "");
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed)) return new Double(Number(trimmed));
  if (/^[+-]?(?:NaN|Infinity)$/.test(trimmed)) return new Double(Number(trimmed));
  throw new MethodFailure(`${JSON.stringify(text)} is not a double`);
}

const parseInteger = (_: Numeric, text: string, radix?: number) => Number(parseWhole(text, 32, radix));

function compareAlike(self: Numeric, other: Value): number {
  const isAlike = isNumber(other) && typeof other === typeof self;
  return isAlike ? compareNumbers(self, other) : incomparable();
}

const COMMON: Methods<Numeric> = {
  doubleValue: [method([], (self) => new Double(doubleOf(self)))],
  equals: [method(["any"], (self, other) => isEqual(self, other))],
  hashCode: [method([], (self) => hashOf(self))],
  intValue: [method([], intOf)],
  longValue: [method([], longOf)],
  toString: [method([], (self) => textOf(self))],
};

/** The methods of `java.lang.Integer`; templates call the static ones on any integer. */
export const INTEGERS: Methods<Numeric> = {
  ...COMMON,
  compare: [method(["int", "int"], (_, one, other) => compareNumbers(one, other))],
  compareTo: [method(["any"], compareAlike)],
  max: [method(["int", "int"], (_, one, other) => Math.max(one, other))],
  min: [method(["int", "int"], (_, one, other) => Math.min(one, other))],
  parseInt: [method(["text"], parseInteger), method(["text", "int"], parseInteger)],
  signum: [method(["int"], (_, value) => Math.sign(value))],
  sum: [method(["int", "int"], (_, one, other) => (one + other) | 0)],
  toBinaryString: [method(["int"], (_, value) => (value >>> 0).toString(2))],
  toHexString: [method(["int"], (_, value) => (value >>> 0).toString(16))],
  toOctalString: [method(["int"], (_, value) => (value >>> 0).toString(8))],
  toString: [
    method([], (self) => textOf(self)),
    method(["int"], (_, value) => String(value)),
    method(["int", "int"], (_, value, radix) => value.toString(radix)),
  ],
  valueOf: [
    method(["text"], parseInteger),
    method(["int"], (_, value) => value),
    method(["text", "int"], parseInteger),
  ],
};

const parseLong = (_: Numeric, text: string, radix?: number) => parseWhole(text, 64, radix);

/** The methods of `java.lang.Long`. */
export const LONGS: Methods<Numeric> = {
  ...COMMON,
  compare: [method(["long", "long"], (_, one, other) => compareNumbers(one, other))],
  compareTo: [method(["any"], compareAlike)],
  max: [method(["long", "long"], (_, one, other) => longOf(one > other ? one : other))],
  min: [method(["long", "long"], (_, one, other) => longOf(one < other ? one : other))],
  parseLong: [method(["text"], parseLong), method(["text", "int"], parseLong)],
  sum: [method(["long", "long"], (_, one, other) => BigInt.asIntN(64, longOf(one) + longOf(other)))],
  toString: [method([], (self) => textOf(self)), method(["long"], (_, value) => String(value))],
  valueOf: [method(["text"], parseLong), method(["long"], (_, value) => longOf(value))],
};

/** The methods of `java.lang.Double`. */
export const DOUBLES: Methods<Numeric> = {
  ...COMMON,
  compare: [method(["double", "double"], (_, one, other) => compareNumbers(one, other))],
  compareTo: [method(["any"], compareAlike)],
  isInfinite: [method([], (self) => self instanceof Double && Math.abs(self.value) === Number.POSITIVE_INFINITY)],
  isNaN: [method([], (self) => self instanceof Double && Number.isNaN(self.value))],
  max: [method(["double", "double"], (_, one, other) => new Double(Math.max(doubleOf(one), doubleOf(other))))],
  min: [method(["double", "double"], (_, one, other) => new Double(Math.min(doubleOf(one), doubleOf(other))))],
  parseDouble: [method(["text"], (_, text) => parseDouble(text))],
  sum: [method(["double", "double"], (_, one, other) => new Double(doubleOf(one) + doubleOf(other)))],
  toString: [method([], (self) => textOf(self))],
  valueOf: [method(["text"], (_, text) => parseDouble(text))],
};

/** The methods of `java.lang.Boolean`. */
const flag = methodsOf<boolean>();
const parseFlag = (_: boolean, text: string) => text.toLowerCase() === "true";
export const BOOLEANS: Methods<boolean> = {
  booleanValue: [flag([], (self) => self)],
  compareTo: [flag(["boolean"], (self, other) => Number(self) - Number(other)), flag(["any"], incomparable)],
  equals: [flag(["any"], (self, other) => isEqual(self, other))],
  hashCode: [flag([], (self) => hashOf(self))],
  parseBoolean: [flag(["text"], parseFlag)],
  toString: [flag([], (self) => textOf(self))],
  valueOf: [flag(["text"], parseFlag), flag(["boolean"], (_, value) => value)],
};
