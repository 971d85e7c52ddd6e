import type { ShardState, StreamRecord } from "./shard";

export interface Consumer {
  name: string;
  arn: string;
  /** In milliseconds since 1970. */
  created: number;
  tags: Record<string, string>;
}

/** What can be changed about a stream. */
export interface StreamSettings {
  mode: "PROVISIONED" | "ON_DEMAND";
  retentionHours: number;
  /** The KMS key that records are encrypted with. @default they are not encrypted */
  keyId?: string;
  /** The metrics of shards that are monitored. */
  metrics: string[];
  /** The largest record, with its partition key. */
  maxRecordKiB: number;
  /** Whether the partition key decides about a record's shard. */
  distribution: "AUTO" | "USER_PARTITION_KEY";
  tags: Record<string, string>;
}

/** A stream without its records. */
export interface StreamState {
  name: string;
  arn: string;
  /** In milliseconds since 1970. */
  created: number;
  settings: StreamSettings;
  consumers: Consumer[];
  /** Resource policies, by the ARN of the stream or the consumer. */
  policies: Record<string, string>;
  shards: ShardState[];
  /** What the program last said about it; absent if it was created by a call. */
  definition?: object;
}

/** What a stream stores: itself, as it is from then on, or a record. */
export type Entry = { stream: StreamState } | { shard: number; index: number; record: StreamRecord };

/** Where a stream keeps what must survive. */
export interface Store {
  append(entries: Entry[]): void;
  close(): void;
  remove(): void;
}

export interface NewRecord {
  data: Buffer;
  partitionKey?: string;
  explicitHashKey?: string;
}

/** Where a record was put, or the shard that takes no more in this second. */
export type Placed = { shardId: string; sequenceNumber: string } | { exceeded: string };
