import { readFileSync } from "node:fs";
import { compileFunction } from "node:vm";

/** A part of a parsed expression. A path is a list of names and places, as in `["list", 0]`. */
export type Node = { type?: string; args?: Node[] } | Path;
type Path = (string | number)[];

/** A parsed expression: a condition, an update, or a projection. */
export interface Parsed {
  expression?: Node;
  sections?: { val?: Node }[];
}

/** One of dynalite's parsers. It returns a sentence in place of an expression that breaks a rule. */
export interface Parser {
  parse(text: string, options: object): Parsed | string;
}

/** The rules that contain themselves, or that several alternatives begin with. */
const RULES = /function peg\$parse(\w*(?:Expression|Parens|Operand|Function|SetValue))\(\) \{/g;

/** As PEG.js generates it with `cache`. Paths are copied because actions replace names in them. */
const CACHE = `
  const cache = new Map();
  const copyOf = (result) => (Array.isArray(result) ? [...result] : result);
  function once(rule, evaluate) {
    const key = rule + peg$currPos;
    let known = cache.get(key);
    if (!known) {
      const result = evaluate();
      known = { result: copyOf(result), end: peg$currPos };
      cache.set(key, known);
    }
    peg$currPos = known.end;
    return copyOf(known.result);
  }`;

/**
 * Loads a parser so that it tries each rule only once at each place of a text. dynalite's parsers were generated without
 * PEG.js's cache, so each level of parentheses takes them several times as long as the level within it.
 */
export function loadLinearParser(name: string): Parser {
  const file = require.resolve(name);
  const source = readFileSync(file, "utf8")
    .replace(
      RULES,
      (start, rule) => `${start} return once("${rule}", evaluate${rule}); }\n  function evaluate${rule}() {`,
    )
    .replace("function peg$parse(input, options) {", (start) => start + CACHE);
  const module = { exports: {} };
  compileFunction(source, ["module"], { filename: file })(module);
  return module.exports as Parser;
}
