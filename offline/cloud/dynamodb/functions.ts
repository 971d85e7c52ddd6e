import * as dynalite from "dynalite/db";
import * as validations from "dynalite/validations";
import { correctParser, type Parser } from "./expressions";
import { updateIndexes } from "./indexes";
import { itemSize, keySizeRefusal, nestingRefusal } from "./limits";

const { checkConditional, validateItem, validateKey } = dynalite;
const { validateAttributeValue } = validations;

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

const VALIDATIONS: Partial<typeof validations> = {
  validateAttributeValue: (value) => nestingRefusal(value) ?? validateAttributeValue(value),
};

/** Corrects dynalite where its operations have no seam. */
export function correctFunctions(): void {
  Object.assign(require("dynalite/db") as object, DB);
  Object.assign(require("dynalite/validations") as object, VALIDATIONS);
  for (const parser of ["condition", "projection", "update"]) {
    correctParser(require(`dynalite/db/${parser}Parser`) as Parser);
  }
}
