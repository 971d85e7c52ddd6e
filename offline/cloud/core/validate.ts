import { type Member, type Model, membersOf, type Shape, shapeOf } from "./model";
import { withSmallInitial } from "./names";
import { isInteger } from "./protocol/scalars";
import { isMap } from "./resources";

/** How many mistakes AWS names at most. */
const MOST = 10;

/**
 * The mistakes of an input by the constraints of its model, in one sentence as AWS says it; undefined if there are none.
 * Types have been checked by then.
 */
export function mistakesOf(model: Model, input: Member | undefined, value: object): string | undefined {
  if (!input) return undefined;
  const found: string[] = [];
  checkMembers(model, shapeOf(model, input.shape), value, "", found);
  if (found.length === 0) return undefined;
  const first = found.slice(0, MOST);
  return `${first.length} validation error${first.length > 1 ? "s" : ""} detected: ${first.join("; ")}`;
}

/** The first required member of an input that is not given. */
export function missingMember(model: Model, input: Member | undefined, value: object): string | undefined {
  const { required = [] } = input ? shapeOf(model, input.shape) : {};
  return required.find((name) => (value as Record<string, unknown>)[name] === undefined);
}

function checkMembers(model: Model, shape: Shape, value: object, path: string, found: string[]): void {
  const given = value as Record<string, unknown>;
  for (const { name, member } of inOrder(membersOf(shape))) {
    const own = `${path}${withSmallInitial(name)}`;
    if (given[name] !== undefined) check(model, member, given[name], own, found);
    else if (shape.required?.includes(name) && !member.streaming) {
      found.push(`Value null at '${own}' failed to satisfy constraint: Member must not be null`);
    }
  }
}

/** AWS names the members of the path last. (Recorded from API Gateway and Lambda by localstack, 2026-03.) */
function inOrder(members: ReturnType<typeof membersOf>): ReturnType<typeof membersOf> {
  const isInPath = ({ member }: { member: Member }) => member.location === "uri";
  return [...members.filter((one) => !isInPath(one)), ...members.filter(isInPath)];
}

function check(model: Model, member: Member, value: unknown, path: string, found: string[]): void {
  const shape = shapeOf(model, member.shape);
  const add = (constraint: string) => {
    const shown = shape.sensitive ? "" : ` '${show(model, shape, value)}'`;
    found.push(`Value${shown} at '${path}' failed to satisfy constraint: ${constraint}`);
  };
  for (const constraint of broken(shape, value)) add(constraint);
  if (isMap(value) && shape.type === "structure") {
    checkMembers(model, shape, value, `${path}.`, found);
  } else if (Array.isArray(value) && shape.member) {
    checkAll(
      model,
      shape.member,
      value.map((one, index) => [`${path}.${index + 1}`, one]),
      found,
      (constraints) => add(`Member must satisfy constraint: ${constraints}`),
    );
  } else if (isMap(value) && shape.key && shape.value) {
    checkAll(
      model,
      shape.key,
      Object.keys(value).map((key) => [path, key]),
      found,
      (constraints) => add(`Map keys must satisfy constraint: ${constraints}`),
    );
    checkAll(
      model,
      shape.value,
      Object.entries(value).map(([key, one]) => [`${path}.${key}`, one]),
      found,
      (constraints) => add(`Map value must satisfy constraint: ${constraints}`),
    );
  }
}

/** Structures, lists and maps have paths of their own; of other values, AWS names only the list or map. */
function checkAll(
  model: Model,
  member: Member,
  values: [path: string, value: unknown][],
  found: string[],
  add: (constraints: string) => void,
): void {
  const shape = shapeOf(model, member.shape);
  if (["structure", "list", "map"].includes(shape.type)) {
    for (const [path, value] of values) check(model, member, value, `${path}.member`, found);
  } else if (values.some(([, value]) => broken(shape, value).length > 0)) {
    const all = constraintsOf(shape).map(({ text }) => text);
    add(`[${all.join(", ")}]`);
  }
}

interface Constraint {
  text: string;
  holds(value: unknown): boolean;
}

const constraints = new WeakMap<Shape, Constraint[]>();

function constraintsOf(shape: Shape): Constraint[] {
  const known = constraints.get(shape) ?? readConstraints(shape);
  constraints.set(shape, known);
  return known;
}

/** In the order in which AWS lists them for the members of a list. */
function readConstraints(shape: Shape): Constraint[] {
  const { min, max, pattern, enum: values } = shape;
  const isNumber = isInteger(shape) || ["float", "double"].includes(shape.type);
  const [what, size] = isNumber ? ["value", Number] : ["length", sizeOf];
  const all: (Constraint | undefined)[] = [
    max === undefined
      ? undefined
      : { text: `Member must have ${what} less than or equal to ${max}`, holds: (value) => size(value) <= max },
    min === undefined
      ? undefined
      : { text: `Member must have ${what} greater than or equal to ${min}`, holds: (value) => size(value) >= min },
    pattern === undefined
      ? undefined
      : {
          text: `Member must satisfy regular expression pattern: ${pattern}`,
          holds: (value) => regexOf(pattern)?.test(String(value)) ?? true,
        },
    values && {
      text: `Member must satisfy enum value set: [${values.join(", ")}]`,
      holds: (value) => values.includes(String(value)),
    },
    shape.union
      ? {
          text: "Member must have exactly one of its members set",
          holds: (value) => Object.keys(value as object).length === 1,
        }
      : undefined,
  ];
  return all.filter((one) => one !== undefined);
}

/** The pattern comes before the length. */
function broken(shape: Shape, value: unknown): string[] {
  const wrong = constraintsOf(shape).filter(({ holds }) => !holds(value));
  const isPattern = ({ text }: Constraint) => text.includes("pattern");
  return [...wrong.filter(isPattern), ...wrong.filter((one) => !isPattern(one))].map(({ text }) => text);
}

function sizeOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value) || value instanceof Uint8Array) return value.length;
  return Object.keys(value as object).length;
}

const regexes = new Map<string, RegExp | undefined>();

/** Java's expressions, which must fit the whole text; undefined for those that JavaScript does not have. */
export function regexOf(pattern: string): RegExp | undefined {
  if (regexes.has(pattern)) return regexes.get(pattern);
  const regex = ["su", "s"].flatMap((flags) => {
    try {
      return [new RegExp(`^(?:${pattern})$`, flags)];
    } catch {
      return [];
    }
  })[0];
  regexes.set(pattern, regex);
  return regex;
}

/** As Java prints it. */
function show(model: Model, shape: Shape, value: unknown): string {
  if (shape.sensitive) return "***";
  const inner = (one: unknown, member: Member | undefined) =>
    member ? show(model, shapeOf(model, member.shape), one) : "";
  if (Array.isArray(value)) return `[${value.map((one) => inner(one, shape.member)).join(", ")}]`;
  if (value instanceof Uint8Array) return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  if (!isMap(value)) return String(value);
  const entries = Object.entries(value).map(
    ([key, one]) => `${key}=${inner(one, shape.members?.[key] ?? shape.value)}`,
  );
  return `{${entries.join(", ")}}`;
}
