import { restApi } from "./http/restApi";
import { Fleet } from "./instances/fleet";
import { instanceOperations } from "./instances/operations";
import { instancesRoutes } from "./instances/routes";
import { database, environment } from "./state/database";
import { PageTokens } from "./state/pageTokens";

/**
 * The instances API behind API Gateway: http/restApi is the adapter, instances/operations what it does. It manages the
 * instances whose tag INSTANCE_TAG_KEY has the value INSTANCE_TAG_VALUE.
 */
export const handler = restApi(
  instancesRoutes,
  instanceOperations({
    fleet: new Fleet(environment("INSTANCE_TAG_KEY"), environment("INSTANCE_TAG_VALUE")),
    pageTokens: new PageTokens(database, environment("RECORDS_TABLE_NAME")),
  }),
);
