import { defineService } from "../core/defineService";
import { describeStream, describeStreamSummary, listShards, listStreams } from "./describe";
import { createStream, deleteStream } from "./lifecycle";
import { putRecord, putRecords } from "./put";
import { getRecords, getShardIterator } from "./read";
import type { Streams } from "./streams";

/** Amazon Kinesis Data Streams. @see https://docs.aws.amazon.com/kinesis/latest/APIReference/Welcome.html */
export const kinesis = defineService<Streams>("kinesis", {
  CreateStream: createStream,
  DeleteStream: deleteStream,
  DescribeStream: describeStream,
  DescribeStreamSummary: describeStreamSummary,
  GetRecords: getRecords,
  GetShardIterator: getShardIterator,
  ListShards: listShards,
  ListStreams: listStreams,
  PutRecord: putRecord,
  PutRecords: putRecords,
});
