import { randomUUID } from "node:crypto";
import { batchInfoOf } from "../core/polling/batchInfo";
import type { Reason, StreamBatch } from "../core/polling/lane";
import type { StreamSource } from "../core/sources";

/** The last call of the function with a batch. */
export interface Attempt {
  requestId: string;
  /** The version that ran. */
  version: string;
  /** Whether the function failed, and did not just report failures. */
  failed: boolean;
}

export interface Discarded {
  source: StreamSource;
  batch: StreamBatch;
  reason: Reason;
  attempts: number;
  functionArn: string;
  last: Attempt | undefined;
}

/** What a destination gets of records that are given up. @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
export function reportOf({ source, batch, reason, attempts, functionArn, last }: Discarded): object {
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
    ...batchInfoOf(source, batch),
  };
}
