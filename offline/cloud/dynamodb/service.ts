import { randomUUID } from "node:crypto";
import { readBody } from "../core/body";
import type { Service } from "../core/types";
import { type Database, DynamoError } from "./database";

/** DynamoDB's wire protocol in front of the database. */
export function createDynamoDb(database: Database): Service {
  return async (request, response) => {
    const operation = String(request.headers["x-amz-target"] ?? "").replace(/^DynamoDB_\d+\./, "");
    const body = (await readBody(request)).toString();
    const { status, answer } = await run(database, operation, body);
    const text = JSON.stringify(answer);
    response.writeHead(status, {
      "Content-Type": "application/x-amz-json-1.0",
      "Content-Length": Buffer.byteLength(text),
      "x-amzn-RequestId": randomUUID(),
    });
    response.end(text);
  };
}

async function run(database: Database, operation: string, body: string): Promise<{ status: number; answer: object }> {
  try {
    return { status: 200, answer: await database.call(operation, JSON.parse(body)) };
  } catch (error) {
    if (error instanceof DynamoError) return { status: error.status, answer: error.body };
    if (!(error instanceof SyntaxError)) throw error;
    return { status: 400, answer: { __type: "com.amazon.coral.service#SerializationException" } };
  }
}
