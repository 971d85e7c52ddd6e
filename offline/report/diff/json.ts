import type { Comparison } from "../../diff/model";

/** The format of the document: another number for each change that its readers must know about. */
const formatVersion = 1;

/** The comparison as one JSON document. */
export function renderComparisonJson(comparison: Comparison): string {
  // How several breaks are put into one sentence concerns the other formats.
  const breaks = comparison.breaks.map(({ alike: _, ...rest }) => rest);
  return `${JSON.stringify({ formatVersion, ...comparison, breaks }, null, 2)}\n`;
}
