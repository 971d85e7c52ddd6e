import { createHash } from "node:crypto";
import { type Item, matchesExprFilter, type Table } from "dynalite/db";
import { validateExpressions } from "dynalite/validations";
import type { Database } from "../database";
import { validationError } from "../errors";
import { indexesOf, type TableIndex } from "../indexes/indexes";
import { addCapacity, type Capacity } from "./capacity";
import { attributesOf, conjuncts, Expressions, mentions } from "./conditions";
import { type Plan, planOf } from "./plan";
import { withoutExpression } from "./refusals";
import type { Expression, Path, Select } from "./syntax";
import type { Value } from "./values";

export interface SelectInput {
  Statement: string;
  Parameters?: Value[];
  ConsistentRead?: boolean;
  NextToken?: string;
  Limit?: number;
  ReturnConsumedCapacity?: string;
}

interface Page {
  Items: Item[];
  LastEvaluatedKey?: Item;
  ScannedCount: number;
  ConsumedCapacity?: Capacity;
}

interface Selection {
  Items: Item[];
  NextToken?: string;
  LastEvaluatedKey?: Item;
  ConsumedCapacity?: Capacity;
}

/** Where a SELECT goes on: a read of its plan, and the last key that was read. */
interface Position {
  read: number;
  key?: Item;
}

/** Runs a SELECT. @throws AwsError when DynamoDB would refuse it */
export async function runSelect(database: Database, select: Select, input: SelectInput): Promise<Selection> {
  const parameters = input.Parameters ?? [];
  const matches = filterOf(select.where, parameters);
  const table = database.begin().table(select.table);
  const index = select.index === undefined ? undefined : indexOf(table, select.index);
  const { KeySchema } = index ?? table;
  const plan = planOf(select, KeySchema, table, parameters);
  const reach = index ? checkProjection(table, index, select, plan) : {};
  if (index?.type === "Global" && input.ConsistentRead) {
    throw validationError("Strongly consistent read is not supported on Global Secondary Indexes");
  }
  const fingerprint = fingerprintOf(input);
  let position: Position | undefined = startOf(input.NextToken, fingerprint, plan);
  const { ConsistentRead, ReturnConsumedCapacity } = input;
  const options = {
    TableName: select.table,
    IndexName: select.index,
    ConsistentRead,
    ReturnConsumedCapacity,
    ...reach,
  };
  const selection: Selection = { Items: [] };
  let left = input.Limit;
  while (position && (left === undefined || left > 0)) {
    const { read, key: ExclusiveStartKey }: Position = position;
    const asked = { ...options, ...plan.reads[read], Limit: left, ExclusiveStartKey };
    const page = await readPage(database, asked, plan.forward);
    const found = page.Items.filter(matches).map((item) => project(item, select.columns));
    selection.Items = selection.Items.concat(found);
    selection.ConsumedCapacity = addCapacity(selection.ConsumedCapacity, page.ConsumedCapacity);
    if (left !== undefined) left -= page.ScannedCount;
    position = nextOf({ read, key: page.LastEvaluatedKey }, plan);
    if (page.LastEvaluatedKey && left === undefined) break;
  }
  if (!position) return selection;
  return { ...selection, NextToken: tokenOf(position, fingerprint), LastEvaluatedKey: position.key };
}

function readPage(database: Database, input: { KeyConditionExpression?: string }, forward: boolean): Promise<Page> {
  if (!input.KeyConditionExpression) return database.call<Page>("Scan", input);
  return database.call<Page>("Query", { ...input, ScanIndexForward: forward });
}

/** Undefined when all is read. */
function nextOf({ read, key }: Position, plan: Plan): Position | undefined {
  if (key) return { read, key };
  return read + 1 < plan.reads.length ? { read: read + 1 } : undefined;
}

/**
 * Whether an item fulfils a condition. A query's own filter may not name the key, as a statement may.
 * @throws AwsError for a condition that DynamoDB would refuse whatever the table
 */
