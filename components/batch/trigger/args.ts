import type * as pulumi from "@pulumi/pulumi";
import type { SubmittedJobArgs } from "../submission/args";

/** Who lets a bucket send its events to EventBridge: all of a bucket's notifications are one setting. */
export const BucketEvents = {
  /** The trigger, which replaces whatever notifications the bucket has. */
  Managed: "managed",
  /** The bucket sends them already. */
  Existing: "existing",
} as const;
export type BucketEvents = (typeof BucketEvents)[keyof typeof BucketEvents];

/** Objects that are put into a bucket. */
export interface BucketTriggerArgs {
  /** The bucket's name. */
  name: pulumi.Input<string>;
  /** How the objects' keys begin. @default any */
  prefix?: string;
  /** Who lets the bucket send its events to EventBridge. @write "existing", or "managed" to replace its notifications */
  events: BucketEvents;
}

/** What EventBridge events look like, as its user guide says under "Event patterns": field → list of values. */
// biome-ignore lint/suspicious/noExplicitAny: Patterns nest as events do, which the other languages' schemas call any.
export type EventPattern = any;

/** Arguments of {@link JobTrigger}. Give one of `schedule`, `bucket` and `eventPattern`. */
export interface JobTriggerArgs extends SubmittedJobArgs {
  /** When the job is submitted: `rate(1 day)`, `cron(0 3 * * ? *)` or once, `at(2030-01-31T03:00:00)`. */
  schedule?: string;
  /** The time zone of `cron` and `at`, such as `Europe/Berlin`. @default "UTC" */
  timeZone?: string;
  /**
   * Minutes, 1–1440, that the scheduler may be late, which spreads the load. @minimum 1 @maximum 1440 @unit minutes
   * @default to the minute
   */
  flexibleMinutes?: number;
  /** Submit the job for each object; it gets `BUCKET_NAME` and `OBJECT_KEY`. */
  bucket?: BucketTriggerArgs;
  /** Submit the job for each event like this. @write fields of an event, such as { source: [...], detail: {...} } */
  eventPattern?: EventPattern;
  /** Name of the bus of the events of `eventPattern`. @default the account's own */
  eventBusName?: pulumi.Input<string>;
  /**
   * Environment variables besides the definition's. Of a bucket or a pattern, a value such as `$.detail.id` is that text in the
   * event, which must be no number; of a schedule, `<aws.scheduler.scheduled-time>` is the time. @default none
   */
  environment?: Record<string, pulumi.Input<string>>;
  /** Values of `Ref::name` in the definition's command, as in `environment`. @default the definition's */
  parameters?: Record<string, pulumi.Input<string>>;
  /** Size of an array job, 2–10,000. @minimum 2 @maximum 10000 @unit children @default the job definition's */
  arraySize?: number;
  /** Submits are on. @default true */
  enabled?: boolean;
  /** Retries when Batch takes no job, 0–185. @minimum 0 @maximum 185 @default 20 */
  retries?: number;
  /**
   * Seconds that it is tried for, 60–86,400; what fails then is kept in the dead letter queue. @default 3600
   * @minimum 60 @maximum 86400 @unit seconds
   */
  maximumAge?: number;
  /** ARN of the policy that limits what the role can ever be allowed. @default none */
  permissionsBoundary?: pulumi.Input<string>;
  /** SNS topics told of submits that failed; an empty list is the same as none. @default none */
  alarmTopicArns?: pulumi.Input<string>[];
  /** Tags of every resource that has them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
