import { jsonIn } from "../json";
import { asMap, isMap } from "../resources";
import type { Outcome } from "./batches";

/**
 * What a function says has failed, with `ReportBatchItemFailures`. AWS takes an answer that it does not understand, or
 * that names a record which is not in the batch, as the failure of the whole batch.
 * @param answer JSON
 * @param ids of the batch's records
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function failuresIn(answer: string | undefined, ids: readonly string[]): Outcome["failed"] {
  const value = jsonIn(answer ?? "null");
  if (value === undefined) return "all";
  if (isEmpty(value)) return new Set();
  if (!isMap(value)) return "all";
  const { batchItemFailures: failures } = value;
  if (isEmpty(failures)) return new Set();
  if (!Array.isArray(failures)) return "all";
  const named = failures.map((failure) => asMap(failure).itemIdentifier);
  const known = new Set<unknown>(ids);
  return named.every((id) => known.has(id)) ? new Set(named as string[]) : "all";
}

/** AWS reads these as if nothing had been returned. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}
