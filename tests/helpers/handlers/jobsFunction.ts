import { DEFINITION, type FaultyBatch, QUEUE, startBatchService } from "../aws/batchService";
import { startDynamo } from "../aws/dynamo";
import { type StartedFunction, startFunction } from "./handlerInstance";

export interface JobsFunction extends StartedFunction {
  batch: FaultyBatch;
}

/** The jobs function with its own queue and tables. */
export async function startJobsFunction(queue = QUEUE): Promise<JobsFunction> {
  const dynamo = await startDynamo("summaries", "records");
  const batch = await startBatchService();
  const environment = {
    AWS_ENDPOINT_URL_BATCH: batch.endpoint,
    JOB_QUEUE: queue,
    JOB_DEFINITION: DEFINITION,
    JOB_ENVIRONMENT_NAMES: "CATEGORY, READ_UNITS_PER_SECOND, AWS_BATCH_OWN",
    SUMMARIES_TABLE_NAME: "summaries",
    RECORDS_TABLE_NAME: "records",
  };
  return { ...startFunction("jobs", dynamo, environment, batch), batch };
}
