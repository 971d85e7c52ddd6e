import type { Operation } from "./database";
import type * as partiqlStatements from "./partiql/statements";
import type * as partiqlTransactions from "./partiql/transactions";
import type * as transactOperations from "./transactOperations";

/** The operations that are not dynalite's, or that replace its own. They are loaded when they are first used. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  BatchExecuteStatement: (database, input) => statements().batchExecuteStatement(database, input),
  ExecuteStatement: (database, input) => statements().executeStatement(database, input),
  ExecuteTransaction: (database, input) => statementTransactions().executeTransaction(database, input),
  TransactGetItems: (database, input) => transactions().transactGetItems(database, input),
  TransactWriteItems: (database, input) => transactions().transactWriteItems(database, input),
};

const statements = () => require("./partiql/statements") as typeof partiqlStatements;
const statementTransactions = () => require("./partiql/transactions") as typeof partiqlTransactions;
const transactions = () => require("./transactOperations") as typeof transactOperations;
