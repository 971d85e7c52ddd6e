import type * as pulumi from "@pulumi/pulumi";
import { jsonStringify } from "@pulumi/pulumi";
import { createDeliveryPolicy, createDeliveryRole, delivery } from "../../eventbridge/delivery";
import {
  checkSchedule,
  createGroup,
  createSchedule,
  droppedInvocations,
  schedulerService,
} from "../../eventbridge/schedule";
import type { KmsKeyArn } from "../../kms/keyArn";
import type { DeliveryArgs, Json } from "./rule";
import { decrypting, type EventSource } from "./source";

/** Times at which a function is called, by EventBridge Scheduler. */
export interface ScheduleEventArgs extends DeliveryArgs {
  /** `rate(1 day)`, `cron(0 3 * * ? *)` or once, `at(2030-01-31T03:00:00)`. */
  expression: string;
  /** The time zone of `cron` and `at`, such as `Europe/Berlin`. @default "UTC" */
  timeZone?: string;
  /**
   * Minutes, 1–1440, by which the scheduler may be late, to spread the load. @minimum 1 @maximum 1440 @unit minutes
   * @default to the minute
   */
  flexibleMinutes?: number;
  /**
   * What the function gets. In it, `<aws.scheduler.scheduled-time>` is replaced by the time. @write an object
   * @default an empty object
   */
  input?: Json;
  /** Customer key for the schedule. @default AWS's own key */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
}

export const scheduleSource: EventSource<ScheduleEventArgs> = {
  isAsynchronous: true,
  hasDeadLetters: true,
  check(mistakes, { expression, timeZone }, path) {
    checkSchedule(mistakes, expression, timeZone, { expression: `${path}.expression`, timeZone: `${path}.timeZone` });
  },
  create(name, args, { functionArn, deadLetterArn, permissionsBoundary, tags, opts }) {
    const group = createGroup(name, tags, opts);
    const owner = { service: schedulerService, sourceArn: group.arn, permissionsBoundary, tags };
    const role = createDeliveryRole(`${name}-scheduler`, owner, opts);
    const call = { actions: ["lambda:InvokeFunction"], resources: [functionArn] };
    const send = { actions: ["sqs:SendMessage"], resources: [deadLetterArn] };
    const policy = createDeliveryPolicy(`${name}-scheduler`, role, [call, send, ...decrypting(args.kmsKeyArn)], opts);
    const target = {
      arn: functionArn,
      roleArn: role.arn,
      input: args.input === undefined ? undefined : jsonStringify(args.input),
      ...delivery(args, deadLetterArn),
    };
    const failed = { ...droppedInvocations(group), description: `The schedule did not reach ${name}`, threshold: 1 };
    return {
      connect: (ready) => createSchedule(name, args, group, target, { ...opts, dependsOn: [policy, ...ready] }),
      alarms: { failed },
    };
  },
};
