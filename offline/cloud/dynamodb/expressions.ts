/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters */
const MOST = { bytes: 4096, operators: 300, operands: 100 };

/** A part of a parsed expression. A path is a list of names and places, as in `["list", 0]`. */
type Node = { type?: string; args?: Node[] } | Path;
type Path = (string | number)[];

/** A parsed expression: a condition, an update, or a projection. */
interface Parsed {
  expression?: Node;
  sections?: { val?: Node }[];
}

/** One of dynalite's parsers. It returns a sentence in place of an expression that breaks a rule. */
export interface Parser {
  parse(text: string, options: object): Parsed | string;
}

/** An error of a parser's grammar. */
interface SyntaxFailure extends Error {
  location?: { start: { offset: number } };
}

/** Makes a parser complain as AWS does about syntax, and about expressions that are too long. */
export function correctParser(parser: Parser): void {
  const { parse } = parser;
  parser.parse = (text, options) => {
    const bytes = Buffer.byteLength(text);
    if (bytes > MOST.bytes) return `Expression size has exceeded the maximum allowed size; expression size: ${bytes}`;
    try {
      const parsed = parse(text, options);
      return typeof parsed === "string" ? parsed : (excessOf(parsed) ?? parsed);
    } catch (error) {
      const { location } = error as SyntaxFailure;
      if (location) (error as Error).message = describe(text, location.start.offset);
      throw error;
    }
  };
}

function excessOf({ expression, sections = [] }: Parsed): string | undefined {
  let operators = 0;
  let operands = 0;
  const visit = (node: Node | undefined): void => {
    if (!node || Array.isArray(node) || !node.args) return;
    operators++;
    if (node.type === "in") operands = Math.max(operands, node.args.length - 1);
    node.args.forEach(visit);
  };
  visit(expression);
  for (const { val } of sections) visit(val);
  if (operators > MOST.operators) return `The expression contains too many operators; operator count: ${operators}`;
  if (operands > MOST.operands)
    return `The IN operator is provided with too many operands; number of operands: ${operands}`;
  return undefined;
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
