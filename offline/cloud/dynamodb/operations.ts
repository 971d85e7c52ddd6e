import { describeEndpoints, describeLimits } from "./account";
import { describeContinuousBackups, updateContinuousBackups } from "./backups";
import type { Operation } from "./database";
import type * as streamOperations from "./streams/operations";
import { describeTimeToLive, updateTimeToLive } from "./timeToLive";
import type * as transactOperations from "./transactOperations";

/** The operations that are not dynalite's, or that replace its own. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  DescribeContinuousBackups: describeContinuousBackups,
  DescribeEndpoints: describeEndpoints,
  DescribeLimits: describeLimits,
  DescribeStream: (database, input) => streams().describeStream(database, input),
  DescribeTimeToLive: describeTimeToLive,
  GetRecords: (database, input) => streams().getRecords(database, input),
  GetShardIterator: (database, input) => streams().getShardIterator(database, input),
  ListStreams: (database, input) => streams().listStreams(database, input),
  TransactGetItems: (database, input) => transactions().transactGetItems(database, input),
  TransactWriteItems: (database, input) => transactions().transactWriteItems(database, input),
  UpdateContinuousBackups: updateContinuousBackups,
  UpdateTimeToLive: updateTimeToLive,
};

// Loaded when they are first used.
const streams = () => require("./streams/operations") as typeof streamOperations;
const transactions = () => require("./transactOperations") as typeof transactOperations;
