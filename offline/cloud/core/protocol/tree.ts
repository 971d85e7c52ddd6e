import { type Member, type Model, membersOf, type Shape, shapeOf } from "../model";
import { isMap } from "../resources";
import { Malformed, toText, toTime } from "./scalars";

/**
 * A value that came as JSON, or as CBOR with bytes and Dates, read by its shape; members that the model does not know are left out.
 * @throws Malformed with AWS's message if a type is wrong
 */
export function readTree(model: Model, { shape: name }: Member, value: unknown): unknown {
  const shape = shapeOf(model, name);
  switch (shape.type) {
    case "structure":
      return readStructure(model, shape, value);
    case "map": {
      const { value: of } = shape;
      if (!isMap(value)) throw misplaced(value, "Unexpected field type");
      const entries = Object.entries(value).filter(([, one]) => one !== null);
      return Object.fromEntries(entries.map(([key, one]) => [key, of && readTree(model, of, one)]));
    }
    case "list": {
      const { member } = shape;
      if (!Array.isArray(value)) throw misplaced(value, "Unexpected field type");
      return value.filter((one) => one !== null).map((one) => member && readTree(model, member, one));
    }
    default:
      return readScalar(shape, value);
  }
}

/** @param members those that are in the body. @default all */
export function readStructure(model: Model, shape: Shape, value: unknown, members = membersOf(shape)): object {
  if (!isMap(value)) throw misplaced(value, "Unexpected field type");
  const given = members.filter(({ sent }) => Object.hasOwn(value, sent) && value[sent] !== null);
  return Object.fromEntries(given.map(({ name, sent, member }) => [name, readTree(model, member, value[sent])]));
}

const JAVA_TYPES: Record<string, string> = { integer: "Integer", long: "Long", boolean: "Boolean", string: "String" };

/** @see the texts of DynamoDB, which the other services that speak JSON share */
function readScalar({ type }: Shape, value: unknown): unknown {
  const java = JAVA_TYPES[type] ?? "Double";
  if (type === "blob" && value instanceof Buffer) return value;
  if (type === "timestamp" && value instanceof Date) return value.getTime();
  if (typeof value === "object") throw misplaced(value, "");
  if (type === "blob") return readBlob(value);
  if (type === "timestamp" && typeof value !== "boolean") return toTime(value as string | number);
  if (type === "string" || type === "character") {
    if (typeof value === "string") return value;
  } else if (type === "boolean") {
    if (typeof value === "boolean") return value;
  } else if (typeof value === "number") {
    return java === "Double" ? value : Math.floor(value);
  }
  throw new Malformed(`${tokenOf(value)} cannot be converted to ${java}`);
}

function readBlob(value: unknown): Buffer {
  if (typeof value !== "string") throw new Malformed("only base-64-encoded strings are convertible to bytes");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw new Malformed("Invalid last non-pad Base64 character detected");
  return Buffer.from(value, "base64");
}

function misplaced(value: unknown, otherwise: string): Malformed {
  if (Array.isArray(value)) return new Malformed("Start of list found where not expected");
  return new Malformed(isMap(value) ? "Start of structure or map found where not expected" : otherwise);
}

function tokenOf(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? "NUMBER_VALUE" : "DECIMAL_VALUE";
  return typeof value === "boolean" ? `${value}`.toUpperCase().concat("_VALUE") : "STRING_VALUE";
}

/**
 * A value as JSON has it, written by its shape; members that the model does not know are left out.
 * @param isNative whether blobs and times remain bytes and Dates
 */
export function writeTree(
  model: Model,
  { shape: name, timestampFormat }: Member,
  value: unknown,
  isNative = false,
): unknown {
  const shape = shapeOf(model, name);
  switch (shape.type) {
    case "structure":
      return writeStructure(model, shape, value, membersOf(shape), isNative);
    case "map": {
      const { value: of } = shape;
      const entries = Object.entries(value as object).filter(([, one]) => one !== undefined && one !== null);
      return Object.fromEntries(entries.map(([key, one]) => [key, of && writeTree(model, of, one, isNative)]));
    }
    case "list": {
      const { member } = shape;
      // What a program wrote itself, such as the command of a job definition, may be one value in place of a list.
      return [value].flat().map((one) => member && writeTree(model, member, one, isNative));
    }
    case "timestamp": {
      if (isNative) return new Date(Number(value));
      const text = toText({ timestampFormat, ...shape }, value, "unixTimestamp");
      return Number.isNaN(Number(text)) ? text : Number(text);
    }
    case "blob":
      return isNative ? Buffer.from(value as string | Uint8Array) : toText(shape, value, "unixTimestamp");
    default:
      return value;
  }
}

/** @param members those that are in the body. @default all */
export function writeStructure(
  model: Model,
  shape: Shape,
  value: unknown,
  members = membersOf(shape),
  isNative = false,
): object {
  const given = value as Record<string, unknown>;
  const present = members.filter(({ name }) => given[name] !== undefined && given[name] !== null);
  return Object.fromEntries(
    present.map(({ name, sent, member }) => [sent, writeTree(model, member, given[name], isNative)]),
  );
}
