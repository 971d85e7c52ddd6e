import { createKey, type Item, itemSize, type Table, validateKey } from "dynalite/db";
import { canonical } from "../canonical";
import { type Action, type Capacity, type Corrections, forEach } from "../correction";
import type { Validated } from "../expressions/updates";
import { entryOf, indexesOf, type TableIndex } from "../indexes/indexes";
import type { Transaction } from "../transaction";

interface WriteInput {
  TableName: string;
  Item?: Item;
  Key?: Item;
  ReturnConsumedCapacity?: string;
}

interface BatchInput {
  RequestItems: Record<string, { PutRequest?: { Item: Item }; DeleteRequest?: { Key: Item } }[]>;
}

/** An item that a request writes, or its key. */
interface Target {
  table: string;
  item: Item;
}

const targetOf = ({ TableName, Item, Key }: WriteInput): Target[] => [{ table: TableName, item: Item ?? Key ?? {} }];

const targetsOf = ({ RequestItems }: BatchInput): Target[] =>
  Object.entries(RequestItems).flatMap(([table, requests]) =>
    requests.map(({ PutRequest, DeleteRequest }) => ({ table, item: PutRequest?.Item ?? DeleteRequest?.Key ?? {} })),
  );

/** Adds what the entries of indexes cost to an answer that has the cost of the items, if it is asked for. */
const addIndexes =
  <Input>(targets: (input: Input) => Target[]) =>
  (next: Action): Action =>
  async (transaction, data) => {
    const { ReturnConsumedCapacity: detail = "NONE" } = data as Validated & { ReturnConsumedCapacity?: string };
    if (detail === "NONE") return next(transaction, data);
    const written = targets(data as Input).map((target) => ({ ...target, before: read(transaction, target) }));
    const answer = await next(transaction, data);
    const { ConsumedCapacity } = answer;
    for (const capacity of ConsumedCapacity === undefined ? [] : [ConsumedCapacity].flat()) {
      const table = transaction.table(capacity.TableName);
      for (const target of written.filter(({ table: name }) => name === capacity.TableName)) {
        const after = read(transaction, target);
        for (const index of indexesOf(table)) {
          add(capacity, index, unitsOf(table, index, target.before, after), detail === "INDEXES");
        }
      }
    }
    return answer;
  };

/** Undefined for an item that is not there, and for what is not a key: that is up to the operation. */
function read(transaction: Transaction, { table: name, item }: Target): Item | undefined {
  const table = transaction.findTable(name);
  const key = Object.fromEntries(table?.KeySchema.map(({ AttributeName: key }) => [key, item[key] ?? {}]) ?? []);
  if (!table || validateKey(key, table)) return undefined;
  let found: unknown;
  transaction.getItemDb(name).get(createKey(key, table), (_error, value) => {
    found = value;
  });
  return found as Item | undefined;
}

/** An entry that stays the same costs nothing; one that moves is deleted and written. */
function unitsOf(table: Table, index: TableIndex, before?: Item, after?: Item): number {
  const [old, entry] = [before, after].map((item) => item && entryOf(item, index, table));
  if (canonical(old) === canonical(entry)) return 0;
  const sizes = [old, entry].map((one) => (one ? Math.ceil(itemSize(one.item) / 1024) : 0));
  return old?.key === entry?.key ? Math.max(...sizes) : sizes.reduce((sum, size) => sum + size, 0);
}

function add(capacity: Capacity, { type, IndexName }: TableIndex, units: number, isDetailed: boolean): void {
  if (units === 0) return;
  capacity.CapacityUnits += units;
  if (!isDetailed) return;
  const indexes = capacity[`${type}SecondaryIndexes`] ?? {};
  const CapacityUnits = (indexes[IndexName]?.CapacityUnits ?? 0) + units;
  capacity[`${type}SecondaryIndexes`] = { ...indexes, [IndexName]: { CapacityUnits } };
}

/** What writes cost. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes */
export const WRITE_CAPACITY: Corrections = {
  ...forEach(["DeleteItem", "PutItem", "UpdateItem"], { effect: addIndexes(targetOf) }),
  BatchWriteItem: { effect: addIndexes(targetsOf) },
};
