import { loadLinearParser, type Node, type Parsed, type Parser } from "./linearParser";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters */
const MOST = { bytes: 4096, operators: 300, operands: 100 };

/** Operators that only strings, numbers and binaries can be operands of. */
const ORDERING = new Set(["<", "<=", ">", ">=", "between"]);
const UNORDERED = ["BOOL", "NULL", "L", "M", "SS", "NS", "BS"];

/** An error of a parser's grammar. */
interface SyntaxFailure extends Error {
  location?: { start: { offset: number } };
}

/** Makes a parser refuse what AWS refuses, in AWS's words, and take no longer for nested expressions than for others. */
export function correctParser(parser: Parser, name: string): void {
  let linear: Parser | undefined;
  parser.parse = (text, options) => {
    const bytes = Buffer.byteLength(text);
    if (bytes > MOST.bytes) return `Expression size has exceeded the maximum allowed size; expression size: ${bytes}`;
    const excess = depthRefusal(text);
    if (excess) return excess;
    linear ??= loadLinearParser(name);
    try {
      const parsed = linear.parse(text, options);
      return typeof parsed === "string" ? parsed : (refusalOf(parsed) ?? parsed);
    } catch (error) {
      const { location } = error as SyntaxFailure;
      if (location) (error as Error).message = describe(text, location.start.offset);
      throw error;
    }
  };
}

/** Each level of parentheses has an operator of its own, or is redundant. */
function depthRefusal(text: string): string | undefined {
  let level = 0;
  let deepest = 0;
  for (const [parenthesis] of text.matchAll(/[()]/g)) {
    level += parenthesis === "(" ? 1 : -1;
    deepest = Math.max(deepest, level);
  }
  if (deepest <= MOST.operators) return undefined;
  if (/\(\s*\(/.test(text)) return "The expression has redundant parentheses;";
  return `The expression contains too many operators; operator count: ${deepest}`;
}

function refusalOf({ expression, sections = [] }: Parsed): string | undefined {
  let operators = 0;
  let operands = 0;
  let unordered: string | undefined;
  const visit = (node: Node | undefined): void => {
    if (!node || Array.isArray(node) || !node.args) return;
    const { type = "", args } = node;
    operators++;
    if (type === "in") operands = Math.max(operands, args.length - 1);
    if (ORDERING.has(type)) unordered ??= unorderedType(args, type);
    args.forEach(visit);
  };
  visit(expression);
  for (const { val } of sections) visit(val);
  if (unordered) return unordered;
  if (operators > MOST.operators) return `The expression contains too many operators; operator count: ${operators}`;
  if (operands > MOST.operands)
    return `The IN operator is provided with too many operands; number of operands: ${operands}`;
  return undefined;
}

function unorderedType(operands: Node[], operator: string): string | undefined {
  const type = UNORDERED.find((type) => operands.some((operand) => !Array.isArray(operand) && type in operand));
  if (!type) return undefined;
  const found = `operator or function: ${operator.toUpperCase()}, operand type: ${type}`;
  return `Incorrect operand type for operator or function; ${found}`;
}

/** The token at which a grammar gave up, with its neighbours: `token: "=", near: "SET = :v"`. */
function describe(text: string, offset: number): string {
  const tokens = [...text.matchAll(/[#:]?\w+|<=|>=|<>|\S/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  const found = tokens.findIndex(({ end }) => end > offset);
  const place = found < 0 ? tokens.length : found;
  const [previous, token, next] = [tokens[place - 1], tokens[place], tokens[place + 1]];
  const [first, last] = [previous ?? token, next ?? token ?? previous];
  const name = token ? text.slice(token.start, token.end) : "<EOF>";
  return `token: "${name}", near: "${text.slice(first?.start ?? 0, last?.end ?? 0)}"`;
}
