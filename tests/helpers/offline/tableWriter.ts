/**
 * A process that writes and deletes items until it is killed: `tableWriter.ts FOLDER RANK_TYPE`, where RANK_TYPE is the
 * type of the key of the table's indexes. Half of the writers write each item in a transaction, together with the same item
 * of another table. It prints each write when it begins and when it is acknowledged, as a line with a JSON array.
 */
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { Database } from "../../../offline/cloud/dynamodb/database";
import { OPERATIONS } from "../../../offline/cloud/dynamodb/operations";
import { Tables } from "../../../offline/cloud/dynamodb/tables";
import { graphOf, table } from "./graph";

/** They run at once, each with items of its own, so that the order of writes to an item is known. */
const WRITERS = 4;
const ITEMS = 5;
const TableName = "items";
const MIRROR = "mirror";

// process.stdout would go on while a full pipe keeps what was said from the reader.
const say = (...words: unknown[]) => fs.writeSync(1, `${JSON.stringify(words)}\n`);
const random = (below: number) => Math.floor(Math.random() * below);

async function main(folder: string, rankType: string): Promise<void> {
  const options = { region: "eu-west-1", account: "123456789012", operations: OPERATIONS, folder, log: () => {} };
  const database = await Database.open(options);
  say("opened");
  const attributes = [
    { name: "id", type: "S" },
    { name: "rank", type: rankType },
  ];
  const globalSecondaryIndexes = ["first", "second"].map((name) => ({ name, hashKey: "rank", projectionType: "ALL" }));
  const streaming = { streamEnabled: true, streamViewType: "NEW_AND_OLD_IMAGES" };
  const items = table(TableName, { attributes, globalSecondaryIndexes, ...streaming });
  await new Tables(database).reconcile(graphOf(folder, items, table(MIRROR)));
  for (let writer = 0; writer < WRITERS; writer++) void write(database, writer, rankType);
}

async function write(database: Database, writer: number, rankType: string): Promise<never> {
  for (;;) {
    const id = { S: `${writer}-${random(ITEMS)}` };
    const padding = { S: "x".repeat(random(2000)) };
    const item = { id, rank: { [rankType]: String(random(3)) }, version: { N: String(random(1e9)) }, padding };
    const deletes = random(4) === 0;
    say("begins", id.S, deletes ? null : item);
    const [operation, action] = deletes ? (["Delete", { Key: { id } }] as const) : (["Put", { Item: item }] as const);
    if (writer % 2 === 0) await database.call(`${operation}Item`, { TableName, ...action });
    else await transact(database, operation, action);
    say("acknowledged", id.S);
  }
}

async function transact(database: Database, operation: "Put" | "Delete", action: object): Promise<void> {
  const both = [TableName, MIRROR].map((name) => ({ [operation]: { TableName: name, ...action } }));
  await database.call("TransactWriteItems", { ClientRequestToken: randomUUID(), TransactItems: both });
}

void main(process.argv[2] ?? "", process.argv[3] ?? "");
