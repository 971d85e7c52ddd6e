import type * as pulumi from "@pulumi/pulumi";
import type { KmsKeyArn } from "../kms/keyArn";
import type { LogRetentionDays } from "../observability/retention";

/** The tag of the instances that something is about. */
export interface InstanceTagArgs {
  /**
   * Its key, 1–128 characters, which must not begin with `aws:`. @minLength 1 @maxLength 128
   * @write the key of a tag, such as "schedule"
   */
  key: string;
  /** Its value, up to 256 characters. @maxLength 256 */
  value: string;
}

/** Arguments of {@link InstanceSchedule}. Give `start`, `stop` or both. */
export interface InstanceScheduleArgs {
  /** The instances: those with this tag. Members of Auto Scaling groups are left alone. */
  tag: InstanceTagArgs;
  /** When they start: `rate(1 day)`, `cron(0 7 ? * MON-FRI *)` or once, `at(2030-01-31T07:00:00)`. @default never */
  start?: string;
  /** When they stop, in the same forms. @default never */
  stop?: string;
  /** The time zone of `cron` and `at`, such as `Europe/Berlin`. @default "UTC" */
  timeZone?: string;
  /**
   * Minutes, 1–1440, by which the scheduler may be late, to spread the load. @minimum 1 @maximum 1440 @unit minutes
   * @default to the minute
   */
  flexibleMinutes?: number;
  /**
   * Minutes, 0–10,080, for which an instance runs at least: one that was started later is not stopped.
   * @minimum 0 @maximum 10080 @unit minutes @default 0
   */
  minimumUptime?: number;
  /** Instances that stay on at least, 0–1,000: those that were started last. @minimum 0 @maximum 1000 @default 0 */
  minimumRunning?: number;
  /**
   * ARN of a function that is called before an instance is stopped, with `{ "instanceId": "i-…" }`, and returns
   * `{ "ready": true }`, or `{ "ready": false, "reason": "…" }` for an instance that is not to be stopped this time.
   * @default none
   */
  drainFunctionArn?: pulumi.Input<string>;
  /** Only report what would be done. @default false */
  dryRun?: boolean;
  /** Retries when Lambda does not take a call, 0–185. @minimum 0 @maximum 185 @default 20 */
  retries?: number;
  /**
   * Seconds for which a call is retried, 60–86,400; after that it is a dead letter. @minimum 60 @maximum 86400
   * @unit seconds @default 3600
   */
  maximumAge?: number;
  /** Customer key for the schedules, the function's environment and its log. @default AWS's own keys */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
  /** Whether the schedules fire. @default true */
  enabled?: boolean;
  /**
   * Days that the function's log is kept, one of CloudWatch's choices; 0 keeps it for ever. The log says what became of
   * each instance. @default 30
   */
  logRetentionDays?: LogRetentionDays;
  /** ARN of the permissions boundary of the roles. @default none */
  permissionsBoundary?: pulumi.Input<string>;
  /** SNS topics notified when an instance could not be started or stopped; an empty list is the same as none. @default none */
  alarmTopicArns?: pulumi.Input<string>[];
  /** Tags of every resource that supports them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
