import { BucketNotification } from "@pulumi/aws/s3/bucketNotification";
import type * as pulumi from "@pulumi/pulumi";
import { BucketEvents } from "./args";

/** The events of a bucket's objects that a rule is for. */
interface ObjectEvents {
  bucketName: pulumi.Input<string>;
  /** What the objects' keys begin with. @default anything */
  prefix?: string;
  /** What the objects' keys end with. @default anything */
  suffix?: string;
  /** What happens to the objects, in EventBridge's words. @default ["Object Created"] */
  detailTypes?: string[];
}

/** The pattern of these events. @see Amazon S3 User Guide, "EventBridge event message structure" */
export function objectPattern({ bucketName, prefix, suffix, detailTypes = ["Object Created"] }: ObjectEvents): object {
  const key = keyPattern(prefix, suffix);
  const object = key === undefined ? {} : { object: { key: [key] } };
  return { source: ["aws.s3"], "detail-type": detailTypes, detail: { bucket: { name: [bucketName] }, ...object } };
}

/** Several matchers in a list mean any of them, so both ends of a key are one wildcard. */
function keyPattern(prefix?: string, suffix?: string): object | undefined {
  if (prefix !== undefined && suffix !== undefined) return { wildcard: `${literally(prefix)}*${literally(suffix)}` };
  if (prefix !== undefined) return { prefix };
  return suffix === undefined ? undefined : { suffix };
}

function literally(text: string): string {
  return text.replace(/[*\\]/g, "\\$&");
}

/** Turns on the bucket's events, unless it sends them already. */
export function sendBucketEvents(
  name: string,
  bucketName: pulumi.Input<string>,
  events: BucketEvents,
  opts: pulumi.CustomResourceOptions,
): void {
  if (events === BucketEvents.Existing) return;
  new BucketNotification(name, { bucket: bucketName, eventbridge: true }, opts);
}
