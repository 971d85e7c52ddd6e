import { createHash } from "node:crypto";
import type { Item } from "dynalite/db";
import type { ParameterTypes } from "dynalite/validations";
import { isMap } from "../core/resources";
import { canonical } from "./canonical";
import type { Database } from "./database";
import { definitionOf } from "./definitions";
import { dynamoError } from "./errors";
import { withTableName } from "./names";
import { checkParameters } from "./parameters";
import type { Transaction } from "./transaction";
import { type Action, type Outcome, transact } from "./transactions";

/** How long a transaction is not repeated. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html */
const TOKEN_MILLISECONDS = 10 * 60 * 1000;

/** The prefix of the keys of client request tokens. */
const TOKENS = "token~";

/** What a client request token stands for. */
interface UsedToken {
  /** In milliseconds. */
  time: number;
  fingerprint: string;
}

interface Options {
  ReturnConsumedCapacity?: string;
  ReturnItemCollectionMetrics?: string;
}

export interface TransactInput extends Options {
  TransactItems: Record<string, ActionInput>[];
  ClientRequestToken?: string;
}

export interface ActionInput {
  TableName: string;
  Item?: Item;
  Key?: Item;
}

/** The operations that do the same as a transaction's actions. */
const OPERATIONS = {
  ConditionCheck: "ConditionCheck",
  Put: "PutItem",
  Delete: "DeleteItem",
  Update: "UpdateItem",
  Get: "GetItem",
} as const;

/** What an action of a transaction has of the operation that does the same. */
const ACTION_PARAMETERS = new Set(
  `TableName Item Key ConditionExpression UpdateExpression ProjectionExpression ExpressionAttributeNames ExpressionAttributeValues ReturnValuesOnConditionCheckFailure`.split(
    " ",
  ),
);

const OPTION_TYPES: ParameterTypes = {
  ReturnConsumedCapacity: { type: "String", enum: ["INDEXES", "TOTAL", "NONE"] },
  ReturnItemCollectionMetrics: { type: "String", enum: ["SIZE", "NONE"] },
  ClientRequestToken: { type: "String", lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 36 },
};

/** Writes up to 100 items: all of them, or none. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
export async function transactWriteItems(database: Database, input: object): Promise<object> {
  return database.change((transaction) =>
    writeItems(database, transaction, checkParameters(withTableNames(input), writeTypes(), countActions)),
  );
}

/** Reads up to 100 items as they are at one moment. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html */
export async function transactGetItems(database: Database, input: object): Promise<object> {
  // Nothing is written, but nothing may be written meanwhile.
  return database.change((transaction) =>
    readItems(database, transaction, checkParameters(withTableNames(input), getTypes())),
  );
}

/**
 * Writes items, unless this has been done for the same token.
 * @param failures why the transaction is cancelled if an action's condition fails. @default ConditionalCheckFailed
 * @throws AwsError as `transact`; IdempotentParameterMismatchException
 */
export async function writeItems(
  database: Database,
  transaction: Transaction,
  request: TransactInput,
  failures: Action["conditionFailure"][] = [],
): Promise<object> {
  const actions = request.TransactItems.map((item) => actionOf(item, request));
  const { ClientRequestToken: token } = request;
  if (token !== undefined && isRepeated(transaction, token, request)) return repeat(database, transaction, request);
  const outcomes = await transact(
    database,
    transaction,
    actions.map((action, index) => ({ ...action, conditionFailure: failures[index] })),
  );
  return { ...consumed(outcomes, "Write"), ...collections(outcomes) };
}

/** Reads items. @throws AwsError as `transact` */
export async function readItems(
  database: Database,
  transaction: Transaction,
  request: TransactInput,
): Promise<{ Responses: { Item?: Item }[] }> {
  const actions = request.TransactItems.map((item) => actionOf(item, request));
  const outcomes = await transact(database, transaction, actions);
  const Responses = outcomes.map(({ result: { Item } }) => ({ Item }));
  return { Responses, ...consumed(outcomes, "Read") };
}

/** The parameters of an operation of dynalite's that an action has as well. */
function actionTypes(operation: string, required: string): ParameterTypes {
  const { types } = definitionOf(operation);
  const known = Object.entries(types).filter(([name]) => ACTION_PARAMETERS.has(name));
  return { ...Object.fromEntries(known), ...(required && { [required]: { type: "String", notNull: true } }) };
}

function inputTypes(actions: ParameterTypes): ParameterTypes {
  const items = { notNull: true, lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 100 };
  const children = { type: "ValueStruct<TransactItem>", notNull: true, children: actions };
  return { TransactItems: { type: "List", ...items, children }, ...OPTION_TYPES };
}

function writeTypes(): ParameterTypes {
  return inputTypes({
    ConditionCheck: { type: "FieldStruct<ConditionCheck>", children: actionTypes("DeleteItem", "ConditionExpression") },
    Put: { type: "FieldStruct<Put>", children: actionTypes("PutItem", "") },
    Delete: { type: "FieldStruct<Delete>", children: actionTypes("DeleteItem", "") },
    Update: { type: "FieldStruct<Update>", children: actionTypes("UpdateItem", "UpdateExpression") },
  });
}

