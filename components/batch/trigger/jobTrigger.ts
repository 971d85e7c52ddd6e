import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as iam from "@pulumi/aws/iam";
import type * as scheduler from "@pulumi/aws/scheduler";
import type * as sqs from "@pulumi/aws/sqs";
import * as pulumi from "@pulumi/pulumi";
import { arnParts, type Statement } from "../../access";
import { objectPattern, sendBucketEvents } from "../../eventbridge/bucket";
import { createDeliveryPolicy, createDeliveryRole, delivery } from "../../eventbridge/delivery";
import { createRule, eventsService, failedInvocations } from "../../eventbridge/rule";
import { createGroup, createSchedule, droppedInvocations, schedulerService } from "../../eventbridge/schedule";
import { alarmOnDeadLetters, createDeadLetterQueue } from "../../messaging/deadLetters";
import { createQueuePolicy } from "../../messaging/senders";
import { alarm, type Metric } from "../../observability/alarms";
import { ComponentResource } from "../../resource";
import { jobTransformer } from "../submission/request";
import type { JobTriggerArgs } from "./args";
import { checkTrigger } from "./checks";
import { submitInput, type Target, targetOf } from "./target";

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
    this.set({ deadLetterQueue: createDeadLetterQueue(name, args, this.guarded()) });
    if (args.schedule) {
      const group = createGroup(name, args.tags, { parent: this });
      this.set({ role: this.createRole(name, schedulerService, group.arn, args) });
      // The scheduler sends dead letters with its role; a rule sends them by the queue's policy.
      const send = { actions: ["sqs:SendMessage"], resources: [this.deadLetterQueue.arn] };
      const policy = this.createPolicy(name, [...target.statements, send, ...keyStatements(args)]);
      this.set({ triggerArn: this.createSchedule(name, args.schedule, group, target, policy, args) });
    } else {
      const rule = this.createRule(name, args);
      this.set({ role: this.createRole(name, eventsService, rule.arn, args), triggerArn: rule.arn });
      const policy = this.createPolicy(name, target.statements);
      this.createTarget(name, rule, target, policy, args);
    }
    const described = `${name} could not submit its job; its dead letter queue contains the event`;
    alarmOnDeadLetters(name, described, this.deadLetterQueue.name, args, { parent: this });
  }

  private createRole(
    name: string,
    service: string,
    sourceArn: pulumi.Output<string>,
    { permissionsBoundary, tags }: JobTriggerArgs,
  ): iam.Role {
    return createDeliveryRole(name, { service, sourceArn, permissionsBoundary, tags }, { parent: this });
  }

  private createPolicy(name: string, statements: Statement[]): iam.RolePolicy {
    return createDeliveryPolicy(name, this.role, statements, { parent: this });
  }

  private createSchedule(
    name: string,
    expression: string,
    group: scheduler.ScheduleGroup,
    target: Target,
    policy: iam.RolePolicy,
    args: JobTriggerArgs,
  ): pulumi.Output<string> {
    const submission = {
      arn: arnParts(group.arn).apply(([, partition]) => `arn:${partition}:scheduler:::aws-sdk:batch:submitJob`),
      input: submitInput(name, target),
      ...this.delivery(args),
    };
    const opts = { parent: this, dependsOn: policy };
    const schedule = createSchedule(name, { ...args, expression }, group, submission, opts);
    this.createAlarm(name, droppedInvocations(group), args);
    return schedule.arn;
  }

  private createRule(name: string, args: JobTriggerArgs): cloudwatch.EventRule {
    const { bucket, eventPattern, eventBusName, enabled, tags } = args;
    const pattern = bucket ? objectPattern({ bucketName: bucket.name, prefix: bucket.prefix }) : eventPattern;
    const description = `Submits the job ${name}`;
    const rule = createRule(name, { description, pattern, eventBusName, enabled, tags }, { parent: this });
    if (bucket) sendBucketEvents(name, bucket.name, bucket.events, { parent: this });
    this.createAlarm(name, failedInvocations(rule, eventBusName), args);
    return rule;
  }

  private createTarget(
    name: string,
    rule: cloudwatch.EventRule,
    { queueArn, definitionArn, arraySize, environment, parameters }: Target,
    policy: iam.RolePolicy,
    { eventBusName, ...args }: JobTriggerArgs,
  ): void {
    const senders = [{ service: eventsService, sourceArn: rule.arn }];
    const deadLetters = createQueuePolicy(name, this.deadLetterQueue, senders, { parent: this });
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

  private delivery(args: Pick<JobTriggerArgs, "retries" | "maximumAge">) {
    return { roleArn: this.role.arn, ...delivery(args, this.deadLetterQueue.arn) };
  }

  private createAlarm(name: string, metric: Metric, { alarmTopicArns = [], tags }: JobTriggerArgs): void {
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
