import { regionOf } from "../core/arns";
import type { SourcePage, Start, StreamSource } from "../core/sources";
import type { StreamRecord } from "./shard";
import type { Stream } from "./stream";

/** A place in a shard: after a sequence number. */
interface Position {
  shardId: string;
  after: string;
}

/**
 * A stream as an event source mapping reads it.
 * @param arn of the stream, or of a consumer with which it is read
 */
export function sourceOf(stream: Stream, arn: string): StreamSource {
  return {
    kind: "kinesis",
    arn,
    shards: async () => {
      const readable = stream.readable;
      const ids = new Set(readable.map(({ id }) => id));
      return readable.map(({ id, state }) => ({ id, parents: state.parents.filter((parent) => ids.has(parent)) }));
    },
    position: async (shardId: string, start: Start): Promise<Position> => ({
      shardId,
      after: stream.shard(shardId)?.position(start) ?? "0",
    }),
    read: async (position: unknown, limit: number): Promise<SourcePage> => {
      const { shardId, after } = position as Position;
      const shard = stream.shard(shardId);
      if (!shard) return { records: [] };
      const { records, isLast } = shard.read(after, limit);
      const next = { shardId, after: records.at(-1)?.sequenceNumber ?? after };
      return {
        records: records.map((record) => ({
          sequenceNumber: record.sequenceNumber,
          arrived: record.arrived,
          data: record.data.toString(),
          event: eventOf(record, shardId, arn),
        })),
        ...((shard.isOpen || !isLast) && { next }),
      };
    },
    watch: (listener) => stream.watch(listener),
  };
}

/**
 * A record as functions get it, without the function's role (`invokeIdentityArn`), which only its mapping knows.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
function eventOf(record: StreamRecord, shardId: string, arn: string): object {
  const { sequenceNumber, arrived, data, partitionKey } = record;
  return {
    kinesis: {
      kinesisSchemaVersion: "1.0",
      partitionKey,
      sequenceNumber,
      data: data.toString("base64"),
      approximateArrivalTimestamp: arrived / 1000,
    },
    eventSource: "aws:kinesis",
    eventVersion: "1.0",
    eventID: `${shardId}:${sequenceNumber}`,
    eventName: "aws:kinesis:record",
    awsRegion: regionOf(arn),
    eventSourceARN: arn,
  };
}
