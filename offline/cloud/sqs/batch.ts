import { AwsError } from "../core/awsError";
import { missingParameter } from "./errors";

export interface BatchEntry {
  Id: string;
}

const MOST = 10;
const ID = /^[\w-]{1,80}$/;

/**
 * Checks the entries of a batch.
 * @param type what an entry is called, such as `SendMessageBatchRequestEntry`
 * @param needed the members that an entry must have
 * @throws AwsError if the whole batch is refused
 */
export function checkBatch(entries: BatchEntry[], type: string, needed: string[]): void {
  if (entries.length === 0) {
    throw new AwsError("EmptyBatchRequest", `There should be at least one ${type} in the request.`);
  }
  if (entries.length > MOST) {
    const message = `Maximum number of entries per request are ${MOST}. You have sent ${entries.length}.`;
    throw new AwsError("TooManyEntriesInBatchRequest", message);
  }
  for (const [index, entry] of entries.entries()) {
    const missing = ["Id", ...needed].find((name) => (entry as unknown as Record<string, unknown>)[name] === undefined);
    if (missing) throw missingParameter(`${type}.${index + 1}.${missing}`);
    if (ID.test(entry.Id)) continue;
    const message =
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.";
    throw new AwsError("InvalidBatchEntryId", message);
  }
  const ids = entries.map(({ Id }) => Id);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) throw new AwsError("BatchEntryIdsNotDistinct", `Id ${repeated} repeated.`);
}

/** Runs each entry by itself: one that fails does not keep the others from succeeding. */
export function runBatch<Entry extends BatchEntry>(entries: Entry[], run: (entry: Entry) => object): object {
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const Code = error.code.replace("InvalidParameterValueException", "InvalidParameterValue");
      Failed.push({ Id: entry.Id, SenderFault: true, Code, Message: error.message });
    }
  }
  return { ...(Successful.length > 0 && { Successful }), ...(Failed.length > 0 && { Failed }) };
}
