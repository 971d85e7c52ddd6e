import { randomUUID } from "node:crypto";
import { BatchClient, SubmitJobCommand } from "@aws-sdk/client-batch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";

const batch = new BatchClient();
const database = DynamoDBDocumentClient.from(new DynamoDBClient());
const { JOB_QUEUE: jobQueue, JOB_DEFINITION: jobDefinition, TABLE_NAME: TableName } = process.env;

/** GET lists the reports; POST submits a job that writes one. */
export async function handler({ httpMethod }: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  if (httpMethod === "GET") {
    const { Items } = await database.send(new ScanCommand({ TableName, Limit: 25 }));
    return answer(200, { reports: Items });
  }
  const jobName = `report-${randomUUID()}`;
  const { jobId } = await batch.send(new SubmitJobCommand({ jobName, jobQueue, jobDefinition }));
  return answer(202, { jobId });
}

function answer(statusCode: number, document: object): APIGatewayProxyResult {
  return { statusCode, headers: { "Content-Type": "application/json" }, body: JSON.stringify(document) };
}
