import type { Graph } from "../../engine/graph";
import { asStrings, asText, isMap, ownResources, type PlainResource, type Settings } from "../core/resources";
import { type Attributes, initialAttributes } from "./attributes";

/** A queue as a program declares it. */
export interface DeclaredQueue {
  name: string;
  arn: string;
  attributes: Attributes;
  tags: Record<string, string>;
}

/** The settings of a queue that are attributes, by their names in the program. */
const ATTRIBUTES: Record<string, string> = {
  fifoQueue: "FifoQueue",
  contentBasedDeduplication: "ContentBasedDeduplication",
  deduplicationScope: "DeduplicationScope",
  fifoThroughputLimit: "FifoThroughputLimit",
  delaySeconds: "DelaySeconds",
  maxMessageSize: "MaximumMessageSize",
  messageRetentionSeconds: "MessageRetentionPeriod",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  visibilityTimeoutSeconds: "VisibilityTimeout",
  policy: "Policy",
  redrivePolicy: "RedrivePolicy",
  redriveAllowPolicy: "RedriveAllowPolicy",
  kmsMasterKeyId: "KmsMasterKeyId",
  kmsDataKeyReusePeriodSeconds: "KmsDataKeyReusePeriodSeconds",
  sqsManagedSseEnabled: "SqsManagedSseEnabled",
};
/** Settings of FIFO queues only, which the provider also returns for standard queues. */
const OF_FIFO = ["fifoQueue", "contentBasedDeduplication", "deduplicationScope", "fifoThroughputLimit"];
/** Resources that set one attribute of a queue, which they have under the same name. */
const SEPARATE: Record<string, string> = {
  "aws:sqs/queuePolicy:QueuePolicy": "policy",
  "aws:sqs/redrivePolicy:RedrivePolicy": "redrivePolicy",
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": "redriveAllowPolicy",
};

/** The queues of a program, with what other resources add to them. */
export function declaredQueues(graph: Graph): DeclaredQueue[] {
  const separate = Object.entries(SEPARATE).flatMap(([type, name]) =>
    ownResources(graph, type).map(({ settings }) => ({ url: settings.queueUrl, name, value: settings[name] })),
  );
  return ownResources(graph, "aws:sqs/queue:Queue").map((resource) => {
    const { id, url } = resource.settings;
    const added = separate.filter((one) => one.url === id || one.url === url);
    return readQueue(resource, Object.fromEntries(added.map(({ name, value }) => [name, value])));
  });
}

/** @see https://www.pulumi.com/registry/packages/aws/api-docs/sqs/queue/ */
function readQueue({ name, settings }: PlainResource, added: Settings): DeclaredQueue {
  const all = { ...settings, ...added };
  const isFifo = settings.fifoQueue === true;
  const given = Object.entries(ATTRIBUTES).flatMap(([setting, attribute]): [string, string][] => {
    if (!isFifo && OF_FIFO.includes(setting)) return [];
    const value = textOf(all[setting]);
    return value ? [[attribute, value]] : [];
  });
  const attributes = initialAttributes(Object.fromEntries(given));
  return {
    name: asText(settings.name) ?? name,
    arn: asText(settings.arn) ?? "",
    attributes,
    tags: asStrings(settings.tagsAll ?? settings.tags),
  };
}

/** Documents may be objects in a program, and lie in the queue as text. */
function textOf(value: unknown): string | undefined {
  if (isMap(value)) return Object.keys(value).length > 0 ? JSON.stringify(value) : undefined;
  return typeof value === "boolean" ? String(value) : asText(value);
}
