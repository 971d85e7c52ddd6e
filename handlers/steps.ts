import { restApi } from "./http/restApi";
import { database, environment } from "./state/database";
import { Idempotency } from "./state/idempotency";
import { PageTokens } from "./state/pageTokens";
import { ClusterSteps } from "./steps/cluster";
import { stepOperations } from "./steps/operations";
import { stepsRoutes } from "./steps/routes";
import { ServerlessSteps } from "./steps/serverless";

const recordsTable = environment("RECORDS_TABLE_NAME");
const script = environment("SPARK_SCRIPT_URI");
const { CLUSTER_ID: cluster, EXECUTION_ROLE_ARN: stepRole } = process.env;

/**
 * The steps API behind API Gateway: http/restApi is the adapter, steps/operations what it does. The steps run on the
 * cluster CLUSTER_ID, as EXECUTION_ROLE_ARN if that is set; without a cluster, on the EMR Serverless application
 * APPLICATION_ID as JOB_ROLE_ARN.
 */
export const handler = restApi(
  stepsRoutes,
  stepOperations({
    platform: cluster
      ? new ClusterSteps(cluster, script, stepRole)
      : new ServerlessSteps(environment("APPLICATION_ID"), script, environment("JOB_ROLE_ARN")),
    events: environment("EVENTS_URI"),
    summaries: environment("SUMMARIES_URI"),
    pageTokens: new PageTokens(database, recordsTable),
    idempotency: new Idempotency(database, recordsTable),
  }),
);
