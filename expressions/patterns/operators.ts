import { type AddressRange, addressOf, isWithin, readCidr } from "./addresses";
import { type Json, type JsonLeaf, JsonNumber, JsonObject } from "./json";
import { refuse } from "./mistakes";
import { comparable, readRange, sameNumber } from "./numbers";
import { endsIgnoringCase, equalIgnoringCase, readWildcard, startsIgnoringCase, type TextTest } from "./texts";

/** What one value of a field must be. */
export interface Test {
  /** What can pass: texts, other values, any value, or only that there is no value. */
  kind: "text" | "other" | "any" | "absent";
  passes(leaf: JsonLeaf): boolean;
  /** The patterns of `wildcard`, also within `anything-but`. */
  wildcards?: string[];
}

/** The operators that a service knows. */
export interface Operators {
  all: readonly string[];
  /** Those within `anything-but`. */
  anythingBut: readonly string[];
  /** Whether those within `anything-but` take several texts. */
  hasLists: boolean;
}

type Read = (value: Json, operators: Operators) => Test;

const OPERATORS: Record<string, Read> = {
  exactly: (value) => text(same(textIn(value, "exact"))),
  prefix: (value) => text(affix("Prefix", value, (prefix) => (leaf) => leaf.startsWith(prefix), startsIgnoringCase)),
  suffix: (value) => text(affix("Suffix", value, (suffix) => (leaf) => leaf.endsWith(suffix), endsIgnoringCase)),
  "equals-ignore-case": (value) => text(equalIgnoringCase(textIn(value, "equals-ignore-case"))),
  wildcard: (value) => {
    const pattern = textIn(value, "wildcard");
    return { ...text(readWildcard(pattern)), wildcards: [pattern] };
  },
  numeric: (value) => ({ kind: "other", passes: readRange(value) }),
  cidr: (value) => {
    // The message speaks of a prefix at AWS too.
    const block = textIn(value, "prefix", 'Write a block of addresses, such as {"cidr": "10.0.0.0/24"}.');
    try {
      return address(readCidr(block));
    } catch (error) {
      return refuse((error as Error).message, 'Write a block of addresses, such as "10.0.0.0/24" or "2001:db8::/64".');
    }
  },
  exists: (value) => {
    if (typeof value !== "boolean")
      refuse("exists match pattern must be either true or false.", 'Write {"exists": true} or {"exists": false}.');
    return value ? { kind: "any", passes: () => true } : { kind: "absent", passes: () => false };
  },
  "anything-but": readAnythingBut,
};

/** What EventBridge knows. */
export const ALL_OPERATORS: Operators = {
  all: Object.keys(OPERATORS),
  anythingBut: ["equals-ignore-case", "prefix", "suffix", "wildcard"],
  hasLists: true,
};

/**
 * Reads an element of a field's array: a value, or an object with one operator.
 * @throws Refusal
 */
export function readTest(value: Json, operators: Operators): Test {
  if (value instanceof JsonObject) return readOperator(value, operators);
  if (value instanceof JsonNumber) return { kind: "other", passes: sameNumber(value) };
  if (typeof value === "string") {
    const digits = addressOf(value);
    return digits ? address({ first: digits, last: digits }) : text(same(value));
  }
  if (Array.isArray(value)) {
    const advice = "Write the values in one array, without arrays within it.";
    refuse("Match value must be String, number, true, false, or null", advice);
  }
  return { kind: "other", passes: (leaf) => leaf === value };
}

function readOperator({ members }: JsonObject, operators: Operators): Test {
  const known = `Write one of ${operators.all.filter((name) => name !== "exactly").join(", ")}.`;
  const [name, value] = members[0] ?? refuse("Match expression name not found", known);
  const read = operators.all.includes(name) ? OPERATORS[name] : undefined;
  if (!read) return refuse(`Unrecognized match type ${name}`, known);
  const test = read(value, operators);
  const isList = name === "numeric" || name === "anything-but";
  onlyOne(members, isList ? "Too many elements in numeric expression" : undefined);
  return test;
}

function onlyOne(members: JsonObject["members"], reason = "Only one key allowed in match expression"): void {
  if (members.length > 1) refuse(reason, "Write an object for each operator: any of them may match.");
}

function text(passes: TextTest): Test {
  return { kind: "text", passes: (leaf) => typeof leaf === "string" && passes(leaf) };
}

function same(expected: string): TextTest {
  return (value) => value === expected;
}

