import type { Table } from "dynalite/db";
import type { ParameterTypes } from "dynalite/validations";
import type { Operation } from "./database";
import { checkMembers } from "./definitions";
import { dynamoError, validationError } from "./errors";
import { withTableName } from "./names";
import { LONGEST_DAYS, recoveryOf } from "./tables/settings";
import type { Transaction } from "./transaction";

interface UpdateInput {
  TableName: string;
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: boolean; RecoveryPeriodInDays?: number };
}

const TABLE_NAME = { type: "String", notNull: true, nonEmpty: true };

const UPDATE_TYPES: ParameterTypes = {
  TableName: TABLE_NAME,
  PointInTimeRecoverySpecification: {
    type: "FieldStruct<PointInTimeRecoverySpecification>",
    notNull: true,
    children: {
      PointInTimeRecoveryEnabled: { type: "Boolean", notNull: true },
      RecoveryPeriodInDays: { type: "Integer", greaterThanOrEqual: 1, lessThanOrEqual: LONGEST_DAYS },
    },
  },
};

export const describeContinuousBackups: Operation = async (database, input) => {
  const { TableName } = checkMembers<{ TableName: string }>({ TableName: TABLE_NAME }, withTableName(input));
  return describe(find(database.begin(), TableName));
};

/** Turns point-in-time recovery on or off. Nothing is backed up here. */
export const updateContinuousBackups: Operation = async (database, input) => {
  const { TableName, PointInTimeRecoverySpecification } = checkMembers<UpdateInput>(UPDATE_TYPES, withTableName(input));
  const { PointInTimeRecoveryEnabled: isEnabled, RecoveryPeriodInDays } = PointInTimeRecoverySpecification;
  if (!isEnabled && RecoveryPeriodInDays !== undefined) {
    const reason = "Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.";
    throw validationError(`Invalid Request: ${reason}`);
  }
  return database.change(async (transaction) => {
    const table = find(transaction, TableName);
    const changed = { ...table, PointInTimeRecovery: recoveryOf(isEnabled, RecoveryPeriodInDays, table) };
    transaction.putTable(changed);
    return describe(changed);
  });
};

function describe({ PointInTimeRecovery: recovery }: Table): object {
  const PointInTimeRecoveryDescription = recovery
    ? {
        PointInTimeRecoveryStatus: "ENABLED",
        RecoveryPeriodInDays: recovery.RecoveryPeriodInDays,
        EarliestRestorableDateTime: recovery.since,
        LatestRestorableDateTime: Date.now() / 1000,
      }
    : { PointInTimeRecoveryStatus: "DISABLED" };
  return { ContinuousBackupsDescription: { ContinuousBackupsStatus: "ENABLED", PointInTimeRecoveryDescription } };
}

/** @throws AwsError TableNotFoundException: only these operations call it that */
function find(transaction: Transaction, name: string): Table {
  const table = transaction.findTable(name);
  if (table) return table;
  const message = `Table not found: ${name}`;
  throw dynamoError(400, { __type: "com.amazonaws.dynamodb.v20120810#TableNotFoundException", message });
}
