import type { Token } from "./lexer";
import type { Expression } from "./nodes";
import type { Tokens } from "./tokens";

/** The directives besides #set and #if, which have a syntax of their own. */
export const DIRECTIVES = new Set([
  "foreach",
  "include",
  "parse",
  "macro",
  "literal",
  "evaluate",
  "break",
  "define",
  "stop",
]);

/** An argument of a directive. */
export interface Argument {
  token: Token;
  /** Undefined for a plain word. */
  value?: Expression;
}

/** Notes arguments that a directive does not take. */
export function checkArguments(name: string, given: Argument[], { at }: Token, tokens: Tokens): void {
  const kinds = given.map(({ value }) => value?.kind ?? "word");
  const word = given.find(({ value }, index) => !value && index !== { macro: 0, foreach: 1 }[name]);
  if (word && DIRECTIVES.has(name)) {
    tokens.note(word.token.at, `#${name} does not take the word ${word.token.image}: write a reference or a string`);
  }
  const problem = {
    include: "reads a file, and there are none: write its text here",
    parse: "reads a file, and there are none: write its text here",
    foreach: kinds.length === 3 && kinds[1] === "word" ? undefined : "is written #foreach($item in $list)",
    macro: kinds[0] === "word" ? undefined : "begins with the macro's name: write #macro(name $argument)",
    define: kinds.length === 1 && kinds[0] === "reference" ? undefined : "takes one reference: write #define($name)",
    evaluate:
      kinds.length === 1 && /^(?:reference|template|constant)$/.test(kinds[0] ?? "")
        ? undefined
        : "takes one string or reference",
    stop: kinds.length <= 1 ? undefined : "takes one argument at most",
    break: kinds.length <= 1 ? undefined : "takes one argument at most",
  }[name];
  if (problem) tokens.note(at, `#${name} ${problem}`);
}
