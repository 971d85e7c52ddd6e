import { createKey, type Item, itemSize, validateItem, validateKey } from "dynalite/db";
import type { AwsError } from "../core/awsError";
import type { Database } from "./database";
import { dynamoError, refusalOf, validationError } from "./errors";
import type { Validated } from "./expressions/updates";
import type { Transaction } from "./transaction";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html */
const MAXIMUM_BYTES = 4 * 1024 * 1024;

/** One action of a transaction. */
export interface Action {
  /** The operation that does the same outside a transaction. ConditionCheck is a DeleteItem that deletes nothing. */
  operation: "PutItem" | "UpdateItem" | "DeleteItem" | "GetItem" | "ConditionCheck";
  /** The input of that operation. */
  input: object;
  /** Why the transaction is cancelled if the condition fails. @default ConditionalCheckFailed */
  conditionFailure?: { Code: string; Message: string };
}

/** Why an action did not succeed; its code is None if it did, or would have. */
export interface CancellationReason {
  Code: string;
  Message?: string;
  Item?: Item;
}

/** An action with what it concerns. */
interface Target extends Action {
  data: Validated;
  table: string;
  /** The text of the item's key; undefined if the key does not fit the table, which `refusal` then says. */
  key?: string;
  refusal?: AwsError;
}

export interface Outcome {
  /** The answer of the action's operation. */
  result: { Item?: Item; ConsumedCapacity?: object; ItemCollectionMetrics?: object };
  table: string;
}

/**
 * Runs the actions of a transaction, which the caller commits: all of them, or nothing.
 * @throws AwsError TransactionCanceledException with a reason for each action; ResourceNotFoundException for a table that
 * is missing; ValidationException for what no table could accept, for two actions on an item, and for more than 4 MB
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export async function transact(
  database: Database,
  transaction: Transaction,
  actions: readonly Action[],
): Promise<Outcome[]> {
  const checked = actions.map((action) => ({ ...action, data: check(database, transaction, action) }));
  const targets = checked.map((action) => locate(transaction, action));
  cancelIf(targets.map(({ refusal }) => reasonOf(refusal)));
  refuseRepeats(targets);
  const before = targets.map(({ table, key = "" }) => transaction.item(table, key));
  const outcomes: Outcome[] = [];
  const reasons: CancellationReason[] = [];
  for (const target of targets) {
    try {
      outcomes.push({ table: target.table, result: await run(database, transaction, target) });
      reasons.push(reasonOf());
    } catch (error) {
      reasons.push(reasonOf(refusalOf(error), target));
    }
  }
  cancelIf(reasons);
  refuseExcess(targets.map(({ table, key = "" }, index) => [before[index], transaction.item(table, key)]));
  return outcomes;
}

function operationOf({ operation }: Action): string {
  return operation === "ConditionCheck" ? "DeleteItem" : operation;
}

function check(database: Database, transaction: Transaction, action: Action): Validated {
  return database.check(transaction, operationOf(action), action.input);
}

function run(database: Database, transaction: Transaction, target: Target): Promise<Outcome["result"]> {
  // What a condition check deletes is not committed.
  const scope = target.operation === "ConditionCheck" ? database.begin() : transaction;
  return database.apply(scope, operationOf(target), target.data);
}

function locate(transaction: Transaction, action: Action & { data: Validated }): Target {
  const { TableName: table = "", Item, Key = {} } = action.data;
  const shape = transaction.table(table);
  const problem = Item ? validateItem(Item, shape) : validateKey(Key, shape);
  if (problem) return { ...action, table, refusal: refusalOf(problem) };
  return { ...action, table, key: createKey(Item ?? Key, shape) };
}

function refuseRepeats(targets: Target[]): void {
  const items = new Set(targets.map(({ table, key }) => JSON.stringify([table, key])));
  if (items.size < targets.length) {
    throw validationError("Transaction request cannot include multiple operations on one item");
  }
}

function refuseExcess(items: (Item | undefined)[][]): void {
  const sizes = items.map((versions) => Math.max(...versions.map((item) => (item ? itemSize(item) : 0))));
  if (sizes.reduce((sum, size) => sum + size, 0) <= MAXIMUM_BYTES) return;
  throw validationError("The aggregate size of the items in the transaction cannot exceed 4 MB");
}

/** @throws the refusal, if it is not about the action alone */
function reasonOf(refusal?: AwsError, action?: Action): CancellationReason {
  if (!refusal) return { Code: "None" };
  const { code, message, members } = refusal;
  if (code === "ConditionalCheckFailedException") {
    const failure = action?.conditionFailure ?? { Code: "ConditionalCheckFailed", Message: message };
    const { Item } = members as { Item?: Item };
    return { ...failure, ...(Item && { Item }) };
  }
  if (code !== "ValidationException") throw refusal;
  // DynamoDB looks for empty values in keys before the transaction begins.
  if (/cannot contain an empty (string|binary) value/.test(message)) {
    throw validationError(message.replace("values were invalid: The", "values are not valid. The"));
  }
  return { Code: "ValidationError", Message: message };
}

/** @throws AwsError TransactionCanceledException unless every action succeeded */
export function cancelIf(reasons: CancellationReason[]): void {
  const codes = reasons.map(({ Code }) => Code);
  if (codes.every((code) => code === "None")) return;
  const list = codes.join(", ");
  throw dynamoError(400, {
    __type: "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
    Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${list}]`,
    CancellationReasons: reasons,
  });
}
