import { startDynamo } from "../aws/dynamo";
import { type StartedFunction, startFunction } from "./handlerInstance";

export type { Answer, Call, Instance } from "./handlerInstance";

export type ItemsFunction = StartedFunction;

/** The items function with its own tables. */
export async function startItemsFunction(): Promise<ItemsFunction> {
  const dynamo = await startDynamo("items", "records");
  return startFunction("items", dynamo, { TABLE_NAME: "items", RECORDS_TABLE_NAME: "records" });
}
