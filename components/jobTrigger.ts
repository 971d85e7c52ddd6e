import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import { BucketNotification } from "@pulumi/aws/s3/bucketNotification";
import * as scheduler from "@pulumi/aws/scheduler";
import * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement, trustPolicy } from "./access";
import { alarm } from "./alarms";
import { jobInput, jobTransformer } from "./jobs/request";
import { BucketEvents, type BucketTriggerArgs, type JobTriggerArgs } from "./jobs/triggerArgs";
import { checkTrigger } from "./jobs/triggerChecks";

/** What is submitted, and to where. */
interface Target {
  queueArn: pulumi.Input<string>;
  definitionArn: pulumi.Input<string>;
  shareIdentifier?: string;
  arraySize?: number;
  environment: Record<string, pulumi.Input<string>>;
  parameters: Record<string, pulumi.Input<string>>;
  statements: Statement[];
}

const twoWeeks = 1_209_600;

/**
 * Submits a job on a schedule, for each object in a bucket, or for each event like a pattern. What Batch does not take
 * is tried again, and then kept in a dead letter queue. EventBridge may submit twice for one event: jobs should be idempotent.
 */
export class JobTrigger extends pulumi.ComponentResource {
  /** ARN of the EventBridge rule or schedule. */
  declare readonly triggerArn: pulumi.Output<string>;
  /** Where events go that no job could be submitted for. */
  declare readonly deadLetterQueue: sqs.Queue;
  /** What EventBridge submits the job as. */
  declare readonly role: iam.Role;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: JobTriggerArgs, opts?: pulumi.ComponentResourceOptions) {
    checkTrigger(name, args).throwIfAny(JobTrigger, name);
    super("pulumi-graviton:index:JobTrigger", name, opts?.urn ? { triggerArn: undefined } : {}, opts);
    if (opts?.urn) return;

    const target = targetOf(args);
    this.deadLetterQueue = this.createDeadLetterQueue(name, args);
    this.role = this.createRole(name, args);
    const policy = this.createPolicy(name, target, args);
    this.triggerArn = args.schedule
      ? this.createSchedule(name, args.schedule, target, policy, args)
      : this.createRule(name, target, policy, args);
    this.createDeadLetterAlarm(name, args);
    this.registerOutputs({ triggerArn: this.triggerArn });
  }

  private createDeadLetterQueue(name: string, { tags }: JobTriggerArgs): sqs.Queue {
    const queueArgs = { sqsManagedSseEnabled: true, messageRetentionSeconds: twoWeeks, tags };
    return new sqs.Queue(name, queueArgs, { parent: this });
  }

  private createRole(name: string, { schedule, permissionsBoundary, tags }: JobTriggerArgs): iam.Role {
    const assumeRolePolicy = trustPolicy(schedule ? "scheduler.amazonaws.com" : "events.amazonaws.com");
    return new iam.Role(name, { assumeRolePolicy, permissionsBoundary, tags }, { parent: this });
  }

  /** The scheduler sends dead letters as its role; a rule does so by the queue's policy. */
  private createPolicy(name: string, { statements }: Target, { schedule }: JobTriggerArgs): iam.RolePolicy {
    const send = schedule ? [{ actions: ["sqs:SendMessage"], resources: [this.deadLetterQueue.arn] }] : [];
    const policy = policyDocument([...statements, ...send]);
    return new iam.RolePolicy(name, { role: this.role.name, policy }, { parent: this });
  }

  private createSchedule(
    name: string,
    scheduleExpression: string,
    target: Target,
    policy: iam.RolePolicy,
    { timeZone = "UTC", flexibleMinutes, enabled = true, ...args }: JobTriggerArgs,
  ): pulumi.Output<string> {
    // A group of its own: the scheduler's metrics tell groups apart, not schedules.
    const group = new scheduler.ScheduleGroup(name, { tags: args.tags }, { parent: this });
    const mode = flexibleMinutes === undefined ? "OFF" : "FLEXIBLE";
    const schedule = new scheduler.Schedule(
      name,
      {
        groupName: group.name,
        scheduleExpression,
        scheduleExpressionTimezone: timeZone,
        flexibleTimeWindow: { mode, maximumWindowInMinutes: flexibleMinutes },
        state: enabled ? "ENABLED" : "DISABLED",
        target: {
          arn: partitionOf(target.queueArn).apply(
            (partition) => `arn:${partition}:scheduler:::aws-sdk:batch:submitJob`,
          ),
          input: submitInput(name, target),
          ...this.delivery(args),
        },
      },
      { parent: this, dependsOn: policy },
    );
    const dimensions = { ScheduleGroup: group.name };
    this.createAlarm(name, { namespace: "AWS/Scheduler", metric: "TargetErrorCount", dimensions }, args);
    return schedule.arn;
  }

  private createRule(
    name: string,
    { queueArn, definitionArn, arraySize, environment, parameters }: Target,
    policy: iam.RolePolicy,
    { bucket, eventPattern, eventBusName, enabled = true, ...args }: JobTriggerArgs,
  ): pulumi.Output<string> {
    const rule = new cloudwatch.EventRule(
      name,
      {
        description: `Submits the job ${name}`,
        eventPattern: pulumi.jsonStringify(bucket ? objectPattern(bucket) : eventPattern),
        eventBusName,
        state: enabled ? "ENABLED" : "DISABLED",
        tags: args.tags,
      },
      { parent: this },
    );
    this.allowDeadLetters(name, rule.arn);
    new cloudwatch.EventTarget(
      name,
      {
        rule: rule.name,
        eventBusName,
        arn: queueArn,
        batchTarget: { jobName: name, jobDefinition: definitionArn, arraySize },
        inputTransformer: pulumi
          .all([environment, parameters])
          .apply(([variables, values]) => jobTransformer({ environment: variables, parameters: values })),
        ...this.delivery(args),
      },
      { parent: this, dependsOn: policy },
    );
    if (bucket?.events === BucketEvents.Managed) {
      new BucketNotification(name, { bucket: bucket.name, eventbridge: true }, { parent: this });
    }
    const dimensions = { RuleName: rule.name, ...(eventBusName && { EventBusName: eventBusName }) };
    this.createAlarm(name, { namespace: "AWS/Events", metric: "FailedInvocations", dimensions }, args);
    return rule.arn;
  }

  private delivery({ retries = 20, maximumAge = 3600 }: Pick<JobTriggerArgs, "retries" | "maximumAge">) {
    return {
      roleArn: this.role.arn,
      deadLetterConfig: { arn: this.deadLetterQueue.arn },
      retryPolicy: { maximumRetryAttempts: retries, maximumEventAgeInSeconds: maximumAge },
    };
  }

  /** @see Amazon EventBridge User Guide, "Using dead-letter queues to process undelivered events" */
  private allowDeadLetters(name: string, ruleArn: pulumi.Output<string>): void {
    const statement = {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: this.deadLetterQueue.arn,
      Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
    };
    const policy = pulumi.jsonStringify({ Version: "2012-10-17", Statement: [statement] });
    new sqs.QueuePolicy(name, { queueUrl: this.deadLetterQueue.url, policy }, { parent: this });
  }

  private createDeadLetterAlarm(name: string, { alarmTopicArns = [], tags }: JobTriggerArgs): void {
    if (alarmTopicArns.length === 0) return;
    const spec = {
      description: `${name} could not submit its job, and its dead letter queue says for what`,
      namespace: "AWS/SQS",
      metric: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: this.deadLetterQueue.name },
      statistic: "Maximum",
      threshold: 1,
      tags,
    };
    alarm(`${name}-dead-letters`, spec, alarmTopicArns, { parent: this });
  }

  private createAlarm(
    name: string,
    metric: { namespace: string; metric: string; dimensions: Record<string, pulumi.Input<string>> },
    { alarmTopicArns = [], tags }: Pick<JobTriggerArgs, "alarmTopicArns" | "tags">,
  ): void {
    if (alarmTopicArns.length === 0) return;
    const spec = { ...metric, description: `Batch did not take the job of ${name}`, threshold: 1, tags };
    alarm(`${name}-failed`, spec, alarmTopicArns, { parent: this });
  }
}

