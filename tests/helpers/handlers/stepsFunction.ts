import { startDynamo } from "../aws/dynamo";
import { type FaultyEmr, startEmrService } from "../aws/emrService";
import { APPLICATION, CLUSTER, JOB_ROLE } from "../offline/emr";
import { type StartedFunction, startFunction } from "./handlerInstance";

/** The environment that tells the function where steps run. */
export const platforms = {
  cluster: { CLUSTER_ID: CLUSTER },
  serverless: { APPLICATION_ID: APPLICATION, JOB_ROLE_ARN: JOB_ROLE },
};

export interface StepsFunction extends StartedFunction {
  emr: FaultyEmr;
}

/** The steps function with its own platform and table. */
export async function startStepsFunction(platform: Record<string, string>): Promise<StepsFunction> {
  const dynamo = await startDynamo("records");
  const emr = await startEmrService();
  const environment = {
    AWS_ENDPOINT_URL_EMR: emr.endpoint,
    AWS_ENDPOINT_URL_EMR_SERVERLESS: emr.endpoint,
    RECORDS_TABLE_NAME: "records",
    SPARK_SCRIPT_URI: "s3://code/daily_summary.py",
    EVENTS_URI: "s3://raw/events/",
    SUMMARIES_URI: "s3://results/daily/",
    ...platform,
  };
  return { ...startFunction("steps", dynamo, environment, emr), emr };
}
