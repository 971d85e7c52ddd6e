import type { Check, Corrections } from "../correction";

interface PageInput {
  Select?: string;
  IndexName?: string;
  ProjectionExpression?: string;
  AttributesToGet?: string[];
  Segment?: number;
  TotalSegments?: number;
}

const checkSelect: Check<PageInput> = ({ Select, IndexName, ProjectionExpression, AttributesToGet }) => {
  const chosen = ProjectionExpression !== undefined ? "ProjectionExpression" : AttributesToGet && "AttributesToGet";
  if (Select === "SPECIFIC_ATTRIBUTES") {
    return chosen
      ? undefined
      : "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES";
  }
  if (Select && chosen) {
    return `Cannot specify the ${chosen} when choosing to get ${Select === "COUNT" ? "only the Count" : Select}`;
  }
  if (Select === "ALL_PROJECTED_ATTRIBUTES" && !IndexName) {
    return "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName";
  }
  return undefined;
};

const checkSegment: Check<PageInput> = ({ Segment, TotalSegments }) =>
  Segment !== undefined && TotalSegments === undefined
    ? "The TotalSegments parameter is required but was not present in the request when Segment parameter is present"
    : undefined;

/** What Query and Scan return of a table. */
export const PAGES: Corrections = {
  Query: {
    types: { Limit: { unquoted: true } },
    check: (input: PageInput, store) => {
      const message = checkSelect(input, store);
      return message && `1 validation error detected: ${message}`;
    },
  },
  Scan: {
    check: (input: PageInput, store) => checkSelect(input, store) ?? checkSegment(input, store),
  },
};
