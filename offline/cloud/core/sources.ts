/** Where the reader of a shard begins. */
export type Start =
  | { type: "TRIM_HORIZON" | "LATEST" }
  | { type: "AFTER_SEQUENCE_NUMBER"; sequenceNumber: string }
  /** @param timestamp in milliseconds since 1970 */
  | { type: "AT_TIMESTAMP"; timestamp: number };

export interface Shard {
  id: string;
  /** The shards that it was made from, which are read to their ends before it. */
  parents: string[];
}

/** A record of a stream. */
export interface SourceRecord {
  sequenceNumber: string;
  /** When it arrived, in milliseconds since 1970. */
  arrived: number;
  /** The whole element of `Records` that a function gets. */
  event: object;
  /** Its data as text, which filters read as JSON; undefined if there is none, as in the records of a table. */
  data?: string;
}

export interface SourcePage {
  records: SourceRecord[];
  /** Where to read on; undefined at the end of a shard that is closed. */
  next?: unknown;
}

/** A stream, as an event source: Kinesis's or a table's. */
export interface StreamSource {
  kind: "kinesis" | "dynamodb";
  arn: string;
  /** All that can still be read. */
  shards(): Promise<Shard[]>;
  /** A position is the source's own, as JSON; others only hand it back, or keep it for a later run. */
  position(shardId: string, start: Start): Promise<unknown>;
  read(position: unknown, limit: number): Promise<SourcePage>;
  /** Calls back when there may be new records or shards. Returns how to stop that. */
  watch(listener: () => void): () => void;
}

/** A message that a queue has handed out, and that is invisible until it is deleted, released or its time is over. */
export interface QueueMessage {
  receiptHandle: string;
  /** The whole element of `Records` that a function gets. */
  event: object;
  body: string;
  /** Of a FIFO queue. */
  messageGroupId?: string;
}

/** A queue, as an event source. */
export interface QueueSource {
  kind: "sqs";
  arn: string;
  isFifo: boolean;
  /** In seconds. */
  visibilityTimeout: number;
  receive(limit: number): Promise<QueueMessage[]>;
  delete(receiptHandle: string): Promise<void>;
  watch(listener: () => void): () => void;
}

export type EventSource = StreamSource | QueueSource;
