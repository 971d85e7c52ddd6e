import { account } from "../../engine/context";
import { AwsError } from "../core/awsError";
import { invalid, refuseDryRun } from "./errors";
import { LAST_HASH_KEY } from "./sequence";
import type { Placed } from "./state";
import type { Stream } from "./stream";
import type { Reference, Streams } from "./streams";

type NewRecord = { Data: Buffer; PartitionKey?: string; ExplicitHashKey?: string };
type PutRecordInput = Reference & NewRecord & { DryRun?: boolean };
type PutRecordsInput = Reference & { Records: NewRecord[]; DryRun?: boolean };

/** The most that one call puts, with the partition keys. */
const MAX_BYTES = 10 * 2 ** 20;

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html */
export function putRecord(streams: Streams, input: PutRecordInput): object {
  const stream = streams.find(input);
  check(stream, input, "");
  refuseDryRun(input);
  const [placed] = stream.put([toRecord(input)]) as [Placed];
  if ("exceeded" in placed) throw exceeded(stream, placed.exceeded);
  return { ShardId: placed.shardId, SequenceNumber: placed.sequenceNumber, ...encryptionOf(stream) };
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
export function putRecords(streams: Streams, input: PutRecordsInput): object {
  const stream = streams.find(input);
  const { Records } = input;
  for (const [index, record] of Records.entries()) check(stream, record, ` of record ${index + 1}`);
  if (Records.reduce((sum, record) => sum + sizeOf(record), 0) > MAX_BYTES) {
    throw invalid(`Records size exceeds 10 MiB limit: put fewer records, or smaller ones, in one call.`);
  }
  refuseDryRun(input);
  const placed = stream.put(Records.map(toRecord));
  return {
    FailedRecordCount: placed.filter((one) => "exceeded" in one).length,
    Records: placed.map((one) => {
      if (!("exceeded" in one)) return { ShardId: one.shardId, SequenceNumber: one.sequenceNumber };
      const { code, message } = exceeded(stream, one.exceeded);
      return { ErrorCode: code, ErrorMessage: message };
    }),
    ...encryptionOf(stream),
  };
}

/** Present if records are encrypted. */
function encryptionOf({ settings }: Stream): { EncryptionType?: "KMS" } {
  return settings.keyId === undefined ? {} : { EncryptionType: "KMS" };
}

function toRecord({ Data, PartitionKey, ExplicitHashKey }: NewRecord) {
  return { data: Data, partitionKey: PartitionKey, explicitHashKey: ExplicitHashKey };
}

function sizeOf({ Data, PartitionKey = "" }: NewRecord): number {
  return Data.length + Buffer.byteLength(PartitionKey);
}

function check({ name, settings }: Stream, record: NewRecord, where: string): void {
  const { maxRecordKiB, distribution } = settings;
  const { PartitionKey, ExplicitHashKey = "0" } = record;
  if (PartitionKey === undefined && distribution === "USER_PARTITION_KEY") {
    throw invalid(
      `The PartitionKey${where} is missing. It is optional only for streams whose record distribution strategy is AUTO.`,
    );
  }
  if (BigInt(ExplicitHashKey) > LAST_HASH_KEY) {
    throw invalid(
      `Invalid ExplicitHashKey${where}. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${ExplicitHashKey}`,
    );
  }
  if (sizeOf(record) > maxRecordKiB * 1024) {
    const size = `The data and the partition key${where} have ${sizeOf(record)} bytes`;
    throw invalid(
      `${size}, but stream ${name} takes at most ${maxRecordKiB * 1024} in a record (MaxRecordSizeInKiB, which can be 10240).`,
    );
  }
}

function exceeded({ name }: Stream, shardId: string): AwsError {
  const message = `Rate exceeded for shard ${shardId} in stream ${name} under account ${account}.`;
  return new AwsError("ProvisionedThroughputExceededException", message);
}
