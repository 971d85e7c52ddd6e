import { type Corrections, forEach } from "../correction";

const RETURN_VALUES = { type: "String", enum: ["ALL_OLD", "NONE"] };

/** Puts, updates and deletions of one item. */
export const WRITES: Corrections = {
  ...forEach(["PutItem", "UpdateItem"], { types: { ReturnValuesOnConditionCheckFailure: RETURN_VALUES } }),
  DeleteItem: {
    types: { ReturnValuesOnConditionCheckFailure: RETURN_VALUES },
    check: ({ ReturnValues = "NONE" }: { ReturnValues?: string }) =>
      RETURN_VALUES.enum.includes(ReturnValues) ? undefined : "ReturnValues can only be ALL_OLD or NONE",
  },
};
