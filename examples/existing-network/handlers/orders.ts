import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";

const database = DynamoDBDocumentClient.from(new DynamoDBClient());

/** Reads an order. */
export async function handler({ id }: { id: string }): Promise<Record<string, unknown> | null> {
  const { Item } = await database.send(new GetCommand({ TableName: process.env.TABLE_NAME, Key: { id } }));
  return Item ?? null;
}
