import {
  createIndexKey,
  hashPrefix,
  type Index,
  type Item,
  queryTable,
  type Range,
  type Table,
  toRangeStr,
  validateKey,
} from "dynalite/db";
import { settle } from "../callbacks";
import type { Action, Corrections } from "../correction";
import { validationError } from "../errors";
import type { Transaction } from "../transaction";
import { typeOf } from "./indexes";
import { hasSeveralKeys, indexRefusal, MOST_KEY_ATTRIBUTES } from "./rules";

interface CreateInput {
  AttributeDefinitions: Table["AttributeDefinitions"];
  GlobalSecondaryIndexes?: Index[];
}

type Value = Item[string];

interface QueryInput {
  TableName: string;
  IndexName?: string;
  KeyConditions: Record<string, { ComparisonOperator: string; AttributeValueList: [Value, ...Value[]] }>;
  ConsistentRead?: boolean;
  ScanIndexForward?: boolean;
  Limit?: number;
  Select?: string;
  ExclusiveStartKey?: Item;
  QueryFilter?: object;
  _filter?: { pathHeads: object };
}

/**
 * The keys that meet a condition, between the first value and the last one that it names; other keys begin with the
 * prefix too. A tilde comes after all that a key may contain.
 */
const OPERATORS = new Map<string, (prefix: string, from: string, to: string) => Range>([
  ["EQ", (_prefix, from) => ({ gte: `${from}/`, lt: `${from}/~` })],
  ["LT", (prefix, from) => ({ gte: prefix, lt: `${from}/` })],
  ["LE", (prefix, from) => ({ gte: prefix, lt: `${from}/~` })],
  ["GT", (prefix, from) => ({ gt: `${from}/~`, lt: `${prefix}~` })],
  ["GE", (prefix, from) => ({ gte: `${from}/`, lt: `${prefix}~` })],
  ["BEGINS_WITH", (_prefix, from) => ({ gte: `${from}/`, lt: `${from}~` })],
  ["BETWEEN", (_prefix, from, to) => ({ gte: `${from}/`, lt: `${to}/~` })],
]);

const INVALID = "One or more parameter values were invalid:";
/** What dynalite says of more conditions than it knows a use for. */
const TOO_MANY_CONDITIONS = "Conditions can be of length 1 or 2 only";

/** Queries an index whose key has several attributes of a kind, of which dynalite reads the first two. */
const query =
  (next: Action): Action =>
  async (transaction, data) => {
    const { TableName, IndexName, KeyConditions } = data as QueryInput;
    const indexes = IndexName ? transaction.table(TableName).GlobalSecondaryIndexes : undefined;
    const index = indexes?.find((candidate) => candidate.IndexName === IndexName);
    if (index && hasSeveralKeys(index)) return queryIndex(transaction, index, data as QueryInput);
    if (Object.keys(KeyConditions).length > 2) throw validationError(TOO_MANY_CONDITIONS);
    return next(transaction, data);
  };

async function queryIndex(transaction: Transaction, index: Index, input: QueryInput): Promise<object> {
  const table = transaction.table(input.TableName);
  checkConditions(table, index, input);
  checkReturned(index, input);
  const names = [...new Set([...table.KeySchema, ...index.KeySchema].map(({ AttributeName: name }) => name))];
  const range = rangeOf(index, input);
  const start = input.ExclusiveStartKey;
  if (start) {
    const bound = createIndexKey(checkStart(start, names, table, index), table, index.KeySchema);
    if (range.reverse) Object.assign(range, { lt: bound, lte: undefined });
    else Object.assign(range, { gt: bound, gte: undefined });
  }
  return settle((callback) => queryTable(transaction, table, input, range, false, false, names, callback));
}

/** @throws AwsError unless the conditions are equal to the whole partition key, and match the sort key from the left */
function checkConditions(table: Table, { KeySchema }: Index, { KeyConditions }: QueryInput): void {
  const others = new Set(Object.keys(KeyConditions));
  let missing: string | undefined;
  let isEnd = false;
  for (const { AttributeName: name, KeyType } of KeySchema) {
    const condition = KeyConditions[name];
    if (!condition) missing ??= name;
    if (missing && (condition || KeyType === "HASH")) {
      throw validationError(`Query condition missed key schema element: ${missing}`);
    }
    if (!condition) continue;
    const { ComparisonOperator: operator, AttributeValueList: values } = condition;
    if (!OPERATORS.has(operator)) {
      throw validationError("Attempted conditional constraint is not an indexable operation");
    }
    const type = typeOf(name, table) ?? "";
    if (values.some((value) => value[type] === undefined)) {
      throw validationError(`${INVALID} Condition parameter type does not match schema type`);
    }
    if (isEnd || (KeyType === "HASH" && operator !== "EQ")) throw validationError("Query key condition not supported");
    isEnd = operator !== "EQ";
    others.delete(name);
  }
  if (others.size > 0) throw validationError("Query key condition not supported");
}

