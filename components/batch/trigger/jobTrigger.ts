import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import { BucketNotification } from "@pulumi/aws/s3/bucketNotification";
import * as scheduler from "@pulumi/aws/scheduler";
import * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { arnParts, policyDocument, policyOf, type Statement } from "../../access";
import { alarm } from "../../observability/alarms";
import { ComponentResource } from "../../resource";
import { jobTransformer } from "../submission/request";
import { BucketEvents, type BucketTriggerArgs, type JobTriggerArgs } from "./args";
import { checkTrigger } from "./checks";
import { submitInput, type Target, targetOf } from "./target";

const events = "events.amazonaws.com";
const twoWeeks = 1_209_600;

/**
 * Submits a job on a schedule, for each object in a bucket, or for each event that matches a pattern. A submission that
 * Batch refuses is retried, and then kept in a dead letter queue. EventBridge may submit twice for one event: jobs
 * should be idempotent.
 */
export class JobTrigger extends ComponentResource<JobTriggerArgs, JobTrigger> {
  /** ARN of the EventBridge rule or schedule. */
  declare readonly triggerArn: pulumi.Output<string>;
  /** Keeps events for which no job could be submitted. */
  declare readonly deadLetterQueue: sqs.Queue;
  /** The role with which EventBridge submits the job. */
  declare readonly role: iam.Role;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: JobTriggerArgs, opts?: pulumi.ComponentResourceOptions) {
    super({ type: "JobTrigger", rules: checkTrigger, outputs: ["triggerArn"] }, name, args, opts);
  }

  protected create(name: string, args: JobTriggerArgs): void {
    const target = targetOf(args);
    this.set({ deadLetterQueue: this.createDeadLetterQueue(name, args) });
    if (args.schedule) {
      const group = this.createGroup(name, args);
      this.set({ role: this.createRole(name, "scheduler.amazonaws.com", group.arn, args) });
      // The scheduler sends dead letters with its role; a rule sends them by the queue's policy.
      const send = { actions: ["sqs:SendMessage"], resources: [this.deadLetterQueue.arn] };
      const policy = this.createPolicy(name, [...target.statements, send, ...keyStatements(args)]);
      this.set({ triggerArn: this.createSchedule(name, args.schedule, group, target, policy, args) });
    } else {
      const rule = this.createRule(name, args);
      this.set({ role: this.createRole(name, events, rule.arn, args), triggerArn: rule.arn });
      const policy = this.createPolicy(name, target.statements);
      this.createTarget(name, rule, target, policy, args);
    }
    this.createDeadLetterAlarm(name, args);
  }

  private createDeadLetterQueue(name: string, { kmsKeyArn, tags }: JobTriggerArgs): sqs.Queue {
    const encryption = kmsKeyArn === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: kmsKeyArn };
    return new sqs.Queue(name, { ...encryption, messageRetentionSeconds: twoWeeks, tags }, this.guarded());
  }

  private createRole(
    name: string,
    service: string,
    sourceArn: pulumi.Output<string>,
    { permissionsBoundary, tags }: JobTriggerArgs,
  ): iam.Role {
    const assumeRolePolicy = servicePolicy(service, sourceArn, { Action: "sts:AssumeRole" });
    return new iam.Role(name, { assumeRolePolicy, permissionsBoundary, tags }, { parent: this });
  }

  private createPolicy(name: string, statements: Statement[]): iam.RolePolicy {
    const policy = policyDocument(statements);
    return new iam.RolePolicy(name, { role: this.role.name, policy }, { parent: this });
  }

  /**
   * A group of its own: the scheduler's metrics, and the sources that a role can trust, refer to groups, not schedules.
   */
  private createGroup(name: string, { tags }: JobTriggerArgs): scheduler.ScheduleGroup {
    return new scheduler.ScheduleGroup(name, { tags }, { parent: this });
  }

  private createSchedule(
    name: string,
    scheduleExpression: string,
    group: scheduler.ScheduleGroup,
    target: Target,
    policy: iam.RolePolicy,
    { timeZone = "UTC", flexibleMinutes, enabled = true, ...args }: JobTriggerArgs,
  ): pulumi.Output<string> {
    const mode = flexibleMinutes === undefined ? "OFF" : "FLEXIBLE";
    const schedule = new scheduler.Schedule(
      name,
      {
        groupName: group.name,
        scheduleExpression,
        scheduleExpressionTimezone: timeZone,
        flexibleTimeWindow: { mode, maximumWindowInMinutes: flexibleMinutes },
        state: enabled ? "ENABLED" : "DISABLED",
        kmsKeyArn: args.kmsKeyArn,
        target: {
          arn: arnParts(group.arn).apply(([, partition]) => `arn:${partition}:scheduler:::aws-sdk:batch:submitJob`),
          input: submitInput(name, target),
          ...this.delivery(args),
        },
      },
      { parent: this, dependsOn: policy },
    );
    const dimensions = { ScheduleGroup: group.name };
    this.createAlarm(name, { namespace: "AWS/Scheduler", metric: "InvocationDroppedCount", dimensions }, args);
    return schedule.arn;
  }

  private createRule(name: string, args: JobTriggerArgs): cloudwatch.EventRule {
    const { bucket, eventPattern, eventBusName, enabled = true, tags } = args;
    const rule = new cloudwatch.EventRule(
      name,
      {
        description: `Submits the job ${name}`,
        eventPattern: pulumi.jsonStringify(bucket ? objectPattern(bucket) : eventPattern),
        eventBusName,
        state: enabled ? "ENABLED" : "DISABLED",
        tags,
      },
      { parent: this },
    );
    if (bucket?.events === BucketEvents.Managed) {
      new BucketNotification(name, { bucket: bucket.name, eventbridge: true }, { parent: this });
    }
    const dimensions = { RuleName: rule.name, ...(eventBusName && { EventBusName: eventBusName }) };
    this.createAlarm(name, { namespace: "AWS/Events", metric: "FailedInvocations", dimensions }, args);
    return rule;
  }

  private createTarget(
    name: string,
    rule: cloudwatch.EventRule,
    { queueArn, definitionArn, arraySize, environment, parameters }: Target,
    policy: iam.RolePolicy,
    { eventBusName, ...args }: JobTriggerArgs,
  ): void {
    const deadLetters = new sqs.QueuePolicy(
      name,
      {
        queueUrl: this.deadLetterQueue.url,
        policy: servicePolicy(events, rule.arn, { Action: "sqs:SendMessage", Resource: this.deadLetterQueue.arn }),
      },
      { parent: this },
    );
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
      { parent: this, dependsOn: [policy, deadLetters] },
    );
  }

  private delivery({ retries = 20, maximumAge = 3600 }: Pick<JobTriggerArgs, "retries" | "maximumAge">) {
    return {
      roleArn: this.role.arn,
      deadLetterConfig: { arn: this.deadLetterQueue.arn },
      retryPolicy: { maximumRetryAttempts: retries, maximumEventAgeInSeconds: maximumAge },
    };
  }

  private createDeadLetterAlarm(name: string, { alarmTopicArns = [], tags }: JobTriggerArgs): void {
    if (alarmTopicArns.length === 0) return;
    const spec = {
      description: `${name} could not submit its job; its dead letter queue contains the event`,
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
    const spec = { ...metric, description: `Batch refused the job of ${name}`, threshold: 1, tags };
    alarm(`${name}-failed`, spec, alarmTopicArns, { parent: this });
  }
}

/**
 * The scheduler reads the schedule, and sends dead letters, with its role.
 * @see EventBridge Scheduler User Guide, "Encryption at rest"; Amazon SQS Developer Guide, "Key management"
 */
function keyStatements({ kmsKeyArn }: JobTriggerArgs): Statement[] {
  return kmsKeyArn === undefined ? [] : [{ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [kmsKeyArn] }];
}

/**
 * The policy of a role or a queue: what a service may do on behalf of one rule or schedule group, and of no other.
 * @see User guides of EventBridge and EventBridge Scheduler, "Confused deputy prevention"
 */
function servicePolicy(
  service: string,
  sourceArn: pulumi.Output<string>,
  allowed: Record<string, pulumi.Input<string>>,
) {
  const Condition = { ArnEquals: { "aws:SourceArn": sourceArn } };
  return policyOf([{ Effect: "Allow", Principal: { Service: service }, ...allowed, Condition }]);
}

function objectPattern({ name, prefix }: BucketTriggerArgs) {
  const object = prefix === undefined ? {} : { object: { key: [{ prefix }] } };
  return { source: ["aws.s3"], "detail-type": ["Object Created"], detail: { bucket: { name: [name] }, ...object } };
}
