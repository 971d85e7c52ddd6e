import type { Table } from "dynalite/db";
import type { Graph } from "../../engine/graph";
import { AwsError } from "../core/awsError";
import type { Change } from "../core/types";
import type { Database } from "./database";
import { expiryAttributeOf, setExpiryAttribute } from "./expiry";
import { describeKey, indexesMissing, rebuildIndexes, type TableShape } from "./indexes/indexes";
import { type Seeds, toAttributes } from "./seeds";
import { disableStream, enableStream, streamOf, trimStreams } from "./streams/stream";
import { applySettings } from "./tables/programSettings";
import { readTables, type TableInput, type TableModel } from "./tables/schema";
import type * as timeToLive from "./timeToLive";
import type { Transaction } from "./transaction";
import type * as transactOperations from "./transactOperations";

/** DynamoDB takes up to a few days to delete expired items; here you can watch it happen. */
const SWEEP_MILLISECONDS = 30_000;

interface TablesOptions {
  /** What new tables contain. @default nothing */
  seeds?: Seeds;
  /** Takes a line for each table that has seeds. @default nobody */
  log?(line: string): void;
  /** Where the tables are kept across runs. @default memory */
  folder?: string;
}

/** The program's tables. Tables that the program no longer has stay as they are: what is stored is never dropped. */
export class Tables {
  // A sweep that fails, for example because the database is closing, leaves its work to the next one.
  private readonly sweeper = setInterval(() => this.sweep(Date.now()).catch(() => {}), SWEEP_MILLISECONDS).unref();

  /** A later graph may no longer have the table that a seed is for. */
  private seedsAreChecked = false;

  constructor(
    readonly database: Database,
    private readonly options: TablesOptions = {},
  ) {}

  /**
   * Creates the tables that are missing, and gives the others the indexes that the program has now. If one of them
   * cannot be changed, all of them stay as they were.
   * @throws Error when the key of a table with items has changed, or DynamoDB would refuse a table or a seed: it names
   * all of them
   */
  async reconcile(graph: Graph): Promise<Change[]> {
    const models = readTables(graph);
    const { seeds } = this.options;
    const changes = await this.database.change(async (transaction) => {
      const done: Change[] = [];
      const problems = this.seedsAreChecked ? [] : (seeds?.check(models) ?? []);
      for (const model of models) {
        const { input } = model;
        try {
          let action = await this.ensure(transaction, model);
          if (action === "added") problems.push(...(await this.seed(transaction, model)));
          // After the seeds, as these are what the table contains, and not changes of it.
          if (this.configure(transaction, model)) action ??= "updated";
          if (action) done.push({ action, kind: "table", name: input.TableName });
        } catch (error) {
          const { message } = error as Error;
          problems.push(error instanceof AwsError ? `Table ${input.TableName}: ${message}` : message);
        }
      }
      if (problems.length > 0) throw new Error(problems.join("\n"));
      return done;
    });
    this.logSeeds(models, changes);
    this.seedsAreChecked = true;
    return changes;
  }

  /** Deletes in the background what is too old, as DynamoDB does. @param now in milliseconds */
  async sweep(now: number): Promise<void> {
    const { deleteExpired } = require("./timeToLive") as typeof timeToLive;
    await deleteExpired(this.database, now);
    await this.database.change((transaction) => trimStreams(transaction, now));
    const { forgetTokens } = require("./transactOperations") as typeof transactOperations;
    await forgetTokens(this.database, now);
  }

  async close(): Promise<void> {
    clearInterval(this.sweeper);
    await this.database.close();
  }

  private async ensure(transaction: Transaction, model: TableModel): Promise<Change["action"] | undefined> {
    const { input, settings } = model;
    const table = transaction.findTable(input.TableName);
    const isReplaced = table && keyOf(table) !== keyOf(input);
    const isReindexed =
      table && !isReplaced && indexesMissing(table, input).length + indexesMissing(input, table).length > 0;
    if (!table) await this.database.run(transaction, "CreateTable", input);
    if (isReplaced) await this.replace(transaction, table, input);
    if (isReindexed) await this.reindex(transaction, table, input);
    const isChanged = await applySettings(transaction, input.TableName, settings);
    if (!table) return "added";
    return isReplaced || isReindexed || isChanged ? "updated" : undefined;
  }

