import {
  type Callback,
  createIndexKey,
  type Index,
  type Item,
  type Refusal,
  type Store,
  type Table,
  validationError,
} from "dynalite/db";
import { numberRefusal } from "../limits";
import { capture } from "../streams/capture";
import type { Transaction } from "../transaction";

export interface TableIndex extends Index {
  type: "Global" | "Local";
}

export type TableShape = Pick<
  Table,
  "AttributeDefinitions" | "KeySchema" | "GlobalSecondaryIndexes" | "LocalSecondaryIndexes"
>;

/** The longest values of keys, in bytes. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const KEY_BYTES: Record<string, number> = { HASH: 2048, RANGE: 1024 };

export function indexesOf({ GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] }: TableShape): TableIndex[] {
  return [
    ...GlobalSecondaryIndexes.map((index) => ({ ...index, type: "Global" as const })),
    ...LocalSecondaryIndexes.map((index) => ({ ...index, type: "Local" as const })),
  ];
}

/** Everything that the entries of an index depend on besides the items. */
function definitionOf({ type, IndexName, KeySchema, Projection }: TableIndex, table: TableShape): string {
  const { ProjectionType, NonKeyAttributes = [] } = Projection;
  return JSON.stringify([type, IndexName, describeKey(KeySchema, table), ProjectionType, [...NonKeyAttributes].sort()]);
}

/** A key as in `id (S, HASH) + at (N, RANGE)`. */
export function describeKey(keySchema: Table["KeySchema"], table: TableShape): string {
  return keySchema
    .map(({ AttributeName: name, KeyType }) => `${name} (${typeOf(name, table)}, ${KeyType})`)
    .join(" + ");
}

/** The indexes of a table that another does not have, or has defined in another way. */
export function indexesMissing(from: TableShape, table: TableShape): TableIndex[] {
  const known = new Set(indexesOf(from).map((index) => definitionOf(index, from)));
  return indexesOf(table).filter((index) => !known.has(definitionOf(index, table)));
}

/** Drops the entries of the indexes that a table no longer has, and makes those of its new ones. */
export async function rebuildIndexes(transaction: Transaction, before: Table, after: Table): Promise<void> {
  for (const { type, IndexName } of indexesMissing(after, before)) {
    await transaction.dropIndex(type, before.TableName, IndexName);
  }
  const added = indexesMissing(before, after);
  if (added.length === 0) return;
  for await (const item of transaction.items(after.TableName)) {
    for (const index of added) indexItem(transaction, after, index, undefined, item);
  }
}

/** Gives an item its entry in an index, in place of the one that it had before. */
function indexItem(store: Store, table: Table, index: TableIndex, before?: Item, after?: Item): void {
  const entries = store.getIndexDb(index.type, table.TableName, index.IndexName);
  const oldKey = before && entryKey(before, index, table);
  const entry = after && entryOf(after, index, table);
  if (oldKey !== undefined && oldKey !== entry?.key) entries.del(oldKey, () => {});
  if (entry) entries.put(entry.key, entry.item, () => {});
}

/** What an index has of an item; undefined if it does not have it. */
export function entryOf(item: Item, index: TableIndex, table: Table): { key: string; item: Item } | undefined {
  const key = entryKey(item, index, table);
  return key === undefined ? undefined : { key, item: project(item, index, table) };
}

/**
 * Lets a table's indexes and its stream follow a change of an item. Takes the place of dynalite's function, which throws
 * at an item that was stored before its attribute became a key of another type.
 */
export function updateIndexes(
  store: Transaction,
  table: Table,
  before: Item | undefined,
  after: Item | undefined,
  callback: Callback,
): void {
  const refusal = after && (numberRefusal(after) ?? entryRefusal(table, before, after));
  if (refusal) return void callback(refusal);
  for (const index of indexesOf(table)) indexItem(store, table, index, before, after);
  capture(store, table, before, after);
  callback();
}

/**
 * Undefined for an item that is not in the index: it lacks an attribute of the key, or has one that no key can have.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.ViolationDetection.html
 */
function entryKey(item: Item, { KeySchema }: TableIndex, table: Table): string | undefined {
  const fits = KeySchema.every(({ AttributeName, KeyType }) => {
    const type = typeOf(AttributeName, table) ?? "";
    const value = item[AttributeName]?.[type];
    if (typeof value !== "string" || value === "") return false;
    return type === "N" || Buffer.byteLength(value, type === "B" ? "base64" : "utf8") <= (KEY_BYTES[KeyType] ?? 0);
  });
  return fits ? createIndexKey(item, table, KeySchema) : undefined;
}

/** Why an item cannot be stored, if it gives the key of an index a value that no key can have. */
function entryRefusal(table: Table, before: Item | undefined, after: Item): Refusal | undefined {
  for (const { IndexName, KeySchema } of indexesOf(table)) {
    for (const { AttributeName: name } of KeySchema) {
      const { S: text = "-", B: binary = "-" } = (after[name] ?? {}) as { S?: string; B?: string };
      const isKept = JSON.stringify(before?.[name]) === JSON.stringify(after[name]);
      const empty = text === "" ? "string" : binary === "" && "binary";
      if (isKept || !empty) continue;
      return validationError(
        `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${empty} value. IndexName: ${IndexName}, IndexKey: ${name}`,
      );
    }
  }
  return undefined;
}

function project(item: Item, { KeySchema, Projection }: TableIndex, table: Table): Item {
  if (Projection.ProjectionType === "ALL") return item;
  const keys = [...KeySchema, ...table.KeySchema].map(({ AttributeName }) => AttributeName);
  const names = new Set([...keys, ...(Projection.NonKeyAttributes ?? [])]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}

export function typeOf(name: string, { AttributeDefinitions }: TableShape): string | undefined {
  return AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
}
