import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";

const database = DynamoDBDocumentClient.from(new DynamoDBClient());
const { AWS_BATCH_JOB_ID: id, TABLE_NAME: TableName } = process.env;

/** A real job would compute something. */
async function main(): Promise<void> {
  await database.send(new PutCommand({ TableName, Item: { id, writtenAt: new Date().toISOString() } }));
  console.log(`wrote report ${id}`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
