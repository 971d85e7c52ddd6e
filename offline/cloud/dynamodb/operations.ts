import { defineService } from "../core/defineService";
import { describeEndpoints, describeLimits } from "./account";
import { describeContinuousBackups, updateContinuousBackups } from "./backups";
import { type Database, DYNALITE, type Operation } from "./database";
import type * as partiqlStatements from "./partiql/statements";
import type * as partiqlTransactions from "./partiql/transactions";
import type * as streamOperations from "./streams/operations";
import { describeTimeToLive, updateTimeToLive } from "./timeToLive";
import type * as transactOperations from "./transactOperations";

/** The operations that are not dynalite's, or that replace its own. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  BatchExecuteStatement: (database, input) => statements().batchExecuteStatement(database, input),
  DescribeContinuousBackups: describeContinuousBackups,
  DescribeEndpoints: describeEndpoints,
  DescribeLimits: describeLimits,
  DescribeStream: (database, input) => streams().describeStream(database, input),
  DescribeTimeToLive: describeTimeToLive,
  ExecuteStatement: (database, input) => statements().executeStatement(database, input),
  ExecuteTransaction: (database, input) => statementTransactions().executeTransaction(database, input),
  GetRecords: (database, input) => streams().getRecords(database, input),
  GetShardIterator: (database, input) => streams().getShardIterator(database, input),
  ListStreams: (database, input) => streams().listStreams(database, input),
  TransactGetItems: (database, input) => transactions().transactGetItems(database, input),
  TransactWriteItems: (database, input) => transactions().transactWriteItems(database, input),
  UpdateContinuousBackups: updateContinuousBackups,
  UpdateTimeToLive: updateTimeToLive,
};

// Loaded when they are first used.
const statements = () => require("./partiql/statements") as typeof partiqlStatements;
const statementTransactions = () => require("./partiql/transactions") as typeof partiqlTransactions;
const streams = () => require("./streams/operations") as typeof streamOperations;
const transactions = () => require("./transactOperations") as typeof transactOperations;

const run = ({ database }: { database: Database }, input: object, { operation }: { operation: string }) =>
  database.call(operation, input);

/** DynamoDB and its streams. Their input and output pass as JSON, since dynalite has checks and texts of its own. */
export const dynamodb = defineService(
  "dynamodb",
  Object.fromEntries([...Object.keys(OPERATIONS), ...DYNALITE].map((name) => [name, run])),
  { models: ["dynamodbstreams"], raw: true },
);
