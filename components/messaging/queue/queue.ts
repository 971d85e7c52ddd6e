import * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../../access";
import { alarm } from "../../observability/alarms";
import { ComponentResource, onceReady } from "../../resource";
import { alarmOnDeadLetters, createDeadLetterQueue, queueEncryption } from "../deadLetters";
import { keyStatements } from "../key";
import { keyActions, queueActions, redriveActions } from "../rules/actions";
import { createQueuePolicy } from "../senders";
import type { QueueArgs } from "./args";
import { checkQueue } from "./checks";

/** How a function may use a queue; `redrive` moves its dead letters back. */
export type QueueAccessLevel = "send" | "consume" | "redrive";

/** Which environment variable `access()` sets. */
export interface QueueAccessOptions {
  /**
   * The environment variable that holds the queue's URL (for `redrive`: the ARN of its dead letter queue).
   * @default "QUEUE_URL" ("DEAD_LETTER_ARN")
   */
  environmentName?: string;
}

/**
 * An SQS queue: encrypted, reachable over TLS only, with a dead letter queue for messages that nobody manages to process.
 */
export class Queue extends ComponentResource<QueueArgs, Queue> {
  /** The queue's ARN, which a function's events name. */
  declare readonly queueArn: pulumi.Output<string>;
  /** The queue's URL, which senders and consumers need. */
  declare readonly queueUrl: pulumi.Output<string>;
  /** The queue's name. */
  declare readonly queueName: pulumi.Output<string>;
  /** The visibility timeout in seconds, against which a function's events check the function's timeout. */
  declare readonly visibilityTimeout: pulumi.Output<number>;
  /** ARN of the queue for dead letters. */
  declare readonly deadLetterArn: pulumi.Output<string>;
  /** The queue itself. */
  declare readonly queue: sqs.Queue;
  /** The queue for dead letters; undefined if `deadLetterArn` is given. */
  declare readonly deadLetterQueue?: sqs.Queue;
  /** What `access("send")` returns, for other languages. */
  declare readonly sendAccess: FunctionAccess;
  /** What `access("consume")` returns, for other languages. */
  declare readonly consumeAccess: FunctionAccess;
  /** What `access("redrive")` returns, for other languages. */
  declare readonly redriveAccess: FunctionAccess;
  /** The customer key. */
  declare readonly kmsKeyArn?: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: QueueArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["queueArn", "queueUrl", "queueName", "visibilityTimeout", "deadLetterArn"] as const;
    super({ type: "Queue", rules: checkQueue, outputs, optionalOutputs: ["kmsKeyArn"] }, name, args, opts);
  }

  protected create(name: string, args: QueueArgs): void {
    if (args.kmsKeyArn !== undefined) this.set({ kmsKeyArn: pulumi.output(args.kmsKeyArn) });
    if (args.deadLetterArn === undefined) {
      this.set({ deadLetterQueue: createDeadLetterQueue(`${name}-dead-letters`, args, this.guarded()) });
    }
    this.set({ deadLetterArn: pulumi.output(args.deadLetterArn ?? this.deadLetterQueue?.arn ?? "") });
    const queue = this.createQueue(name, args);
    this.set({ queue, queueName: queue.name, visibilityTimeout: pulumi.output(args.visibilityTimeout ?? 60) });
    // Nobody should send before the queue is closed to everybody else.
    const ready = [createQueuePolicy(name, queue, args.senders ?? [], { parent: this })];
    this.set({ queueArn: onceReady(queue.arn, ready), queueUrl: onceReady(queue.url, ready) });
    this.restrictDeadLetters(name, args);
    this.set({
      sendAccess: this.access("send"),
      consumeAccess: this.access("consume"),
      redriveAccess: this.access("redrive"),
    });
    this.createAlarms(name, args);
  }

  /**
   * What a function or job needs to use the queue: pass it to `access` of a LambdaFunction. A function whose `events`
   * name the queue needs none.
   * @param level `send`, `consume`, or `redrive` to move its dead letters back
   */
  access(level: QueueAccessLevel, options: QueueAccessOptions = {}): FunctionAccess {
    if (level === "redrive") return this.accessToDeadLetters(options);
    const { environmentName = "QUEUE_URL" } = options;
    const use = keyActions[level === "send" ? "write" : "read"];
    return {
      environment: { [environmentName]: this.queueUrl },
      statements: [
        { actions: queueActions[level], resources: [this.queueArn] },
        ...keyStatements("sqs", this.queueArn, this.kmsKeyArn, use),
      ],
    };
  }

  private accessToDeadLetters({ environmentName = "DEAD_LETTER_ARN" }: QueueAccessOptions): FunctionAccess {
    return {
      environment: { [environmentName]: this.deadLetterArn },
      statements: [
        { actions: redriveActions, resources: [this.deadLetterArn] },
        { actions: ["sqs:SendMessage"], resources: [this.queueArn] },
        ...keyStatements("sqs", this.queueArn, this.kmsKeyArn, keyActions.write),
      ],
    };
  }

  private createQueue(name: string, args: QueueArgs): sqs.Queue {
    const { fifo, contentBasedDeduplication, highThroughput, maximumReceives = 5 } = args;
    const throughput = { deduplicationScope: "messageGroup", fifoThroughputLimit: "perMessageGroupId" };
    return new sqs.Queue(
      name,
      {
        receiveWaitTimeSeconds: 20,
        tags: args.tags,
        ...args.queueArgs,
        ...queueEncryption(args.kmsKeyArn),
        ...(fifo && { fifoQueue: true, contentBasedDeduplication, ...(highThroughput && throughput) }),
        visibilityTimeoutSeconds: args.visibilityTimeout ?? 60,
        messageRetentionSeconds: args.retention ?? 345_600,
        delaySeconds: args.delay ?? 0,
        maxMessageSize: args.maximumMessageSize ?? 1_048_576,
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: this.deadLetterArn,
          maxReceiveCount: maximumReceives,
        }),
      },
      this.guarded(),
    );
  }

  /** The dead letter queue takes dead letters of this queue only, and what the senders cannot deliver to it, over TLS. */
  private restrictDeadLetters(name: string, { senders = [] }: QueueArgs): void {
    if (!this.deadLetterQueue) return;
    const { url: queueUrl } = this.deadLetterQueue;
    createQueuePolicy(`${name}-dead-letters`, this.deadLetterQueue, senders, { parent: this });
    const redriveAllowPolicy = pulumi.jsonStringify({
      redrivePermission: "byQueue",
      sourceQueueArns: [this.queue.arn],
    });
    new sqs.RedriveAllowPolicy(name, { queueUrl, redriveAllowPolicy }, { parent: this });
  }

  private createAlarms(name: string, args: QueueArgs): void {
    const { alarmTopicArns = [], alarmAge = 900, tags } = args;
    if (alarmTopicArns.length === 0) return;
    const opts = { parent: this };
    const late = {
      description: `Messages wait in ${name} for more than ${alarmAge} seconds`,
      namespace: "AWS/SQS",
      metric: "ApproximateAgeOfOldestMessage",
      dimensions: { QueueName: this.queueName },
      statistic: "Maximum",
      threshold: alarmAge,
      tags,
    };
    alarm(`${name}-age`, late, alarmTopicArns, opts);
    const dead = this.deadLetterArn.apply((arn = "") => arn.slice(arn.lastIndexOf(":") + 1));
    alarmOnDeadLetters(name, `Nobody managed to process messages of ${name}`, dead, args, opts);
  }
}
