import { defineService } from "../core/defineService";
import type * as account from "./account";
import type * as backups from "./backups";
import { type Database, DYNALITE, type Operation } from "./database";
import type * as partiqlStatements from "./partiql/statements";
import type * as partiqlTransactions from "./partiql/transactions";
import type * as streams from "./streams/operations";
import type * as timeToLive from "./timeToLive";
import type * as transactions from "./transactOperations";

/** The operations that are not dynalite's, or that replace its own. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...lazily(() => require("./account") as typeof account, "describeEndpoints", "describeLimits"),
  ...lazily(
    () => require("./partiql/statements") as typeof partiqlStatements,
    "batchExecuteStatement",
    "executeStatement",
  ),
  ...lazily(() => require("./partiql/transactions") as typeof partiqlTransactions, "executeTransaction"),
  ...lazily(
    () => require("./streams/operations") as typeof streams,
    "describeStream",
    "getRecords",
    "getShardIterator",
    "listStreams",
  ),
  ...lazily(() => require("./backups") as typeof backups, "describeContinuousBackups", "updateContinuousBackups"),
  ...lazily(() => require("./timeToLive") as typeof timeToLive, "describeTimeToLive", "updateTimeToLive"),
  ...lazily(() => require("./transactOperations") as typeof transactions, "transactGetItems", "transactWriteItems"),
};

/** The operations of a module that is loaded when one of them is first called. */
function lazily<Name extends string>(load: () => Record<Name, Operation>, ...names: Name[]): Record<string, Operation> {
  return Object.fromEntries(
    names.map((name): [string, Operation] => [
      name.replace(/^./, (first) => first.toUpperCase()),
      (database, input) => load()[name](database, input),
    ]),
  );
}

const run = ({ database }: { database: Database }, input: object, { operation }: { operation: string }) =>
  database.call(operation, input);

/** DynamoDB and its streams. Their input and output pass as JSON, since dynalite has checks and texts of its own. */
export const dynamodb = defineService(
  "dynamodb",
  Object.fromEntries([...Object.keys(OPERATIONS), ...DYNALITE].map((name) => [name, run])),
  { models: ["dynamodbstreams"], raw: true },
);
