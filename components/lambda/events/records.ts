import type * as lambda from "@pulumi/aws/lambda";
import type * as pulumi from "@pulumi/pulumi";
import type { Mistakes } from "../../validation";
import { type BatchMappingArgs, responseTypes } from "./mapping";

/** Where in a stream or topic a function begins to read. */
export const StartingPosition = {
  /** With the oldest record that the stream still has. */
  Oldest: "TRIM_HORIZON",
  /** With the next record. Those that arrive while the function is being set up may be missed. */
  Latest: "LATEST",
  /** With the first record since `startingTimestamp`; not for DynamoDB. */
  Timestamp: "AT_TIMESTAMP",
} as const;
export type StartingPosition = (typeof StartingPosition)[keyof typeof StartingPosition];

/** What sources have in common whose records stay in order, and which a record that keeps failing would block. */
export interface RecordEventArgs extends BatchMappingArgs {
  /** Most records in a call, 1–10,000. @minimum 1 @maximum 10000 @unit records @default 100 */
  batchSize?: number;
  /** Where to begin. @default "TRIM_HORIZON" */
  startingPosition?: StartingPosition;
  /**
   * The time to begin at with `AT_TIMESTAMP`, such as `2030-01-31T03:00:00Z`; it must not be in the future.
   * @pattern `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$` @write a time such as 2030-01-31T03:00:00Z
   */
  startingTimestamp?: string;
  /** Split a batch that the function fails on, and retry both halves, to isolate the bad record. @default true */
  bisect?: boolean;
  /**
   * Retries of a batch that the function fails on, 0–10,000, before its records are dead letters. Until then they block
   * their shard or partition. @minimum 0 @maximum 10000 @default 5
   */
  retries?: number;
  /**
   * How old a record may become, 60–604,800 seconds, before it is a dead letter, processed or not.
   * @minimum 60 @maximum 604800 @unit seconds @default 86400
   */
  maximumAge?: number;
  /**
   * ARN of the SQS queue, SNS topic or S3 bucket for records that the function finally fails on. Queues and topics only
   * get the records' place in the stream. @default the function's own dead letter queue
   */
  deadLetterArn?: pulumi.Input<string>;
}

/** Where reading begins, in the mapping's words. */
export function startSettings({
  batchSize = 100,
  startingPosition,
  startingTimestamp,
}: RecordEventArgs): Pick<
  lambda.EventSourceMappingArgs,
  "batchSize" | "startingPosition" | "startingPositionTimestamp"
> & { startingPosition: string } {
  return {
    batchSize,
    startingPosition: startingPosition ?? StartingPosition.Oldest,
    startingPositionTimestamp: startingTimestamp,
  };
}

/** What becomes of records that the function fails on, in the mapping's words. */
export function failureSettings(
  args: RecordEventArgs,
  deadLetterArn: pulumi.Input<string>,
): Partial<lambda.EventSourceMappingArgs> {
  return {
    functionResponseTypes: responseTypes(args),
    bisectBatchOnFunctionError: args.bisect ?? true,
    maximumRetryAttempts: args.retries ?? 5,
    maximumRecordAgeInSeconds: args.maximumAge ?? 86_400,
    destinationConfig: { onFailure: { destinationArn: deadLetterArn } },
  };
}

/** Adds every mistake in where reading begins. */
export function checkStart(
  mistakes: Mistakes,
  { startingPosition, startingTimestamp }: RecordEventArgs,
  path: string,
): void {
  const atTimestamp = startingPosition === StartingPosition.Timestamp;
  const place = `${path}.startingTimestamp`;
  const known = mistakes.from(`${path}.startingPosition`);
  if (startingTimestamp === undefined) {
    known.check(!atTimestamp, place, "is missing; write the time to begin at, such as 2030-01-31T03:00:00Z");
    return;
  }
  const instead = "write both, or leave it out";
  known.check(atTimestamp, place, `does nothing unless \`startingPosition\` is "AT_TIMESTAMP"; ${instead}`);
  const past = !(Date.parse(startingTimestamp) > Date.now());
  mistakes.check(past, place, `is ${startingTimestamp}, in the future; write a time before now`);
}