function targetOf({ batch, job, shareIdentifier, bucket, arraySize, environment, parameters = {} }: JobTriggerArgs) {
  const access = batch.access("submit", { job, shareIdentifier });
  const { JOB_QUEUE: queueArn = "", JOB_DEFINITION: definitionArn = "", JOB_ARRAY_SIZE } = access.environment;
  const object = bucket && { BUCKET_NAME: "$.detail.bucket.name", OBJECT_KEY: "$.detail.object.key" };
  return {
    queueArn,
    definitionArn,
    shareIdentifier,
    arraySize: arraySize ?? (JOB_ARRAY_SIZE === undefined ? undefined : Number(JOB_ARRAY_SIZE)),
    environment: { ...object, ...environment },
    parameters,
    statements: access.statements,
  };
}

function objectPattern({ name, prefix }: BucketTriggerArgs) {
  const object = prefix === undefined ? {} : { object: { key: [{ prefix }] } };
  return { source: ["aws.s3"], "detail-type": ["Object Created"], detail: { bucket: { name: [name] }, ...object } };
}

/** @see EventBridge Scheduler User Guide, "Using universal targets"; AWS Batch API, SubmitJob */
function submitInput(name: string, target: Target): pulumi.Output<string> {
  const { queueArn, definitionArn, shareIdentifier, arraySize, environment, parameters } = target;
  return pulumi
    .all([queueArn, definitionArn, environment, parameters])
    .apply(([queue, definition, variables, values]) =>
      JSON.stringify({
        JobName: name,
        JobQueue: queue,
        JobDefinition: definition,
        ShareIdentifier: shareIdentifier,
        ArrayProperties: arraySize === undefined ? undefined : { Size: arraySize },
        ...jobInput({ environment: variables, parameters: values }),
      }),
    );
}

function partitionOf(arn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.output(arn).apply((text) => text.split(":")[1] ?? "aws");
}
