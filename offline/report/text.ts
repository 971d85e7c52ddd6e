import { stripVTControlCharacters } from "node:util";
import { redact, type Value } from "../engine/values";

/** `aws:lambda/function:Function` is shown as `aws:lambda:Function`. */
export function shortType(type: string): string {
  const [packageName, module, name] = type.split(":");
  return name ? `${packageName}:${module?.split("/")[0]}:${name}` : type;
}

const longest = 200;

/** A value as JSON, with texts that would fill the screen cut short. */
export function printable(value: Value, indent = 0): string {
  const shorten = (_: string, inner: unknown) =>
    typeof inner === "string" && inner.length > longest
      ? `${inner.slice(0, longest)}… (${inner.length} characters)`
      : inner;
  return JSON.stringify(redact(value), shorten, indent);
}

/** A stranger's text without what moves the cursor, colours, hides or turns round what stands beside it. Line ends stay. */
export function withoutControls(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n")
    .replace(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu, "");
}
