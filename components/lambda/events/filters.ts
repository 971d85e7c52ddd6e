import type { EventFields } from "../../../expressions/patterns";
import { checkFilter } from "../../eventbridge/pattern";
import type { Mistakes } from "../../validation";
import type { MappingArgs } from "./mapping";

/**
 * Adds every mistake in filters.
 * @param fields what the source's records or messages look like. @default any
 * @see AWS Lambda Developer Guide, "Control which events Lambda sends to your function"
 */
export function checkFilters(
  mistakes: Mistakes,
  { filters = [] }: MappingArgs,
  path: string,
  fields?: EventFields,
): void {
  for (const [index, filter] of filters.entries()) checkFilter(mistakes, filter, `${path}.filters[${index}]`, fields);
}
