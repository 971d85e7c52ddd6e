import * as pulumi from "@pulumi/pulumi";
import { QUEUE_MESSAGE } from "../../../expressions/patterns";
import type { KmsKeyArn } from "../../kms/keyArn";
import type { Mistakes } from "../../validation";
import { checkFilters } from "./filters";
import { type BatchMappingArgs, createMapping, responseTypes } from "./mapping";
import { decrypting, type EventSource, type Wiring } from "./source";

/** Pollers that always read a queue, for steady heavy traffic: instead of `maximumConcurrency`. */
export interface QueuePollersArgs {
  /** The fewest, 2–200. @minimum 2 @maximum 200 @unit pollers @default 2 */
  minimum?: number;
  /** The most, 2–10,000; the AWS provider documents 2,000. @minimum 2 @maximum 10000 @unit pollers @default 200 */
  maximum?: number;
}

/** The messages of an SQS queue, which should have a dead letter queue for those that the function keeps failing on. */
export interface QueueEventArgs extends BatchMappingArgs {
  /** ARN of the queue. */
  queueArn: pulumi.Input<string>;
  /**
   * The queue's visibility timeout in seconds, 0–43,200, such as a Queue's `visibilityTimeout`, which is then checked:
   * AWS demands at least the function's timeout, and recommends six times as much. @minimum 0 @maximum 43200
   * @unit seconds @default not checked
   */
  visibilityTimeout?: pulumi.Input<number>;
  /** Customer key of the queue, which the function's role may then decrypt with. @default SQS's own key */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
  /** Most messages in a call, 1–10,000, or 1–10 of a FIFO queue. @minimum 1 @maximum 10000 @unit messages @default 10 */
  batchSize?: number;
  /**
   * Seconds to wait for a full batch, 0–300; 0 for a FIFO queue. @minimum 0 @maximum 300 @unit seconds
   * @default 1 if `batchSize` is over 10, as AWS demands, otherwise 0
   */
  batchWindow?: number;
  /** The most calls at the same time, 2–1,000. @minimum 2 @maximum 1000 @unit calls @default as many as Lambda has */
  maximumConcurrency?: number;
  /** Pollers that always read the queue. @default Lambda starts them as needed */
  pollers?: QueuePollersArgs;
}

export const queueSource: EventSource<QueueEventArgs> = {
  check(mistakes, args, path, { timeout }) {
    checkFilters(mistakes, args, path, QUEUE_MESSAGE);
    checkBatch(mistakes, args, path);
    checkPollers(mistakes, args, path);
    const { visibilityTimeout } = args;
    if (typeof visibilityTimeout !== "number" || typeof timeout !== "number") return;
    const mistake = visibilityMistake(visibilityTimeout, timeout);
    if (mistake) mistakes.from("timeout").add(`${path}.visibilityTimeout`, mistake);
  },
  statements({ queueArn, kmsKeyArn }) {
    const actions = [
      "sqs:ReceiveMessage",
      "sqs:DeleteMessage",
      "sqs:ChangeMessageVisibility",
      "sqs:GetQueueAttributes",
    ];
    return [{ actions, resources: [queueArn] }, ...decrypting(kmsKeyArn)];
  },
  create(name, args, wiring) {
    const { batchSize = 10, maximumConcurrency, pollers } = args;
    const settings = {
      eventSourceArn: checkedQueue(name, args, wiring),
      functionResponseTypes: responseTypes(args),
      batchSize,
      maximumBatchingWindowInSeconds: args.batchWindow ?? (batchSize > 10 ? 1 : 0),
      scalingConfig: maximumConcurrency === undefined ? undefined : { maximumConcurrency },
      provisionedPollerConfig: pollers && {
        minimumPollers: pollers.minimum ?? 2,
        maximumPollers: pollers.maximum ?? 200,
      },
    };
    return { connect: (ready) => createMapping(name, args, settings, wiring, ready) };
  },
};

function visibilityMistake(visibility: number, timeout: number): string | undefined {
  if (visibility >= timeout) return undefined;
  return (
    `is ${visibility}, less than the function's timeout, so messages would be processed twice; give the queue ` +
    `at least ${timeout} seconds, or as AWS recommends, ${6 * timeout}`
  );
}

/** The queue's ARN, once its visibility timeout, if given, is known to be long enough. */
function checkedQueue(name: string, { queueArn, visibilityTimeout }: QueueEventArgs, { timeout }: Wiring) {
  if (visibilityTimeout === undefined) return queueArn;
  return pulumi.all([queueArn, visibilityTimeout, timeout]).apply(([arn, visibility, known]) => {
    const mistake = known === undefined ? undefined : visibilityMistake(visibility, known);
    if (mistake) throw new pulumi.RunError(`The queue of "${name}": visibilityTimeout ${mistake}`);
    return arn;
  });
}

/** @see AWS Lambda API, CreateEventSourceMapping, BatchSize and MaximumBatchingWindowInSeconds */
function checkBatch(mistakes: Mistakes, { queueArn, batchSize = 10, batchWindow }: QueueEventArgs, path: string): void {
  if (typeof queueArn === "string") {
    const isQueue = /^arn:[\w-]+:sqs:[^:]*:[^:]*:[\w-]+(\.fifo)?$/.test(queueArn);
    mistakes.check(isQueue, `${path}.queueArn`, `is "${queueArn}"; write the ARN of an SQS queue`);
  }
  if (typeof queueArn === "string" && queueArn.endsWith(".fifo")) {
    const fifo = mistakes.from(`${path}.queueArn`);
    fifo.range(batchSize, `${path}.batchSize`, 1, 10, "messages of a FIFO queue");
    fifo.check(!batchWindow, `${path}.batchWindow`, "cannot be used with a FIFO queue; leave it out");
    return;
  }
  const waits = batchSize <= 10 || batchWindow !== 0;
  const instead = "write at least 1, or leave it out";
  mistakes.check(waits, `${path}.batchWindow`, `is 0, but AWS demands one for batches of more than 10; ${instead}`);
}

function checkPollers(mistakes: Mistakes, { maximumConcurrency, pollers }: QueueEventArgs, path: string): void {
  if (pollers === undefined) return;
  const both = maximumConcurrency !== undefined;
  mistakes.check(!both, `${path}.maximumConcurrency`, "cannot be combined with `pollers`; write one of them");
  const { minimum, maximum = 200 } = pollers;
  const known = mistakes.from(`${path}.pollers.maximum`);
  known.range(minimum, `${path}.pollers.minimum`, 2, Math.min(maximum, 200), "pollers, and not more than `maximum`");
}
