import { randomUUID } from "node:crypto";
import type { Reason, StreamBatch } from "../core/polling/lane";
import type { Kind } from "./configuration";

/** The last call of the function with a batch. */
export interface Attempt {
  requestId: string;
  /** The version that ran. */
  version: string;
  /** Whether the function failed, and did not just report failures. */
  failed: boolean;
}

export interface Discarded {
  kind: Kind;
  batch: StreamBatch;
  reason: Reason;
  attempts: number;
  streamArn: string;
  functionArn: string;
  last: Attempt | undefined;
}

/** What a destination gets of records that are given up. @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
export function reportOf({ kind, batch, reason, attempts, streamArn, functionArn, last }: Discarded): object {
  const { items, shardId } = batch;
  const [first, final] = [items[0], items.at(-1)].map((item) => ({
    number: item?.id,
    arrival: arrivalOf(kind, item?.record.arrived ?? 0),
  }));
  const info = {
    shardId,
    startSequenceNumber: first?.number,
    endSequenceNumber: final?.number,
    approximateArrivalOfFirstRecord: first?.arrival,
    approximateArrivalOfLastRecord: final?.arrival,
    batchSize: items.length,
    streamArn,
  };
  return {
    requestContext: {
      requestId: last?.requestId ?? randomUUID(),
      functionArn,
      condition: reason,
      approximateInvokeCount: attempts,
    },
    ...(reason === "RetryAttemptsExhausted" && {
      responseContext: {
        statusCode: 200,
        executedVersion: last?.version,
        functionError: last?.failed ? "Unhandled" : null,
      },
    }),
    version: "1.0",
    timestamp: new Date().toISOString(),
    [kind === "kinesis" ? "KinesisBatchInfo" : "DDBStreamBatchInfo"]: info,
  };
}

/** Tables' streams know times to the second. */
function arrivalOf(kind: Kind, time: number): string {
  const text = new Date(time).toISOString();
  return kind === "kinesis" ? text : text.replace(/\.\d+Z$/, "Z");
}

/** Where a report is stored in a bucket. */
export function keyOfReport(mapping: string, shardId: string): string {
  const now = new Date().toISOString();
  const time = now.slice(0, 19).replaceAll(":", ".");
  return `aws/lambda/${mapping}/${shardId}/${now.slice(0, 10).replaceAll("-", "/")}/${time}-${randomUUID()}`;
}
