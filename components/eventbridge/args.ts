/** Who makes a bucket send its events to EventBridge: all of a bucket's notifications are one setting. */
export const BucketEvents = {
  /** The component, which replaces any notifications that the bucket has. */
  Managed: "managed",
  /** The bucket sends them already. */
  Existing: "existing",
} as const;
export type BucketEvents = (typeof BucketEvents)[keyof typeof BucketEvents];

/** A pattern of EventBridge events, as its user guide describes under "Event patterns": field → list of values. */
// biome-ignore lint/suspicious/noExplicitAny: Patterns nest like events, which other languages' schemas call any.
export type EventPattern = any;
