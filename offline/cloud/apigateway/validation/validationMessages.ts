import type { ErrorObject } from "ajv";

/**
 * What AWS says about a value that breaks a rule. API Gateway passes on the messages of a Java library.
 * @see validation.properties in com.github.java-json-tools:json-schema-validator 2.2.14
 */
const MESSAGES: Record<string, (error: ErrorObject, names: string[]) => string> = {
  type: ({ schema, data }) =>
    `instance type (${typeOf(data)}) does not match any allowed primitive type (allowed: ${json(allowedTypes(schema))})`,
  enum: ({ schema, data }) => `instance value (${json(data)}) not found in enum (possible values: ${json(schema)})`,
  required: (_, names) => `object has missing required properties (${json(names)})`,
  additionalProperties: (_, names) =>
    `object instance has properties which are not allowed by the schema: ${json(names)}`,
  minimum: ({ params, schema, data }) =>
    params.comparison === ">"
      ? `numeric instance is not strictly greater than the required minimum ${schema}`
      : `numeric instance is lower than the required minimum (minimum: ${schema}, found: ${data})`,
  maximum: ({ params, schema, data }) =>
    params.comparison === "<"
      ? `numeric instance is not strictly lower than the required maximum ${schema}`
      : `numeric instance is greater than the required maximum (maximum: ${schema}, found: ${data})`,
  multipleOf: ({ schema, data }) => `remainder of division is not zero (${data} / ${schema})`,
  minLength: ({ schema, data }) =>
    `string "${data}" is too short (length: ${lengthOf(data)}, required minimum: ${schema})`,
  maxLength: ({ schema, data }) =>
    `string "${data}" is too long (length: ${lengthOf(data)}, maximum allowed: ${schema})`,
  pattern: ({ schema, data }) => `ECMA 262 regex "${schema}" does not match input string "${data}"`,
  minItems: ({ schema, data }) =>
    `array is too short: must have at least ${schema} elements but instance has ${lengthOf(data)} elements`,
  maxItems: ({ schema, data }) =>
    `array is too long: must have at most ${schema} elements but instance has ${lengthOf(data)} elements`,
  uniqueItems: () => "array must not contain duplicate elements",
  minProperties: ({ schema, data }) =>
    `object has too few properties (found ${sizeOf(data)} but schema requires at least ${schema})`,
  maxProperties: ({ schema, data }) =>
    `object has too many properties (found ${sizeOf(data)} but schema requires at most ${schema})`,
  anyOf: ({ schema }) => `instance failed to match at least one required schema among ${lengthOf(schema)}`,
  oneOf: ({ schema, params }) =>
    `instance failed to match exactly one schema (matched ${params.passingSchemas?.length ?? 0} out of ${lengthOf(schema)})`,
  not: () => "instance matched a schema which it should not have",
};

/**
 * The errors of a validation, with `verbose` and `allErrors`, as AWS words them: a value before what is inside it, in
 * order of the properties' names and then of the keywords. A rule without a known message has ajv's.
 */
export function messagesOf(errors: ErrorObject[]): string[] {
  const groups = new Map<string, ErrorObject[]>();
  for (const error of withoutBranches(errors)) {
    const key = `${error.instancePath} ${error.schemaPath}`;
    groups.set(key, [...(groups.get(key) ?? []), error]);
  }
  return [...groups.values()]
    .sort(([one], [other]) => (one && other ? compare(one, other) : 0))
    .flatMap(([error, ...more]) => (error ? describe(error, [error, ...more].flatMap(nameIn).sort()) : []));
}

function describe(error: ErrorObject, names: string[]): string {
  const { keyword, instancePath, message } = error;
  return MESSAGES[keyword]?.(error, names) ?? `${instancePath || "body"} ${message}`;
}

/** The property that an error is about: ajv reports each of them by itself, AWS all at once. */
function nameIn({ params }: ErrorObject): string[] {
  return params.missingProperty ?? params.additionalProperty ?? [];
}

/**
 * Errors without those of the branches of an `anyOf` or `oneOf`, which AWS does not list. Ajv reports them right before
 * the error of the keyword itself; what it has reported by then about the same value comes from keywords beside it.
 */
function withoutBranches(errors: ErrorObject[]): ErrorObject[] {
  return errors.filter(
    (error, index) =>
      !errors.slice(index + 1).some(({ keyword, instancePath, schemaPath }) => {
        if (keyword !== "anyOf" && keyword !== "oneOf") return false;
        const isInside = `${error.instancePath}/`.startsWith(`${instancePath}/`);
        const parent = schemaPath.slice(0, -keyword.length);
        const isBeside = error.schemaPath.startsWith(parent) && !error.schemaPath.startsWith(`${schemaPath}/`);
        return isInside && !isBeside;
      }),
  );
}

function compare(one: ErrorObject, other: ErrorObject): number {
  const path = one.instancePath.split("/");
  const its = other.instancePath.split("/");
  const at = path.findIndex((segment, index) => segment !== its[index]);
  if (at >= 0 && at < its.length) return compareNames(path[at], its[at]);
  return path.length - its.length || compareNames(one.keyword, other.keyword);
}

/** Indices of arrays by number. */
function compareNames(one = "", other = ""): number {
  return Number(one) - Number(other) || (one < other ? -1 : Number(one > other));
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

function allowedTypes(schema: unknown): string[] {
  const types = [schema].flat().map(String);
  return [...new Set(types.includes("number") ? [...types, "integer"] : types)].sort();
}

function lengthOf(value: unknown): number {
  return [...(value as Iterable<unknown>)].length;
}

function sizeOf(value: unknown): number {
  return Object.keys(value as object).length;
}

function json(value: unknown): string {
  return JSON.stringify(value);
}
