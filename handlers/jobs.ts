import { restApi } from "./http/restApi";
import { jobOperations } from "./jobs/operations";
import { JobQueue } from "./jobs/queue";
import { jobsRoutes } from "./jobs/routes";
import { database, environment } from "./state/database";
import { Idempotency } from "./state/idempotency";
import { PageTokens } from "./state/pageTokens";

const recordsTable = environment("RECORDS_TABLE_NAME");
const {
  JOB_ENVIRONMENT_NAMES: allowed = "",
  JOB_ARRAY_SIZE: arraySize,
  JOB_SHARE_IDENTIFIER: shareIdentifier,
} = process.env;

/**
 * The jobs API behind API Gateway: http/restApi is the adapter, jobs/operations what it does, jobs/queue the queue.
 * JOB_ENVIRONMENT_NAMES lists the environment variables that callers may set, separated by commas; none by default.
 * JOB_ARRAY_SIZE and JOB_SHARE_IDENTIFIER, if the batch's access sets them, are the defaults for jobs; the function's role
 * may submit to no other share.
 */
export const handler = restApi(
  jobsRoutes({ environmentNames: allowed.split(",").flatMap((name) => name.trim() || []), shareIdentifier }),
  jobOperations({
    queue: new JobQueue(environment("JOB_QUEUE")),
    definition: environment("JOB_DEFINITION"),
    defaults: { ...(arraySize && { arraySize: Number(arraySize) }), ...(shareIdentifier && { shareIdentifier }) },
    database,
    summariesTable: environment("SUMMARIES_TABLE_NAME"),
    pageTokens: new PageTokens(database, recordsTable),
    idempotency: new Idempotency(database, recordsTable),
  }),
);
