import type { Item, Table } from "dynalite/db";
import { AwsError } from "../core/awsError";
import type { Database } from "./database";
import { validationError } from "./errors";
import { allExpiries, type Expiry, expiryAttributeOf, setExpiryAttribute } from "./expiry";
import { checkParameters } from "./parameters";

/** DynamoDB keeps items that expired earlier. */
const OLDEST_SECONDS = 5 * 365 * 24 * 60 * 60;

/** Who deletes the items, in streams. */
const SERVICE = { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" };

interface UpdateInput {
  TableName: string;
  TimeToLiveSpecification: { AttributeName: string; Enabled: boolean };
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
  for (const expiry of await database.read(allExpiries)) await deleteFrom(database, expiry, Math.floor(now / 1000));
}

async function deleteFrom(database: Database, { table, attribute }: Expiry, seconds: number): Promise<void> {
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
