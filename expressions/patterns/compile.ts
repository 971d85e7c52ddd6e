import { checkComplexity } from "./complexity";
import { type Json, JsonNumber, JsonObject } from "./json";
import { type Mistake, Refusal, refuse } from "./mistakes";
import { type Operators, readTest, type Test } from "./operators";

/** One way to match: the tests of each field, by its dotted path. A value must pass one of them. */
export type Alternative = Map<string, Test[]>;

const RESERVED = new Set([
  ..."exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex".split(" "),
  ..."not-wildcard not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before".split(" "),
  ..."in-date-range ip-address-in-range ip-address-not-in-range".split(" "),
]);
const FIELDS = 'Write an object with an array of values for each field, such as {"source": ["aws.s3"]}.';
const OR = 'Write {"$or": [{…}, {…}]}, with at least two objects.';
/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const MAX_ALTERNATIVES = 1000;

/** Reads a pattern into the ways to match it, and notes all mistakes. */
export class Compiler {
  readonly mistakes: Mistake[] = [];
  private alternatives: Alternative[] = [new Map()];

  constructor(
    private readonly operators: Operators,
    /** Whether `$or` is a field like any other: AWS takes it for one if it is not written as the operator. */
    private readonly isOrField = false,
  ) {}

  compile(pattern: Json): Alternative[] {
    this.noting("", () => {
      if (!(pattern instanceof JsonObject)) refuse("Filter is not an object", FIELDS);
      this.addObject(pattern, "", false);
    });
    return this.alternatives;
  }

  private addObject(object: JsonObject, prefix: string, isInOr: boolean): void {
    for (const [name, value] of object.members) {
      const path = prefix === "" ? name : `${prefix}.${name}`;
      this.noting(path, () => {
        if (name === "$or" && !this.isOrField) return this.addOr(value, prefix);
        if (isInOr && RESERVED.has(name)) {
          const reason = `${name} is Ruler reserved fieldName which cannot be used inside $or.`;
          refuse(reason, "Write the operator within the array of a field.");
        }
        if (value instanceof JsonObject) return this.addObject(value, path, isInOr);
        if (Array.isArray(value)) return this.addField(path, value);
        return refuse(
          `"${name}" must be an object or an array`,
          `Write the value in an array: ${inArray(name, value)}.`,
        );
      });
    }
    if (object.members.length === 0) this.noting(prefix, () => refuse("Empty objects are not allowed", FIELDS));
  }

  private addOr(branches: Json, prefix: string): void {
    const value = Array.isArray(branches) ? branches : refuse("It must be an Array followed with $or.", OR);
    const before = this.alternatives;
    const all = value.flatMap((branch) => {
      this.alternatives = before.map((alternative) => new Map(alternative));
      this.noting(prefix === "" ? "$or" : `${prefix}.$or`, () => {
        if (!(branch instanceof JsonObject))
          return refuse("Only JSON object is allowed in array of $or relationship.", OR);
        return this.addObject(branch, prefix, true);
      });
      return this.alternatives;
    });
    // The rest of a pattern with too many alternatives is read without those of this $or, to find its other mistakes.
    this.alternatives = all.length > MAX_ALTERNATIVES || all.length === 0 ? before : all;
    if (value.length < 2) refuse("There must have at least 2 Objects in $or relationship.", OR);
    if (all.length > MAX_ALTERNATIVES) {
      const reason = `Rule is too complex - $or makes ${all.length} combinations, and at most ${MAX_ALTERNATIVES} are allowed`;
      refuse(reason, "Write several rules with a part of the alternatives each.");
    }
  }

  private addField(path: string, values: Json[]): void {
    if (values.length === 0) refuse("Empty arrays are not allowed", 'Write at least one value, or [{"exists": true}].');
    const tests: Test[] = [];
    values.forEach((value, index) => {
      this.noting(`${path}[${index}]`, () => tests.push(readTest(value, this.operators)));
    });
    checkComplexity(tests.flatMap(({ wildcards }) => (wildcards ? [wildcards] : [])));
    for (const alternative of this.alternatives) alternative.set(path, tests);
  }

  private noting(path: string, read: () => unknown): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.mistakes.push({ path, reason: error.message, advice: error.advice });
    }
  }
}

function inArray(name: string, value: Json): string {
  return `{"${name}": [${value instanceof JsonNumber ? value.text : JSON.stringify(value)}]}`;
}