  /** Gives a table the program's stream and time to live. Returns whether that changes them. */
  private configure(transaction: Transaction, { input: { TableName }, ...model }: TableModel): boolean {
    const table = transaction.table(TableName);
    const changesExpiry = expiryAttributeOf(transaction, TableName) !== model.expiryAttribute;
    if (changesExpiry) setExpiryAttribute(transaction, TableName, model.expiryAttribute);
    const changesStream = streamOf(transaction, table)?.viewType !== model.streamViewType;
    if (changesStream && model.streamViewType) enableStream(transaction, table, model.streamViewType);
    else if (changesStream) disableStream(transaction, table);
    return changesExpiry || changesStream;
  }

  /** Writes the items that a new table begins with. Returns what DynamoDB refuses, one sentence each. */
  private async seed(transaction: Transaction, model: TableModel): Promise<string[]> {
    const { TableName, KeySchema } = model.input;
    const hashKey = KeySchema.find(({ KeyType }) => KeyType === "HASH")?.AttributeName ?? "";
    const condition = {
      ConditionExpression: "attribute_not_exists(#key)",
      ExpressionAttributeNames: { "#key": hashKey },
    };
    const problems: string[] = [];
    for (const { file, items } of this.options.seeds?.of(model) ?? []) {
      for (const [index, item] of items.entries()) {
        try {
          const Item = toAttributes(item, hashKey);
          await this.database.run(transaction, "PutItem", { TableName, Item, ...condition });
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          const isRepeated = error.code === "ConditionalCheckFailedException";
          const reason = isRepeated ? "an earlier item has the same key" : error.message;
          problems.push(`${file}: item ${index + 1} of ${model.resource}: ${reason}`);
        }
      }
    }
    return problems;
  }

  private logSeeds(models: TableModel[], changes: Change[]): void {
    const added = new Set(changes.filter(({ action }) => action === "added").map(({ name }) => name));
    for (const model of models) {
      for (const { file, items } of this.options.seeds?.of(model) ?? []) {
        const isNew = added.has(model.input.TableName);
        const count = items.length === 1 ? "1 item" : `${items.length} items`;
        const outcome = isNew ? `: ${count} from ${file}` : ` exists already: ${file} is not written to it`;
        if (isNew || !this.seedsAreChecked) this.options.log?.(`table ${model.resource}${outcome}`);
      }
    }
  }

  /** @throws Error when the table has items: they have the old key */
  private async replace(transaction: Transaction, old: Table, input: TableInput): Promise<void> {
    const { TableName } = old;
    for await (const _ of transaction.items(TableName)) throw new Error(this.describeKeyChange(old, input));
    await this.database.run(transaction, "DeleteTable", { TableName });
    await this.database.run(transaction, "CreateTable", input);
  }

  /** Gives a table other indexes. Its items are not touched, and indexes that stay the same are not built again. */
  private async reindex(transaction: Transaction, old: Table, input: TableInput): Promise<void> {
    const { TableName, TableId, CreationDateTime } = old;
    transaction.tableDb.del(TableName, () => {});
    await this.database.run(transaction, "CreateTable", input);
    const created = transaction.table(TableName);
    const { GlobalSecondaryIndexes, LocalSecondaryIndexes } = created;
    const indexes = { GlobalSecondaryIndexes, LocalSecondaryIndexes };
    const table = { ...old, ...created, ...indexes, TableId, CreationDateTime };
    transaction.putTable(table);
    await rebuildIndexes(transaction, old, table);
  }

  private describeKeyChange(table: Table, input: TableInput): string {
    const { folder } = this.options;
    const remedy = folder
      ? `Use another folder than ${folder}, delete it, or give the table another name.`
      : "Restart to begin with empty tables, or give the table another name.";
    return `The key of table ${input.TableName} has changed from ${keyOf(table)} to ${keyOf(input)}, but its items have the old key. ${remedy}`;
  }
}

function keyOf(table: TableShape): string {
  return describeKey(table.KeySchema, table);
}
