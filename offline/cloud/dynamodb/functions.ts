import * as dynalite from "dynalite/db";
import type { Conditions } from "dynalite/validations";
import * as validations from "dynalite/validations";
import type { Parser } from "./expressions/linearParser";
import { correctParser } from "./expressions/parser";
import { updateIndexes } from "./indexes/indexes";
import { itemSize, keySizeRefusal, valueRefusal } from "./limits";

const { checkConditional, validateItem, validateKey } = dynalite;
const { validateAttributeConditions, validateAttributeValue, validateConditions, validateExpressions } = validations;

/** In place of functions that dynalite's operations look up on their modules each time they need them. */
const DB: Partial<typeof dynalite> & { updateIndexes: typeof updateIndexes } = {
  updateIndexes,
  itemSize,
  validateItem: (item, table) => validateItem(item, table) ?? keySizeRefusal(item, table),
  validateKey: (key, table, keySchema) => validateKey(key, table, keySchema) ?? keySizeRefusal(key, table),
  checkConditional: (data: { ReturnValuesOnConditionCheckFailure?: string }, item) => {
    const refusal = checkConditional(data, item);
    if (refusal && item && data.ReturnValuesOnConditionCheckFailure === "ALL_OLD") refusal.body.Item = item;
    return refusal;
  },
};

// Those that check values in passing do so without looking the function up.
const VALIDATIONS: Partial<typeof validations> = {
  validateAttributeValue: (value) => valueRefusal(value) ?? validateAttributeValue(value),
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

/** Why the values of conditions cannot be an attribute's. */
function valuesRefusal(conditions: Conditions = {}): string | undefined {
  const values = Object.values(conditions).flatMap(({ AttributeValueList = [], Value }) => [
    ...AttributeValueList,
    ...(Value ? [Value] : []),
  ]);
  return values.flatMap((value) => valueRefusal(value) ?? [])[0];
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
