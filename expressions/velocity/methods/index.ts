import { type Bean, Double, isBean, type Value, View } from "../values/values";
import { LISTS, VIEWS } from "./collections";
import { MAPS } from "./maps";
import { callOf, type Methods, methodsOf } from "./method";
import { BOOLEANS, DOUBLES, INTEGERS, LONGS } from "./numbers";
import { TEXTS } from "./texts";

const method = methodsOf<Bean>();

/** The methods of `java.lang.Object`. */
const OBJECTS: Methods<Bean> = {
  equals: [method(["any"], (self, other) => self === other)],
  toString: [method([], (self) => self.toString())],
};

/** What `$value.name(…)` gives: undefined if the value has no such method for these arguments. */
export function callMethod(value: Value, name: string, given: Value[]): Value | undefined {
  if (value === null) return undefined;
  if (isBean(value)) return value.call?.(name, given) ?? callOf(OBJECTS, value, name, given);
  if (typeof value === "string") return callOf(TEXTS, value, name, given);
  if (typeof value === "boolean") return callOf(BOOLEANS, value, name, given);
  if (value instanceof Map) return callOf(MAPS, value, name, given);
  if (value instanceof View) return callOf(VIEWS, value, name, given);
  if (Array.isArray(value)) return callOf(LISTS, value, name, given);
  return callOf(value instanceof Double ? DOUBLES : typeof value === "bigint" ? LONGS : INTEGERS, value, name, given);
}

/** What `$value.name` is: what a map has there, or what `isName()` gives. */
export function readProperty(value: Value, name: string): Value | undefined {
  if (value === null) return undefined;
  if (isBean(value)) return value.property?.(name);
  if (value instanceof Map) return value.get(name);
  const found = callMethod(value, `is${name.charAt(0).toUpperCase()}${name.slice(1)}`, []);
  return typeof found === "boolean" ? found : undefined;
}
