import type { Shape, TimestampFormat } from "../model";

/** A request that cannot be read: the caller gets a serialization error. */
export class Malformed extends Error {}

const INTEGERS = ["integer", "long", "short", "byte"];

/** Whether the numbers of a type are whole. */
export function isInteger({ type }: Shape): boolean {
  return INTEGERS.includes(type);
}

/**
 * A value from its text in a URL, a header, a form or XML.
 * @throws Malformed if the text does not fit the type
 */
export function fromText({ type }: Shape, text: string): unknown {
  switch (type) {
    case "boolean":
      if (text === "true" || text === "false") return text === "true";
      throw new Malformed(`${text} is not a boolean`);
    case "timestamp":
      return toTime(text);
    case "blob":
      return Buffer.from(text, "base64");
    case "string":
    case "character":
      return text;
    default:
      return toNumber(type, text);
  }
}

function toNumber(type: string, text: string): number {
  const number = Number(text);
  const isWhole = !INTEGERS.includes(type) || Number.isInteger(number);
  if (text.trim() !== "" && Number.isFinite(number) && isWhole) return number;
  throw new Malformed(`${text} is not a valid ${type}`);
}

/** Milliseconds since 1970. @throws Malformed if it is no time in any of AWS's formats */
export function toTime(value: string | number): number {
  const seconds = typeof value === "number" ? value : Number(value || Number.NaN);
  const time = Number.isNaN(seconds) ? Date.parse(String(value)) : seconds * 1000;
  if (Number.isNaN(time)) throw new Malformed(`${value} is not a valid timestamp`);
  return time;
}

/** A value as text; times are milliseconds since 1970. */
export function toText({ type, timestampFormat }: Shape, value: unknown, format: TimestampFormat): string {
  if (type === "timestamp") return formatTime(Number(value), timestampFormat ?? format);
  if (type === "blob") return Buffer.from(value as string | Uint8Array).toString("base64");
  return String(value);
}

function formatTime(time: number, format: TimestampFormat): string {
  if (format === "unixTimestamp") return String(time / 1000);
  const date = new Date(time);
  return format === "rfc822" ? date.toUTCString() : date.toISOString();
}
