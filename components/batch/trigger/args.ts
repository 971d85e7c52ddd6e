import type * as pulumi from "@pulumi/pulumi";
import type { BucketEvents, EventPattern } from "../../eventbridge/args";
import type { KmsKeyArn } from "../../kms/keyArn";
import type { SubmittedJobArgs } from "../submission/args";

/** Objects that are put into a bucket. */
export interface BucketTriggerArgs {
  /** The bucket's name. */
  name: pulumi.Input<string>;
  /** The prefix of the objects' keys. @default any */
  prefix?: string;
  /**
   * Who makes the bucket send its events to EventBridge. @write "existing", or "managed" to replace its notifications
   */
  events: BucketEvents;
}

/** Arguments of {@link JobTrigger}. Give one of `schedule`, `bucket` and `eventPattern`. */
export interface JobTriggerArgs extends SubmittedJobArgs {
  /** When the job is submitted: `rate(1 day)`, `cron(0 3 * * ? *)` or once, `at(2030-01-31T03:00:00)`. */
  schedule?: string;
  /** The time zone of `cron` and `at`, such as `Europe/Berlin`. @default "UTC" */
  timeZone?: string;
  /**
   * Minutes, 1–1440, by which the scheduler may be late, to spread the load. @minimum 1 @maximum 1440 @unit minutes
   * @default to the minute
   */
  flexibleMinutes?: number;
  /** Submit the job for each object; it gets `BUCKET_NAME` and `OBJECT_KEY`. */
  bucket?: BucketTriggerArgs;
  /**
   * Submit the job for each event that matches this pattern.
   * @write fields of an event, such as { source: [...], detail: {...} }
   */
  eventPattern?: EventPattern;
  /** Name of the event bus of `eventPattern`. @default the account's own */
  eventBusName?: pulumi.Input<string>;
  /**
   * Environment variables in addition to the definition's. With a bucket or a pattern, a value such as `$.detail.id` is
   * replaced by that text of the event, which must not be a number; on a schedule, `<aws.scheduler.scheduled-time>` is
   * replaced by the time. @default none
   */
  environment?: Record<string, pulumi.Input<string>>;
  /** Values of `Ref::name` in the definition's command, as in `environment`. @default the definition's */
  parameters?: Record<string, pulumi.Input<string>>;
  /** Whether jobs are submitted. @default true */
  enabled?: boolean;
  /** Retries when Batch refuses a submission, 0–185. @minimum 0 @maximum 185 @default 20 */
  retries?: number;
  /**
   * Seconds for which a submission is retried, 60–86,400; after that it is kept in the dead letter queue. @default 3600
   * @minimum 60 @maximum 86400 @unit seconds
   */
  maximumAge?: number;
  /**
   * Customer key for the schedule and the dead letter queue; with `bucket` or `eventPattern`, its policy must let
   * EventBridge use it, as an EncryptionKey's does with the `services` "events". @default AWS's own keys
   */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
  /** ARN of the role's permissions boundary. @default none */
  permissionsBoundary?: pulumi.Input<string>;
  /** SNS topics notified of failed submissions; an empty list is the same as none. @default none */
  alarmTopicArns?: pulumi.Input<string>[];
  /** Tags of every resource that supports them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
