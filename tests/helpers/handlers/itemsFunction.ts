import { startDynamo } from "../aws/dynamo";
import { type StartedFunction, startFunction } from "./handlerInstance";
import type { PayloadVersion } from "./proxyEvent";

export type { Answer, Call, Instance } from "./handlerInstance";

export type ItemsFunction = StartedFunction;

/**
 * The items function with its own tables.
 * @param version the payload of the events that it gets
 */
export async function startItemsFunction(version: PayloadVersion = "1.0"): Promise<ItemsFunction> {
  const dynamo = await startDynamo("items", "records");
  const items = startFunction("items", dynamo, { TABLE_NAME: "items", RECORDS_TABLE_NAME: "records" });
  return { ...items, call: (method, path, request) => items.call(method, path, { version, ...request }) };
}
