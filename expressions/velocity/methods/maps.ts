import { MOST_ITEMS } from "../budget";
import { MethodFailure } from "../failures";
import { type Bean, isEqual, textOf, type Value, View } from "../values/values";
import { hashOf, type Methods, methodsOf, orNull } from "./method";

type Entries = Map<Value, Value>;

const method = methodsOf<Entries>();

/** Gives what was there before, or null. @throws MethodFailure if there are too many */
export function put(map: Entries, key: Value, value: Value): Value {
  if (map.size >= MOST_ITEMS) throw new MethodFailure("the map becomes too large");
  const before = orNull(map.get(key));
  map.set(key, value);
  return before;
}

function entryOf(map: Entries, key: Value): Bean {
  const read: Record<string, () => Value> = { key: () => key, value: () => orNull(map.get(key)) };
  const getters: Record<string, () => Value> = { getKey: () => key, getValue: () => orNull(map.get(key)) };
  return {
    isBean: true,
    property: (name) => read[name.toLowerCase()]?.(),
    call: (name, given) => {
      if (name === "setValue" && given.length === 1) return put(map, key, orNull(given[0]));
      return given.length === 0 ? getters[name]?.() : undefined;
    },
    toString: () => `${textOf(key)}=${textOf(orNull(map.get(key)))}`,
  };
}

/** The methods of `java.util.Map`. */
export const MAPS: Methods<Entries> = {
  clear: [
    method([], (map) => {
      map.clear();
      return undefined;
    }),
  ],
  containsKey: [method(["any"], (map, key) => map.has(key))],
  containsValue: [method(["any"], (map, value) => [...map.values()].some((one) => isEqual(one, value)))],
  entrySet: [method([], (map) => View.from([...map.keys()].map((key) => entryOf(map, key))))],
  equals: [method(["any"], (self, other) => isEqual(self, other))],
  get: [method(["any"], (map, key) => orNull(map.get(key)))],
  getOrDefault: [method(["any", "any"], (map, key, value) => (map.has(key) ? orNull(map.get(key)) : value))],
  hashCode: [method([], (self) => hashOf(self))],
  isEmpty: [method([], (map) => map.size === 0)],
  keySet: [method([], (map) => View.from(map.keys()))],
  put: [method(["any", "any"], put)],
  putAll: [
    method(["map"], (map, other) => {
      for (const [key, value] of other) put(map, key, value);
      return undefined;
    }),
  ],
  putIfAbsent: [
    method(["any", "any"], (map, key, value) => {
      const before = orNull(map.get(key));
      if (before === null) put(map, key, value);
      return before;
    }),
  ],
  remove: [
    method(["any"], (map, key) => {
      const before = orNull(map.get(key));
      map.delete(key);
      return before;
    }),
  ],
  size: [method([], (map) => map.size)],
  toString: [method([], (self) => textOf(self))],
  values: [method([], (map) => View.from(map.values()))],
};
