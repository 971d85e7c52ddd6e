import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";

const client = DynamoDBDocumentClient.from(new DynamoDBClient());
const { TABLE_NAME: TableName } = process.env;

/** Answers GET /notes and PUT /notes/{id}. */
export async function handler({ httpMethod, pathParameters, body }) {
  if (httpMethod === "PUT") {
    const note = { id: pathParameters.id, text: body };
    await client.send(new PutCommand({ TableName, Item: note }));
    return answer(note);
  }
  const { Items: notes } = await client.send(new ScanCommand({ TableName, Limit: 100 }));
  return answer({ notes });
}

function answer(content) {
  return { statusCode: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(content) };
}