function getTypes(): ParameterTypes {
  return inputTypes({ Get: { type: "FieldStruct<Get>", notNull: true, children: actionTypes("GetItem", "") } });
}

/** Input with the names of tables, which may be given as ARNs. */
function withTableNames(input: object): object {
  const { TransactItems: items } = input as { TransactItems?: unknown };
  if (!Array.isArray(items)) return input;
  const named = (action: unknown) => (isMap(action) ? withTableName(action) : action);
  const all = items.map((item: unknown) =>
    isMap(item) ? Object.fromEntries(Object.entries(item).map(([kind, action]) => [kind, named(action)])) : item,
  );
  return { ...input, TransactItems: all };
}

function countActions({ TransactItems }: TransactInput): string | undefined {
  const counts = TransactItems.map((item) => Object.keys(item).length);
  if (counts.includes(0)) return "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request";
  if (counts.some((count) => count > 1)) {
    return "TransactItems can only contain one of Check, Put, Update or Delete";
  }
  return undefined;
}

function actionOf(item: TransactInput["TransactItems"][number], options: Options): Action {
  const [[kind, input]] = Object.entries(item) as [[keyof typeof OPERATIONS, ActionInput]];
  const { ReturnConsumedCapacity, ReturnItemCollectionMetrics } = options;
  // Transactions read consistently.
  const read = kind === "Get" && { ConsistentRead: true };
  return {
    operation: OPERATIONS[kind],
    input: { ...input, ReturnConsumedCapacity, ReturnItemCollectionMetrics, ...read },
  };
}

/**
 * Whether a token's transaction has been written. Otherwise it is noted as part of this one.
 * @throws AwsError IdempotentParameterMismatchException when the token stands for another transaction
 */
function isRepeated(transaction: Transaction, token: string, { TransactItems }: TransactInput): boolean {
  const fingerprint = createHash("sha256").update(canonical(TransactItems)).digest("base64");
  const time = Date.now();
  const known = transaction.get(TOKENS + token) as UsedToken | undefined;
  if (known && time - known.time < TOKEN_MILLISECONDS) {
    if (known.fingerprint === fingerprint) return true;
    throw dynamoError(400, {
      __type: "com.amazonaws.dynamodb.v20120810#IdempotentParameterMismatchException",
      Message: `The token ${token} was used for another transaction within the last ten minutes`,
    });
  }
  transaction.set(TOKENS + token, { time, fingerprint } satisfies UsedToken);
  return false;
}

/** Forgets the tokens that may be used again. @param now in milliseconds */
export function forgetTokens(database: Database, now: number): Promise<void> {
  return database.change(async (transaction) => {
    for await (const key of transaction.storedKeys(TOKENS)) {
      const { time } = transaction.get(key) as UsedToken;
      if (now - time >= TOKEN_MILLISECONDS) transaction.set(key, undefined);
    }
  });
}

/** The answer to a transaction that is written already: DynamoDB has only read the items. */
async function repeat(database: Database, transaction: Transaction, request: TransactInput): Promise<object> {
  const { ReturnConsumedCapacity } = request;
  const actions = request.TransactItems.map((item): Action => {
    const { TableName, Key, Item } = Object.values(item)[0] as ActionInput;
    const names = transaction.table(TableName).KeySchema.map(({ AttributeName }) => AttributeName);
    const key = Key ?? Object.fromEntries(Object.entries(Item ?? {}).filter(([name]) => names.includes(name)));
    return { operation: "GetItem", input: { TableName, Key: key, ConsistentRead: true, ReturnConsumedCapacity } };
  });
  return consumed(await transact(database, transaction, actions), "Read");
}

type Capacity = { [member: string]: number | string | Capacity | undefined };

/** What each table consumed: twice as much as outside a transaction. */
function consumed(outcomes: Outcome[], kind: "Read" | "Write"): { ConsumedCapacity?: Capacity[] } {
  const tables = new Map<string, Capacity>();
  for (const { table, result } of outcomes) {
    if (result.ConsumedCapacity) tables.set(table, add(tables.get(table), result.ConsumedCapacity as Capacity, kind));
  }
  return tables.size > 0 ? { ConsumedCapacity: [...tables.values()] } : {};
}

function add(total: Capacity = {}, one: Capacity, kind: "Read" | "Write"): Capacity {
  const sum = { ...total };
  for (const [member, value] of Object.entries(one)) {
    if (value && typeof value === "object") sum[member] = add(total[member] as Capacity | undefined, value, kind);
    else if (member !== "CapacityUnits") sum[member] = value;
    else sum.CapacityUnits = sum[`${kind}CapacityUnits`] = Number(total.CapacityUnits ?? 0) + 2 * Number(value);
  }
  return sum;
}

function collections(outcomes: Outcome[]): { ItemCollectionMetrics?: Record<string, object[]> } {
  const tables: Record<string, object[]> = {};
  for (const { table, result } of outcomes) {
    if (result.ItemCollectionMetrics) tables[table] = [...(tables[table] ?? []), result.ItemCollectionMetrics];
  }
  return Object.keys(tables).length > 0 ? { ItemCollectionMetrics: tables } : {};
}
