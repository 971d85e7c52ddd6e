import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, paginateScan } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyWebsocketEventV2 } from "aws-lambda";

const client = DynamoDBDocumentClient.from(new DynamoDBClient());
// Its endpoint is in the environment, from the API's access.
const management = new ApiGatewayManagementApiClient();
const TableName = process.env.CONNECTIONS_TABLE;
/** API Gateway ends connections after two hours. */
const LIFE_SECONDS = 2 * 60 * 60;

/** Remembers who is connected, and sends each message to everybody. */
export async function handler({ requestContext: { eventType, connectionId }, body }: APIGatewayProxyWebsocketEventV2) {
  if (eventType === "CONNECT") {
    const expiresAt = Math.ceil(Date.now() / 1000) + LIFE_SECONDS;
    await client.send(new PutCommand({ TableName, Item: { connectionId, expiresAt } }));
  } else if (eventType === "DISCONNECT") await forget(connectionId);
  else {
    for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
      await Promise.all(Items.map((item) => send(item.connectionId, body ?? "")));
    }
  }
  return { statusCode: 200 };
}

async function send(ConnectionId: string, Data: string): Promise<void> {
  try {
    await management.send(new PostToConnectionCommand({ ConnectionId, Data }));
  } catch (error) {
    if (!(error instanceof GoneException)) throw error;
    await forget(ConnectionId);
  }
}

async function forget(connectionId: string): Promise<void> {
  await client.send(new DeleteCommand({ TableName, Key: { connectionId } }));
}
