import { ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Dynamo } from "../aws/dynamo";
import type { Instance } from "./handlerInstance";

/** The record of the only request with an idempotency key, if there is one. */
export async function idempotencyRecord({ client }: Dynamo) {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: "records" }));
  return Items[0] ?? {};
}

/** Expires the lock of the attempt, as if its time were up. */
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

/** Lets an instance die after it has acted on a request, before it records the result. */
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
