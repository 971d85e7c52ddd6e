import type { Check, Corrections } from "../correction";

const requireItems =
  (operation: string): Check<{ RequestItems?: object }> =>
  ({ RequestItems = {} }) =>
    Object.keys(RequestItems).length === 0 ? `The requestItems parameter is required for ${operation}` : undefined;

const MAY_BE_EMPTY = { lengthGreaterThanOrEqual: undefined };

/** Requests for several items. */
export const BATCHES: Corrections = {
  BatchGetItem: {
    types: { RequestItems: { ...MAY_BE_EMPTY, children: { children: { Keys: { unquoted: true } } } } },
    check: requireItems("BatchGetItem"),
  },
  BatchWriteItem: { types: { RequestItems: MAY_BE_EMPTY }, check: requireItems("BatchWriteItem") },
};
