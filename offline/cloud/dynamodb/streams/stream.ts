import type { Table } from "dynalite/db";
import type { Transaction } from "../transaction";

export type ViewType = "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES";

/** A table's stream, as it is stored. It has one shard. */
export interface Stream {
  table: string;
  arn: string;
  /** The time of its creation, which tells a table's streams apart. */
  label: string;
  shardId: string;
  viewType: ViewType;
  keySchema: Table["KeySchema"];
  /** In milliseconds. */
  created: number;
  /** When it was disabled, in milliseconds. */
  closed?: number;
  /** The sequence number of the last record, or of none before the first. */
  last: string;
  /** The sequence number of the last record that was trimmed, or of none. */
  trimmed: string;
}

/** The prefix of the keys of streams, which go on with the table and the label. */
const STREAMS = "stream~";

/** How long records are kept, and streams that are disabled. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html */
const RETENTION_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Gives a table a stream in place of the one that it had. */
export function enableStream(transaction: Transaction, table: Table, viewType: ViewType): void {
  disableStream(transaction, table);
  const { TableName, TableArn, KeySchema } = table;
  const before = Date.parse(`${table.LatestStreamLabel}Z`) || 0;
  const created = Math.max(Date.now(), before + 1);
  const label = new Date(created).toISOString().slice(0, -1);
  const none = sequenceNumberAt(created);
  const stream: Stream = {
    ...{ table: TableName, arn: `${TableArn}/stream/${label}`, label, viewType, keySchema: KeySchema, created },
    ...{ shardId: `shardId-${String(created).padStart(20, "0")}-00000001`, last: none, trimmed: none },
  };
  table.StreamSpecification = { StreamEnabled: true, StreamViewType: viewType };
  table.LatestStreamArn = stream.arn;
  table.LatestStreamLabel = label;
  transaction.putTable(table);
  putStream(transaction, stream);
}

/** Ends a table's stream, if it has one; what it has can still be read. */
export function disableStream(transaction: Transaction, table: Table): void {
  const stream = streamOf(transaction, table);
  if (!stream) return;
  delete table.StreamSpecification;
  transaction.putTable(table);
  closeStream(transaction, stream);
}

/** Ends a stream, whatever becomes of its table. */
export function closeStream(transaction: Transaction, stream: Stream): void {
  putStream(transaction, { ...stream, closed: Date.now() });
  transaction.streams.add(stream.arn);
}

/** A table's stream, if it is enabled. */
export function streamOf(transaction: Transaction, table: Table): Stream | undefined {
  const { StreamSpecification, LatestStreamLabel = "", TableName } = table;
  return StreamSpecification ? findStream(transaction, TableName, LatestStreamLabel) : undefined;
}

export function findStream(transaction: Transaction, table: string, label: string): Stream | undefined {
  return transaction.get(keyOf({ table, label })) as Stream | undefined;
}

export function putStream(transaction: Transaction, stream: Stream): void {
  transaction.set(keyOf(stream), stream);
}

/** All streams, or a table's, in the order of table and time. */
export async function allStreams(transaction: Transaction, table?: string): Promise<Stream[]> {
  const streams: Stream[] = [];
  const range = table === undefined ? {} : { gte: `${table}~`, lt: `${table}\x7f` };
  for await (const page of transaction.storedValues(STREAMS, range)) streams.push(...(page as Stream[]));
  return streams;
}

/** Deletes records that are older than a day, and streams that were disabled that long ago. @param now in milliseconds */
export async function trimStreams(transaction: Transaction, now: number): Promise<void> {
  const horizon = now - RETENTION_MILLISECONDS;
  const before = sequenceNumberAt(horizon);
  for (const stream of await allStreams(transaction)) {
    let trimmed: string | undefined;
    for await (const key of transaction.storedKeys(recordsOf(stream), { lt: before })) {
      transaction.set(key, undefined);
      trimmed = key.slice(recordsOf(stream).length);
    }
    if (stream.closed !== undefined && stream.closed < horizon) transaction.set(keyOf(stream), undefined);
    else if (trimmed) putStream(transaction, { ...stream, trimmed });
  }
}

/** The prefix of the keys of a stream's records, which end in the sequence number. */
export function recordsOf({ table, label }: Pick<Stream, "table" | "label">): string {
  return `record-${table}~${label}~`;
}

/**
 * The first sequence number of a moment: its milliseconds, and nine digits that count. All have the same length, so
 * their order as texts is that of the numbers.
 */
export function sequenceNumberAt(milliseconds: number): string {
  return `${String(milliseconds).padStart(13, "0")}000000000`;
}

function keyOf({ table, label }: Pick<Stream, "table" | "label">): string {
  return `${STREAMS}${table}~${label}`;
}
