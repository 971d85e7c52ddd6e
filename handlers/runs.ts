import { restApi } from "./http/restApi";
import { runOperations } from "./runs/operations";
import { RunRecords } from "./runs/records";
import { runsRoutes } from "./runs/routes";
import { database, environment } from "./state/database";
import { PageTokens } from "./state/pageTokens";

/**
 * The runs API behind API Gateway: http/restApi is the adapter, runs/operations what it does. It reads the records that
 * an EtlPipeline keeps in the table RUNS_TABLE_NAME.
 */
export const handler = restApi(
  runsRoutes,
  runOperations({
    runs: new RunRecords(database, environment("RUNS_TABLE_NAME")),
    pageTokens: new PageTokens(database, environment("RECORDS_TABLE_NAME")),
  }),
);
