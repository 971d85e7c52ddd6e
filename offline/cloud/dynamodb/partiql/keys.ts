import type { Table } from "dynalite/db";
import { validationError } from "../errors";
import { conjuncts } from "./conditions";
import type { Expression, Operation } from "./syntax";
import { isConstant, readValue, type Value } from "./values";

/** The key of a table or an index. */
export type KeySchema = Table["KeySchema"];

/** A comparison of an attribute with a value, in this order. */
interface Comparison {
  attribute: string;
  operator: string;
  values: Value[];
}

const TURNED: Record<string, string> = { "=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<=", "<>": "<>" };

/** Undefined unless an expression compares an attribute of an item with values, or tests how it begins. */
export function comparisonOf(expression: Expression, parameters: readonly Value[]): Comparison | undefined {
  const isCall = expression.type === "call" && expression.name === "begins_with";
  if (expression.type !== "operation" && !isCall) return undefined;
  const [first, ...rest] = (expression as Operation).operands;
  const operator = isCall ? "begins_with" : (expression as Operation).operator;
  if (!first) return undefined;
  if (isAttribute(first) && rest.length > 0 && rest.every(isConstant)) {
    return { attribute: first.steps[0], operator, values: rest.map((value) => readValue(value, parameters)) };
  }
  const [second] = rest;
  const turned = TURNED[operator];
  if (!second || !turned || !isAttribute(second) || !isConstant(first)) return undefined;
  return { attribute: second.steps[0], operator: turned, values: [readValue(first, parameters)] };
}

function isAttribute(expression: Expression): expression is Expression & { steps: [string] } {
  return expression.type === "path" && expression.steps.length === 1;
}

/** The value that a part of a condition demands of an attribute. `IN` with one value demands it of what is read. */
function demandOf(part: Expression, parameters: readonly Value[], reads = false): [string, Value] | undefined {
  const { attribute, operator, values } = comparisonOf(part, parameters) ?? {};
  const [value, ...others] = values ?? [];
  const isDemand = operator === "=" || (reads && operator === "IN" && others.length === 0);
  return attribute !== undefined && value && isDemand ? [attribute, value] : undefined;
}

/** The values that a condition demands of each attribute of a key. */
function demandedValues(
  keySchema: KeySchema,
  where: Expression | undefined,
  parameters: readonly Value[],
  reads?: boolean,
): [string, Value[]][] {
  const demands = conjuncts(where).map((part) => demandOf(part, parameters, reads));
  return keySchema.map(({ AttributeName: name }) => {
    const values = demands.flatMap((demand) => (demand?.[0] === name ? [demand[1]] : []));
    return [name, values.filter((value, index) => values.findIndex((other) => isSame(value, other)) === index)];
  });
}

/** As much of an item's key as a condition gives, each attribute once. */
export function givenKey(
  keySchema: KeySchema,
  where: Expression | undefined,
  parameters: readonly Value[],
): Record<string, Value> {
  const demanded = demandedValues(keySchema, where, parameters).filter(([, values]) => values.length === 1);
  return Object.fromEntries(demanded.map(([name, [value]]) => [name, value as Value]));
}

/** The key of the item that a condition names. @throws AwsError unless it names one */
export function keyOf(
  keySchema: KeySchema,
  where: Expression | undefined,
  parameters: readonly Value[],
): Record<string, Value> {
  const demanded = demandedValues(keySchema, where, parameters);
  if (demanded.some(([, values]) => values.length === 0)) {
    throw validationError("Where clause does not contain a mandatory equality on all key attributes");
  }
  const [contradicted] = demanded.find(([, values]) => values.length > 1) ?? [];
  if (contradicted !== undefined) {
    const reason = "Only single item Update/Insert/Delete are supported";
    throw validationError(`Multiple conditions on same key ${contradicted}. ${reason}`);
  }
  return givenKey(keySchema, where, parameters);
}

/** The key of the item that a condition names and of which it says nothing else. Undefined for any other condition. */
export function keyAlone(
  keySchema: KeySchema,
  where: Expression | undefined,
  parameters: readonly Value[],
): Record<string, Value> | undefined {
  const demanded = demandedValues(keySchema, where, parameters, true);
  const names = demanded.map(([name]) => name);
  const isAlone = conjuncts(where).every((part) => names.includes(demandOf(part, parameters, true)?.[0] ?? ""));
  if (!isAlone || demanded.some(([, values]) => values.length !== 1)) return undefined;
  return Object.fromEntries(demanded.map(([name, [value]]) => [name, value as Value]));
}

function isSame(one: Value, other: Value): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
