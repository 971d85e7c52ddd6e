import { AwsError } from "../../core/awsError";
import type { Database } from "../database";
import { validationError } from "../errors";
import { checkParameters } from "../parameters";
import type { Transaction } from "../transaction";
import { type CancellationReason, cancelIf } from "../transactions";
import { type ActionInput, readItems, writeItems } from "../transactOperations";
import { EXECUTE_TRANSACTION } from "./inputs";
import { keyAlone } from "./keys";
import { parse } from "./parser";
import { withoutExpression } from "./refusals";
import { project } from "./select";
import { DUPLICATE } from "./statements";
import type { Select, Statement } from "./syntax";
import { checkValues, type Value } from "./values";
import { inputOf, KINDS, type Write } from "./writes";

const NO_INDEX = "Reads on indices are not supported within transactions.";

interface TransactionInput {
  TransactStatements: { Statement: string; Parameters?: Value[]; ReturnValuesOnConditionCheckFailure?: string }[];
  ClientRequestToken?: string;
  ReturnConsumedCapacity?: string;
}

/**
 * Runs statements that all read or all write, as one transaction.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html
 */
export async function executeTransaction(database: Database, input: object): Promise<object> {
  const request = checkParameters<TransactionInput>(input, EXECUTE_TRANSACTION);
  const { TransactStatements, ...options } = request;
  for (const { Parameters = [] } of TransactStatements) checkValues(Parameters);
  const statements = TransactStatements.map(({ Statement: text, Parameters = [] }, index) =>
    within(index, () => parse(text, Parameters.length)),
  );
  const selects = statements.filter((statement) => statement.type === "select");
  if (selects.length > 0 && selects.length < statements.length) {
    const reason = "does not support both read and write operations in the same request.";
    throw validationError(`ExecuteTransaction API ${reason}`);
  }
  return database.change(async (transaction) => {
    const items = actionsOf(database, transaction, statements, TransactStatements);
    if (selects.length === 0) {
      const failures = statements.map(({ type }) => (type === "insert" ? DUPLICATE : undefined));
      const answer = await writeItems(database, transaction, { TransactItems: items, ...options }, failures);
      return { Responses: [], ...answer };
    }
    const { Responses, ...rest } = await readItems(database, transaction, { TransactItems: items, ...options });
    const rows = Responses.map(({ Item }, index) => (Item ? { Item: project(Item, selects[index]?.columns) } : {}));
    return { Responses: rows, ...rest };
  });
}

/** The actions that statements stand for. @throws AwsError when DynamoDB would refuse one, or a table is missing */
function actionsOf(
  database: Database,
  transaction: Transaction,
  statements: Statement[],
  requests: TransactionInput["TransactStatements"],
): Record<string, ActionInput>[] {
  const reasons: CancellationReason[] = [];
  const items = statements.map((statement, index) => {
    const { Parameters = [], ReturnValuesOnConditionCheckFailure } = requests[index] ?? {};
    try {
      return within(index, () => {
        if (statement.type === "select") return { Get: readOf(transaction, statement, Parameters) };
        const write = writeOf(database, transaction, statement, Parameters);
        return { [KINDS[statement.type].action]: { ...write, ReturnValuesOnConditionCheckFailure } };
      });
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== "ResourceNotFoundException") throw error;
      reasons[index] = { Code: "ResourceNotFound", Message: error.message };
      return {};
    }
  });
  cancelIf(items.map((_, index) => reasons[index] ?? { Code: "None" }));
  return items as Record<string, ActionInput>[];
}

function readOf(transaction: Transaction, { table, index, where }: Select, parameters: readonly Value[]): object {
  const { KeySchema } = transaction.table(table);
  if (index !== undefined) throw validationError(NO_INDEX);
  const Key = keyAlone(KeySchema, where, parameters);
  if (Key) return { TableName: table, Key };
  const reason = "must specify the primary key in the where clause.";
  throw validationError(`Select statements within ExecuteTransaction ${reason}`);
}

function writeOf(database: Database, transaction: Transaction, write: Write, parameters: readonly Value[]): object {
  const source = write.type === "exists" ? write.select : { index: undefined, ...write };
  const table = transaction.table(source.table);
  if (source.index !== undefined) throw validationError(NO_INDEX);
  if ("returning" in write && write.returning) {
    throw validationError("RETURNING clause is not supported in ExecuteTransaction.");
  }
  const input = inputOf(write, table, parameters, true);
  database.check(transaction, KINDS[write.type].operation, { ...input });
  return input;
}

/** Names the statement that is refused as it is. */
function within<Result>(index: number, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "ValidationException") throw error;
    throw validationError(`Validation failed in TransactStatements[${index}]: ${withoutExpression(error.message)}`);
  }
}
