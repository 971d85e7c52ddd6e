import { checkTypes, checkValidations, type ParameterTypes } from "dynalite/validations";
import type { Database } from "../database";
import { refusalOf } from "../errors";

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

const INPUTS = {
  ExecuteStatement: {
    ...STATEMENT,
    ...READ,
    ...CAPACITY,
    NextToken: { type: "String", lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 32768 },
    Limit: { type: "Integer", greaterThanOrEqual: 1 },
  },
  BatchExecuteStatement: { Statements: listOf(25, { ...STATEMENT, ...READ }), ...CAPACITY },
  ExecuteTransaction: {
    TransactStatements: listOf(100, STATEMENT),
    ClientRequestToken: { type: "String", lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 36 },
    ...CAPACITY,
  },
} satisfies Record<string, ParameterTypes>;

/** Checks an operation's input. @throws AwsError for what DynamoDB would refuse before it reads a statement */
export function checkInput<Input>(database: Database, operation: keyof typeof INPUTS, input: object): Input {
  try {
    const checked = checkTypes(input, INPUTS[operation]);
    checkValidations(checked, INPUTS[operation], undefined, database.begin());
    return checked as Input;
  } catch (error) {
    throw refusalOf(error);
  }
}
