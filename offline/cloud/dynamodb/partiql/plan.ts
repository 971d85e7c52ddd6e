import { type Table, toRangeStr } from "dynalite/db";
import type { AwsError } from "../../core/awsError";
import { validationError } from "../errors";
import { Expressions, mentions } from "./conditions";
import { comparisonOf, givenKey, type KeySchema } from "./keys";
import type { Expression, Select } from "./syntax";
import { isConstant, type Value } from "./values";

/** A SELECT reads no more partitions and ranges of keys. */
const MOST_READS = 50;
/** A condition is not divided into more alternatives, of which some may need no read of their own. */
const MOST_ALTERNATIVES = 50 * MOST_READS;
/** What a query can compare a range key with. */
const RANGE_OPERATORS = ["=", "<", "<=", ">", ">=", "BETWEEN", "begins_with"];

/** How a SELECT reads a table or an index. */
export interface Plan {
  /** Queries' key conditions; a scan has none. */
  reads: { KeyConditionExpression?: string }[];
  forward: boolean;
}

/** A part of a partition that a query can read. */
interface Range {
  hash: Value;
  /** The comparison of the range key, if there is one. */
  operator?: string;
  values: Value[];
  /** Whether the range key has to fulfil more than a query can ask of it. */
  isOpen: boolean;
}

/**
 * Divides a SELECT into queries of the partitions that its condition names. Without them it is a scan.
 * @throws AwsError when DynamoDB would refuse it
 */
export function planOf(select: Select, keySchema: KeySchema, table: Table, parameters: readonly Value[]): Plan {
  if (hasSeveral(keySchema)) return planOfSeveral(select, keySchema, parameters);
  const [hash = "", range] = keySchema.map(({ AttributeName }) => AttributeName);
  const ranges = rangesOf(select.where, hash, range, parameters);
  for (const { hash: value, values } of ranges) checkTypes(table, [hash, range], [value, ...values]);
  if (ranges.length > MOST_READS) throw tooManyReads();
  const partitions = partitionsOf(ranges);
  const { order } = select;
  checkOrder(select, [hash, range], partitions.length);
  const forward = order.length === 0 || order.some(({ path, descending }) => path.steps[0] === range && !descending);
  if (ranges.length === 0) return { reads: [{}], forward };
  const hashOrder = order.find(({ path }) => path.steps[0] === hash);
  const sorted = partitions.map((one) => separate(one, forward));
  if (hashOrder) sorted.sort(([one], [other]) => compareHashes(one, other) * (hashOrder.descending ? -1 : 1));
  return { reads: sorted.flat().map((one) => keyConditionOf(one, hash, range ?? "", parameters)), forward };
}

/** The ranges that a condition names; none if it names no partition, or something beside them. */
function rangesOf(
  where: Expression | undefined,
  hash: string,
  range: string | undefined,
  parameters: readonly Value[],
): Range[] {
  const alternatives = where ? alternativesOf(where, [hash, range ?? hash]) : [];
  const ranges = alternatives.flatMap((parts) => rangeOf(parts, hash, range, parameters) ?? []);
  return ranges.length === alternatives.length ? ranges : [];
}

function partitionsOf(ranges: Range[]): Range[][] {
  const partitions = new Map<string, Range[]>();
  for (const one of ranges) {
    const id = JSON.stringify(one.hash);
    partitions.set(id, [...(partitions.get(id) ?? []), one]);
  }
  return [...partitions.values()];
}

/** Whether the partition key or the range key of an index has several attributes. */
function hasSeveral(keySchema: KeySchema): boolean {
  return keySchema.length > 2 || keySchema[1]?.KeyType === "HASH";
}

/** An index whose keys have several attributes is scanned, unless it has an order: then its one partition is queried. */
function planOfSeveral(select: Select, keySchema: KeySchema, parameters: readonly Value[]): Plan {
  const { where, order } = select;
  const hashes = keySchema.filter(({ KeyType }) => KeyType === "HASH");
  const given = Object.entries(givenKey(hashes, where, parameters));
  const names = keySchema.map(({ AttributeName }) => AttributeName);
  checkOrder(select, names, given.length === hashes.length ? 1 : 0);
  if (order.length === 0) return { reads: [{}], forward: true };
  const sorted = order.filter(({ path }) => !hashes.some(({ AttributeName }) => AttributeName === path.steps[0]));
  const descending = sorted[0]?.descending ?? false;
  const inOrder = sorted.every(
    ({ path, ...one }, index) => path.steps[0] === names[hashes.length + index] && one.descending === descending,
  );
  if (!inOrder)
    throw validationError("ORDER BY must name the attributes of the sort key in their order and one direction");
  const expressions = new Expressions(parameters);
  const conditions = given.map(([name, value]) => `${expressions.path([name])} = ${expressions.value(value)}`);
  const read = { KeyConditionExpression: conditions.join(" AND "), ...expressions.attributes };
  return { reads: [read], forward: !descending };
}

function tooManyReads(): AwsError {
  return validationError("Too many decomposed read operations for a given query.");
}

