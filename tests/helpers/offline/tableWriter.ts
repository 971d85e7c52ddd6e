/**
 * A process that writes and deletes items until it is killed: `tableWriter.ts FOLDER RANK_TYPE`, where RANK_TYPE is the
 * type of the key of the table's indexes. It prints each write when it begins and when it is acknowledged, as a line with
 * a JSON array.
 */
import * as fs from "node:fs";
import { Database } from "../../../offline/cloud/dynamodb/database";
import { Tables } from "../../../offline/cloud/dynamodb/tables";
import { graphOf, table } from "./graph";

/** They run at once, each with items of its own, so that the order of writes to an item is known. */
const WRITERS = 4;
const ITEMS = 5;
const TableName = "items";

// process.stdout would go on while a full pipe keeps what was said from the reader.
const say = (...words: unknown[]) => fs.writeSync(1, `${JSON.stringify(words)}\n`);
const random = (below: number) => Math.floor(Math.random() * below);

async function main(folder: string, rankType: string): Promise<void> {
  const database = await Database.open({ region: "eu-west-1", account: "123456789012", folder, log: () => {} });
  say("opened");
  const attributes = [
    { name: "id", type: "S" },
    { name: "rank", type: rankType },
  ];
  const globalSecondaryIndexes = ["first", "second"].map((name) => ({ name, hashKey: "rank", projectionType: "ALL" }));
  await new Tables(database).reconcile(graphOf(folder, table(TableName, { attributes, globalSecondaryIndexes })));
  for (let writer = 0; writer < WRITERS; writer++) void write(database, writer, rankType);
}

async function write(database: Database, writer: number, rankType: string): Promise<never> {
  for (;;) {
    const id = { S: `${writer}-${random(ITEMS)}` };
    const padding = { S: "x".repeat(random(2000)) };
    const item = { id, rank: { [rankType]: String(random(3)) }, version: { N: String(random(1e9)) }, padding };
    const deletes = random(4) === 0;
    say("begins", id.S, deletes ? null : item);
    if (deletes) await database.call("DeleteItem", { TableName, Key: { id } });
    else await database.call("PutItem", { TableName, Item: item });
    say("acknowledged", id.S);
  }
}

void main(process.argv[2] ?? "", process.argv[3] ?? "");
