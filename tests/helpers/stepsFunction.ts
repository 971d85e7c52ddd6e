import { type Dynamo, startDynamo } from "./dynamo";
import { APPLICATION, CLUSTER, type EmrService, startEmrService } from "./emrService";
import { type Instance, loadHandler, setEnvironment } from "./handlerInstance";

/** What tells the function where steps run. */
export const platforms = {
  cluster: { CLUSTER_ID: CLUSTER },
  serverless: { APPLICATION_ID: APPLICATION, JOB_ROLE_ARN: "arn:aws:iam::123456789012:role/job" },
};

export interface StepsFunction extends Instance {
  dynamo: Dynamo;
  emr: EmrService;
  /** Another instance: modules loaded anew, with nothing in memory. */
  coldStart(): Instance;
  close(): Promise<void>;
}

/** The steps function with a platform and a table of its own. Only the environment tells it where they are, as in AWS. */
export async function startStepsFunction(platform: Record<string, string>): Promise<StepsFunction> {
  const dynamo = await startDynamo("records");
  const emr = await startEmrService();
  const restore = setEnvironment({
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    AWS_ENDPOINT_URL_EMR: emr.endpoint,
    AWS_ENDPOINT_URL_EMR_SERVERLESS: emr.endpoint,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    RECORDS_TABLE_NAME: "records",
    SPARK_SCRIPT_URI: "s3://code/daily_summary.py",
    EVENTS_URI: "s3://raw/events/",
    SUMMARIES_URI: "s3://results/daily/",
    ...platform,
  });
  const instances: Instance[] = [];
  const coldStart = () => {
    const instance = loadHandler("steps");
    instances.push(instance);
    return instance;
  };
  return {
    ...coldStart(),
    dynamo,
    emr,
    coldStart,
    close: async () => {
      restore();
      for (const { database } of instances) database.destroy();
      await dynamo.close();
      await emr.close();
    },
  };
}
