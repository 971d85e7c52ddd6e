import * as pulumi from "@pulumi/pulumi";
import { type FunctionAccess, type Statement, serviceAt } from "../access";
import {
  backupActions,
  keyActions,
  listStreamsActions,
  restoreActions,
  streamActions,
  tableActions,
} from "./rules/actions";

/** How a function may use a table: SAM's policy templates of these names. */
export type TableAccessLevel = "read" | "write" | "crud" | "stream" | "reconfigure" | "backup" | "restore";

/** Which environment variable `access()` sets. */
export interface TableAccessOptions {
  /**
   * The environment variable that holds the table's name (for `stream`: the stream's ARN).
   * @default "TABLE_NAME" ("STREAM_ARN")
   */
  environmentName?: string;
}

interface Target {
  tableName: pulumi.Output<string>;
  tableArn: pulumi.Output<string>;
  streamArn?: pulumi.Output<string>;
  kmsKeyArn?: pulumi.Output<string>;
}

/**
 * What a function needs to use a table.
 * @throws pulumi.RunError for `stream` if the table has none
 */
export function tableAccess(level: TableAccessLevel, target: Target, options: TableAccessOptions): FunctionAccess {
  if (level === "stream") return streamAccess(target, options);
  const { environmentName = "TABLE_NAME" } = options;
  return { environment: { [environmentName]: target.tableName }, statements: statementsOf(level, target) };
}

function statementsOf(level: Exclude<TableAccessLevel, "stream">, target: Target): Statement[] {
  const { tableArn } = target;
  if (level === "reconfigure") return [{ actions: tableActions.reconfigure, resources: [tableArn] }];
  if (level === "backup") return backupStatements(tableArn);
  if (level === "restore") return restoreStatements(target);
  const resources = [tableArn, pulumi.interpolate`${tableArn}/index/*`];
  return [{ actions: tableActions[level], resources }, ...keyStatements(target, keyActions[usesOf[level]])];
}

const usesOf = { read: "read", write: "write", crud: "write" } as const;

function streamAccess(target: Target, { environmentName = "STREAM_ARN" }: TableAccessOptions): FunctionAccess {
  const { streamArn, tableArn } = target;
  if (!streamArn) {
    throw new pulumi.RunError("access: the table has no stream; write `stream`, such as StreamView.NewAndOldImages");
  }
  return {
    environment: { [environmentName]: streamArn },
    statements: [
      { actions: streamActions, resources: [streamArn] },
      { actions: listStreamsActions, resources: [pulumi.interpolate`${tableArn}/stream/*`] },
      ...keyStatements(target, keyActions.read),
    ],
  };
}

/** Backups are below the table that they are of, but listing them supports no resource-level permissions. */
function backupStatements(tableArn: pulumi.Output<string>): Statement[] {
  return [
    { actions: backupActions.table, resources: [tableArn] },
    { actions: backupActions.backup, resources: [pulumi.interpolate`${tableArn}/backup/*`] },
    { actions: backupActions.all, resources: ["*"] },
  ];
}

/**
 * DynamoDB restores into a new table only, and fills it with the caller's permissions.
 * @see Amazon DynamoDB Developer Guide, "Using IAM with DynamoDB backup and restore"
 */
function restoreStatements(target: Target): Statement[] {
  const { tableArn } = target;
  return [
    { actions: restoreActions.backup, resources: [pulumi.interpolate`${tableArn}/backup/*`] },
    { actions: restoreActions.table, resources: [tableArn] },
    { actions: restoreActions.restored, resources: [pulumi.interpolate`${tableArn}-restored*`] },
    ...keyStatements(target, [...keyActions.write, "kms:CreateGrant"]),
  ];
}

/** DynamoDB uses a customer key with the caller's permissions, and the caller may use it only through DynamoDB. */
function keyStatements({ kmsKeyArn, tableArn }: Target, actions: string[]): Statement[] {
  if (!kmsKeyArn) return [];
  const conditions = { StringEquals: { "kms:ViaService": serviceAt("dynamodb", tableArn) } };
  return [{ actions, resources: [kmsKeyArn], conditions }];
}