/** @throws AwsError when the query asks for what an index cannot give */
function checkReturned({ KeySchema, IndexName, Projection }: Index, input: QueryInput): void {
  if (input.ConsistentRead) throw validationError("Consistent reads are not supported on global secondary indexes");
  const filtered = input.QueryFilter ?? input._filter?.pathHeads ?? {};
  const key = KeySchema.find(({ AttributeName }) => AttributeName in filtered)?.AttributeName;
  if (key) {
    const filter = input.QueryFilter ? "QueryFilter" : "Filter Expression";
    throw validationError(`${filter} can only contain non-primary key attributes: Primary key attribute: ${key}`);
  }
  if (input.Select === "ALL_ATTRIBUTES" && Projection.ProjectionType !== "ALL") {
    throw validationError(
      `${INVALID} Select type ALL_ATTRIBUTES is not supported for global secondary index ${IndexName} because its projection type is not ALL`,
    );
  }
}

/** @throws AwsError for what is not the key of an entry of the index */
function checkStart(start: Item, names: string[], table: Table, { KeySchema }: Index): Item {
  const own = Object.fromEntries(table.KeySchema.map(({ AttributeName: name }) => [name, start[name] ?? {}]));
  const isWhole = Object.keys(start).length === names.length && names.every((name) => start[name]);
  const fits = KeySchema.every(({ AttributeName: name }) => start[name]?.[typeOf(name, table) ?? ""] !== undefined);
  if (isWhole && fits && !validateKey(own, table)) return start;
  throw validationError("The provided starting key is invalid");
}

/** The part of an index that meets conditions. Its keys are the attributes' values in their order, ended by slashes. */
function rangeOf({ KeySchema }: Index, { KeyConditions, ScanIndexForward, Limit }: QueryInput): Range {
  const conditions = KeySchema.flatMap(({ AttributeName }) => KeyConditions[AttributeName] ?? []);
  const equal = conditions.filter(({ ComparisonOperator }) => ComparisonOperator === "EQ");
  const [hash] = equal[0]?.AttributeValueList ?? [{}];
  const [type = ""] = Object.keys(hash);
  const texts = equal.map(({ AttributeValueList: [value] }) => `${toRangeStr(value)}/`);
  const prefix = `${hashPrefix(String(hash[type]), type)}/${texts.join("")}`;
  const range = { reverse: ScanIndexForward === false, limit: Limit ? Limit + 1 : -1 };
  const last = conditions[equal.length];
  if (!last) return { ...range, gte: prefix, lt: `${prefix}~` };
  const [from, to = from] = last.AttributeValueList.map((value) => prefix + toRangeStr(value));
  return { ...range, ...OPERATORS.get(last.ComparisonOperator)?.(prefix, `${from}`, `${to}`) };
}

/** The input with indexes whose keys dynalite can check: the first attribute of each kind. */
function withSimpleKeys(input: CreateInput): CreateInput {
  const simplify = (index: Index): Index => {
    const isFirst = ({ KeyType }: Index["KeySchema"][number], place: number) =>
      index.KeySchema.findIndex((other) => other.KeyType === KeyType) === place;
    return hasSeveralKeys(index) ? { ...index, KeySchema: index.KeySchema.filter(isFirst) } : index;
  };
  return { ...input, GlobalSecondaryIndexes: input.GlobalSecondaryIndexes?.map(simplify) };
}

/** Indexes with up to four attributes in either part of their keys. */
export const SEVERAL_KEYS: Corrections = {
  CreateTable: {
    types: {
      GlobalSecondaryIndexes: { children: { children: { KeySchema: { lengthLessThanOrEqual: MOST_KEY_ATTRIBUTES } } } },
    },
    check: ({ AttributeDefinitions, GlobalSecondaryIndexes = [] }: CreateInput) => {
      const definitions = AttributeDefinitions.map(({ AttributeName }) => AttributeName);
      const [refusal] = GlobalSecondaryIndexes.filter(hasSeveralKeys).flatMap(
        (index) => indexRefusal(index, definitions) ?? [],
      );
      return refusal;
    },
    view: withSimpleKeys,
  },
  Query: { overlooks: (message) => message === TOO_MANY_CONDITIONS, effect: query },
};
