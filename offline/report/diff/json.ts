import type { Comparison } from "../../diff/model";

/** The format of the document: another number for each change that its readers must know about. */
const formatVersion = 1;

/** The comparison as one JSON document. */
export function renderComparisonJson(comparison: Comparison): string {
  return `${JSON.stringify({ formatVersion, ...comparison }, null, 2)}\n`;
}
