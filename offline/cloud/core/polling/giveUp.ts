import type { Reason, StreamBatch } from "./lane";

/** Where the report of records goes that are given up. */
export interface Destination {
  /** What it is called, such as `dead-letter queue`. */
  name: string;
  /** Undefined if there is none. */
  arn?: string;
  /** Sends the report. Never rejects. Returns why it cannot be delivered, or undefined. */
  send(arn: string): Promise<string | undefined>;
}

/** Reports records that are given up. Never rejects. @returns a line for the log */
export async function giveUp(
  { items, shardId }: StreamBatch,
  reason: Reason,
  attempts: number,
  { name, arn, send }: Destination,
): Promise<string> {
  const records = `${items.length === 1 ? "1 record" : `${items.length} records`} of ${shardId}`;
  const line = `${records} given up from ${items[0]?.id} (${reason}, ${attempts} attempts)`;
  if (!arn) return `${line}: there is no ${name}`;
  const failure = await send(arn);
  return failure ? `${line}: not delivered to ${arn}: ${failure}` : `${line}: ${arn} has a report`;
}
