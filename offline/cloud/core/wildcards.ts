import { asTexts } from "./resources";

/** @param pattern with `*` for any text and `?` for any character */
export function matches(pattern: string, text: string): boolean {
  return new RegExp(`^${sourceOf(pattern)}$`, "s").test(text);
}

/**
 * The source of a regular expression for a pattern, with `s` as its flag.
 * @param pattern as for `matches`
 */
export function sourceOf(pattern: string): string {
  return escapePattern(pattern).replaceAll("\\*", ".*").replaceAll("\\?", ".");
}

/** The source of a regular expression that matches exactly a text. */
export function escapePattern(text: string): string {
  return text.replace(/[.*?+^${}()|[\]\\]/g, "\\$&");
}

/**
 * Whether one of the patterns of a policy matches, whatever the case of letters.
 * @param patterns one pattern or a list
 */
export function covers(patterns: unknown, text: string): boolean {
  return asTexts([patterns].flat()).some((pattern) => matches(pattern.toLowerCase(), text.toLowerCase()));
}