/** The conditions of which one must be fulfilled, each as parts that all must be, as far as they concern a key. */
function alternativesOf(condition: Expression, key: string[]): Expression[][] {
  if (condition.type !== "operation" || !mentions(condition, key)) return [[condition]];
  const { operator, operands } = condition;
  if (operator === "AND") {
    const [left = [], right = []] = operands.map((operand) => alternativesOf(operand, key));
    if (left.length * right.length > MOST_ALTERNATIVES) throw tooManyReads();
    return left.flatMap((one) => right.map((other) => [...one, ...other]));
  }
  if (operator === "OR") return operands.flatMap((operand) => alternativesOf(operand, key));
  const [attribute, ...choices] = operands;
  if (operator !== "IN" || attribute?.type !== "path" || !choices.every(isConstant)) return [[condition]];
  return choices.map((choice) => [{ ...condition, operator: "=", operands: [attribute, choice] }]);
}

/** Undefined for parts that name no partition. */
function rangeOf(parts: Expression[], hash: string, range: string | undefined, parameters: readonly Value[]) {
  const comparisons = parts.map((part) => comparisonOf(part, parameters));
  const partition = comparisons.find((one) => one?.attribute === hash && one.operator === "=");
  const [value] = partition?.values ?? [];
  if (!value) return undefined;
  const onRange = comparisons.filter(
    (one) => one?.attribute === range && RANGE_OPERATORS.includes(one?.operator ?? ""),
  );
  const { operator, values = [] } = onRange.find((one) => one?.operator === "=") ?? onRange[0] ?? {};
  const named = parts.filter((part) => range !== undefined && mentions(part, [range]));
  return { hash: value, operator, values, isOpen: named.length > Math.min(onRange.length, 1) };
}

function checkTypes({ AttributeDefinitions }: Table, key: (string | undefined)[], [hash, ...range]: Value[]): void {
  for (const [name, values] of [[key[0], [hash]] as const, [key[1], range] as const]) {
    const definition = AttributeDefinitions.find(({ AttributeName }) => AttributeName === name);
    const fits = values.every((value) => definition && value && definition.AttributeType in value);
    if (fits) continue;
    throw validationError(`Key attribute's data type should match its data type in table's schema: Key ${name}`);
  }
}

function checkOrder({ where, order }: Select, key: (string | undefined)[], partitions: number): void {
  if (order.length === 0) return;
  if (!where) throw validationError("Must have WHERE clause in the statement when using ORDER BY clause.");
  const names = order.map(({ path }) => path.steps.join("."));
  const unknown = names.find((name) => !key.includes(name));
  if (unknown) throw validationError(`Attribute ${unknown} in ORDER BY clause must be part of the primary key`);
  if (partitions === 0) {
    const reason = "in WHERE clause when using ORDER BY clause.";
    throw validationError(`Must have at least one non-optional hash key condition ${reason}`);
  }
  if (partitions > 1 && !names.includes(key[0] ?? "")) {
    const reason = "when more than one hash key condition specified in WHERE clause.";
    throw validationError(`Must have hash key in ORDER BY clause ${reason}`);
  }
}

/** Orders the ranges of one partition. @throws AwsError when two of them have an item in common */
function separate(ranges: Range[], forward: boolean): Range[] {
  const [first] = ranges;
  if (!first || ranges.length === 1) return ranges;
  // Where a query cannot ask for it, the whole partition is read, once.
  if (ranges.some(({ isOpen }) => isOpen)) return [{ hash: first.hash, values: [], isOpen: true }];
  const sorted = ranges
    .map((range) => ({ range, bounds: boundsOf(range) }))
    .sort((one, other) => (one.bounds[0] < other.bounds[0] ? -1 : 1));
  for (const [index, { bounds }] of sorted.entries()) {
    const next = sorted[index + 1]?.bounds;
    if (next && next[0] < bounds[1]) {
      throw validationError("Overlapping conditions with range keys are not supported in where clause");
    }
  }
  const inOrder = sorted.map(({ range }) => range);
  return forward ? inOrder : inOrder.reverse();
}

/** The first text of a range, and the first one beyond it, in the order of its keys. */
function boundsOf({ operator, values: [first, second] }: Range): [string, string] {
  const start = first ? toRangeStr(first) : "";
  const [at, after] = [`${start}/`, `${start}/~`];
  const bounds: Record<string, [string, string]> = {
    "=": [at, after],
    "<": ["", at],
    "<=": ["", after],
    ">": [after, "~"],
    ">=": [at, "~"],
    BETWEEN: [at, `${second ? toRangeStr(second) : ""}/~`],
    begins_with: [start, `${start}~`],
  };
  return bounds[operator ?? ""] ?? ["", "~"];
}

function compareHashes(one: Range | undefined, other: Range | undefined): number {
  return one && other && toRangeStr(one.hash) < toRangeStr(other.hash) ? -1 : 1;
}

function keyConditionOf({ hash, operator, values }: Range, name: string, range: string, parameters: readonly Value[]) {
  const expressions = new Expressions(parameters);
  const partition = `${expressions.path([name])} = ${expressions.value(hash)}`;
  const key = operator && expressions.path([range]);
  const [first = "", second] = values.map((value) => expressions.value(value));
  const comparison =
    operator === "begins_with"
      ? `begins_with(${key}, ${first})`
      : `${key} ${operator} ${first}${second ? ` AND ${second}` : ""}`;
  const KeyConditionExpression = operator ? `${partition} AND ${comparison}` : partition;
  return { KeyConditionExpression, ...expressions.attributes };
}
