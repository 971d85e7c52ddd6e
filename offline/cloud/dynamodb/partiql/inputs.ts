import type { ParameterTypes } from "dynalite/validations";

/** The longest statement, in characters. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html */
const LONGEST = 8192;
const FAILURES = ["ALL_OLD", "NONE"];

const STATEMENT: ParameterTypes = {
  Statement: { type: "String", notNull: true, lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: LONGEST },
  Parameters: { type: "List", lengthGreaterThanOrEqual: 1, children: "AttrStruct<ValueStruct>" },
  ReturnValuesOnConditionCheckFailure: { type: "String", enum: FAILURES },
};
const READ: ParameterTypes = { ConsistentRead: "Boolean" };
const CAPACITY: ParameterTypes = { ReturnConsumedCapacity: { type: "String", enum: ["INDEXES", "TOTAL", "NONE"] } };

const listOf = (most: number, statement: ParameterTypes): ParameterTypes[string] => ({
  type: "List",
  notNull: true,
  lengthGreaterThanOrEqual: 1,
  lengthLessThanOrEqual: most,
  children: { type: "ValueStruct<Statement>", children: statement },
});

export const EXECUTE_STATEMENT: ParameterTypes = {
  ...STATEMENT,
  ...READ,
  ...CAPACITY,
  NextToken: { type: "String", lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 32768 },
  Limit: { type: "Integer", greaterThanOrEqual: 1 },
};

export const BATCH_EXECUTE_STATEMENT: ParameterTypes = {
  Statements: listOf(25, { ...STATEMENT, ...READ }),
  ...CAPACITY,
};

export const EXECUTE_TRANSACTION: ParameterTypes = {
  TransactStatements: listOf(100, STATEMENT),
  ClientRequestToken: { type: "String", lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 36 },
  ...CAPACITY,
};
