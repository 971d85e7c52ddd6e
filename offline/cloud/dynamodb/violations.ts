import type { Constraints, ParameterType, ParameterTypes } from "dynalite/validations";
import { isMap } from "../core/resources";

/** AWS stops counting there. */
const MOST = 10;

interface Rule {
  isMet(value: unknown, bound: unknown): boolean;
  demand(bound: unknown): string;
}

const RULES: Record<string, Rule> = {
  notNull: { isMet: (value) => value != null, demand: () => "Member must not be null" },
  greaterThanOrEqual: {
    isMet: (value, bound) => Number(value) >= Number(bound),
    demand: (bound) => `Member must have value greater than or equal to ${bound}`,
  },
  lessThanOrEqual: {
    isMet: (value, bound) => Number(value) <= Number(bound),
    demand: (bound) => `Member must have value less than or equal to ${bound}`,
  },
  lengthGreaterThanOrEqual: {
    isMet: (value, bound) => sizeOf(value) >= Number(bound),
    demand: (bound) => `Member must have length greater than or equal to ${bound}`,
  },
  lengthLessThanOrEqual: {
    isMet: (value, bound) => sizeOf(value) <= Number(bound),
    demand: (bound) => `Member must have length less than or equal to ${bound}`,
  },
  regex: {
    isMet: (value, pattern) => regexOf(String(pattern)).test(String(value)),
    demand: (pattern) => `Member must satisfy regular expression pattern: ${pattern}`,
  },
  enum: {
    isMet: (value, set) => (set as unknown[]).includes(value),
    demand: (set) => `Member must satisfy enum value set: [${(set as unknown[]).join(", ")}]`,
  },
  keys: {
    isMet: (map, bounds) => allMeet(Object.keys(map as object), bounds as Constraints),
    demand: (bounds) => `Map keys must satisfy constraint: [${demandsOf(bounds as Constraints)}]`,
  },
  values: {
    isMet: (map, bounds) => allMeet(Object.values(map as object), bounds as Constraints),
    demand: (bounds) => `Map value must satisfy constraint: [${demandsOf(bounds as Constraints)}]`,
  },
};

/** By pattern: each request is checked against a few of them. */
const regexes = new Map<string, RegExp>();

function regexOf(pattern: string): RegExp {
  const regex = regexes.get(pattern) ?? new RegExp(`^${pattern}$`);
  regexes.set(pattern, regex);
  return regex;
}

/**
 * The constraints that input does not meet, one sentence each.
 * @param types the members' types, with their constraints in the order in which AWS checks them. Two are marks of ours:
 * `nonEmpty` makes an empty text the only complaint, and `unquoted` leaves the value out of the sentence
 */
export function violationsOf(input: object, types: ParameterTypes): string[] {
  const found: string[] = [];
  visitMembers(input, types, []);
  return found.slice(0, MOST);

  function visitMembers(value: object, members: ParameterTypes, path: string[]): void {
    for (const name in members) {
      const type = members[name];
      if (isMap(type)) visit((value as Record<string, unknown>)[name], type, [...path, name]);
    }
  }

  function fail(value: unknown, type: Constraints, path: string[], demand: string): void {
    found.push(`${describe(value, type, path)} failed to satisfy constraint: ${demand}`);
  }

  function visit(value: unknown, type: Constraints, path: string[]): void {
    // The other constraints are not looked at then.
    if (type.nonEmpty && value === "") {
      fail(value, type, path, "Member must have length greater than or equal to 1");
      return;
    }
    for (const name in type) {
      const bound = type[name];
      const isMissing = value == null;
      if (name === "children") {
        if (!isMissing) visitChildren(value as object, type, path);
      } else if (bound !== undefined && (name === "notNull" || !isMissing)) {
        const rule = RULES[name];
        if (rule && !rule.isMet(value, bound)) fail(value, type, path, rule.demand(bound));
      }
    }
  }

  function visitChildren(value: object, { type, children }: Constraints, path: string[]): void {
    const isList = Array.isArray(value);
    if (!isList && !/Map/.test(String(type))) {
      visitMembers(value, children as ParameterTypes, path);
      return;
    }
    // Values of attributes, of which there may be many, have no constraints of their own.
    if (typeof children === "string" && !Object.values(value).includes(null)) return;
    const child = typeof children === "string" ? {} : (children as Constraints);
    for (const [key, member] of Object.entries(value)) {
      visit(member, { ...child, notNull: true }, [...path, isList ? String(Number(key) + 1) : key, "member"]);
    }
  }
}

function allMeet(values: unknown[], bounds: Constraints): boolean {
  return values.every((value) => Object.entries(bounds).every(([name, bound]) => RULES[name]?.isMet(value, bound)));
}

function demandsOf(bounds: Constraints): string {
  return Object.entries(bounds)
    .map(([name, bound]) => RULES[name]?.demand(bound))
    .join(", ");
}

function sizeOf(value: unknown): number {
  return typeof value === "string" || Array.isArray(value) ? value.length : Object.keys(value ?? {}).length;
}

/** The value and its path, as in `Value 'x' at 'keySchema.1.member.keyType'`. */
function describe(value: unknown, type: Constraints, path: string[]): string {
  if (type.unquoted) return `Value at '${path.join(".")}'`;
  const place = path.map((step) => step.replace(/^./, (first) => first.toLowerCase())).join(".");
  return `Value ${value == null ? "null" : `'${textOf(value, type)}'`} at '${place}'`;
}

/** A value as Java writes it: `[KeySchemaElement(attributeName=id, keyType=HASH)]`. */
function textOf(value: unknown, type: ParameterType | undefined): string {
  const { type: name = type, children } = isMap(type) ? (type as Constraints) : { children: undefined };
  if (Array.isArray(value)) return `[${value.map((member) => textOf(member, children as ParameterType)).join(", ")}]`;
  if (!isMap(value)) return String(value);
  const isStructure = /Struct/.test(String(name));
  const members = Object.entries(value).map(([key, member]) => {
    const memberType = isStructure ? (children as ParameterTypes | undefined)?.[key] : (children as ParameterType);
    return `${isStructure ? key.replace(/^./, (first) => first.toLowerCase()) : key}=${textOf(member, memberType)}`;
  });
  if (!isStructure) return `{${members.join(", ")}}`;
  const [, structure = "AttributeValue"] = /<(?!ValueStruct|FieldStruct)(.+)>/.exec(String(name)) ?? [];
  return `${structure}(${members.join(", ")})`;
}
