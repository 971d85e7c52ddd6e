import { validateAttributeValue } from "dynalite/validations";
import { validationError } from "../errors";
import { PARAMETERS_DIFFER } from "./refusals";
import type { Expression } from "./syntax";

/** An AttributeValue, such as `{ S: "text" }`. */
export type Value = Record<string, unknown>;

/** DynamoDB stores no value that is nested more deeply. */
const DEEPEST = 32;

/** @throws AwsError for a parameter that DynamoDB could not store */
export function checkValues(parameters: readonly Value[]): void {
  for (const parameter of parameters) {
    const problem = validateAttributeValue(parameter);
    if (problem) throw validationError(problem);
  }
}

/** Whether an expression is a value by itself, whatever item there is. */
export function isConstant({ type }: Expression): boolean {
  return type !== "path" && type !== "call" && type !== "operation";
}

/** The value of a literal or a parameter. @throws AwsError when DynamoDB could not store it */
export function readValue(expression: Expression, parameters: readonly Value[]): Value {
  if (expression.type !== "parameter") return literalOf(expression, "root", 0);
  const parameter = parameters[expression.index];
  if (!parameter) throw validationError(PARAMETERS_DIFFER);
  return parameter;
}

/** @param where the path to the literal, as DynamoDB's messages name it */
function literalOf(literal: Expression, where: string, depth: number): Value {
  if (depth >= DEEPEST) throw validationError(`Nesting Levels have exceeded supported limits under ${where}`);
  switch (literal.type) {
    case "string":
      return { S: literal.text };
    case "number":
      return numberOf(literal.text, where);
    case "boolean":
      return { BOOL: literal.value };
    case "null":
      return { NULL: true };
    case "bag":
      return setOf(literal.elements, where);
    case "list":
      return { L: literal.elements.map((element, index) => literalOf(element, `${where}[${index}]`, depth + 1)) };
    case "map": {
      const entries = literal.entries.map(([name, value]) => [name, literalOf(value, `${where}.${name}`, depth + 1)]);
      return { M: Object.fromEntries(entries) };
    }
    default:
      return unsupported(literal, where);
  }
}

function unsupported(expression: Expression, where: string): never {
  const kinds: Record<string, string> = {
    parameter: "Parameter",
    path: "VariableReference",
    missing: "LiteralMissing",
  };
  const kind = expression.type === "call" ? expression.name : (kinds[expression.type] ?? "NAry");
  throw validationError(`Unsupported data type: ${kind} under key ${where} at ${expression.position}`);
}

function numberOf(text: string, where: string): Value {
  const value = { N: text };
  const problem = validateAttributeValue(value);
  if (problem) throw validationError(`${problem} under ${where}`);
  return value;
}

/** The set that a bag, such as `<<1, 2>>`, stands for. */
function setOf(elements: Expression[], where: string): Value {
  if (elements.length === 0) throw validationError("Empty bags are not supported");
  const texts = elements.map((element) => (element.type === "string" || element.type === "number" ? element.text : ""));
  const [first] = elements;
  if (elements.some(({ type }) => type !== first?.type) || (first?.type !== "string" && first?.type !== "number")) {
    const reason = "DynamoDB only supports either numbers or strings in bags";
    throw validationError(`Unsupported data type in Bag. ${reason}`);
  }
  const isText = first.type === "string";
  const members = isText ? texts : texts.map((text) => numberOf(text, where).N);
  if (new Set(members).size < members.length) {
    const list = `Input collection [${texts.join(", ")}] contains duplicates`;
    throw validationError(`One or more parameter values were invalid: ${list}${isText ? "." : `! under ${where}`}`);
  }
  return isText ? { SS: members } : { NS: members };
}
