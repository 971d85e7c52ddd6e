import { compare, type Item, mapPath } from "dynalite/db";
import type { Conditions } from "dynalite/validations";
import { canonical } from "../canonical";

type Value = Item[string] | null | undefined;
/** A path, a constant value, or an operator or a function with its arguments. */
type Node = (string | number)[] | Item[string] | Operation;

interface Operation {
  type: string;
  /** The function's, if it is one. */
  name?: string;
  args: Node[];
}

/** What an operation demands of an item, as an expression or in the older form. */
export interface Demands {
  _condition?: { expression: object };
  Expected?: Conditions;
  ConditionalOperator?: string;
}

/** Whether an item, or no item, is as an operation demands. */
export function meetsDemands(item: Item, { _condition, Expected = {}, ConditionalOperator }: Demands): boolean {
  if (_condition) return matchesExpression(item, _condition.expression);
  return matchesConditions(item, Expected, ConditionalOperator);
}

/** Whether an item fulfils a condition that `validateExpressions` has parsed. */
export function matchesExpression(item: Item, condition: object): boolean {
  const { type, name, args } = condition as Operation;
  const isTrue = (node: Node) => matchesExpression(item, node);
  if (type === "and") return args.every(isTrue);
  if (type === "or") return args.some(isTrue);
  if (type === "not") return !args.some(isTrue);
  const [value, ...operands] = args.map((node) => resolve(node, item));
  return holds(type === "function" ? name : type, value, operands);
}

/**
 * Whether an item fulfils conditions on its attributes: all of them, or with `OR` at least one.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
 */
export function matchesConditions(item: Item, conditions: Conditions, conditionalOperator = "AND"): boolean {
  const results = Object.entries(conditions).map(([name, condition]) => {
    const { Exists, ComparisonOperator = "EQ", Value, AttributeValueList = Value ? [Value] : [] } = condition;
    return holds(Exists === false ? "NULL" : ComparisonOperator, item[name], AttributeValueList as Item[string][]);
  });
  return (conditionalOperator === "OR" && results.includes(true)) || !results.includes(false);
}

function resolve(node: Node, item: Item): Value {
  if (Array.isArray(node)) return mapPath(node, item);
  if (node.type !== "function") return node as Item[string];
  const [argument] = (node as Operation).args;
  return argument && sizeOf(resolve(argument, item));
}

/** What the function `size` returns; undefined for a value that has no size. */
function sizeOf(value: Value): Value {
  const { S, B, SS, NS, BS, L, M } = (value ?? {}) as { S?: string; B?: string; M?: Item } & Record<string, object[]>;
  const content = S ?? (B === undefined ? undefined : Buffer.from(B, "base64"));
  const sized = content ?? SS ?? NS ?? BS ?? L ?? (M && Object.keys(M));
  return sized === undefined ? undefined : { N: String(sized.length) };
}

/**
 * Whether a comparison holds. dynalite finds a map or a list equal only to itself, and loses empty and false values.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
function holds(operator: string | undefined, value: Value, operands: Value[]): boolean {
  const [operand] = operands;
  switch (operator) {
    case "EQ":
    case "=":
      return isEqual(value, operand);
    case "NE":
    case "<>":
      return !isEqual(value, operand);
    case "IN":
    case "in":
      return value != null && operands.some((choice) => isEqual(value, choice));
    case "CONTAINS":
    case "contains":
      return contains(value, operand);
    case "NOT_CONTAINS":
      return !contains(value, operand);
    case "attribute_type":
      return value != null && Object.keys(value)[0] === operand?.S;
    default:
      return compare(operator, value, operands);
  }
}

/** Numbers are in one form by now, as dynalite rewrites them when it checks them. */
function isEqual(one: Value, other: Value): boolean {
  return canonical(one ?? undefined) === canonical(other ?? undefined);
}

/** Whether a text or a binary has another as a part, or a list or a set has a value as a member. */
function contains(value: Value, operand: Value): boolean {
  if (!value || !operand) return false;
  const [[type = "", content] = []] = Object.entries(value);
  const { S, B } = operand as { S?: string; B?: string };
  if (type === "S") return S !== undefined && String(content).includes(S);
  if (type === "B") return B !== undefined && Buffer.from(String(content), "base64").includes(Buffer.from(B, "base64"));
  if (!Array.isArray(content)) return false;
  return content.some((member) => isEqual(type === "L" ? member : { [type.charAt(0)]: member }, operand));
}
