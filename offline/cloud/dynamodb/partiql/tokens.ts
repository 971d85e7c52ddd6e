import { KEYWORDS } from "./keywords";
import { malformed } from "./refusals";

export interface Token {
  kind: "keyword" | "name" | "quoted" | "string" | "number" | "symbol" | "end";
  /** What it says: without quotes, and in upper case for a keyword. */
  text: string;
  /** Where it stands, as DynamoDB's messages say it: line, column and length, counted from 1. */
  position: string;
}

const BLANK = /(?:\s|--.*|\/\*[\s\S]*?\*\/)+/y;
/** In this order: a string, a quoted name, a number, a name or keyword, a symbol. */
const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z_$][\w$]*|<<|>>|<=|>=|<>|!=|\|\||\/(?!\*)|[-+*%=<>(),.?;[\]{}:]/y;
const LARGEST_SCALE = 2 ** 31;

/** Splits a statement. @throws AwsError at a character that begins nothing, and at what has no end */
export function tokenize(statement: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let lineStart = 0;
  let index = 0;
  const pass = (written: string) => {
    for (let at = written.indexOf("\n"); at >= 0; at = written.indexOf("\n", at + 1)) {
      line += 1;
      lineStart = index + at + 1;
    }
    index += written.length;
  };
  for (;;) {
    BLANK.lastIndex = index;
    pass(BLANK.exec(statement)?.[0] ?? "");
    const position = `${line}:${index - lineStart + 1}`;
    if (index === statement.length) return tokens.concat({ kind: "end", text: "", position });
    TOKEN.lastIndex = index;
    const [written] = TOKEN.exec(statement) ?? [];
    if (!written) throw malformed("");
    tokens.push(read(written, `${position}:${written.length}`));
    pass(written);
  }
}

function read(written: string, position: string): Token {
  const [first = ""] = written;
  if (first === "'") return { kind: "string", text: written.slice(1, -1).replaceAll("''", "'"), position };
  if (first === '"') return { kind: "quoted", text: written.slice(1, -1).replaceAll('""', '"'), position };
  if (/\d/.test(written) && /[\d.]/.test(first)) {
    checkScale(written);
    return { kind: "number", text: written, position };
  }
  if (!/[\w$]/.test(first)) return { kind: "symbol", text: written, position };
  const upper = written.toUpperCase();
  return KEYWORDS.has(upper) ? { kind: "keyword", text: upper, position } : { kind: "name", text: written, position };
}

/** DynamoDB cannot read a number whose scale, its decimal places less its exponent, does not fit 32 bits. */
function checkScale(written: string): void {
  const [mantissa = "", exponent = "0"] = written.toLowerCase().split("e");
  const scale = (mantissa.split(".")[1] ?? "").length - Number(exponent);
  if (Math.max(Math.abs(scale), Math.abs(Number(exponent))) >= LARGEST_SCALE) throw malformed("");
}
