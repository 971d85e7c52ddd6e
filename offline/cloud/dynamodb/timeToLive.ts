import type { Item, Table } from "dynalite/db";
import { AwsError } from "../core/awsError";
import type { Database } from "./database";
import { validationError } from "./errors";
import { checkParameters } from "./parameters";
import type { Transaction } from "./transaction";

/** DynamoDB keeps items that expired earlier. */
const OLDEST_SECONDS = 5 * 365 * 24 * 60 * 60;

/** Who deletes the items, in streams. */
const SERVICE = { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" };

/** The prefix of the keys of tables' settings. */
const SETTINGS = "ttl~";

interface Setting {
  table: string;
  attribute: string;
}

interface UpdateInput {
  TableName: string;
  TimeToLiveSpecification: { AttributeName: string; Enabled: boolean };
}

/** The attribute that says when an item of a table expires; undefined if none does. */
export function expiryAttributeOf(transaction: Transaction, table: string): string | undefined {
  return (transaction.get(SETTINGS + table) as Setting | undefined)?.attribute;
}

export function setExpiryAttribute(transaction: Transaction, table: string, attribute?: string): void {
  transaction.set(SETTINGS + table, attribute === undefined ? undefined : ({ table, attribute } satisfies Setting));
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html */
export function describeTimeToLive(database: Database, input: object): Promise<object> {
  return database.read(async (transaction) => {
    const { TableName } = checkParameters<{ TableName: string }>(input, { TableName: TABLE_NAME });
    transaction.table(TableName, true);
    const AttributeName = expiryAttributeOf(transaction, TableName);
    const TimeToLiveStatus = AttributeName === undefined ? "DISABLED" : "ENABLED";
    return { TimeToLiveDescription: { TimeToLiveStatus, AttributeName } };
  });
}

/**
 * Takes effect at once, and can be called again at once, which DynamoDB refuses for half an hour.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
 */
export function updateTimeToLive(database: Database, input: object): Promise<object> {
  return database.change(async (transaction) => {
    const { TableName, TimeToLiveSpecification } = checkParameters<UpdateInput>(input, UPDATE);
    const { AttributeName, Enabled } = TimeToLiveSpecification;
    transaction.table(TableName, true);
    const current = expiryAttributeOf(transaction, TableName);
    if (current !== undefined && current !== AttributeName) {
      throw validationError(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`);
    }
    if (Enabled === (current !== undefined)) {
      throw validationError(`TimeToLive is already ${Enabled ? "enabled" : "disabled"}`);
    }
    setExpiryAttribute(transaction, TableName, Enabled ? AttributeName : undefined);
    return { TimeToLiveSpecification: { Enabled, AttributeName } };
  });
}

/**
 * Deletes the items whose time to live is over. Values that are not numbers are ignored.
 * @param now in milliseconds
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
 */
export async function deleteExpired(database: Database, now: number): Promise<void> {
  const settings = await database.read(async (transaction) => {
    const pages: Setting[][] = [];
    for await (const page of transaction.storedValues(SETTINGS)) pages.push(page as Setting[]);
    return pages.flat();
  });
  for (const setting of settings) await deleteFrom(database, setting, Math.floor(now / 1000));
}

async function deleteFrom(database: Database, { table, attribute }: Setting, seconds: number): Promise<void> {
  const { Table } = await database.call<{ Table: Table }>("DescribeTable", { TableName: table });
  const condition = "#expiry BETWEEN :oldest AND :now";
  const expired = () => ({
    TableName: table,
    ExpressionAttributeNames: { "#expiry": attribute },
    ExpressionAttributeValues: { ":oldest": { N: String(seconds - OLDEST_SECONDS) }, ":now": { N: String(seconds) } },
  });
  let ExclusiveStartKey: Item | undefined;
  do {
    const input = { ...expired(), FilterExpression: condition, ExclusiveStartKey };
    const page = await database.call<{ Items: Item[]; LastEvaluatedKey?: Item }>("Scan", input);
    for (const item of page.Items) {
      const Key = Object.fromEntries(Table.KeySchema.map(({ AttributeName: name }) => [name, item[name]]));
      const deletion = database.change((transaction) => {
        transaction.userIdentity = SERVICE;
        // Conditional, as the item may have been given a longer life since it was read.
        return database.run(transaction, "DeleteItem", { ...expired(), Key, ConditionExpression: condition });
      });
      await deletion.catch(ignoreFailedCondition);
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

function ignoreFailedCondition(error: unknown): void {
  if (!(error instanceof AwsError && error.code === "ConditionalCheckFailedException")) throw error;
}

const TABLE_NAME = {
  type: "String",
  notNull: true,
  regex: "[a-zA-Z0-9_.-]+",
  lengthGreaterThanOrEqual: 3,
  lengthLessThanOrEqual: 255,
};
const UPDATE = {
  TableName: TABLE_NAME,
  TimeToLiveSpecification: {
    type: "FieldStruct<TimeToLiveSpecification>",
    notNull: true,
    children: {
      AttributeName: { type: "String", notNull: true, lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 255 },
      Enabled: { type: "Boolean", notNull: true },
    },
  },
};
