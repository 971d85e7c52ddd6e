import { stripVTControlCharacters } from "node:util";
import type { Graph } from "../engine/graph";
import { redact, type Value } from "../engine/values";

const longest = 200;

/** A value as JSON, in which long texts are cut. */
export function printable(value: Value, indent = 0): string {
  const shorten = (_: string, inner: unknown) =>
    typeof inner === "string" && inner.length > longest
      ? `${inner.slice(0, longest)}… (${inner.length} characters)`
      : inner;
  return JSON.stringify(redact(value), shorten, indent);
}

/** Untrusted text without anything that moves the cursor, or colours, hides or reverses text. Line ends stay. */
export function withoutControls(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replace(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu, "");
}

/** Such as `1 policy` and `2 policies`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A program's region, with a note if it is only the default. */
export function describeRegion({ region, isDefaultRegion }: Graph): string {
  return isDefaultRegion ? `${region} (the default: neither aws:region nor AWS_REGION is set)` : region;
}
