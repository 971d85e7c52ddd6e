import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";

const database = DynamoDBDocumentClient.from(new DynamoDBClient());
const TableName = process.env.TABLE_NAME;

/** GET lists items, 25 at most; POST creates one with a name. */
export async function handler({ httpMethod, body }: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  if (httpMethod === "GET") {
    const { Items } = await database.send(new ScanCommand({ TableName, Limit: 25 }));
    return answer(200, { items: Items });
  }
  const name = nameIn(body);
  if (!name) return answer(400, { message: 'Send JSON with a name, such as {"name":"lamp"}.' });
  const item = { id: randomUUID(), name };
  await database.send(new PutCommand({ TableName, Item: item }));
  return answer(201, item);
}

function nameIn(body: string | null): string | undefined {
  try {
    const { name } = JSON.parse(body ?? "");
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined;
  }
}

function answer(statusCode: number, document: object): APIGatewayProxyResult {
  return { statusCode, headers: { "Content-Type": "application/json" }, body: JSON.stringify(document) };
}
