export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** What is wrong with a request, and where: in its body (`pointer`, RFC 6901 as a URI fragment) or in a parameter. */
export interface Mistake {
  pointer?: string;
  parameter?: string;
  detail: string;
}

/** DynamoDB allows 32 levels; what items add around a document stays well within them. */
const deepest = 20;
/** DynamoDB's smallest number; its largest, 9.99e125, is beyond the integers that JSON parsers agree on. */
const smallestNumber = 1e-130;
/** Attribute names of this length can still be index keys. */
const longestKey = 255;
/** Keys through which careless code reaches an object's prototype. The AWS SDK's own marshaller would lose `__proto__`. */
const prototypeKeys = ["__proto__", "constructor", "prototype"];

/**
 * The pattern of text without control characters other than tabs and line breaks. JSON needs six characters for each of
 * the others: a page of them would be larger than the 6 MB that Lambda returns.
 */
export const plainText = "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$";
const plain = new RegExp(plainText, "u");

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The pointer of a member: `#/tags/0`. */
export function memberPointer(pointer: string, key: string | number): string {
  const token = String(key).replaceAll("~", "~0").replaceAll("/", "~1");
  return `${pointer}/${encodeURIComponent(token)}`;
}

/**
 * Everything in a JSON document that could not be stored and read back unchanged.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export function unstorable(value: Json, pointer = "#", depth = 0): Mistake[] {
  if (typeof value === "string") return unstorableText(value).map((detail) => ({ pointer, detail: `has ${detail}` }));
  if (typeof value === "number") return unstorableNumber(value).map((detail) => ({ pointer, detail }));
  if (typeof value !== "object" || value === null) return [];
  if (depth === deepest) return [{ pointer, detail: `is nested deeper than ${deepest} levels` }];
  if (Array.isArray(value)) {
    return value.flatMap((element, index) => unstorable(element, memberPointer(pointer, index), depth + 1));
  }
  return Object.entries(value).flatMap(([key, member]) => {
    const mistakes = unstorableKey(key);
    if (mistakes.length > 0) return mistakes.map((detail) => ({ pointer, detail: `has a key with ${detail}` }));
    return unstorable(member, memberPointer(pointer, key), depth + 1);
  });
}

function unstorableText(text: string): string[] {
  const mistakes = [];
  if (!plain.test(text)) mistakes.push("a control character other than tabs and line breaks");
  if (/\p{Surrogate}/u.test(text)) mistakes.push("half of a surrogate pair, which is not valid Unicode");
  return mistakes;
}

function unstorableKey(key: string): string[] {
  if (prototypeKeys.includes(key)) return [`the reserved name ${key}`];
  if (key.length < 1 || key.length > longestKey) return [`a length outside 1 to ${longestKey}`];
  return unstorableText(key);
}

function unstorableNumber(number: number): string[] {
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER) return ["is beyond ±(2^53 - 1); send it as a string"];
  if (number !== 0 && Math.abs(number) < smallestNumber) return [`is closer to zero than ${smallestNumber}`];
  return [];
}

/**
 * A name that occurs twice in an object of the JSON text: parsing would keep the last and lose the others (RFC 8259,
 * 4).
 */
export function repeatedName(text: string): string | undefined {
  const objects: Set<string>[] = [];
  for (const [token, colon] of text.matchAll(/[{}]|"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g)) {
    if (token === "{") objects.push(new Set());
    else if (token === "}") objects.pop();
    else if (colon) {
      const name: string = JSON.parse(token.slice(0, -colon.length));
      const names = objects.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return undefined;
}

/**
 * A document changed by a JSON merge patch: members are merged, `null` removes.
 * @see https://www.rfc-editor.org/rfc/rfc7396
 */
export function mergePatch(target: unknown, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged: JsonObject = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}
