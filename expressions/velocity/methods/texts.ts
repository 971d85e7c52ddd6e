import { MOST_CHARACTERS } from "../budget";
import { MethodFailure } from "../failures";
import { type Bean, isEqual, textOf, type Value } from "../values/values";
import { format } from "./format";
import { callOf, hashOf, incomparable, type Methods, methodsOf } from "./method";
import { regexOf, replaceMatches, split } from "./regex";

const method = methodsOf<string>();

function slice(text: string, from: number, to = text.length): string {
  if (from < 0 || to > text.length || from > to) {
    throw new MethodFailure(`substring: begin ${from}, end ${to}, length ${text.length}`);
  }
  return text.slice(from, to);
}

function compare(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) {
    const difference = one.charCodeAt(at) - other.charCodeAt(at);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

/** A `java.lang.Character`, which is no String. */
function characterOf(character: string): Bean {
  const own = methodsOf<string>();
  const methods: Methods<string> = {
    charValue: [own([], () => bean)],
    compareTo: [own(["any"], (_, other) => (isCharacter(other) ? compare(character, String(other)) : incomparable()))],
    equals: [own(["any"], (_, other) => isCharacter(other) && String(other) === character)],
    hashCode: [own([], () => character.charCodeAt(0))],
    toString: [own([], () => character)],
  };
  const bean: Bean & { isCharacter: true } = {
    isBean: true,
    isCharacter: true,
    call: (name, given) => callOf(methods, character, name, given),
    toString: () => character,
  };
  return bean;
}

function isCharacter(value: Value): boolean {
  return typeof value === "object" && value !== null && "isCharacter" in value;
}

/** Java takes off characters up to the space, and no other white space. */
const trim = (text: string) => text.replace(/^[\0- ]+|[\0- ]+$/g, "");

const formatted = [1, 2, 3, 4, 5, 6].map((count) =>
  method(["text", ...Array<"any">(count - 1).fill("any")], (_, pattern, ...given) => format(pattern, given)),
);

/** The methods of `java.lang.String`. */
export const TEXTS: Methods<string> = {
  charAt: [
    method(["int"], (text, at) => {
      if (at < 0 || at >= text.length) throw new MethodFailure(`charAt: index ${at}, length ${text.length}`);
      return characterOf(text.charAt(at));
    }),
  ],
  compareTo: [method(["text"], compare), method(["any"], incomparable)],
  compareToIgnoreCase: [method(["text"], (text, other) => compare(text.toLowerCase(), other.toLowerCase()))],
  concat: [method(["text"], (text, other) => text + other)],
  contains: [method(["text"], (text, part) => text.includes(part))],
  contentEquals: [method(["text"], (text, other) => text === other)],
  endsWith: [method(["text"], (text, end) => text.endsWith(end))],
  equals: [method(["any"], (self, other) => isEqual(self, other))],
  equalsIgnoreCase: [
    method(["any"], (text, other) => typeof other === "string" && text.toLowerCase() === other.toLowerCase()),
  ],
  format: formatted,
  hashCode: [method([], (self) => hashOf(self))],
  indexOf: [
    method(["text"], (text, part) => text.indexOf(part)),
    method(["text", "int"], (text, part, from) => text.indexOf(part, from)),
    method(["int"], (text, code) => text.indexOf(String.fromCodePoint(code))),
  ],
  intern: [method([], (text) => text)],
  isBlank: [method([], (text) => text.trim() === "")],
  isEmpty: [method([], (text) => text === "")],
  join: [method(["text", "list"], (_, between, parts) => parts.map((part) => textOf(part)).join(between))],
  lastIndexOf: [
    method(["text"], (text, part) => text.lastIndexOf(part)),
    method(["text", "int"], (text, part, from) => (from < 0 ? -1 : text.lastIndexOf(part, from))),
  ],
  length: [method([], (text) => text.length)],
  matches: [method(["text"], (text, source) => regexOf(`^(?:${source})$`).test(text))],
  repeat: [
    method(["int"], (text, count) => {
      if (count < 0) throw new MethodFailure(`repeat: count ${count} is negative`);
      if (text.length * count > MOST_CHARACTERS) throw new MethodFailure("the text becomes too long");
      return text.repeat(count);
    }),
  ],
  replace: [
    method(["text", "text"], (text, part, put) => {
      const count = part === "" ? text.length + 1 : text.split(part).length - 1;
      if (text.length + count * put.length > MOST_CHARACTERS) throw new MethodFailure("the text becomes too long");
      return text.replaceAll(part, () => put);
    }),
  ],
  replaceAll: [
    method(["text", "text"], (text, source, put) => replaceMatches(text, source, put, "g", MOST_CHARACTERS)),
  ],
  replaceFirst: [
    method(["text", "text"], (text, source, put) => replaceMatches(text, source, put, "", MOST_CHARACTERS)),
  ],
  split: [
    method(["text"], (text, source) => split(text, source)),
    method(["text", "int"], (text, source, limit) => split(text, source, limit)),
  ],
  startsWith: [
    method(["text"], (text, start) => text.startsWith(start)),
    method(["text", "int"], (text, start, from) => from >= 0 && from <= text.length && text.startsWith(start, from)),
  ],
  strip: [method([], (text) => text.trim())],
  subSequence: [method(["int", "int"], slice)],
  substring: [method(["int"], (text, from) => slice(text, from)), method(["int", "int"], slice)],
  toLowerCase: [method([], (text) => text.toLowerCase())],
  toString: [method([], (text) => text)],
  toUpperCase: [method([], (text) => text.toUpperCase())],
  trim: [method([], trim)],
  valueOf: [method(["any"], (_, value) => textOf(value))],
};
