import * as dynalite from "dynalite/db";
import type { Conditions } from "dynalite/validations";
import * as validations from "dynalite/validations";
import { type Demands, matchesConditions, matchesExpression, meetsDemands } from "./expressions/conditions";
import type { Parser } from "./expressions/linearParser";
import { correctParser } from "./expressions/parser";
import { updateIndexes } from "./indexes/indexes";
import { itemSize, keySizeRefusal, valueRefusal } from "./limits";

const { mapPaths, queryTable, validateItem, validateKey } = dynalite;
const { validateAttributeConditions, validateAttributeValue, validateConditions, validateExpressions } = validations;

/** What Query and Scan return of the items that they read. */
interface PageInput {
  _filter?: { expression: object };
  QueryFilter?: Conditions;
  ScanFilter?: Conditions;
  ConditionalOperator?: string;
  _projection?: { paths: dynalite.Paths };
  AttributesToGet?: dynalite.Paths;
  Select?: string;
}

/** In place of functions that dynalite's operations look up on their modules each time they need them. */
const DB: Partial<typeof dynalite> & { updateIndexes: typeof updateIndexes } = {
  updateIndexes,
  itemSize,
  validateItem: (item, table) => validateItem(item, table) ?? keySizeRefusal(item, table),
  validateKey: (key, table, keySchema) => validateKey(key, table, keySchema) ?? keySizeRefusal(key, table),
  matchesExprFilter: matchesExpression,
  checkConditional: (data: Demands & { ReturnValuesOnConditionCheckFailure?: string }, item) => {
    if (meetsDemands(item ?? {}, data)) return null;
    const returned = data.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && item ? { Item: item } : {};
    return conditionFailure(returned);
  },
  queryTable: (store, table, input: PageInput, range, isLocal, readsItems, keyNames, callback) => {
    const { _filter, QueryFilter, ScanFilter, _projection, AttributesToGet, Select, ...rest } = input;
    const filter = QueryFilter ?? ScanFilter;
    const isUnfiltered = !_filter && !filter;
    queryTable(store, table, isUnfiltered ? input : rest, range, isLocal, readsItems, keyNames, (error, page) => {
      if (error || !page || isUnfiltered) return callback(error, page);
      const { Items: read = [], ...answer } = page;
      const found = read.filter((item) =>
        _filter
          ? matchesExpression(item, _filter.expression)
          : matchesConditions(item, filter ?? {}, input.ConditionalOperator),
      );
      const paths = _projection?.paths ?? AttributesToGet;
      const Items = paths ? found.map((item) => mapPaths(paths, item)) : found;
      callback(null, { ...answer, Count: found.length, ...(Select !== "COUNT" && { Items }) });
    });
  },
};

// Those that check values in passing do so without looking the function up.
const VALIDATIONS: Partial<typeof validations> = {
  validateAttributeValue: checkValue,
  validateConditions: (conditions) => valuesRefusal(conditions) ?? validateConditions(conditions),
  validateAttributeConditions: (data) => valuesRefusal(data.Expected) ?? validateAttributeConditions(data),
  validateExpressions: (data) => {
    const [refusal] = Object.entries(data.ExpressionAttributeValues ?? {}).flatMap(([key, value]) => {
      const message = valueRefusal(value);
      return message ? [`ExpressionAttributeValues contains invalid value: ${message} for key ${key}`] : [];
    });
    return refusal ?? validateExpressions(data);
  },
};

function conditionFailure(returned: { Item?: dynalite.Item }): dynalite.Refusal {
  const message = "The conditional request failed";
  const __type = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
  return Object.assign(new Error(message), { statusCode: 400, body: { __type, message, ...returned } });
}

/** Why this cannot be an attribute's value. It writes numbers as DynamoDB stores them. */
function checkValue(value: object): string | undefined {
  return valueRefusal(value) ?? validateAttributeValue(value);
}

/** Why the values of conditions cannot be an attribute's; dynalite does not look at lists of them in `Expected`. */
function valuesRefusal(conditions: Conditions = {}): string | undefined {
  const values = Object.values(conditions).flatMap(({ AttributeValueList = [], Value }) => [
    ...AttributeValueList,
    ...(Value ? [Value] : []),
  ]);
  return values.flatMap((value) => checkValue(value) ?? [])[0];
}

/** Corrects dynalite where its operations have no seam. */
export function correctFunctions(): void {
  Object.assign(require("dynalite/db") as object, DB);
  Object.assign(require("dynalite/validations") as object, VALIDATIONS);
  for (const parser of ["condition", "projection", "update"]) {
    const name = `dynalite/db/${parser}Parser`;
    correctParser(require(name) as Parser, name);
  }
}
