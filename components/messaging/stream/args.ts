import type * as kinesis from "@pulumi/aws/kinesis";
import type * as pulumi from "@pulumi/pulumi";
import type { KmsKeyArn } from "../../kms/keyArn";

/**
 * The name of a consumer, which with that of the stream has up to 128 characters.
 * @pattern `^[\w.-]+$` @write letters, digits, `_`, `.` and `-`
 */
export type ConsumerName = string;

/** Arguments of {@link EventStream}. */
export interface EventStreamArgs {
  /**
   * A fixed number of shards, 1–10,000; each takes 1 MB and 1,000 records a second. @minimum 1 @maximum 10000
   * @unit shards @default on demand: as many as the load needs
   */
  shards?: number;
  /** Hours that records are kept, 24–8,760. @minimum 24 @maximum 8760 @unit hours @default 24 */
  retentionHours?: number;
  /** The largest record in KiB, 1,024–10,240. @minimum 1024 @maximum 10240 @unit KiB @default 1024 */
  maximumRecordSize?: number;
  /**
   * Names of consumers with enhanced fan-out, up to 20: each reads 2 MB a second from each shard alone, for a charge.
   * @maxItems 20 @default none: all consumers share 2 MB a second of each shard
   */
  consumers?: ConsumerName[];
  /** Customer key for the records. @default Kinesis's own key */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
  /** SNS topics notified when reading lags behind and of refused writes; an empty list is the same as none. @default none */
  alarmTopicArns?: pulumi.Input<string>[];
  /**
   * Seconds, 1–31,536,000, by which reading may lag behind before `alarmTopicArns` are notified. @minimum 1
   * @maximum 31536000 @unit seconds @default 300
   */
  alarmLag?: number;
  /** Tags of every resource that supports them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Further arguments of the stream itself; they override this component's, except what it wires up. @default none */
  streamArgs?: Partial<kinesis.StreamArgs>;
}
