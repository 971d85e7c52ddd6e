import { temporaryFolder } from "../temporaryFolder";
import { graphOf, table } from "./graph";
import { type Served, serveGraph } from "./served";

export const TableName = "items";
/** The key of an item. */
export const Key = { id: { S: "1" }, at: { N: "1" } };
export const V = { ":v": { S: "x" } };

/** The input of a PutItem. */
export const put = (value: object) => ({ TableName, Item: { ...Key, value } });

/** The input of a Scan. */
export const filtered = (FilterExpression: string, values: object = {}) => ({
  TableName,
  FilterExpression,
  ExpressionAttributeValues: { ...V, ...values },
});

/** Serves a table with two keys, and an index by `rank`. */
export async function serveItems(): Promise<Served> {
  const attributes = [
    { name: "id", type: "S" },
    { name: "at", type: "N" },
    { name: "rank", type: "S" },
  ];
  const globalSecondaryIndexes = [{ name: "byRank", hashKey: "rank", projectionType: "ALL" }];
  const inputs = { rangeKey: "at", attributes, globalSecondaryIndexes };
  return serveGraph(graphOf(temporaryFolder(), table(TableName, inputs)));
}
