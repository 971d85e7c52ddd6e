import * as pulumi from "@pulumi/pulumi";
import { nearest } from "../nearest";
import { below, listOf, type Mistakes } from "../validation";
import { describe, show } from "./describe";
import type { Property, Schema } from "./schema";

/** Not imported, as programs that are type-checked with this library need not allow imports of JSON. */
const schema: Schema = require("./arguments.json");

type Fields = Record<string, unknown>;

/**
 * Adds the mistakes in the shape of arguments, and in each single value, as far as it is known by now.
 * @returns the arguments themselves if nothing is wrong, otherwise a copy in which an empty value of the right type
 * replaces each wrong one: NaN for a number, and nothing for a boolean; and the paths of wrong properties and of those
 * that may have been meant
 */
export function checkShape(type: string, args: unknown, mistakes: Mistakes): { args: unknown; doubtful: string[] } {
  const check = new ShapeCheck(mistakes);
  const copy = check.value(args, { type }, "");
  return { args: check.isChanged ? copy : args, doubtful: check.doubtful };
}

class ShapeCheck {
  readonly doubtful: string[] = [];
  isChanged = false;

  constructor(private readonly mistakes: Mistakes) {}

  value(value: unknown, property: Property, path: string): unknown {
    const { type, items, values, input } = property;
    if (isLater(value) && input) return value;
    if (pulumi.Output.isInstance(value) && takesInputs(type)) return value;
    const fault = faultOf(value, property);
    if (fault !== undefined) {
      this.add(path, fault, isLater(value) ? "a plain value" : describe(property, schema));
      return emptyOf(type);
    }
    if (Array.isArray(value) && items) return value.map((each, index) => this.value(each, items, `${path}[${index}]`));
    if (values) return this.record(value as Fields, values, path);
    return schema[type]?.properties ? this.object(value as Fields, type, path) : value;
  }

  private record(record: Fields, values: Property, path: string): Fields {
    const given = Object.entries(record).filter(([, value]) => value !== undefined);
    this.isChanged ||= given.length < Object.keys(record).length;
    return Object.fromEntries(given.map(([key, value]) => [key, this.value(value, values, below(path, key))]));
  }

  /** Other languages pass null for what was left out. */
  private object(object: Fields, type: string, path: string): Fields {
    const { properties = {}, open } = schema[type] ?? {};
    const names = Object.keys(properties);
    const others = Object.keys(isPlain(object) ? object : {}).filter((key) => !names.includes(key));
    const already = this.doubtful.length;
    const checked: Fields = {};
    for (const key of others) {
      if (open || object[key] === undefined) checked[key] = object[key];
      else this.unknown(key, object, type, path);
    }
    for (const [key, property] of Object.entries(properties)) {
      const { [key]: value } = object;
      const place = below(path, key);
      this.isChanged ||= value === null;
      if (value !== undefined && value !== null) checked[key] = this.value(value, property, place);
      else if (property.required) {
        checked[key] = emptyOf(property.type);
        if (!this.doubtful.includes(place)) this.add(place, "is missing", describe(property, schema));
      }
    }
    return isPlain(object) || this.doubtful.length > already ? checked : object;
  }

  private unknown(key: string, object: Fields, type: string, path: string): void {
    const names = Object.keys(schema[type]?.properties ?? {});
    const left = names.filter((name) => object[name] === undefined);
    const meant = nearest(key, left);
    const place = below(path, key);
    const owner = path === "" ? type.replace(/Args$/, "'s arguments") : type;
    const instead = meant.length > 0 ? `did you mean ${listOf(meant.map(show))}?` : `write ${listOf(left)}`;
    this.mistakes.add(place, `is not a property of ${owner}; ${instead}`);
    this.doubt(place, ...meant.map((name) => below(path, name)));
  }

  private add(path: string, fault: string, instead: string): void {
    this.mistakes.add(path || "args", `${fault}; write ${instead}`);
    this.doubt(path);
  }

  private doubt(...paths: string[]): void {
    this.doubtful.push(...paths);
    this.isChanged = true;
  }
}

/** What is wrong with a required value, apart from its parts. */
function faultOf(value: unknown, property: Property): string | undefined {
  const { type, or, minItems, maxItems, minLength, maxLength } = property;
  if (isLater(value)) {
    return `is ${value instanceof Promise ? "a promise" : "an Output"}, which is known only during the deployment`;
  }
  if (value === or) return undefined;
  if (!isOfType(value, type)) {
    // A number in place of text may be a secret.
    const isNumber = typeof value === "number" && type === "string";
    return `is ${isNumber ? "a number" : show(value)}`;
  }
  if (!isAllowed(value, property)) return `is ${show(value)}`;
  if (typeof value === "string") return countFault(value.length, " characters", minLength, maxLength);
  return typeof value === "object" ? countFault(Object.keys(value ?? {}).length, "", minItems, maxItems) : undefined;
}

function countFault(count: number, unit: string, least = 0, most = Number.POSITIVE_INFINITY): string | undefined {
  if (count >= least && count <= most) return undefined;
  return count === 0 ? "is empty" : `has ${count}${unit}`;
}

function isOfType(value: unknown, type: string): boolean {
  if (schema[type]?.enum) return schema[type].enum.includes(value as string);
  if (type === "integer") return Number.isInteger(value);
  if (type === "number") return Number.isFinite(value);
  if (type === "array") return Array.isArray(value);
  if (type === "record") return isPlain(value);
  if (type === "string" || type === "boolean" || type === "function") return typeof value === type;
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAllowed(value: unknown, { minimum, maximum, pattern, choices }: Property): boolean {
  if (choices && !choices.includes(value as string | number)) return false;
  if (typeof value === "string") return pattern === undefined || new RegExp(pattern).test(value);
  if (typeof value !== "number") return true;
  return value >= (minimum ?? value) && value <= (maximum ?? value);
}

export function isLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** Whether every property of an interface is an Input, as the properties of an Output of such an object are. */
function takesInputs(type: string): boolean {
  const { properties } = schema[type] ?? {};
  return properties !== undefined && Object.values(properties).every(({ input }) => input);
}

/** Whether a value is an object literal, of this realm or another. */
export function isPlain(value: unknown): value is Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function emptyOf(type: string): unknown {
  const { properties, enum: members } = schema[type] ?? {};
  if (properties) {
    const required = Object.entries(properties).filter(([, { required }]) => required);
    return Object.fromEntries(required.map(([name, each]) => [name, emptyOf(each.type)]));
  }
  if (type === "integer" || type === "number") return Number.NaN;
  if (type === "boolean") return undefined;
  if (type === "array") return [];
  if (type === "function") return () => undefined;
  return type === "string" || members ? "" : {};
}
