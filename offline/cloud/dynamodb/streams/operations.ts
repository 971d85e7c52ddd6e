import type { ParameterTypes } from "dynalite/validations";
import type { Database } from "../database";
import { dynamoError, validationError } from "../errors";
import { checkParameters } from "../parameters";
import { type Position, positionOf, readShard, type Start, streamAt } from "./reader";
import { allStreams, type Stream } from "./stream";

/** How long an iterator can be used. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html */
const ITERATOR_MILLISECONDS = 15 * 60 * 1000;

const TABLE_NAME = {
  type: "String",
  regex: "[a-zA-Z0-9_.-]+",
  lengthGreaterThanOrEqual: 3,
  lengthLessThanOrEqual: 255,
};
const STREAM_ARN = { type: "String", lengthGreaterThanOrEqual: 37, lengthLessThanOrEqual: 1024 };
const SHARD_ID = { type: "String", lengthGreaterThanOrEqual: 28, lengthLessThanOrEqual: 65 };
const SEQUENCE_NUMBER = { type: "String", lengthGreaterThanOrEqual: 21, lengthLessThanOrEqual: 40, regex: "[0-9]+" };
const ITERATOR_TYPES = ["TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER", "AT_TIMESTAMP"];
const limit = (most: number) => ({ type: "Integer", greaterThanOrEqual: 1, lessThanOrEqual: most });

const LIST_STREAMS: ParameterTypes = { TableName: TABLE_NAME, Limit: limit(100), ExclusiveStartStreamArn: STREAM_ARN };
const DESCRIBE_STREAM: ParameterTypes = {
  StreamArn: { ...STREAM_ARN, notNull: true },
  Limit: limit(100),
  ExclusiveStartShardId: SHARD_ID,
  ShardFilter: {
    type: "FieldStruct<ShardFilter>",
    children: { Type: { type: "String", enum: ["CHILD_SHARDS"] }, ShardId: SHARD_ID },
  },
};
const GET_SHARD_ITERATOR: ParameterTypes = {
  StreamArn: { ...STREAM_ARN, notNull: true },
  ShardId: { ...SHARD_ID, notNull: true },
  ShardIteratorType: { type: "String", notNull: true, enum: ITERATOR_TYPES },
  SequenceNumber: SEQUENCE_NUMBER,
  Timestamp: { type: "Double" },
};
const GET_RECORDS: ParameterTypes = {
  ShardIterator: { type: "String", notNull: true, lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 2048 },
  Limit: limit(1000),
};

interface ListStreamsInput {
  TableName?: string;
  Limit?: number;
  ExclusiveStartStreamArn?: string;
}

interface DescribeStreamInput {
  StreamArn: string;
  ExclusiveStartShardId?: string;
  ShardFilter?: object;
}

interface GetShardIteratorInput {
  StreamArn: string;
  ShardId: string;
  ShardIteratorType: Start["type"];
  SequenceNumber?: string;
  /** In seconds. */
  Timestamp?: number;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ListStreams.html */
export async function listStreams(database: Database, input: object): Promise<object> {
  const { TableName, Limit = 100, ExclusiveStartStreamArn } = checkParameters<ListStreamsInput>(input, LIST_STREAMS);
  const streams = await database.read((transaction) => allStreams(transaction, TableName));
  const start = streams.findIndex(({ arn }) => arn === ExclusiveStartStreamArn) + 1;
  const page = streams.slice(start, start + Limit);
  const isWhole = start + Limit >= streams.length;
  return {
    Streams: page.map(({ arn, table, label }) => ({ StreamArn: arn, TableName: table, StreamLabel: label })),
    ...(!isWhole && { LastEvaluatedStreamArn: page.at(-1)?.arn }),
  };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html */
export async function describeStream(database: Database, input: object): Promise<object> {
  const request = checkParameters<DescribeStreamInput>(input, DESCRIBE_STREAM);
  const stream = await database.read(async (transaction) => streamAt(transaction, request.StreamArn));
  // The only shard has no children, and none comes after it.
  const hasShards = !request.ShardFilter && request.ExclusiveStartShardId !== stream.shardId;
  return {
    StreamDescription: {
      StreamArn: stream.arn,
      StreamLabel: stream.label,
      StreamStatus: stream.closed === undefined ? "ENABLED" : "DISABLED",
      StreamViewType: stream.viewType,
      CreationRequestDateTime: stream.created / 1000,
      TableName: stream.table,
      KeySchema: stream.keySchema,
      Shards: hasShards ? [describeShard(stream)] : [],
    },
  };
}

function describeShard({ shardId, closed, last, trimmed }: Stream): object {
  return {
    ShardId: shardId,
    SequenceNumberRange: {
      StartingSequenceNumber: String(BigInt(trimmed) + 1n),
      ...(closed !== undefined && { EndingSequenceNumber: last }),
    },
  };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html */
export async function getShardIterator(database: Database, input: object): Promise<object> {
  const request = checkParameters<GetShardIteratorInput>(input, GET_SHARD_ITERATOR);
  const { StreamArn, ShardId } = request;
  const start = startOf(request);
  const position = await database.read(async (transaction) => positionOf(transaction, StreamArn, ShardId, start));
  return { ShardIterator: iteratorOf(position) };
}

function startOf({ ShardIteratorType: type, SequenceNumber, Timestamp }: GetShardIteratorInput): Start {
  switch (type) {
    case "AT_SEQUENCE_NUMBER":
    case "AFTER_SEQUENCE_NUMBER":
      if (SequenceNumber === undefined) throw validationError(`SequenceNumber must be specified for ${type}`);
      return { type, sequenceNumber: SequenceNumber };
    case "AT_TIMESTAMP":
      if (Timestamp === undefined) throw validationError(`Timestamp must be specified for ${type}`);
      return { type, timestamp: Timestamp * 1000 };
    default:
      return { type };
  }
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html */
export async function getRecords(database: Database, input: object): Promise<object> {
  const { ShardIterator, Limit } = checkParameters<{ ShardIterator: string; Limit?: number }>(input, GET_RECORDS);
  const { records, next } = await readShard(database, readIterator(ShardIterator), Limit);
  return { Records: records, ...(next && { NextShardIterator: iteratorOf(next) }) };
}

/** A position as text, which begins as DynamoDB's does. */
function iteratorOf({ arn, shardId, after }: Position): string {
  const rest = Buffer.from(JSON.stringify([shardId, after, Date.now()])).toString("base64");
  return `${arn}|1|${rest}`;
}

/** @throws AwsError ValidationException for a text that is not an iterator, ExpiredIteratorException after 15 minutes */
function readIterator(iterator: string): Position {
  const [arn = "", , rest = ""] = iterator.split("|");
  const [shardId, after, issued] = parts(rest);
  if (typeof shardId !== "string" || typeof after !== "string" || !/^\d+$/.test(after)) {
    throw validationError("Invalid ShardIterator");
  }
  if (Date.now() - Number(issued) > ITERATOR_MILLISECONDS) {
    const message = "The iterator has expired: it can be used for 15 minutes";
    throw dynamoError(400, { __type: "com.amazonaws.dynamodb.v20120810#ExpiredIteratorException", message });
  }
  return { arn, shardId, after };
}

function parts(text: string): unknown[] {
  try {
    const found: unknown = JSON.parse(Buffer.from(text, "base64").toString());
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}
