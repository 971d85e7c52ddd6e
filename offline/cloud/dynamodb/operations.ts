import type { Operation } from "./database";
import type * as transactOperations from "./transactOperations";

/** The operations that are not dynalite's, or that replace its own. They are loaded when they are first used. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  TransactGetItems: (database, input) => transactions().transactGetItems(database, input),
  TransactWriteItems: (database, input) => transactions().transactWriteItems(database, input),
};

const transactions = () => require("./transactOperations") as typeof transactOperations;
