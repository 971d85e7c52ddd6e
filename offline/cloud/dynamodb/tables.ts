import { type Item, type Table, updateIndexes } from "dynalite/db";
import type { Graph } from "../../engine/graph";
import { AwsError } from "../core/awsError";
import type { Change } from "../core/types";
import { type Database, settle } from "./database";
import { readTables, type TableModel } from "./schema";

/** DynamoDB deletes expired items within days; here it is soon enough to see it happen. */
const SWEEP_MILLISECONDS = 30_000;

/** The program's tables. Tables that the program no longer has stay as they are: what is stored is never dropped. */
export class Tables {
  private models: TableModel[] = [];
  // What a sweep misses, as when the database closes meanwhile, the next one finds.
  private readonly sweeper = setInterval(() => this.sweep(Date.now()).catch(() => {}), SWEEP_MILLISECONDS).unref();

  constructor(
    protected readonly database: Database,
    private readonly folder?: string,
  ) {}

  /**
   * Creates the tables that are missing, and the indexes that are missing on those there are.
   * @throws Error when the key of a table with items has changed: it names each such table
   */
  async reconcile(graph: Graph): Promise<Change[]> {
    const models = readTables(graph);
    const results = await Promise.allSettled(models.map((model) => this.ensure(model)));
    const problems = results.flatMap((result) =>
      result.status === "rejected" ? [result.reason.message as string] : [],
    );
    if (problems.length > 0) throw new Error(problems.join("\n"));
    this.models = models;
    return results.flatMap((result) => (result.status === "fulfilled" && result.value ? [result.value] : []));
  }

  /** Deletes the items whose time to live is over, as DynamoDB does in the background. */
  async sweep(now: number): Promise<void> {
    for (const { input, expiryAttribute } of this.models) {
      if (!expiryAttribute) continue;
      const expired = {
        ExpressionAttributeNames: { "#expiry": expiryAttribute },
        ExpressionAttributeValues: { ":now": { N: String(Math.floor(now / 1000)) }, ":zero": { N: "0" } },
      };
      const condition = "#expiry BETWEEN :zero AND :now";
      for await (const item of this.scan(input.TableName, { ...expired, FilterExpression: condition })) {
        const Key = Object.fromEntries(input.KeySchema.map(({ AttributeName: name }) => [name, item[name]]));
        // Conditional, as the item may have been given a longer life since it was read.
        await this.database
          .call("DeleteItem", { TableName: input.TableName, Key, ...expired, ConditionExpression: condition })
          .catch(ignoreRefusal);
      }
    }
  }

  async close(): Promise<void> {
    clearInterval(this.sweeper);
    await this.database.close();
  }

  private async ensure({ input }: TableModel): Promise<Change | undefined> {
    const name = input.TableName;
    const table = await this.describe(name);
    if (!table) {
      await this.create(input);
      return { action: "added", kind: "table", name };
    }
    if (keyOf(table) !== keyOf(input)) await this.replace(table, input);
    else if (indexesOf(table) === indexesOf(input)) return undefined;
    else await this.reindex(table, input);
    return { action: "updated", kind: "table", name };
  }

  private async describe(name: string): Promise<Table | undefined> {
    const answer = await this.database
      .call<{ Table: Table }>("DescribeTable", { TableName: name })
      .catch(ignoreRefusal);
    return answer?.Table;
  }

  private async create(input: TableModel["input"]): Promise<void> {
    await this.database.call("CreateTable", input);
    while ((await this.describe(input.TableName))?.TableStatus !== "ACTIVE") await new Promise(setImmediate);
  }

  /** @throws Error when the table has items: they have the old key */
  private async replace(old: Table, input: TableModel["input"]): Promise<void> {
    const TableName = old.TableName;
    const { Items } = await this.database.call<{ Items: Item[] }>("Scan", { TableName, Limit: 1 });
    if (Items.length > 0) throw new Error(this.describeKeyChange(old, input));
    await this.database.call("DeleteTable", { TableName });
    while (await this.describe(TableName)) await new Promise(setImmediate);
    await this.create(input);
  }

  /** Gives a table its new indexes. Only the description and the indexes are made anew; the items are never touched. */
  private async reindex(old: Table, input: TableModel["input"]): Promise<void> {
    const { store } = this.database;
    const name = old.TableName;
    for (const { IndexName } of old.GlobalSecondaryIndexes ?? []) {
      await settle<void>((callback) => store.deleteIndexDb("Global", name, IndexName, callback));
    }
    for (const { IndexName } of old.LocalSecondaryIndexes ?? []) {
      await settle<void>((callback) => store.deleteIndexDb("Local", name, IndexName, callback));
    }
    await settle<void>((callback) => store.tableDb.del(name, callback));
    await this.create(input);
    const table = await this.describe(name);
    if (!table) return;
    for await (const item of this.scan(name, {})) {
      await settle<void>((callback) => updateIndexes(store, table, undefined, item, callback));
    }
  }

  private async *scan(name: string, options: object): AsyncGenerator<Item> {
    let ExclusiveStartKey: Item | undefined;
    do {
      const input = { TableName: name, ...options, ...(ExclusiveStartKey && { ExclusiveStartKey }) };
      const page: { Items: Item[]; LastEvaluatedKey?: Item } = await this.database.call("Scan", input);
      yield* page.Items;
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }

  private describeKeyChange(table: Table, input: TableModel["input"]): string {
    const way = this.folder
      ? `Use another folder than ${this.folder}, remove it, or give the table another name.`
      : "Restart to begin with empty tables, or give the table another name.";
    return `The key of table ${input.TableName} has changed from ${keyOf(table)} to ${keyOf(input)}, and its items have the old one. ${way}`;
  }
}

function keyOf({ KeySchema, AttributeDefinitions }: TableModel["input"]): string {
  const typeOf = (name: string) =>
    AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  return KeySchema.map(({ AttributeName, KeyType }) => `${AttributeName} (${typeOf(AttributeName)}, ${KeyType})`).join(
    " + ",
  );
}

function indexesOf({
  GlobalSecondaryIndexes = [],
  LocalSecondaryIndexes = [],
  AttributeDefinitions,
}: TableModel["input"]): string {
  const describe = (indexes: NonNullable<Table["LocalSecondaryIndexes"]>) =>
    indexes
      .map(({ IndexName, KeySchema }) => [IndexName, keyOf({ TableName: "", KeySchema, AttributeDefinitions })])
      .sort();
  return JSON.stringify([describe(GlobalSecondaryIndexes), describe(LocalSecondaryIndexes)]);
}

function ignoreRefusal(error: unknown): undefined {
  if (!(error instanceof AwsError)) throw error;
  return undefined;
}
