import type { Cursor } from "./cursor";
import { OPERATORS } from "./keywords";
import { malformed } from "./refusals";
import type { Expression, Literal, Path } from "./syntax";

/** How tightly operators bind their operands: what binds more tightly has more. */
const NOT = 3;
const COMPARISON = 4;
export const ADDITION = 5;
const PRECEDENCE: Record<string, number> = { OR: 1, AND: 2, "+": ADDITION, "-": ADDITION };
const COMPARISONS = ["=", "<>", "!=", "<", "<=", ">", ">="];
const INFIXES = ["OR", "AND", "+", "-", "IS", "NOT", "IN", "BETWEEN", ...COMPARISONS];
const LARGEST_INDEX = 2 ** 31 - 1;

/** Reads an expression whose operators bind at least so tightly. @throws AwsError when it cannot be parsed */
export function readExpression(cursor: Cursor, least = 0): Expression {
  return cursor.nested(() => {
    let left = readOperand(cursor, least);
    for (;;) {
      const operation = readOperation(cursor, left, least);
      if (!operation) return left;
      left = operation;
    }
  });
}

function readOperation(cursor: Cursor, left: Expression, least: number): Expression | undefined {
  const { text, position } = cursor.token;
  const precedence = PRECEDENCE[text] ?? COMPARISON;
  if (precedence < least || !INFIXES.includes(text) || !cursor.is(text)) return undefined;
  const operation = (operator: string, ...operands: Expression[]): Expression => ({
    type: "operation",
    operator,
    operands: [left, ...operands],
    position,
  });
  if (precedence !== COMPARISON) {
    cursor.take();
    return operation(text, readRight(cursor, precedence + 1));
  }
  if (cursor.is(...COMPARISONS)) {
    cursor.take();
    return operation(text === "!=" ? "<>" : text, readRight(cursor, COMPARISON + 1));
  }
  if (cursor.passes("IS")) {
    const negated = cursor.passes("NOT");
    if (!cursor.is("NULL", "MISSING")) throw malformed("Expected type name");
    return negate(operation(`IS ${cursor.take().text}`), negated);
  }
  const negated = cursor.is("NOT") && ["IN", "BETWEEN"].includes(cursor.next.text);
  if (negated) cursor.take();
  if (cursor.passes("IN")) return negate(operation("IN", ...readChoices(cursor)), negated);
  if (cursor.passes("BETWEEN")) {
    const lower = readRight(cursor, COMPARISON + 1);
    cursor.expect("AND", "Expected AND after BETWEEN");
    return negate(operation("BETWEEN", lower, readRight(cursor, COMPARISON + 1)), negated);
  }
  return undefined;
}

function negate(operand: Expression, negated: boolean): Expression {
  const { position } = operand;
  return negated ? { type: "operation", operator: "NOT", operands: [operand], position } : operand;
}

function readRight(cursor: Cursor, least: number): Expression {
  if (cursor.atEnd) throw malformed("Missing right-hand side expression of infix operator");
  return readExpression(cursor, least);
}

function readChoices(cursor: Cursor): Expression[] {
  const choices = cursor.passes("[") ? readList(cursor, "]") : cursor.passes("(") ? readList(cursor, ")") : [];
  if (choices.length === 0) throw malformed("Expected a list of values after IN");
  return choices;
}

/** Reads what is separated by commas, up to the end of it. */
function readList(cursor: Cursor, end: string): Expression[] {
  const list: Expression[] = [];
  if (cursor.passes(end)) return list;
  do list.push(readExpression(cursor));
  while (cursor.passes(","));
  cursor.expect(end, `Expected ${end} after values`);
  return list;
}

