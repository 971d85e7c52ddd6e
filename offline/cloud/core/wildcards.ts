import { asTexts } from "./resources";

/** @param pattern with `*` for any text and `?` for any character */
export function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

/**
 * Whether one of the patterns of a policy matches, whatever the case of letters.
 * @param patterns one pattern or a list
 */
export function covers(patterns: unknown, text: string): boolean {
  return asTexts([patterns].flat()).some((pattern) => matches(pattern.toLowerCase(), text.toLowerCase()));
}
