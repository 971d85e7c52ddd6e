import { BUS_EVENT, describeMistake, type EventFields, mistakesOf } from "../../expressions/patterns";
import { isLater, isPlain } from "../schema/check";
import type { Mistakes } from "../validation";
import type { EventPattern } from "./args";

/** Adds every mistake in a pattern of a bus's events, as far as it is known by now. */
export function checkPattern(mistakes: Mistakes, pattern: EventPattern, path: string): void {
  checkAny(mistakes, pattern, path, "fields of an event, such as { source: [...], detail: {...} }", BUS_EVENT);
}

/**
 * Adds every mistake in a pattern of a source's records or messages.
 * @param fields what these look like. @default any
 */
export function checkFilter(mistakes: Mistakes, filter: EventPattern, path: string, fields?: EventFields): void {
  checkAny(mistakes, filter, path, "fields of a record, or leave it out", fields);
}

function checkAny(mistakes: Mistakes, pattern: EventPattern, path: string, some: string, fields?: EventFields): void {
  const isEmpty = Object.keys(pattern).length === 0;
  mistakes.check(!isEmpty, path, `is empty; write ${some}`);
  if (isEmpty || !isAllKnown(pattern)) return;
  for (const mistake of mistakesOf(pattern, fields)) {
    mistakes.add(mistake.path === "" ? path : `${path}.${mistake.path}`, describeMistake({ ...mistake, path: "" }));
  }
}

/** Whether no part of a value is known only later. */
export function isAllKnown(value: unknown): boolean {
  if (isLater(value)) return false;
  if (Array.isArray(value)) return value.every(isAllKnown);
  return !isPlain(value) || Object.values(value).every(isAllKnown);
}
