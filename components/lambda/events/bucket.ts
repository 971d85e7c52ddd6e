import type * as pulumi from "@pulumi/pulumi";
import type { BucketEvents } from "../../eventbridge/args";
import { objectPattern, sendBucketEvents } from "../../eventbridge/bucket";
import { connectionOf, createRuleFor, type DeliveryArgs } from "./rule";
import type { EventSource } from "./source";

/**
 * What happens to an object, in EventBridge's words.
 * @see Amazon S3 User Guide, "Using EventBridge"
 */
export const ObjectEvent = {
  Created: "Object Created",
  Deleted: "Object Deleted",
  RestoreInitiated: "Object Restore Initiated",
  RestoreCompleted: "Object Restore Completed",
  RestoreExpired: "Object Restore Expired",
  StorageClassChanged: "Object Storage Class Changed",
  AccessTierChanged: "Object Access Tier Changed",
  AclUpdated: "Object ACL Updated",
  TagsAdded: "Object Tags Added",
  TagsDeleted: "Object Tags Deleted",
} as const;
export type ObjectEvent = (typeof ObjectEvent)[keyof typeof ObjectEvent];

/** What happens to the objects of an S3 bucket. It comes through EventBridge, at least once. */
export interface BucketEventArgs extends DeliveryArgs {
  /** The bucket's name. */
  bucketName: pulumi.Input<string>;
  /**
   * Who makes the bucket send its events to EventBridge. @write "existing", or "managed" to replace its notifications
   */
  events: BucketEvents;
  /** What happens to the objects. @minItems 1 @default ["Object Created"] */
  objectEvents?: ObjectEvent[];
  /** What the objects' keys begin with. @default anything */
  prefix?: string;
  /** What the objects' keys end with. @default anything */
  suffix?: string;
}

export const bucketSource: EventSource<BucketEventArgs> = {
  isAsynchronous: true,
  hasDeadLetters: true,
  check(mistakes, { prefix, suffix }, path) {
    mistakes.check(prefix !== "", `${path}.prefix`, "is empty; leave it out for all objects");
    mistakes.check(suffix !== "", `${path}.suffix`, "is empty; leave it out for all objects");
  },
  create(name, { objectEvents, ...args }, wiring) {
    const pattern = objectPattern({ ...args, detailTypes: objectEvents });
    const rule = createRuleFor(name, { pattern, enabled: args.enabled }, wiring);
    sendBucketEvents(name, args.bucketName, args.events, wiring.opts);
    return connectionOf(name, rule, args, wiring);
  },
};
