import { MOST_ITEMS } from "../budget";
import { MethodFailure } from "../failures";
import { type Bean, type Collection, isEqual, textOf, type Value } from "../values/values";
import { hashOf, type Methods, methodsOf, orNull } from "./method";

const method = methodsOf<Collection>();

function indexOf(list: Collection, value: Value): number {
  return list.findIndex((one) => isEqual(one, value));
}

function lastIndexOf(list: Collection, value: Value): number {
  return list.findLastIndex((one) => isEqual(one, value));
}

/** @throws MethodFailure if there is no such index */
function checked(list: Collection, index: number, end = list.length - 1): number {
  if (index >= 0 && index <= end) return index;
  throw new MethodFailure(`index ${index} is outside of a list of ${list.length}`);
}

function insert(list: Collection, at: number, values: Collection): boolean {
  if (list.length + values.length > MOST_ITEMS) throw new MethodFailure("the list becomes too long");
  const added = [...values];
  const rest = list.splice(at);
  for (const value of [...added, ...rest]) list.push(value);
  return added.length > 0;
}

function remove(list: Collection, isGone: (value: Value) => boolean): boolean {
  const left = list.filter((value) => !isGone(value));
  const changed = left.length < list.length;
  list.length = 0;
  for (const value of left) list.push(value);
  return changed;
}

/** The methods of `java.util.Iterator`. */
function iteratorOf(list: Collection): Bean & Iterable<Value> {
  const values = list.values();
  let next = values.next();
  const step = () => {
    if (next.done) throw new MethodFailure("next() is called after the last element");
    const { value } = next;
    next = values.next();
    return value;
  };
  return {
    isBean: true,
    call: (name, given) =>
      given.length > 0 ? undefined : name === "hasNext" ? !next.done : name === "next" ? step() : undefined,
    *[Symbol.iterator]() {
      while (!next.done) yield step();
    },
    toString: () => "java.util.Iterator",
  };
}

/** The methods of `java.util.Collection`. */
export const VIEWS: Methods<Collection> = {
  contains: [method(["any"], (list, value) => indexOf(list, value) >= 0)],
  containsAll: [method(["list"], (list, values) => values.every((value) => indexOf(list, value) >= 0))],
  equals: [method(["any"], (self, other) => isEqual(self, other))],
  hashCode: [method([], (self) => hashOf(self))],
  isEmpty: [method([], (list) => list.length === 0)],
  iterator: [method([], iteratorOf)],
  size: [method([], (list) => list.length)],
  toArray: [method([], (list) => [...list])],
  toString: [method([], (self) => textOf(self))],
};

/** The methods of `java.util.List`. */
export const LISTS: Methods<Collection> = {
  ...VIEWS,
  add: [
    method(["any"], (list, value) => insert(list, list.length, [value])),
    method(["int", "any"], (list, index, value) => {
      insert(list, checked(list, index, list.length), [value]);
      return undefined;
    }),
  ],
  addAll: [
    method(["list"], (list, values) => insert(list, list.length, values)),
    method(["int", "list"], (list, index, values) => insert(list, checked(list, index, list.length), values)),
  ],
  clear: [
    method([], (list) => {
      list.length = 0;
      return undefined;
    }),
  ],
  get: [method(["int"], (list, index) => orNull(list[checked(list, index)]))],
  indexOf: [method(["any"], indexOf)],
  lastIndexOf: [method(["any"], lastIndexOf)],
  remove: [
    method(["int"], (list, index) => orNull(list.splice(checked(list, index), 1)[0])),
    method(["any"], (list, value) => {
      const index = indexOf(list, value);
      if (index >= 0) list.splice(index, 1);
      return index >= 0;
    }),
  ],
  removeAll: [method(["list"], (list, values) => remove(list, (value) => indexOf(values, value) >= 0))],
  retainAll: [method(["list"], (list, values) => remove(list, (value) => indexOf(values, value) < 0))],
  set: [method(["int", "any"], (list, index, value) => orNull(list.splice(checked(list, index), 1, value)[0]))],
  subList: [
    method(["int", "int"], (list, from, to) => {
      if (from > to) throw new MethodFailure(`subList: from ${from} is after ${to}`);
      return list.slice(checked(list, from, list.length), checked(list, to, list.length));
    }),
  ],
};
