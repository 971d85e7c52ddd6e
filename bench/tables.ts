import { startDynamo } from "../tests/helpers/aws/dynamo";

/** A local DynamoDB with the tables of the items API, and the environment that points its handler there. */
export async function startTables(): Promise<{ environment: Record<string, string>; close(): Promise<void> }> {
  const { endpoint, close } = await startDynamo("items", "records");
  const environment = {
    AWS_ACCESS_KEY_ID: "bench",
    AWS_SECRET_ACCESS_KEY: "bench",
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL: endpoint,
    TABLE_NAME: "items",
    RECORDS_TABLE_NAME: "records",
  };
  return { environment, close };
}
