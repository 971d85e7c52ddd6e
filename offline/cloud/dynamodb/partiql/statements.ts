import type { Item } from "dynalite/db";
import { AwsError } from "../../core/awsError";
import type { Database } from "../database";
import { dynamoError, validationError } from "../errors";
import { checkParameters } from "../parameters";
import { addCapacity, type Capacity } from "./capacity";
import { BATCH_EXECUTE_STATEMENT, EXECUTE_STATEMENT } from "./inputs";
import { keyAlone } from "./keys";
import { parse } from "./parser";
import { withoutExpression } from "./refusals";
import { runSelect, type SelectInput } from "./select";
import type { Select, Statement } from "./syntax";
import { checkValues } from "./values";
import { inputOf, KINDS, type Write } from "./writes";

interface StatementInput extends SelectInput {
  ReturnValuesOnConditionCheckFailure?: string;
}

interface Execution {
  Items: Item[];
  ConsumedCapacity?: Capacity;
}

interface BatchResponse {
  TableName?: string;
  Item?: Item;
  Error?: { Code: string; Message: string; Item?: Item };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html */
export async function executeStatement(database: Database, input: object): Promise<object> {
  const request = checkParameters<StatementInput>(input, EXECUTE_STATEMENT);
  return execute(database, read(request), request);
}

/**
 * Runs statements one by one: each has its own answer or error.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
 */
export async function batchExecuteStatement(database: Database, input: object): Promise<object> {
  type Input = { Statements: StatementInput[]; ReturnConsumedCapacity?: string };
  const { Statements, ReturnConsumedCapacity } = checkParameters<Input>(input, BATCH_EXECUTE_STATEMENT);
  const Responses: BatchResponse[] = [];
  const capacities = new Map<string, Capacity | undefined>();
  for (const { request, statement } of readBatch(Statements)) {
    if (statement instanceof AwsError) {
      Responses.push({ Error: batchErrorOf(statement) });
      continue;
    }
    const { table } = statement.type === "exists" ? statement.select : statement;
    try {
      if (statement.type === "select") checkKey(database, statement, request);
      const { Items, ConsumedCapacity } = await execute(database, statement, { ...request, ReturnConsumedCapacity });
      capacities.set(table, addCapacity(capacities.get(table), ConsumedCapacity));
      Responses.push({ TableName: table, ...(Items[0] && { Item: Items[0] }) });
    } catch (error) {
      if (!(error instanceof AwsError) || (error.status ?? 400) >= 500) throw error;
      const named = error.code === "ResourceNotFoundException" ? {} : { TableName: table };
      Responses.push({ Error: batchErrorOf(error), ...named });
    }
  }
  const ConsumedCapacity = [...capacities.values()].filter((one) => one !== undefined);
  return { Responses, ...(ConsumedCapacity.length > 0 && { ConsumedCapacity }) };
}

/** Parses a statement. @throws AwsError when DynamoDB would refuse it whatever tables there are */
function read({ Statement: text, Parameters = [] }: StatementInput): Statement {
  checkValues(Parameters);
  return parse(text, Parameters.length);
}

/** @throws AwsError when some statements read and others write */
function readBatch(requests: StatementInput[]): { request: StatementInput; statement: Statement | AwsError }[] {
  const found = requests.map((request) => ({ request, statement: attempt(() => read(request)) }));
  const kinds = found.flatMap(({ statement }) => (statement instanceof AwsError ? [] : [statement.type === "select"]));
  if (new Set(kinds).size < 2) return found;
  throw validationError("Statements of a batch either all read or all write: send those that read in another batch");
}

function attempt<Result>(work: () => Result): Result | AwsError {
  try {
    return work();
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

function checkKey(database: Database, { table, index, where }: Select, { Parameters = [] }: StatementInput): void {
  const { KeySchema } = database.begin().table(table);
  if (index === undefined && keyAlone(KeySchema, where, Parameters)) return;
  const reason = "must specify the primary key in the where clause.";
  throw validationError(`Select statements within BatchExecuteStatement ${reason}`);
}

/** An error as the answer to a batch has it: its codes are shorter. */
function batchErrorOf({ code, message, members }: AwsError): BatchResponse["Error"] {
  const short = code === "ValidationException" ? "ValidationError" : code.replace(/Exception$/, "");
  return { Code: short, Message: message, ...("Item" in members && { Item: members.Item as Item }) };
}

async function execute(database: Database, statement: Statement, request: StatementInput): Promise<Execution> {
  if (statement.type === "select") return runSelect(database, statement, request);
  if (statement.type !== "exists") return runWrite(database, statement, request);
  throw validationError("EXISTS can only be used in ExecuteTransaction write requests.");
}

async function runWrite(database: Database, write: Exclude<Write, { type: "exists" }>, request: StatementInput) {
  const { Parameters = [], ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure } = request;
  const ReturnValues = write.type === "insert" ? undefined : write.returning;
  const options = { ReturnValues, ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure };
  try {
    return await database.change(async (transaction) => {
      const input = { ...inputOf(write, transaction.table(write.table), Parameters), ...options };
      const { operation } = KINDS[write.type];
      type Answer = { Attributes?: Item; ConsumedCapacity?: Capacity };
      const { Attributes = {}, ConsumedCapacity } = await database.run<Answer>(transaction, operation, input);
      const Items = ReturnValues && Object.keys(Attributes).length > 0 ? [Attributes] : [];
      return { Items, ...(ConsumedCapacity && { ConsumedCapacity }) };
    });
  } catch (error) {
    throw error instanceof AwsError ? inWordsOfStatements(error, write) : error;
  }
}

function inWordsOfStatements(error: AwsError, { type }: Write): AwsError {
  if (error.code === "ValidationException") return validationError(withoutExpression(error.message));
  if (error.code !== "ConditionalCheckFailedException" || type !== "insert") return error;
  return dynamoError(400, {
    __type: "com.amazonaws.dynamodb.v20120810#DuplicateItemException",
    Message: DUPLICATE.Message,
    ...("Item" in error.members && { Item: error.members.Item }),
  });
}

/** Why a transaction is cancelled by the insertion of an item that exists. */
export const DUPLICATE = { Code: "DuplicateItem", Message: "Duplicate primary key exists in table" };
