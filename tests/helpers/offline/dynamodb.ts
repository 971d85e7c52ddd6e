import * as sdk from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { send } from "./api";
import type { Served } from "./served";
import { signed } from "./signed";

/** A client that does not retry. */
export function dynamoOf({ endpoint, credentials }: Served): DynamoDBDocumentClient {
  // A copy, as the SDK marks the credentials that it is given.
  const config = { endpoint, region: "eu-west-1", credentials: { ...credentials }, maxAttempts: 1 };
  return DynamoDBDocumentClient.from(new sdk.DynamoDBClient(config), {
    marshallOptions: { removeUndefinedValues: true },
  });
}

/** Sends an operation by its name, whether or not its types allow the input. */
export async function callDynamo<Output extends object>(
  server: Served,
  operation: string,
  input: object,
): Promise<Output> {
  const commands = sdk as unknown as Record<string, new (input: object) => never>;
  const Command = commands[`${operation}Command`] as new (input: object) => never;
  return (await dynamoOf(server).send(new Command(input))) as Output;
}

/** The code and the message of an operation's error; undefined if it succeeds. */
export async function refusalOf(
  server: Served,
  operation: string,
  input: object,
): Promise<[name: string, message: string] | undefined> {
  return callDynamo(server, operation, input).then(
    () => undefined,
    ({ name, message }) => [name, message],
  );
}

/** All items of a table or an index, in the order of their `id`. */
export async function scanAll(
  server: Served,
  TableName: string,
  IndexName?: string,
): Promise<Record<string, unknown>[]> {
  const client = dynamoOf(server);
  const items: Record<string, unknown>[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName, IndexName, ExclusiveStartKey }));
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return items.sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
}

/** Calls DynamoDB Streams, whose client is not installed here. @throws Error with the name and the message of a refusal */
export function streamsOf(server: Served) {
  return callsOf(server, "DynamoDBStreams_20120810");
}

/** Calls an API with JSON as it is given. @throws Error with the name and the message of a refusal */
export function callsOf(server: Served, api: string) {
  return async <Answer>(operation: string, input: object): Promise<Answer> => {
    const headers = { "x-amz-target": `${api}.${operation}` };
    const request = await signed(server, { service: "dynamodb", headers, body: JSON.stringify(input) });
    const answer = await send(server.endpoint, request);
    const document = JSON.parse(answer.body);
    if (answer.status === 200) return document;
    throw Object.assign(new Error(document.message), { name: document.__type.replace(/^.*#/, "") });
  };
}
