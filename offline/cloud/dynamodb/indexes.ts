import { createIndexKey, type Index, type Item, type Store, type Table } from "dynalite/db";

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
export function definitionOf({ type, IndexName, KeySchema, Projection }: TableIndex, table: TableShape): string {
  const { ProjectionType, NonKeyAttributes = [] } = Projection;
  return JSON.stringify([type, IndexName, describeKey(KeySchema, table), ProjectionType, [...NonKeyAttributes].sort()]);
}

/** A key as in `id (S, HASH) + at (N, RANGE)`. */
export function describeKey(keySchema: Table["KeySchema"], table: TableShape): string {
  return keySchema
    .map(({ AttributeName: name, KeyType }) => `${name} (${typeOf(name, table)}, ${KeyType})`)
    .join(" + ");
}

/** Gives an item its entry in an index, in place of the one that it had before. */
export function indexItem(store: Store, table: Table, index: TableIndex, before?: Item, after?: Item): void {
  const entries = store.getIndexDb(index.type, table.TableName, index.IndexName);
  const oldKey = before && entryKey(before, index, table);
  const newKey = after && entryKey(after, index, table);
  if (oldKey !== undefined && oldKey !== newKey) entries.del(oldKey, () => {});
  if (after && newKey !== undefined) entries.put(newKey, project(after, index, table), () => {});
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

function project(item: Item, { KeySchema, Projection }: TableIndex, table: Table): Item {
  if (Projection.ProjectionType === "ALL") return item;
  const keys = [...KeySchema, ...table.KeySchema].map(({ AttributeName }) => AttributeName);
  const names = new Set([...keys, ...(Projection.NonKeyAttributes ?? [])]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}

function typeOf(name: string, { AttributeDefinitions }: TableShape): string | undefined {
  return AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
}
