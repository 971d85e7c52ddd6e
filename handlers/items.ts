import { restApi } from "./http/restApi";
import { itemOperations } from "./items/operations";
import { itemsRoutes } from "./items/routes";
import { ItemStore } from "./items/store";
import { database, environment } from "./state/database";
import { Idempotency } from "./state/idempotency";
import { PageTokens } from "./state/pageTokens";

const recordsTable = environment("RECORDS_TABLE_NAME");

/**
 * The items API behind API Gateway: http/restApi is the adapter, items/operations what it does, items/store the table.
 */
export const handler = restApi(
  itemsRoutes,
  itemOperations({
    items: new ItemStore(database, environment("TABLE_NAME")),
    pageTokens: new PageTokens(database, recordsTable),
    idempotency: new Idempotency(database, recordsTable),
  }),
);
