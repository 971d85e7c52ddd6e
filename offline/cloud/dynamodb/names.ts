import { type Corrections, forEach } from "./correction";

const ITEM_OPERATIONS = "DeleteItem GetItem PutItem Query Scan UpdateItem".split(" ");
const TABLE_OPERATIONS = "CreateTable DeleteTable DescribeTable DescribeTimeToLive UpdateTable".split(" ");

/** The names of tables. An empty name is not even looked at where an ARN may stand in its place. */
export const NAMES: Corrections = {
  ...forEach(ITEM_OPERATIONS, { types: { TableName: { nonEmpty: true } } }),
  ...forEach(TABLE_OPERATIONS, {
    types: { TableName: { lengthGreaterThanOrEqual: 3, lengthLessThanOrEqual: 255 } },
  }),
};

/** Input with the name of its table, which may be given as an ARN. */
export function withTableName<Input extends { TableName?: unknown }>(input: Input): Input {
  const [, name] = /^arn:[^:]+:dynamodb:[^:]*:\d*:table\/([^/]+)$/.exec(String(input.TableName)) ?? [];
  return name ? { ...input, TableName: name } : input;
}
