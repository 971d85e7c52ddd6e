import { database, environment } from "./lib/database";
import { Idempotency } from "./lib/idempotency";
import { itemOperations } from "./lib/itemOperations";
import { ItemStore } from "./lib/itemStore";
import { PageTokens } from "./lib/pageTokens";
import { restApi } from "./lib/restApi";
import { itemsRoutes } from "./lib/routes";

const recordsTable = environment("RECORDS_TABLE_NAME");

/** The items API behind API Gateway: lib/restApi is the adapter, lib/itemOperations what it does, lib/itemStore the table. */
export const handler = restApi(
  itemsRoutes,
  itemOperations({
    items: new ItemStore(database, environment("TABLE_NAME")),
    pageTokens: new PageTokens(database, recordsTable),
    idempotency: new Idempotency(database, recordsTable),
  }),
);
