import { startDynamo } from "../aws/dynamo";
import { type StartedFunction, startFunction } from "./handlerInstance";

/** The tag of the instances that the function manages. */
export const TAG = { key: "pool", value: "workers" };

/** The instances function with its own table, and EC2 at an endpoint. */
export async function startInstancesFunction(
  endpoint: string,
  ...others: { close(): Promise<void> }[]
): Promise<StartedFunction> {
  const dynamo = await startDynamo("records");
  const environment = {
    AWS_ENDPOINT_URL_EC2: endpoint,
    INSTANCE_TAG_KEY: TAG.key,
    INSTANCE_TAG_VALUE: TAG.value,
    RECORDS_TABLE_NAME: "records",
  };
  return startFunction("instances", dynamo, environment, ...others);
}
