import { isPattern } from "./pattern";

/** What the value of a keyword must be: a test of it, and what to write. */
type Expected = [holds: (value: unknown) => boolean, instead: string];

const types = ["array", "boolean", "integer", "number", "object", "string"];
const isText = (value: unknown) => typeof value === "string";
const isList = (value: unknown): value is unknown[] => Array.isArray(value) && value.length > 0;
const isMap = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);

const text: Expected = [isText, "a text"];
const number: Expected = [(value) => Number.isFinite(value), "a number"];
const count: Expected = [(value) => Number.isInteger(value) && Number(value) >= 0, "a whole number, 0 or more"];
const boolean: Expected = [(value) => typeof value === "boolean", "true or false"];
const map: Expected = [isMap, "schemas by name"];
const schemas: Expected = [isList, "a list of schemas"];
const anything: Expected = [() => true, "anything"];

/** @see "Schema Object" of OpenAPI 3.0, and "Validation keywords" of JSON Schema draft 4 */
const keywords = new Map<string, Expected>([
  ["type", [(value) => types.includes(String(value)), `one of ${types.join(", ")}`]],
  ...each(["format", "title", "description", "id"], text),
  ["pattern", [(value) => typeof value === "string" && isPattern(value), "a regular expression"]],
  ...each(["minimum", "maximum"], number),
  ["multipleOf", [(value) => Number(value) > 0, "a number over 0"]],
  ...each(["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"], count),
  ...each(["exclusiveMinimum", "exclusiveMaximum", "uniqueItems"], boolean),
  ...each(["nullable", "readOnly", "writeOnly", "deprecated"], boolean),
  ["required", [(value) => Array.isArray(value) && value.every(isText), "a list of the names of properties"]],
  ["enum", [isList, "a list of values"]],
  ["items", [isMap, "one schema"]],
  ["not", [isMap, "a schema"]],
  ["additionalProperties", [(value) => isMap(value) || typeof value === "boolean", "a schema, or true or false"]],
  ...each(["properties", "patternProperties"], map),
  ...each(["allOf", "anyOf", "oneOf"], schemas),
  ...each(["dependencies", "additionalItems", "default", "example", "discriminator", "externalDocs", "xml"], anything),
]);

function each(names: string[], expected: Expected): [string, Expected][] {
  return names.map((name) => [name, expected]);
}

/** What is wrong with a keyword of a schema, and what to write instead. */
export function keywordMistake(keyword: string, value: unknown): string | undefined {
  if (keyword.startsWith("x-")) return undefined;
  const expected = keywords.get(keyword);
  if (!expected) return "is not a keyword of a schema; correct its spelling, or leave it out";
  if (keyword === "type" && Array.isArray(value)) return "is a list; write one type, or `anyOf` with a schema for each";
  if (keyword.startsWith("exclusive") && typeof value === "number")
    return `is a number; OpenAPI 3.0 expects a boolean next to \`${keyword.slice(9).toLowerCase()}\``;
  const [holds, instead] = expected;
  return holds(value) ? undefined : `is ${JSON.stringify(value)}; write ${instead}`;
}
