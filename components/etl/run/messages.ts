import type { ObjectVersion } from "./runs";

/** A message of the queue, as Lambda hands it over; the parts that matter here. */
export interface Message {
  messageId: string;
  body: string;
  attributes: {
    /** Milliseconds since the epoch, as both times. */
    SentTimestamp: string;
    ApproximateFirstReceiveTimestamp: string;
  };
}

/** What a message is about: an object, or the state of some work. */
export type Content = { object: ObjectVersion } | { detail: Record<string, unknown> };

/**
 * Reads an event of EventBridge.
 * @throws Error that says what is wrong with the message
 */
export function contentOf({ body }: Message): Content {
  const event = objectIn(parsed(body), "the message");
  const detail = objectIn(event.detail, "`detail`");
  const kind = `${event.source}: ${event["detail-type"]}`;
  if (kind === "aws.s3: Object Created") return { object: objectOf(detail) };
  if (changes.includes(kind)) return { detail };
  throw new Error(`the event is "${kind}"; the queue takes "aws.s3: Object Created" and changes of state only`);
}

/** The events of work that changes its state. */
const changes = [
  "aws.batch: Batch Job State Change",
  "aws.emr: EMR Step Status Change",
  "aws.emr-serverless: EMR Serverless Job Run State Change",
];

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
function objectOf(detail: Record<string, unknown>): ObjectVersion {
  const { name } = objectIn(detail.bucket, "`detail.bucket`");
  const { key, "version-id": version, etag } = objectIn(detail.object, "`detail.object`");
  const text = (value: unknown, place: string): string => {
    if (typeof value === "string" && value !== "") return value;
    throw new Error(`${place} is missing; send S3's events unchanged, through EventBridge`);
  };
  return {
    bucket: text(name, "`detail.bucket.name`"),
    key: text(key, "`detail.object.key`"),
    // The objects that a bucket had before its versions have no version-id.
    ...(version === undefined
      ? { etag: text(etag, "`detail.object.etag`") }
      : { version: text(version, "`detail.object.version-id`"), ...(typeof etag === "string" && { etag }) }),
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error("the message is not JSON; the queue takes events of EventBridge only");
  }
}

function objectIn(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${place} is not an object; the queue takes events of EventBridge only`);
}