function filterOf(where: Expression | undefined, parameters: readonly Value[]): (item: Item) => boolean {
  if (!where) return () => true;
  const expressions = new Expressions(parameters);
  const data = { FilterExpression: expressions.condition(where), ...expressions.attributes };
  const problem = validateExpressions(data);
  if (problem) throw validationError(withoutExpression(problem));
  const { _filter: filter } = data as { _filter?: { expression: object } };
  return (item) => filter !== undefined && matchesExprFilter(item, filter.expression);
}

function indexOf(table: Table, name: string): TableIndex {
  const index = indexesOf(table).find(({ IndexName }) => IndexName === name);
  if (!index) throw validationError("The table does not have the specified index");
  return index;
}

/**
 * What a read of an index has to ask for, as a local index can reach attributes that are not projected to it.
 * @throws AwsError when the index lacks what the statement needs
 */
function checkProjection(table: Table, index: TableIndex, { columns, where }: Select, { reads }: Plan): object {
  const { type, IndexName, KeySchema, Projection } = index;
  const keys = [...KeySchema, ...table.KeySchema].map(({ AttributeName }) => AttributeName);
  const projected = new Set([...keys, ...(Projection.NonKeyAttributes ?? [])]);
  const isProjected = (name: string) => Projection.ProjectionType === "ALL" || projected.has(name);
  const invalid = "One or more parameter values were invalid:";
  const missing = (columns ?? []).map(({ steps }) => String(steps[0])).filter((name) => !isProjected(name));
  if (missing.length > 0 && type === "Global") {
    throw validationError(`${invalid} Global secondary index ${IndexName} does not project [${missing.join(", ")}]`);
  }
  const [{ KeyConditionExpression } = {}] = reads;
  // An alternative of the condition may name what another one does not need.
  const filtered = KeyConditionExpression ? conjuncts(where).filter((part) => !isDivided(part, keys)) : [];
  const unknown = [...new Set(filtered.flatMap(attributesOf))].filter((name) => !isProjected(name));
  if (unknown.length === 0) return missing.length > 0 ? { Select: "ALL_ATTRIBUTES" } : {};
  const problem = `does not project one or more filter attributes: [${unknown.join(", ")}]`;
  throw validationError(`${invalid} Secondary index ${IndexName} ${problem}`);
}

function isDivided(part: Expression, keys: string[]): boolean {
  const isOr = part.type === "operation" && part.operator === "OR";
  return isOr && mentions(part, keys);
}

/** A row: its columns have the names with which their paths end, such as `c[0]` for `a.b.c[0]`. */
export function project(item: Item, columns?: Path[]): Item {
  if (!columns) return item;
  const row: Item = {};
  for (const { steps } of columns) {
    const last = steps.findLastIndex((step) => typeof step === "string");
    const [name, ...indexes] = steps.slice(last);
    const value = steps.reduce<Value | undefined>(stepInto, { M: item });
    if (value) row[`${name}${indexes.map((index) => `[${index}]`).join("")}`] = value;
  }
  return row;
}

function stepInto(value: Value | undefined, step: string | number): Value | undefined {
  const members = (typeof step === "number" ? value?.L : value?.M) as Record<string | number, Value> | undefined;
  return members && Object.hasOwn(members, step) ? members[step] : undefined;
}

/** What a token is bound to. A page may have another limit than the one before. */
function fingerprintOf({ Statement, Parameters = [] }: SelectInput): string {
  return createHash("sha256")
    .update(JSON.stringify([Statement, Parameters]))
    .digest("base64");
}

function tokenOf(position: Position, fingerprint: string): string {
  return Buffer.from(JSON.stringify({ ...position, fingerprint })).toString("base64");
}

function startOf(token: string | undefined, fingerprint: string, { reads }: Plan): Position {
  if (token === undefined) return { read: 0 };
  const found = decode(token);
  if (!found) throw validationError("Invalid NextToken");
  if (found.fingerprint !== fingerprint || !reads[found.read])
    throw validationError("NextToken does not match request");
  return found;
}

function decode(token: string): (Position & { fingerprint: string }) | undefined {
  try {
    const found = JSON.parse(Buffer.from(token, "base64").toString());
    return Number.isInteger(found.read) ? found : undefined;
  } catch {
    return undefined;
  }
}
