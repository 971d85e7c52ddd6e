import { listOf } from "../validation";
import type { Property, Schema } from "./schema";

/** A value in a message: text in quotes, shortened if it is long, and only the kind of a value with parts. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return "an array";
  const type = value.constructor?.name ?? "Object";
  return type === "Object" ? "an object" : `an instance of ${type}`;
}

/** What to write for a property, such as `a whole number from 1 to 900 seconds`. */
export function describe(property: Property, schema: Schema): string {
  const { type, unit = "", minimum, maximum, minLength, maxLength } = property;
  const choices = choicesOf(property, schema);
  if (property.write !== undefined) return property.write;
  if (choices) return `${listOf(choices)} ${unit}`.trimEnd();
  if (type === "integer" || type === "number") {
    const number = type === "integer" ? "a whole number" : "a number";
    const range = span(minimum, maximum);
    if (minimum !== undefined && maximum !== undefined) return `${number} from ${range} ${unit}`.trimEnd();
    return `${number}${unit && ` of ${unit}`}${range && `, ${range}`}`;
  }
  if (type === "boolean") return "true or false";
  if (type === "function") return "a function";
  if (type === "string") return `a string ${span(minLength, maxLength).replace(/.+/, "of $& characters")}`.trimEnd();
  if (type === "array") return `an array of ${several(property, schema)}`;
  if (type === "record") return `an object that maps names to ${plural(property.values, schema)}`;
  return `an object${members(type, schema)}`;
}

function several({ items, minItems, maxItems }: Property, schema: Schema): string {
  const count = span(minItems, maxItems);
  const elements = plural(items, schema);
  return count === "" ? elements : `${count}${elements.startsWith("the ") ? " of" : ""} ${elements}`;
}

function plural(property: Property | undefined, schema: Schema): string {
  if (property === undefined) return "values";
  const choices = choicesOf(property, schema);
  if (choices) return `the values ${listOf(choices)}`;
  const { type } = property;
  if (type === "integer") return "whole numbers";
  if (type === "record") return "objects";
  return schema[type] ? `objects${members(type, schema)}` : `${type}s`;
}

/** The properties that an object of a type must have. */
function members(type: string, schema: Schema): string {
  const required = Object.entries(schema[type]?.properties ?? {}).filter(([, property]) => property.required);
  return required.length === 0
    ? ""
    : ` with ${listOf(
        required.map(([name]) => `\`${name}\``),
        "and",
      )}`;
}

function choicesOf({ type, choices }: Property, schema: Schema): string[] | undefined {
  return (choices ?? schema[type]?.enum)?.map(show);
}

function span(least?: number, most?: number): string {
  if (most === undefined) return least === undefined ? "" : `${least} or more`;
  return least === undefined ? `up to ${most}` : `${least} to ${most}`;
}
