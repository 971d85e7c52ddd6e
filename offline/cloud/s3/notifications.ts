import { createHash } from "node:crypto";
import { account } from "../../engine/context";
import type { Graph } from "../../engine/graph";
import { partitionOf } from "../../engine/partition";
import { serviceOf } from "../core/arns";
import type { OperationCall } from "../core/declaration";
import type { Events } from "../core/events";
import { asList, asText, asTexts, ownResources, type Settings } from "../core/resources";
import type { Service } from "../core/service";
import type { AwsEvent, Change, Publish } from "../core/types";
import type { Buckets, ObjectEvent } from "./buckets";

interface NotificationOptions {
  buckets: Buckets;
  events: Pick<Events, "deliver">;
  publish: Publish;
}

/** Where some of a bucket's events go. */
interface Notification {
  id: string;
  arn: string;
  /** Such as `s3:ObjectCreated:*`. */
  events: string[];
  prefix: string;
  suffix: string;
}

interface BucketNotifications {
  notifications: Notification[];
  eventBridge: boolean;
}

/** The lists of a notification resource, with the name of the destination's ARN in each. */
const DESTINATIONS = { lambdaFunctions: "lambdaFunctionArn", queues: "queueArn", topics: "topicArn" };

/** What EventBridge calls an event, and why it happened. */
const EVENT_BRIDGE: Record<ObjectEvent["name"], { detailType: string; reason: string }> = {
  "ObjectCreated:Put": { detailType: "Object Created", reason: "PutObject" },
  "ObjectCreated:Copy": { detailType: "Object Created", reason: "CopyObject" },
  "ObjectCreated:CompleteMultipartUpload": { detailType: "Object Created", reason: "CompleteMultipartUpload" },
  "ObjectRemoved:Delete": { detailType: "Object Deleted", reason: "DeleteObject" },
};

/**
 * The notifications of the program's buckets: functions, queues, topics and EventBridge get an event for each object
 * that a request creates or deletes.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
 */
export class Notifications implements Service {
  private buckets = new Map<string, BucketNotifications>();
  private readonly tested = new Set<string>();
  private order = 0;

  constructor(private readonly options: NotificationOptions) {
    options.buckets.announce = (event) => this.send(event);
  }

  reconcile(graph: Graph): Change[] {
    this.buckets = new Map(
      ownResources(graph, "aws:s3/bucketNotification:BucketNotification").map(({ settings }) => [
        asText(settings.bucket) ?? "",
        readNotifications(settings),
      ]),
    );
    return [];
  }

  /** Once every service has taken over the graph: S3 tries out the queues and topics of a new configuration. */
  settle(): void {
    for (const [bucket, { notifications }] of this.buckets) {
      for (const { id, arn } of notifications) {
        const key = `${bucket} ${id} ${arn}`;
        if (this.tested.has(key) || serviceOf(arn) === "lambda") continue;
        this.tested.add(key);
        void this.deliver(arn, bucket, testEvent(bucket));
      }
    }
  }

  private send(event: ObjectEvent): void {
    const { bucket, key, name } = event;
    const time = Date.now();
    // Grows with each change of a key, so that events can be put in order.
    const sequencer = (time * 1000 + (this.order++ % 1000)).toString(16).toUpperCase().padStart(18, "0");
    const { notifications = [], eventBridge = false } = this.buckets.get(bucket.name) ?? {};
    if (eventBridge) this.options.publish(publishedEvent(event, sequencer));
    for (const { id, arn, events, prefix, suffix } of notifications) {
      const isMeant = events.some((one) => one === `s3:${name}` || one === `s3:${name.replace(/:.*/, ":*")}`);
      if (!isMeant || !key.startsWith(prefix) || !key.endsWith(suffix)) continue;
      void this.deliver(arn, bucket.name, { Records: [recordOf(event, { id, time, sequencer })] });
    }
  }

  private deliver(arn: string, bucket: string, payload: object): Promise<void> {
    const subject = "Amazon S3 Notification";
    return this.options.events.deliver(arn, JSON.stringify(payload), { from: `bucket ${bucket}`, subject });
  }
}

function readNotifications(settings: Settings): BucketNotifications {
  const notifications = Object.entries(DESTINATIONS).flatMap(([list, arn]) =>
    asList(settings[list]).map((one, index) => ({
      id: asText(one.id) ?? `tf-s3-${list}-${index}`,
      arn: asText(one[arn]) ?? "",
      events: asTexts(one.events),
      prefix: asText(one.filterPrefix) ?? "",
      suffix: asText(one.filterSuffix) ?? "",
    })),
  );
  return { notifications, eventBridge: settings.eventbridge === true };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
function recordOf(
  event: ObjectEvent,
  { id, time, sequencer }: { id: string; time: number; sequencer: string },
): object {
  const { bucket, key, info, name, call } = event;
  const principal = call.scope.accessKeyId;
  return {
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: bucket.region,
    eventTime: new Date(time).toISOString(),
    eventName: name,
    userIdentity: { principalId: `AWS:${principal}` },
    requestParameters: { sourceIPAddress: sourceIpOf(call) },
    responseElements: { "x-amz-request-id": call.requestId, "x-amz-id-2": hostIdOf(call.requestId) },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId: id,
      bucket: { name: bucket.name, ownerIdentity: { principalId: principal }, arn: arnOf(event) },
      object: {
        key: formEncoded(key),
        ...(info && { size: info.size, eTag: info.etag.replaceAll('"', "") }),
        sequencer,
      },
    },
  };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
function publishedEvent(event: ObjectEvent, sequencer: string): AwsEvent {
  const { bucket, key, info, name, call } = event;
  const { detailType, reason } = EVENT_BRIDGE[name];
  return {
    source: "aws.s3",
    detailType,
    region: bucket.region,
    resources: [arnOf(event)],
    detail: {
      version: "0",
      bucket: { name: bucket.name },
      object: {
        key,
        ...(info && { size: info.size, etag: info.etag.replaceAll('"', "") }),
        sequencer,
      },
      "request-id": call.requestId,
      requester: account,
      "source-ip-address": sourceIpOf(call),
      reason,
      ...(name.startsWith("ObjectRemoved:") && { "deletion-type": "Permanently Deleted" }),
    },
  };
}

function testEvent(bucket: string): object {
  const requestId = createHash("md5").update(bucket).digest("hex").slice(0, 16).toUpperCase();
  return {
    Service: "Amazon S3",
    Event: "s3:TestEvent",
    Time: new Date().toISOString(),
    Bucket: bucket,
    RequestId: requestId,
    HostId: hostIdOf(requestId),
  };
}

function arnOf({ bucket: { name, region } }: ObjectEvent): string {
  return `arn:${partitionOf(region).partition}:s3:::${name}`;
}

function sourceIpOf({ request }: OperationCall): string {
  return request.socket.remoteAddress ?? "127.0.0.1";
}

function hostIdOf(requestId: string): string {
  return createHash("sha384").update(requestId).digest("base64");
}

/** As a form has it: recorded from AWS by localstack, 2026-03 (`a@b` is `a%40b`). */
function formEncoded(key: string): string {
  const encoded = encodeURIComponent(key).replace(/[!'()~]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  return encoded.replaceAll("%2F", "/").replaceAll("%20", "+");
}
