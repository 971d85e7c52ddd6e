import type { SourceRecord, StreamSource } from "../../core/sources";
import type { Database } from "../database";
import type { StreamRecord } from "./capture";
import { type Position, positionOf, readShard } from "./reader";
import { findStream, type Stream, streamOf } from "./stream";

/**
 * A table's stream, as an event source.
 * @param arn that of the program's graph, whose label is made up, stands for the stream that the table has now
 */
export function sourceOf(database: Database, arn: string): StreamSource | undefined {
  const stream = find(database, arn);
  if (!stream) return undefined;
  return {
    kind: "dynamodb",
    arn: stream.arn,
    shards: async () => [{ id: stream.shardId, parents: [] }],
    position: (shardId, start) =>
      database.read(async (transaction) => positionOf(transaction, stream.arn, shardId, start)),
    read: async (position, limit) => {
      const { records, next } = await readShard(database, position as Position, limit);
      return { records: records.map((record) => toSourceRecord(record, stream.arn)), next };
    },
    watch: (listener) => database.watch(stream.arn, listener),
  };
}

function find(database: Database, arn: string): Stream | undefined {
  const [, name = "", label = ""] =
    /^arn:[\w-]+:dynamodb:[\w-]*:\d*:table\/([\w.-]+)\/stream\/([\w:.-]+)$/.exec(arn) ?? [];
  const transaction = database.begin();
  const table = transaction.findTable(name);
  return findStream(transaction, name, label) ?? (table && streamOf(transaction, table));
}

/** What a function gets: who made a change is spelled differently there. */
function toSourceRecord({ userIdentity, ...record }: StreamRecord, eventSourceARN: string): SourceRecord {
  const { SequenceNumber: sequenceNumber, ApproximateCreationDateTime: seconds } = record.dynamodb;
  const identity = userIdentity && { principalId: userIdentity.PrincipalId, type: userIdentity.Type };
  return {
    sequenceNumber,
    arrived: seconds * 1000,
    event: { ...record, ...(identity && { userIdentity: identity }), eventSourceARN },
  };
}
