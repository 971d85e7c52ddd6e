import type { Item, Table } from "dynalite/db";
import { AwsError } from "../core/awsError";
import type { Database } from "./database";

/** DynamoDB keeps items that expired earlier. */
const OLDEST_SECONDS = 5 * 365 * 24 * 60 * 60;

/**
 * Deletes the items of a table whose time to live is over. Values that are not numbers are ignored.
 * @param now in milliseconds
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html
 */
export async function deleteExpired(
  database: Database,
  TableName: string,
  attribute: string,
  now: number,
): Promise<void> {
  const { Table } = await database.call<{ Table: Table }>("DescribeTable", { TableName });
  const seconds = Math.floor(now / 1000);
  const expired = {
    ExpressionAttributeNames: { "#expiry": attribute },
    ExpressionAttributeValues: { ":oldest": { N: String(seconds - OLDEST_SECONDS) }, ":now": { N: String(seconds) } },
  };
  const condition = "#expiry BETWEEN :oldest AND :now";
  let ExclusiveStartKey: Item | undefined;
  do {
    const input = { TableName, ...expired, FilterExpression: condition, ExclusiveStartKey };
    const page = await database.call<{ Items: Item[]; LastEvaluatedKey?: Item }>("Scan", input);
    for (const item of page.Items) {
      const Key = Object.fromEntries(Table.KeySchema.map(({ AttributeName: name }) => [name, item[name]]));
      // Conditional, as the item may have been given a longer life since it was read.
      await database
        .call("DeleteItem", { TableName, Key, ...expired, ConditionExpression: condition })
        .catch(ignoreFailedCondition);
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

function ignoreFailedCondition(error: unknown): void {
  if (!(error instanceof AwsError && error.code === "ConditionalCheckFailedException")) throw error;
}
