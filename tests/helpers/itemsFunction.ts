import { type Dynamo, startDynamo } from "./dynamo";
import { type Instance, loadHandler, setEnvironment } from "./handlerInstance";

export type { Answer, Call, Instance } from "./handlerInstance";

export interface ItemsFunction extends Instance {
  dynamo: Dynamo;
  /** Another instance: modules loaded anew, with nothing in memory. */
  coldStart(): Instance;
  close(): Promise<void>;
}

/** The items function with tables of its own. Only the environment tells it where they are, as in AWS. */
export async function startItemsFunction(): Promise<ItemsFunction> {
  const dynamo = await startDynamo("items", "records");
  const restore = setEnvironment({
    AWS_ENDPOINT_URL: dynamo.endpoint,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    TABLE_NAME: "items",
    RECORDS_TABLE_NAME: "records",
  });
  const instances: Instance[] = [];
  const coldStart = () => {
    const instance = loadHandler("items");
    instances.push(instance);
    return instance;
  };
  return {
    ...coldStart(),
    dynamo,
    coldStart,
    close: async () => {
      restore();
      for (const { database } of instances) database.destroy();
      await dynamo.close();
    },
  };
}
