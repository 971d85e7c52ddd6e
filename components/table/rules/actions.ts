const read = ["GetItem", "Scan", "Query", "BatchGetItem", "DescribeTable"];
const write = ["PutItem", "UpdateItem", "BatchWriteItem"];

/**
 * DynamoDB actions of each access level on a table and its indexes.
 * @see SAM policy templates: DynamoDBReadPolicy, DynamoDBWritePolicy (which leaves DeleteItem out), DynamoDBCrudPolicy
 */
export const tableActions = {
  read: read.map(dynamodb),
  write: write.map(dynamodb),
  crud: [...read, ...write, "DeleteItem", "ConditionCheckItem"].map(dynamodb),
  reconfigure: ["UpdateTable", "DescribeTable"].map(dynamodb),
};

/** Actions on a table, on its backups, and on all of the account's. @see SAM policy template DynamoDBBackupFullAccessPolicy */
export const backupActions = {
  table: ["CreateBackup", "DescribeContinuousBackups"].map(dynamodb),
  backup: ["DescribeBackup", "DeleteBackup"].map(dynamodb),
  all: ["ListBackups"].map(dynamodb),
};

/**
 * Actions on a backup, on the table that it is of, and on the table that is made of it, which DynamoDB fills with the
 * caller's permissions. @see SAM policy template DynamoDBRestoreFromBackupPolicy
 */
export const restoreActions = {
  backup: ["RestoreTableFromBackup"].map(dynamodb),
  table: ["RestoreTableToPointInTime"].map(dynamodb),
  restored: [...write, "DeleteItem", "GetItem", "Query", "Scan", "DescribeTable"].map(dynamodb),
};

/** Actions on a table's stream. @see SAM policy template DynamoDBStreamReadPolicy */
export const streamActions = ["DescribeStream", "GetRecords", "GetShardIterator"].map(dynamodb);

/** Listing streams cannot be limited to one of them, only to those of one table. */
export const listStreamsActions = [dynamodb("ListStreams")];

/**
 * The permissions on a customer key that DynamoDB requires of the caller. @see DynamoDB encryption at rest, usage notes
 */
export const keyActions = {
  read: ["kms:Decrypt", "kms:DescribeKey"],
  write: [
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:GenerateDataKey",
    "kms:DescribeKey",
  ],
};

function dynamodb(action: string): string {
  return `dynamodb:${action}`;
}
