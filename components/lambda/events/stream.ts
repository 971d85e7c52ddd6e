import * as pulumi from "@pulumi/pulumi";
import { type Statement, whenKnown } from "../../access";
import type { KmsKeyArn } from "../../kms/keyArn";
import { streamActions } from "../../table/rules/actions";
import type { Mistakes } from "../../validation";
import { destinationStatement } from "./destination";
import { checkFilters, createMapping, type MappingArgs } from "./mapping";
import type { EventSource } from "./source";

/** Where in a stream a function begins to read. */
export const StartingPosition = {
  /** With the oldest record that the stream still has. */
  Oldest: "TRIM_HORIZON",
  /** With the next record. Those that arrive while the function is being set up may be missed. */
  Latest: "LATEST",
  /** With the first record since `startingTimestamp`; for Kinesis only. */
  Timestamp: "AT_TIMESTAMP",
} as const;
export type StartingPosition = (typeof StartingPosition)[keyof typeof StartingPosition];

/** The records of a Kinesis stream, or the changes of a DynamoDB table. */
export interface StreamEventArgs extends MappingArgs {
  /** ARN of the Kinesis stream, or of the table's stream. */
  streamArn: pulumi.Input<string>;
  /**
   * ARN of a consumer of the Kinesis stream for enhanced fan-out, which then reads 2 MB a second from each shard alone.
   * @default reads together with all others
   */
  consumerArn?: pulumi.Input<string>;
  /** Customer key of the stream, which the function's role may then decrypt with. @default AWS's own key */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
  /** Most records in a call, 1–10,000. @minimum 1 @maximum 10000 @unit records @default 100 */
  batchSize?: number;
  /** Seconds to wait for a full batch, 0–300. @minimum 0 @maximum 300 @unit seconds @default 0 */
  batchWindow?: number;
  /** Where to begin. @default "TRIM_HORIZON" */
  startingPosition?: StartingPosition;
  /**
   * The time to begin at with `AT_TIMESTAMP`, such as `2030-01-31T03:00:00Z`; it must not be in the future.
   * @pattern `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$` @write a time such as 2030-01-31T03:00:00Z
   */
  startingTimestamp?: string;
  /**
   * Batches of a shard that are processed at the same time, 1–10; records of one key stay in order.
   * @minimum 1 @maximum 10 @default 1
   */
  parallelization?: number;
  /**
   * Seconds of the windows over which the function aggregates, 0–900: it gets and returns `state`.
   * @minimum 0 @maximum 900 @unit seconds @default none
   */
  tumblingWindow?: number;
  /** Split a batch that the function fails on, and retry both halves, to isolate the bad record. @default true */
  bisect?: boolean;
  /**
   * Retries of a batch that the function fails on, 0–10,000, before its records are dead letters. Until then they block
   * their shard. @minimum 0 @maximum 10000 @default 5
   */
  retries?: number;
  /**
   * How old a record may become, 60–604,800 seconds, before it is a dead letter, processed or not.
   * @minimum 60 @maximum 604800 @unit seconds @default 86400
   */
  maximumAge?: number;
  /**
   * Seconds, 1–604,800, by which reading may lag behind before the function's `alarmTopicArns` are notified. Lambda measures all
   * streams of a function together. @minimum 1 @maximum 604800 @unit seconds @default 300
   */
  alarmLag?: number;
  /**
   * ARN of the SQS queue, SNS topic or S3 bucket for records that the function finally fails on. Queues and topics only
   * get the records' place in the stream. @default the function's own dead letter queue
   */
  deadLetterArn?: pulumi.Input<string>;
}

