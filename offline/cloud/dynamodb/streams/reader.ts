import type { Database } from "../database";
import { dynamoError, validationError } from "../errors";
import type { Transaction } from "../transaction";
import type { StreamRecord } from "./capture";
import { findStream, recordsOf, type Stream, sequenceNumberAt } from "./stream";

/** A place between two records of a stream. */
export interface Position {
  arn: string;
  shardId: string;
  /** The sequence number before it. */
  after: string;
}

/** Where to begin to read. */
export type Start =
  | { type: "TRIM_HORIZON" | "LATEST" }
  | { type: "AT_SEQUENCE_NUMBER" | "AFTER_SEQUENCE_NUMBER"; sequenceNumber: string }
  /** @param timestamp in milliseconds */
  | { type: "AT_TIMESTAMP"; timestamp: number };

export interface Page {
  records: StreamRecord[];
  /** Where to read on; undefined at the end of a shard that is closed. */
  next?: Position;
}

const MAXIMUM_RECORDS = 1000;
const MAXIMUM_BYTES = 1024 * 1024;

/**
 * The stream of an ARN such as `arn:aws:dynamodb:eu-west-1:123456789012:table/items/stream/2026-01-31T12:00:00.000`.
 * @throws AwsError ValidationException for another text, ResourceNotFoundException if there is no such stream
 */
export function streamAt(transaction: Transaction, arn: string): Stream {
  const [, table, label] = /^arn:[\w-]+:dynamodb:[\w-]*:\d*:table\/([\w.-]+)\/stream\/([\w:.-]+)$/.exec(arn) ?? [];
  if (!table || !label) throw validationError("Invalid StreamArn");
  const stream = findStream(transaction, table, label);
  if (stream?.arn !== arn) throw notFound(`Stream: ${arn} not found`);
  return stream;
}

/** The position to begin at. @throws AwsError as `streamAt`, or TrimmedDataAccessException */
export function positionOf(transaction: Transaction, arn: string, shardId: string, start: Start): Position {
  const stream = streamAt(transaction, arn);
  checkShard(stream, shardId);
  const after = boundOf(stream, start);
  if (after < stream.trimmed) throw trimmedData();
  return { arn, shardId, after };
}

/**
 * Reads a shard from a position: at most 1,000 records, and 1 MB after the first record.
 * @throws AwsError ResourceNotFoundException; TrimmedDataAccessException for records that are older than a day
 */
export function readShard(database: Database, position: Position, limit = MAXIMUM_RECORDS): Promise<Page> {
  return database.read(async (transaction) => {
    const stream = streamAt(transaction, position.arn);
    checkShard(stream, position.shardId);
    if (position.after < stream.trimmed) throw trimmedData();
    const records = await recordsAfter(transaction, stream, position.after, limit);
    const after = records.at(-1)?.dynamodb.SequenceNumber ?? position.after;
    const isOver = stream.closed !== undefined && after >= stream.last;
    return { records, ...(!isOver && { next: { ...position, after } }) };
  });
}

async function recordsAfter(
  transaction: Transaction,
  stream: Stream,
  after: string,
  limit: number,
): Promise<StreamRecord[]> {
  const records: StreamRecord[] = [];
  let bytes = 0;
  for await (const page of transaction.storedValues(recordsOf(stream), { gt: after, limit })) {
    for (const record of page as StreamRecord[]) {
      bytes += record.dynamodb.SizeBytes;
      if (bytes > MAXIMUM_BYTES && records.length > 0) return records;
      records.push(record);
    }
  }
  return records;
}

function boundOf({ last, trimmed }: Stream, start: Start): string {
  switch (start.type) {
    case "TRIM_HORIZON":
      return trimmed;
    case "LATEST":
      return last;
    case "AFTER_SEQUENCE_NUMBER":
      return textOf(BigInt(start.sequenceNumber));
    case "AT_SEQUENCE_NUMBER":
      return textOf(BigInt(start.sequenceNumber) - 1n);
    case "AT_TIMESTAMP": {
      const bound = textOf(BigInt(sequenceNumberAt(Math.max(0, Math.ceil(start.timestamp)))) - 1n);
      return bound < trimmed ? trimmed : bound;
    }
  }
}

/** A number of the length of sequence numbers; what is longer is beyond them all. */
function textOf(number: bigint): string {
  const { length } = sequenceNumberAt(0);
  const text = String(number < 0n ? 0n : number).padStart(length, "0");
  return text.length > length ? "9".repeat(length) : text;
}

function checkShard(stream: Stream, shardId: string): void {
  if (stream.shardId !== shardId) throw notFound(`Shard: ${shardId} in Stream: ${stream.arn} not found`);
}

function notFound(what: string): Error {
  const message = `Requested resource not found: ${what}`;
  return dynamoError(400, { __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", message });
}

function trimmedData(): Error {
  const message = "The data you are trying to access has been trimmed";
  return dynamoError(400, { __type: "com.amazonaws.dynamodb.v20120810#TrimmedDataAccessException", message });
}
