import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as dynamodb from "@pulumi/aws/dynamodb";
import type * as lambda from "@pulumi/aws/lambda";
import type * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../access";
import { objectPattern, sendBucketEvents } from "../eventbridge/bucket";
import { delivery } from "../eventbridge/delivery";
import { createRule, eventsService } from "../eventbridge/rule";
import { LambdaFunction } from "../lambda/lambdaFunction";
import { Queue } from "../messaging/queue/queue";
import { ComponentResource } from "../resource";
import { ItemsTable } from "../table/itemsTable";
import type { EtlPipelineArgs } from "./args";
import { checkPipeline } from "./checks";
import { type Work, workOf } from "./work";

/** How a function may use the records of runs. */
export type EtlPipelineAccessLevel = "read";

/** The variable with the name of the runs' table. */
const environmentName = "RUNS_TABLE_NAME";

/** In seconds: more than writing a record, submitting and writing again take with all the SDK's retries. */
const timeout = 30;
/** As AWS recommends. */
const visibilityTimeout = 6 * timeout;

/**
 * Runs a Batch job, an EMR step or an EMR Serverless job for each new object in a bucket: once for each version, or, in a
 * bucket without versions, for each content of a key, however often the event arrives. The record of each run is kept in
 * a table.
 *
 * The event of a run's failure becomes a dead letter, with the reason. Redriving the dead letters to their queue begins
 * another attempt at each of those runs. So do the events of objects whose work could not be submitted.
 */
export class EtlPipeline extends ComponentResource<EtlPipelineArgs, EtlPipeline> {
  /** The name of the table with the records of runs. */
  declare readonly runsTableName: pulumi.Output<string>;
  /** ARN of the queue of events. */
  declare readonly queueArn: pulumi.Output<string>;
  /** ARN of the queue for dead letters. */
  declare readonly deadLetterArn: pulumi.Output<string>;
  /** The name of the function that submits the work, whose log shows the details. */
  declare readonly functionName: pulumi.Output<string>;
  /** The table with the records of runs, with the index `byState` of their states and times. */
  declare readonly table: dynamodb.Table;
  /** The queue of events. */
  declare readonly queue: sqs.Queue;
  /** The function that submits the work. */
  declare readonly function: lambda.Function;
  /** The function's logs. */
  declare readonly logGroup: cloudwatch.LogGroup;
  /** What `access("read")` returns, for other languages. */
  declare readonly readAccess: FunctionAccess;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: EtlPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["runsTableName", "queueArn", "deadLetterArn", "functionName"] as const;
    super({ type: "EtlPipeline", rules: checkPipeline, outputs }, name, args, opts);
  }

  protected create(name: string, args: EtlPipelineArgs): void {
    const work = workOf(args);
    const runs = this.createTable(name, args);
    this.set({ table: runs.table, runsTableName: runs.tableName });
    this.set({ readAccess: runs.access("read", { environmentName }) });
    const rules = this.createRules(name, work, args);
    const queue = this.createQueue(name, rules, args);
    this.set({ queue: queue.queue, queueArn: queue.queueArn, deadLetterArn: queue.deadLetterArn });
    const submitter = this.createFunction(name, work, runs, args);
    const { functionName, logGroup } = submitter;
    this.set({ function: submitter.function, functionName, logGroup });
    for (const [target, rule] of Object.entries(rules)) this.createTarget(target, rule);
    sendBucketEvents(name, args.bucket.bucketName, args.bucket.events, { parent: this });
  }

  /** What a function needs to read the records of runs, in RUNS_TABLE_NAME: pass it to a LambdaFunction's `access`. */
  access(_level: EtlPipelineAccessLevel): FunctionAccess {
    if (this.readAccess) return this.readAccess;
    throw new pulumi.RunError("access: call it where the pipeline is created, not on a reference to it");
  }

  private createTable(name: string, { deletionProtection, ...args }: EtlPipelineArgs): ItemsTable {
    const { kmsKeyArn, alarmTopicArns, tags } = args;
    const byState = { name: "byState", hashKey: { name: "state" }, rangeKey: { name: "createdAt" } };
    const common = { deletionProtection, kmsKeyArn, alarmTopicArns, tags };
    const settings = { ...common, globalIndexes: [byState], ttlAttribute: "expiresAt" };
    return new ItemsTable(name, settings, this.guarded());
  }

  /** The rules for objects and for changes of the work's state, by their names. */
  private createRules(name: string, work: Work, { bucket, tags }: EtlPipelineArgs) {
    const changes = work.changes(pulumi.interpolate`${this.runsTableName}-`);
    const rules = {
      [name]: { description: `Objects for ${name}`, pattern: objectPattern(bucket) },
      [`${name}-changes`]: { description: `Changes of the state of ${name}'s work`, pattern: changes },
    };
    return Object.fromEntries(
      Object.entries(rules).map(([rule, settings]) => [
        rule,
        createRule(rule, { ...settings, tags }, { parent: this }),
      ]),
    );
  }

  private createQueue(name: string, rules: Record<string, cloudwatch.EventRule>, args: EtlPipelineArgs): Queue {
    const { maximumReceives, kmsKeyArn, alarmTopicArns, tags } = args;
    const senders = Object.values(rules).map(({ arn }) => ({ service: eventsService, sourceArn: arn }));
    const settings = { visibilityTimeout, senders, maximumReceives, kmsKeyArn, alarmTopicArns, tags };
    return new Queue(name, settings, this.guarded());
  }

  private createFunction(
    name: string,
    { entry, access, submission }: Work,
    runs: ItemsTable,
    args: EtlPipelineArgs,
  ): LambdaFunction {
    const { maximumReceives = 5, retentionDays = 90, kmsKeyArn } = args;
    const { logRetentionDays, alarmTopicArns, permissionsBoundary, tags } = args;
    const queue = { queueArn: this.queueArn, visibilityTimeout, kmsKeyArn };
    return new LambdaFunction(
      name,
      {
        entry,
        description: `Submits the work of ${name} for each object`,
        timeout,
        access: [access, runs.access("crud", { environmentName })],
        environment: {
          SUBMISSION: pulumi.jsonStringify(submission),
          RETENTION_DAYS: String(retentionDays),
          // For so long a message is received, at least, before it is a dead letter.
          MESSAGE_LIFE_SECONDS: String(maximumReceives * visibilityTimeout),
        },
        // About 50 submissions a second, which is what Batch allows; EMR allows less, but takes longer for each.
        events: { events: { queue: { ...queue, batchSize: 5, maximumConcurrency: 2 } } },
        kmsKeyArn,
        logRetentionDays,
        alarmTopicArns,
        permissionsBoundary,
        tags,
      },
      { parent: this },
    );
  }

  private createTarget(name: string, rule: cloudwatch.EventRule): void {
    const { queueArn, deadLetterArn } = this;
    // For a day, the longest that EventBridge tries.
    const patient = delivery({ retries: 185, maximumAge: 86_400 }, deadLetterArn);
    new cloudwatch.EventTarget(name, { rule: rule.name, arn: queueArn, ...patient }, { parent: this });
  }
}
