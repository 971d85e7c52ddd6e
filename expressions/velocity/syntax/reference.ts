import type { Token } from "./lexer";
import type { Member, Reference } from "./nodes";
import type { Tokens } from "./tokens";

/** A reference of the tokens taken since then. Backslashes and signs before it are part of its first token. */
export function referenceOf(tokens: Tokens, from: number, members: Member[]): Reference {
  const first = tokens.taken[from] as Token;
  const common = {
    kind: "reference",
    members,
    prefix: "",
    escaped: false,
    backslashes: "",
    isName: false,
    at: first.at,
  } as const;
  const [, before, slashes, after] = /^(.*?\$[^\\]*)(\\+)(!.*)$/s.exec(first.image) ?? [];
  if (before !== undefined && slashes !== undefined && after !== undefined) {
    const missing = before + slashes.slice(1) + after;
    return { ...common, missing, literal: tokens.literal(from) };
  }
  const [, leading = "", rest = ""] = /^(\\*)(.*)$/s.exec(first.image) ?? [];
  const sign = Math.max(rest.lastIndexOf("$"), 0);
  const image = rest.slice(sign);
  first.image = image;
  const literal = tokens.literal(from);
  const escaped = leading.length % 2 === 1;
  const name = image.endsWith("{") ? (tokens.taken[from + 1] as Token).image : image.replace(/^\$!?/, "");
  const isName = !image.startsWith("$");
  return {
    ...common,
    root: isName ? image : name,
    prefix: rest.slice(0, sign),
    missing: image.startsWith("$!") && !escaped ? "" : literal,
    literal,
    escaped,
    backslashes: "\\".repeat(leading.length / 2),
    isName,
  };
}
