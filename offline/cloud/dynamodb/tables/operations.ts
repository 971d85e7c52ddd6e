import type { Index, Table } from "dynalite/db";
import type { Action, Corrections } from "../correction";
import { dynamoError, validationError } from "../errors";
import { checkSettings, checkSettingsUpdate, SETTING_TYPES, SETTINGS, type Settings, withSettings } from "./settings";
import { type Tag, tagsRefusal } from "./tags";

interface TableInput extends Settings {
  TableName: string;
  Tags?: Tag[];
}

/** What a table on demand, or an index of it, can take at once from the beginning. */
const INITIAL = { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 4000, Status: "ACTIVE" };

/** What is not said of a table that is being deleted. */
const GONE = [
  "AttributeDefinitions",
  "KeySchema",
  "CreationDateTime",
  "GlobalSecondaryIndexes",
  "LocalSecondaryIndexes",
];

const UPDATES = `ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass`;

const create =
  (next: Action): Action =>
  async (transaction, data) => {
    const [{ TableName, Tags = [] }, settings, rest] = split(data);
    if (transaction.findTable(TableName)) throw tableExists(TableName);
    const { TableDescription } = await next(transaction, rest);
    transaction.putTable(withSettings(transaction.table(TableName), settings));
    for (const { Key = "", Value } of Tags) transaction.getTagDb(TableName).put(Key, Value, () => {});
    const table = withSettings(TableDescription as Table, settings);
    const warm = table.WarmThroughput && { WarmThroughput: { ...table.WarmThroughput, Status: "UPDATING" } };
    return { TableDescription: describe({ ...table, ...warm }) };
  };

const update =
  (next: Action): Action =>
  async (transaction, data) => {
    const [{ TableName }, settings, rest] = split(data);
    const { SSEDescription: before } = transaction.findTable(TableName) ?? {};
    if (settings.SSESpecification && !settings.SSESpecification.Enabled && !before) {
      throw validationError("One or more parameter values were invalid: Table is already encrypted by default");
    }
    const { TableDescription } = await next(transaction, rest);
    const table = withSettings(transaction.table(TableName), settings);
    transaction.putTable(table);
    const { SSEDescription: after = before } = table;
    const encryption = settings.SSESpecification && { SSEDescription: after && { ...after, Status: "UPDATING" } };
    return { TableDescription: describe({ ...withSettings(TableDescription as Table, settings), ...encryption }) };
  };

const remove =
  (next: Action): Action =>
  async (transaction, data) => {
    if (transaction.findTable((data as TableInput).TableName)?.DeletionProtectionEnabled) {
      throw validationError(
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
      );
    }
    const { TableDescription } = await next(transaction, data);
    const members = Object.entries(describe(TableDescription as Table)).filter(([name]) => !GONE.includes(name));
    return { TableDescription: Object.fromEntries(members) };
  };

const describeTable =
  (next: Action): Action =>
  async (transaction, data) => {
    const table = (await next(transaction, data)).Table as Table;
    const { GlobalSecondaryIndexes: indexes } = table;
    return {
      Table: {
        ...describe(table),
        WarmThroughput: warmThroughputOf(table),
        ...(indexes && {
          GlobalSecondaryIndexes: indexes.map((index) => ({ ...index, WarmThroughput: warmThroughputOf(index) })),
        }),
      },
    };
  };

/** The input without what dynalite does not know: it would store that as it is. */
function split(data: object): [TableInput, Settings, object] {
  const { Tags: _, ...rest } = data as TableInput;
  const settings: Record<string, unknown> = {};
  for (const name of SETTINGS) {
    if (rest[name] !== undefined) settings[name] = rest[name];
    delete rest[name];
  }
  return [data as TableInput, settings, rest];
}

/** A table as every answer describes it. */
function describe({ PointInTimeRecovery: _, DeletionProtectionEnabled = false, ...table }: Table): object {
  return { ...table, DeletionProtectionEnabled };
}

function warmThroughputOf({ WarmThroughput, ProvisionedThroughput }: Table | Index): object {
  const { ReadCapacityUnits: reads = 0, WriteCapacityUnits: writes = 0 } = ProvisionedThroughput ?? {};
  if (WarmThroughput) return WarmThroughput;
  return reads > 0 ? { ReadUnitsPerSecond: reads, WriteUnitsPerSecond: writes, Status: "ACTIVE" } : INITIAL;
}

function tableExists(name: string): Error {
  const message = `Table already exists: ${name}`;
  return dynamoError(400, { __type: "com.amazonaws.dynamodb.v20120810#ResourceInUseException", message });
}

const TAG_TYPES = {
  type: "List",
  children: { type: "ValueStruct<Tag>", children: { Key: "String", Value: "String" } },
};

/** Tables as a whole. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html */
export const TABLES: Corrections = {
  CreateTable: {
    types: { ...SETTING_TYPES, Tags: TAG_TYPES },
    check: (input: TableInput, store) => checkSettings(input, store) ?? tagsRefusal(input.Tags ?? []),
    effect: create,
  },
  UpdateTable: {
    types: SETTING_TYPES,
    check: (input: Settings, store) =>
      Object.keys(input).every((name) => ["TableName", "AttributeDefinitions"].includes(name))
        ? `At least one of ${UPDATES} is required`
        : checkSettingsUpdate(input, store),
    overlooks: (message) => message.startsWith("At least one of "),
    effect: update,
  },
  DeleteTable: { effect: remove },
  DescribeTable: { effect: describeTable },
};
