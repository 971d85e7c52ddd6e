import { type BatchService, QUEUE, startBatchService } from "./batchService";
import { type Dynamo, startDynamo } from "./dynamo";
import { type Instance, loadHandler, setEnvironment } from "./handlerInstance";

export interface JobsFunction extends Instance {
  dynamo: Dynamo;
  batch: BatchService;
  /** Another instance: modules loaded anew, with nothing in memory. */
  coldStart(): Instance;
  close(): Promise<void>;
}

/** The jobs function with a queue and tables of its own. Only the environment tells it where they are, as in AWS. */
export async function startJobsFunction(): Promise<JobsFunction> {
  const dynamo = await startDynamo("summaries", "records");
  const batch = await startBatchService();
  const restore = setEnvironment({
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    AWS_ENDPOINT_URL_BATCH: batch.endpoint,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    JOB_QUEUE: QUEUE,
    JOB_DEFINITION: "arn:aws:batch:eu-west-1:123456789012:job-definition/summarise:3",
    JOB_ENVIRONMENT_NAMES: "CATEGORY, READ_UNITS_PER_SECOND, AWS_BATCH_OWN",
    SUMMARIES_TABLE_NAME: "summaries",
    RECORDS_TABLE_NAME: "records",
  });
  const instances: Instance[] = [];
  const coldStart = () => {
    const instance = loadHandler("jobs");
    instances.push(instance);
    return instance;
  };
  return {
    ...coldStart(),
    dynamo,
    batch,
    coldStart,
    close: async () => {
      restore();
      for (const { database } of instances) database.destroy();
      await dynamo.close();
      await batch.close();
    },
  };
}