export const streamSource: EventSource<StreamEventArgs> = {
  hasDeadLetters: true,
  check(mistakes, args, path) {
    checkFilters(mistakes, args, path);
    checkStart(mistakes, args, path);
    checkConsumer(mistakes, args, path);
  },
  statements({ streamArn, consumerArn, kmsKeyArn }, deadLetterArn) {
    const readers = whenKnown(streamArn, (arn) => readStatements(arn, consumerArn));
    return pulumi.all([readers, destinationStatement(deadLetterArn)]).apply(([reading, sending]) => {
      const decrypting = kmsKeyArn === undefined ? [] : [{ actions: ["kms:Decrypt"], resources: [kmsKeyArn] }];
      return [...reading, ...decrypting, sending];
    });
  },
  create(name, args, wiring) {
    const { functionName, deadLetterArn } = wiring;
    const settings = {
      eventSourceArn: args.consumerArn ?? args.streamArn,
      batchSize: args.batchSize ?? 100,
      maximumBatchingWindowInSeconds: args.batchWindow ?? 0,
      startingPosition: args.startingPosition ?? StartingPosition.Oldest,
      startingPositionTimestamp: args.startingTimestamp,
      parallelizationFactor: args.parallelization ?? 1,
      tumblingWindowInSeconds: args.tumblingWindow,
      bisectBatchOnFunctionError: args.bisect ?? true,
      maximumRetryAttempts: args.retries ?? 5,
      maximumRecordAgeInSeconds: args.maximumAge ?? 86_400,
      destinationConfig: { onFailure: { destinationArn: deadLetterArn } },
    };
    const lag = {
      description: `${name} lags behind its stream`,
      namespace: "AWS/Lambda",
      metric: "IteratorAge",
      dimensions: { FunctionName: functionName },
      statistic: "Maximum",
      threshold: (args.alarmLag ?? 300) * 1000,
    };
    return {
      connect: (ready) => createMapping(name, args, settings, wiring, ready),
      alarms: { "iterator-age": lag },
    };
  },
};

/** @see AWS managed policies AWSLambdaKinesisExecutionRole and AWSLambdaDynamoDBExecutionRole */
function readStatements(streamArn: string, consumerArn?: pulumi.Input<string>): Statement[] {
  if (serviceOf(streamArn) === "dynamodb") {
    const streams = streamArn.replace(/\/stream\/.*$/, "/stream/*");
    return [
      { actions: streamActions, resources: [streamArn] },
      { actions: ["dynamodb:ListStreams"], resources: [streams] },
    ];
  }
  const actions = ["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"];
  const reading = { actions: actions.map((action) => `kinesis:${action}`), resources: [streamArn] };
  if (consumerArn === undefined) return [reading];
  return [reading, { actions: ["kinesis:SubscribeToShard"], resources: [consumerArn] }];
}

function serviceOf(arn: string): string | undefined {
  return arn.split(":")[2];
}

function checkStart(mistakes: Mistakes, args: StreamEventArgs, path: string): void {
  const { streamArn, startingPosition, startingTimestamp } = args;
  const atTimestamp = startingPosition === StartingPosition.Timestamp;
  const place = `${path}.startingTimestamp`;
  const known = mistakes.from(`${path}.startingPosition`);
  if (startingTimestamp === undefined) {
    known.check(!atTimestamp, place, "is missing; write the time to begin at, such as 2030-01-31T03:00:00Z");
  } else {
    const instead = "write both, or leave it out";
    known.check(atTimestamp, place, `does nothing unless \`startingPosition\` is "AT_TIMESTAMP"; ${instead}`);
    const past = !(Date.parse(startingTimestamp) > Date.now());
    mistakes.check(past, place, `is ${startingTimestamp}, in the future; write a time before now`);
  }
  const isTable = typeof streamArn === "string" && serviceOf(streamArn) === "dynamodb";
  const instead = 'which Lambda knows for Kinesis only; write "TRIM_HORIZON" or "LATEST"';
  mistakes.check(!(isTable && atTimestamp), `${path}.startingPosition`, `is "AT_TIMESTAMP", ${instead}`);
}

function checkConsumer(mistakes: Mistakes, { streamArn, consumerArn }: StreamEventArgs, path: string): void {
  if (typeof streamArn === "string") {
    const isStream = /^arn:[\w-]+:(kinesis:[^/]*:stream\/[\w.-]+|dynamodb:[^/]*:table\/[\w.-]+\/stream\/.+)$/.test(
      streamArn,
    );
    const instead = "write the ARN of a Kinesis stream, or of a table's stream";
    mistakes.check(isStream, `${path}.streamArn`, `is "${streamArn}"; ${instead}`);
  }
  if (typeof streamArn !== "string" || typeof consumerArn !== "string") return;
  const known = mistakes.from(`${path}.streamArn`);
  const ofStream = consumerArn.startsWith(`${streamArn}/consumer/`);
  known.check(ofStream, `${path}.consumerArn`, `is no consumer of ${streamArn}; write the ARN of one, or leave it out`);
}