function address(range: AddressRange): Test {
  return {
    kind: "text",
    passes: (leaf) => {
      // AWS reads the digits of a number like those of an address.
      const digits = leaf instanceof JsonNumber ? leaf.text : typeof leaf === "string" ? addressOf(leaf) : undefined;
      return digits !== undefined && isWithin(range, digits);
    },
  };
}

function textIn(value: Json, operator: string, advice = `Write a string for ${operator}.`): string {
  return typeof value === "string" ? value : refuse(`${operator} match pattern must be a string`, advice);
}

/** A prefix or suffix: a string, or `{"equals-ignore-case": …}`. */
function affix(
  name: "Prefix" | "Suffix",
  value: Json,
  exact: (text: string) => TextTest,
  ignoringCase: (text: string) => TextTest,
): TextTest {
  const operator = name.toLowerCase();
  if (!(value instanceof JsonObject)) {
    const advice = `Write {"${operator}": "…"}, with an object for each of several.`;
    return exact(textIn(value, operator, advice));
  }
  const advice = `Write {"${operator}": "…"} or {"${operator}": {"equals-ignore-case": "…"}}.`;
  const [inner, content] = value.members[0] ?? refuse(`${name} expression name not found`, advice);
  if (inner !== "equals-ignore-case") refuse(`Unsupported ${operator} pattern: ${inner}`, advice);
  const test = ignoringCase(textIn(content, "equals-ignore-case"));
  onlyOne(value.members);
  return test;
}

const ANYTHING_BUT = 'Write a string, a number, or an array of either, such as {"anything-but": ["a", "b"]}.';

function readAnythingBut(value: Json, operators: Operators): Test {
  if (value instanceof JsonObject) return readAnythingButOperator(value, operators);
  const values = listIn(value);
  for (const one of values) {
    if (typeof one !== "string" && !(one instanceof JsonNumber))
      refuse("Inside anything but list, start|null|boolean is not supported.", ANYTHING_BUT);
    if (one instanceof JsonNumber) comparable(one);
  }
  const texts = values.filter((one) => typeof one === "string");
  if (values.length === 0 || (texts.length > 0 && texts.length < values.length)) {
    const reason = "Inside anything but list, either all values are number or string, mixed type is not supported";
    refuse(reason, "Write strings only or numbers only, at least one.");
  }
  const plain = (leaf: Json) => (leaf instanceof JsonNumber ? leaf.value : leaf);
  const excluded = new Set(values.map(plain));
  return { kind: "any", passes: (leaf) => !excluded.has(plain(leaf)) };
}

function listIn(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  if (typeof value === "string" || value instanceof JsonNumber) return [value];
  return refuse("Value of anything-but must be an array or single string/number value.", ANYTHING_BUT);
}

const EXCLUSIONS: Record<string, { reason: string; read(text: string): TextTest }> = {
  "equals-ignore-case": {
    reason: "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
    read: equalIgnoringCase,
  },
  prefix: {
    reason: "prefix/suffix match pattern must be a string",
    read: (prefix) => (value) => value.startsWith(prefix),
  },
  suffix: {
    reason: "prefix/suffix match pattern must be a string",
    read: (suffix) => (value) => value.endsWith(suffix),
  },
  wildcard: { reason: "wildcard match pattern must be a string", read: readWildcard },
};

function readAnythingButOperator({ members }: JsonObject, { anythingBut, hasLists }: Operators): Test {
  const known = `Write a value, or one of ${anythingBut.join(", ")} within anything-but.`;
  const [name, value] = members[0] ?? refuse("Anything-But expression name not found", known);
  const exclusion = anythingBut.includes(name) ? EXCLUSIONS[name] : undefined;
  if (!exclusion) return refuse(`Unsupported anything-but pattern: ${name}`, known);
  const { reason, read } = exclusion;
  const texts = (hasLists ? listIn(value) : [value]).map((one) => {
    if (typeof one !== "string") refuse(reason, `Write strings only for ${name}.`);
    if (one === "" && (name === "prefix" || name === "suffix"))
      refuse("Null prefix/suffix not allowed", `Write at least one character: every text has an empty ${name}.`);
    return one;
  });
  const excluded = texts.map(read);
  onlyOne(members, "Too many elements in numeric expression");
  return {
    kind: "any",
    passes: (leaf) => typeof leaf !== "string" || !excluded.some((test) => test(leaf)),
    ...(name === "wildcard" && { wildcards: texts }),
  };
}
