import type { Item } from "dynalite/db";
import { type Action, type Corrections, forEach } from "../correction";
import type { Transaction } from "../transaction";

/** In gigabytes: no table here comes near the first one. */
const SIZE_ESTIMATE = [0, 1];

interface Write {
  TableName?: string;
  Item?: Item;
  Key?: Item;
  ReturnItemCollectionMetrics?: string;
}

interface BatchWrite extends Write {
  RequestItems?: Record<string, { PutRequest?: { Item: Item }; DeleteRequest?: { Key: Item } }[]>;
}

/** Undefined for a table without local indexes: only their items form collections. */
function metricsOf(transaction: Transaction, table: string, item: Item = {}): object | undefined {
  const { KeySchema, LocalSecondaryIndexes } = transaction.table(table);
  const name = KeySchema[0]?.AttributeName ?? "";
  const collection = { ItemCollectionKey: { [name]: item[name] }, SizeEstimateRangeGB: SIZE_ESTIMATE };
  return LocalSecondaryIndexes ? collection : undefined;
}

const ofOne =
  (next: Action): Action =>
  async (transaction, data) => {
    const answer = await next(transaction, data);
    const { TableName = "", Item, Key, ReturnItemCollectionMetrics } = data as Write;
    if (ReturnItemCollectionMetrics !== "SIZE") return answer;
    return { ...answer, ItemCollectionMetrics: metricsOf(transaction, TableName, Item ?? Key) };
  };

const ofBatch =
  (next: Action): Action =>
  async (transaction, data) => {
    const answer = await next(transaction, data);
    const { RequestItems = {}, ReturnItemCollectionMetrics } = data as BatchWrite;
    if (ReturnItemCollectionMetrics !== "SIZE") return answer;
    const tables = Object.entries(RequestItems).map(([table, requests]) => {
      const metrics = requests.map(({ PutRequest, DeleteRequest }) =>
        metricsOf(transaction, table, PutRequest?.Item ?? DeleteRequest?.Key),
      );
      const distinct = new Map(metrics.flatMap((metric) => (metric ? [[JSON.stringify(metric), metric]] : [])));
      return [table, [...distinct.values()]] as const;
    });
    const ItemCollectionMetrics = Object.fromEntries(tables.filter(([, metrics]) => metrics.length > 0));
    return { ...answer, ItemCollectionMetrics };
  };

/** The collection of items that a write belongs to, on demand. */
export const ITEM_COLLECTIONS: Corrections = {
  ...forEach(["DeleteItem", "PutItem", "UpdateItem"], { effect: ofOne }),
  BatchWriteItem: { effect: ofBatch },
};
