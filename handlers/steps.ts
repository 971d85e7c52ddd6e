import { database, environment } from "./lib/database";
import { Idempotency } from "./lib/idempotency";
import { PageTokens } from "./lib/pageTokens";
import { restApi } from "./lib/restApi";
import { ClusterSteps } from "./lib/stepCluster";
import { stepOperations } from "./lib/stepOperations";
import { stepsRoutes } from "./lib/stepRoutes";
import { ServerlessSteps } from "./lib/stepServerless";

const recordsTable = environment("RECORDS_TABLE_NAME");
const script = environment("SPARK_SCRIPT_URI");
const { CLUSTER_ID: cluster, EXECUTION_ROLE_ARN: stepRole } = process.env;

/**
 * The steps API behind API Gateway: lib/restApi is the adapter, lib/stepOperations what it does. The steps run on the
 * cluster CLUSTER_ID, as EXECUTION_ROLE_ARN where that is set; without a cluster, on the EMR Serverless application
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
