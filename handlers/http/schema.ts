import { isObject, type Json, type Mistake, memberPointer } from "./json";

/**
 * The part of JSON Schema that OpenAPI 3.0 and `mistakesIn` both understand, and that the API's component can turn into a
 * model of API Gateway. `description`, `format`, `default`, `readOnly` and `example` are for readers only, and so is
 * `title`, a name under which the API's document has the schema.
 */
export interface JsonSchema {
  title?: string;
  type?: "string" | "integer" | "number" | "boolean" | "array" | "object";
  description?: string;
  format?: string;
  default?: Json;
  example?: Json;
  readOnly?: boolean;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  items?: JsonSchema;
  maxItems?: number;
  uniqueItems?: boolean;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  nullable?: boolean;
  /** Schemas that exclude each other. */
  oneOf?: JsonSchema[];
}

/** Every way in which a value does not match a schema, each with its place. */
export function mistakesIn(value: Json, schema: JsonSchema, pointer = "#"): Mistake[] {
  if (value === null && schema.nullable) return [];
  if (schema.oneOf) return closestMistakes(value, schema.oneOf, pointer);
  if (schema.type && !hasType(value, schema.type)) {
    return [{ pointer, detail: `must be ${/^[aio]/.test(schema.type) ? "an" : "a"} ${schema.type}` }];
  }
  const details = typeof value === "string" ? textMistakes(value, schema) : numberMistakes(value, schema);
  const mistakes = details.map((detail): Mistake => ({ pointer, detail }));
  if (Array.isArray(value)) return mistakes.concat(arrayMistakes(value, schema, pointer));
  if (isObject(value)) return mistakes.concat(objectMistakes(value, schema, pointer));
  return mistakes;
}

/** The mistakes according to the schema that has the fewest, with what the others require. */
function closestMistakes(value: Json, schemas: JsonSchema[], pointer: string): Mistake[] {
  const found = schemas.map((schema) => ({ schema, mistakes: mistakesIn(value, schema, pointer) }));
  const [closest, ...others] = found.sort((one, other) => one.mistakes.length - other.mistakes.length);
  const instead = others.map(({ schema: { required = [] } }) => `; or give ${required.join(" and ")}`).join("");
  return (closest?.mistakes ?? []).map(({ detail, ...place }) => ({ ...place, detail: detail + instead }));
}

function hasType(value: Json, type: JsonSchema["type"]): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isObject(value);
  return typeof value === type;
}

function textMistakes(text: string, schema: JsonSchema): string[] {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern } = schema;
  const mistakes = [];
  const length = [...text].length;
  if (length < minLength) mistakes.push(`must have ${minLength} or more characters`);
  if (length > maxLength) mistakes.push(`must have ${maxLength} or fewer characters`);
  if (pattern && !new RegExp(pattern, "u").test(text)) mistakes.push(`must match ${pattern}`);
  if (schema.enum && !schema.enum.includes(text)) mistakes.push(`must be one of ${schema.enum.join(", ")}`);
  return mistakes;
}

function numberMistakes(value: Json, { minimum, maximum }: JsonSchema): string[] {
  const mistakes = [];
  if (typeof value === "number" && minimum !== undefined && value < minimum)
    mistakes.push(`must be ${minimum} or more`);
  if (typeof value === "number" && maximum !== undefined && value > maximum)
    mistakes.push(`must be ${maximum} or less`);
  return mistakes;
}

function arrayMistakes(array: Json[], { items, maxItems, uniqueItems }: JsonSchema, pointer: string): Mistake[] {
  const mistakes: Mistake[] = [];
  if (maxItems !== undefined && array.length > maxItems) {
    mistakes.push({ pointer, detail: `must have ${maxItems} or fewer elements` });
  }
  if (uniqueItems && new Set(array.map((element) => JSON.stringify(element))).size < array.length) {
    mistakes.push({ pointer, detail: "must not have duplicate elements" });
  }
  if (!items) return mistakes;
  return mistakes.concat(array.flatMap((element, index) => mistakesIn(element, items, memberPointer(pointer, index))));
}

function objectMistakes(object: Record<string, Json>, schema: JsonSchema, pointer: string): Mistake[] {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const missing = required
    .filter((key) => !Object.hasOwn(object, key))
    .map((key) => ({ pointer: memberPointer(pointer, key), detail: "is required" }));
  const present = Object.entries(object).flatMap(([key, value]): Mistake[] => {
    const place = memberPointer(pointer, key);
    const property = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    if (typeof property === "object") return mistakesIn(value, property, place);
    if (property) return [];
    const known = Object.keys(properties);
    return [{ pointer: place, detail: known.length > 0 ? `is not one of ${known.join(", ")}` : "must not be set" }];
  });
  return [...missing, ...present];
}
