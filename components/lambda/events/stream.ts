import * as pulumi from "@pulumi/pulumi";
import { type EventFields, KINESIS_RECORD, TABLE_CHANGE } from "../../../expressions/patterns";
import { type Statement, whenKnown } from "../../access";
import type { KmsKeyArn } from "../../kms/keyArn";
import { streamActions } from "../../table/rules/actions";
import type { Mistakes } from "../../validation";
import { destinationStatement } from "./destination";
import { checkFilters } from "./filters";
import { createMapping } from "./mapping";
import { checkStart, failureSettings, type RecordEventArgs, StartingPosition, startSettings } from "./records";
import { decrypting, type EventSource } from "./source";

/** The records of a Kinesis stream, or the changes of a DynamoDB table. */
export interface StreamEventArgs extends RecordEventArgs {
  /** ARN of the Kinesis stream, or of the table's stream. */
  streamArn: pulumi.Input<string>;
  /**
   * ARN of a consumer of the Kinesis stream for enhanced fan-out, which then reads 2 MB a second from each shard alone.
   * @default reads together with all others
   */
  consumerArn?: pulumi.Input<string>;
  /** Customer key of the stream, which the function's role may then decrypt with. @default AWS's own key */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
  /** Seconds to wait for a full batch, 0–300. @minimum 0 @maximum 300 @unit seconds @default 0 */
  batchWindow?: number;
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
  /**
   * Seconds, 1–604,800, by which reading may lag behind before the function's `alarmTopicArns` are notified. Lambda measures all
   * streams of a function together. @minimum 1 @maximum 604800 @unit seconds @default 300
   */
  alarmLag?: number;
}

export const streamSource: EventSource<StreamEventArgs> = {
  hasDeadLetters: true,
  check(mistakes, args, path) {
    checkFilters(mistakes, args, path, recordFields(args));
    checkStart(mistakes, args, path);
    checkPosition(mistakes, args, path);
    checkConsumer(mistakes, args, path);
  },
  statements({ streamArn, consumerArn, kmsKeyArn }, deadLetterArn) {
    const readers = whenKnown(streamArn, (arn) => readStatements(arn, consumerArn));
    return pulumi
      .all([readers, destinationStatement(deadLetterArn)])
      .apply(([reading, sending]) => [...reading, ...decrypting(kmsKeyArn), sending]);
  },
  create(name, args, wiring) {
    const { functionName, deadLetterArn } = wiring;
    const settings = {
      eventSourceArn: args.consumerArn ?? args.streamArn,
      ...startSettings(args),
      ...failureSettings(args, deadLetterArn),
      maximumBatchingWindowInSeconds: args.batchWindow ?? 0,
      parallelizationFactor: args.parallelization ?? 1,
      tumblingWindowInSeconds: args.tumblingWindow,
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

/** Computed values are undefined in some programs' own unit tests. */
function serviceOf(arn: string | undefined): string | undefined {
  return arn?.split(":")[2];
}

function recordFields({ streamArn }: StreamEventArgs): EventFields {
  if (typeof streamArn !== "string") return { ...KINESIS_RECORD, ...TABLE_CHANGE };
  return serviceOf(streamArn) === "dynamodb" ? TABLE_CHANGE : KINESIS_RECORD;
}

function checkPosition(mistakes: Mistakes, { streamArn, startingPosition }: StreamEventArgs, path: string): void {
  const isTable = typeof streamArn === "string" && serviceOf(streamArn) === "dynamodb";
  const atTimestamp = startingPosition === StartingPosition.Timestamp;
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
