import { ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Dynamo } from "../aws/dynamo";
import type { Instance } from "./handlerInstance";

/** What a function keeps of the one request that had a key, or nothing. */
export async function idempotencyRecord({ client }: Dynamo) {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: "records" }));
  return Items[0] ?? {};
}

/** As if the time had come when the attempt is over at the latest. */
export async function endLock(dynamo: Dynamo): Promise<void> {
  const { id } = await idempotencyRecord(dynamo);
  await dynamo.client.send(
    new UpdateCommand({
      TableName: "records",
      Key: { id },
      UpdateExpression: "SET lockedUntil = :now",
      ExpressionAttributeValues: { ":now": Date.now() },
    }),
  );
}

/** Lets an instance die between what it does for a request and the record of it. */
export function dieBeforeRecord(instance: Instance): Instance {
  let writes = 0;
  instance.database.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === "PutItemCommand") writes += 1;
        if (writes > 1) throw new Error("died");
        return next(args);
      },
    { step: "initialize" },
  );
  return instance;
}
