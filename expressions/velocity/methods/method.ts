import { MethodFailure } from "../failures";
import { Double, isNumber, type Value, Walk } from "../values/values";

const TYPES = {
  int: (value: Value) => typeof value === "number",
  long: (value: Value) => typeof value === "number" || typeof value === "bigint",
  double: isNumber,
  boolean: (value: Value) => typeof value === "boolean",
  text: (value: Value) => typeof value === "string" || value === null,
  list: (value: Value) => Array.isArray(value) || value === null,
  map: (value: Value) => value instanceof Map || value === null,
  any: () => true,
};

type Type = keyof typeof TYPES;

interface Given {
  int: number;
  long: number | bigint;
  double: number | bigint | Double;
  boolean: boolean;
  text: string;
  list: Value[];
  map: Map<Value, Value>;
  any: Value;
}

interface Method<Self> {
  takes: readonly Type[];
  run(self: Self, given: Value[]): Value | undefined;
}

/** The methods of a type by name, each with one entry for every kind of arguments that it takes. */
export type Methods<Self> = Record<string, Method<Self>[]>;

/** Names the types of the arguments, as Java finds methods by them. A method without a result gives nothing. */
export function methodsOf<Self>() {
  return <const Takes extends readonly Type[]>(
    takes: Takes,
    run: (self: Self, ...given: { -readonly [Index in keyof Takes]: Given[Takes[Index]] }) => Value | undefined,
  ): Method<Self> => ({
    takes,
    run: (self, given) => run(self, ...(given as { -readonly [Index in keyof Takes]: Given[Takes[Index]] })),
  });
}

/**
 * Calls a method. Undefined if there is none of the name that takes the arguments.
 * @throws MethodFailure as Java throws an exception
 */
export function callOf<Self>(methods: Methods<Self>, self: Self, name: string, given: Value[]): Value | undefined {
  const named = Object.hasOwn(methods, name) ? methods[name] : undefined;
  const method = named?.find(
    ({ takes }) => takes.length === given.length && takes.every((type, index) => TYPES[type](given[index] ?? null)),
  );
  if (!method) return undefined;
  if (method.takes.some((type, index) => type !== "any" && given[index] === null)) {
    throw new MethodFailure(`${name}() is called without a value`);
  }
  const result = method.run(self, given);
  return result === undefined ? "" : result;
}

/** @throws MethodFailure always */
export function incomparable(): never {
  throw new MethodFailure("compareTo() is called with a value of another type");
}

/** Marks a method's result that is null, as opposed to none. */
export function orNull(value: Value | undefined): Value {
  return value ?? null;
}

/** As Java's `hashCode`, for texts, numbers, lists and maps. */
export function hashOf(value: Value, walk = new Walk()): number {
  walk.step();
  if (typeof value === "string") return hashOfText(value);
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(BigInt.asIntN(32, value ^ (value >> 32n)));
  if (typeof value === "boolean") return value ? 1231 : 1237;
  if (Array.isArray(value))
    return value.reduce<number>((hash, one) => (Math.imul(hash, 31) + hashOf(one, walk)) | 0, 1);
  if (value instanceof Map)
    return [...value].reduce((sum, [key, one]) => (sum + (hashOf(key, walk) ^ hashOf(one, walk))) | 0, 0);
  return value instanceof Double ? hashOf(new BigInt64Array(Float64Array.of(value.value).buffer)[0] ?? 0n) : 0;
}

function hashOfText(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}