function readOperand(cursor: Cursor, least: number): Expression {
  const { kind, text, position } = cursor.token;
  if (cursor.is("NOT") && least <= NOT) {
    cursor.take();
    return negate(readExpression(cursor, NOT), true);
  }
  if (cursor.is("-", "+")) return readSigned(cursor);
  if (cursor.passes("(")) {
    const inner = readExpression(cursor);
    cursor.expect(")", "Expected ) after an expression");
    return inner;
  }
  if (kind === "string" || kind === "number") return { type: kind, text: cursor.take().text, position };
  const isCalled = cursor.next.text === "(" && cursor.next.kind === "symbol";
  if ((kind === "name" || (kind === "keyword" && !OPERATORS.has(text))) && isCalled) return readCall(cursor);
  if (cursor.isName) return readPath(cursor);
  return readConstant(cursor) ?? readCollection(cursor) ?? unexpected(cursor);
}

function unexpected(cursor: Cursor): never {
  const { kind, text } = cursor.token;
  if (OPERATORS.has(text) || cursor.is(...COMPARISONS)) throw malformed("Unexpected operator");
  throw malformed(kind === "keyword" ? "Unexpected keyword" : "Unexpected term");
}

function readSigned(cursor: Cursor): Literal {
  const { position } = cursor.token;
  let sign = "";
  while (cursor.is("-", "+")) if (cursor.take().text === "-") sign = sign === "-" ? "" : "-";
  if (cursor.token.kind !== "number") return unexpected(cursor);
  return { type: "number", text: `${sign}${cursor.take().text}`, position };
}

function readCall(cursor: Cursor): Expression {
  const { text, position } = cursor.take();
  cursor.take();
  return { type: "call", name: text.toLowerCase(), operands: readList(cursor, ")"), position };
}

function readConstant(cursor: Cursor): Literal | undefined {
  const { position } = cursor.token;
  if (cursor.passes("?")) return { type: "parameter", index: cursor.parameters++, position };
  if (cursor.is("TRUE", "FALSE")) return { type: "boolean", value: cursor.take().text === "TRUE", position };
  if (cursor.passes("NULL")) return { type: "null", position };
  if (cursor.passes("MISSING")) return { type: "missing", position };
  return undefined;
}

function readCollection(cursor: Cursor): Literal | undefined {
  const { position } = cursor.token;
  if (cursor.passes("[")) return { type: "list", elements: readList(cursor, "]"), position };
  if (cursor.passes("<<")) return { type: "bag", elements: readList(cursor, ">>"), position };
  if (!cursor.passes("{")) return undefined;
  const entries: [string, Expression][] = [];
  if (cursor.passes("}")) return { type: "map", entries, position };
  do {
    if (cursor.token.kind !== "string") return unexpected(cursor);
    const name = cursor.take().text;
    cursor.expect(":", "Expected : after a name");
    entries.push([name, readExpression(cursor)]);
  } while (cursor.passes(","));
  cursor.expect("}", "Expected } after values");
  return { type: "map", entries, position };
}

/** Reads a name and the steps from it, such as `a."b"[0]`. @throws AwsError when it cannot be parsed */
export function readPath(cursor: Cursor): Path {
  if (!cursor.isName) return unexpected(cursor);
  const { text, position } = cursor.take();
  const steps: Path["steps"] = [text];
  for (;;) {
    if (cursor.passes(".")) {
      if (!cursor.isName) throw malformed("Invalid path dot component");
      steps.push(cursor.take().text);
    } else if (cursor.passes("[")) {
      steps.push(cursor.token.kind === "string" ? cursor.take().text : readIndex(cursor));
      cursor.expect("]", "Expected ] after an index");
    } else return { type: "path", steps, position };
  }
}

function readIndex(cursor: Cursor): number {
  const sign = cursor.is("-", "+") ? cursor.take().text : "";
  const { kind, text, position } = cursor.token;
  if (kind !== "number") return unexpected(cursor);
  cursor.take();
  const index = Number(sign + text);
  if (!Number.isInteger(index) || index < 0 || index > LARGEST_INDEX) {
    cursor.refuse(`List index is not within the allowable range; index: [${sign}${text}] at ${position}`);
  }
  return Math.abs(index);
}
