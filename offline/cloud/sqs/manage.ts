import { account } from "../../engine/context";
import { ownArn } from "../core/arns";
import { AwsError } from "../core/awsError";
import type { OperationCall } from "../core/declaration";
import {
  type Attributes,
  changedAttributes,
  checkAttributes,
  checkRedrivePolicy,
  initialAttributes,
  isAttribute,
  unknownAttribute,
} from "./attributes";
import { checkBounds, invalidParameter } from "./errors";
import type { Queue } from "./queue";
import type { Queues } from "./queues";

const MAX_LISTED = 1000;
const ONCE_IN_MILLISECONDS = 60_000;

export type Creation = { QueueName: string; Attributes?: Attributes; tags?: Record<string, string> };

/** CreateQueue. @throws AwsError if it is refused */
export function createQueue(queues: Queues, input: Creation, call: OperationCall): object {
  const { QueueName: name, Attributes: given = {}, tags = {} } = input;
  const isFifo = given.FifoQueue?.toLowerCase() === "true";
  checkName(name, isFifo);
  const checked = checkAttributes(given, isFifo, true);
  const arn = ownArn("sqs", call.scope.region, name);
  checkRedrivePolicy(checked.RedrivePolicy, { arn, isFifo }, (target) => queues.byArn(target));
  const known = queues.byArn(arn);
  const different = known && Object.keys(checked).find((one) => (known.attributes[one] ?? "") !== checked[one]);
  if (different) {
    const message = `A queue already exists with the same name and a different value for attribute ${different}`;
    throw new AwsError("QueueNameExists", message);
  }
  if (!known && queues.deletedAt(arn) + ONCE_IN_MILLISECONDS > Date.now()) {
    const message = "You must wait 60 seconds after deleting a queue before you can create another with the same name.";
    throw new AwsError("QueueDeletedRecently", message);
  }
  const queue = known ?? queues.create({ arn, attributes: initialAttributes(checked), tags });
  return { QueueUrl: urlOf(queue, call) };
}

function checkName(name: string, isFifo: boolean): void {
  const stem = isFifo ? name.replace(/\.fifo$/, "") : name;
  if (/^[\w-]{1,80}$/.test(stem) && name.length <= 80 && (!isFifo || stem !== name)) return;
  throw invalidParameter(
    isFifo
      ? "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length."
      : "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
  );
}

/** SetQueueAttributes. @throws AwsError for attributes that are refused */
export function setAttributes(queue: Queue, given: Attributes, queues: Queues): object {
  const checked = checkAttributes(given, queue.isFifo, false);
  checkRedrivePolicy(checked.RedrivePolicy, queue, (target) => queues.byArn(target));
  queue.setAttributes(changedAttributes(queue.attributes, checked));
  queues.keep(queue);
  return {};
}

/** GetQueueAttributes. @throws AwsError for an attribute that queues do not have */
export function getAttributes(queue: Queue, names: string[]): object {
  const unknown = names.find((name) => name !== "All" && !isAttribute(name));
  if (unknown !== undefined) throw unknownAttribute(unknown);
  const { counts, arn, attributes, createdAt, modifiedAt } = queue;
  const all = {
    ...attributes,
    QueueArn: arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: String(Math.floor(createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(modifiedAt / 1000)),
  };
  const chosen = Object.entries(all).filter(([name]) => names.includes("All") || names.includes(name));
  return chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) };
}

/** PurgeQueue. @throws AwsError if the last one was less than a minute ago */
export function purge(queue: Queue): object {
  if (queue.purgedAt + ONCE_IN_MILLISECONDS > Date.now()) {
    const message = `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`;
    throw new AwsError("PurgeQueueInProgress", message);
  }
  queue.purge();
  return {};
}

/** ListQueues and ListDeadLetterSourceQueues. @throws AwsError for a page size that is not allowed */
export function listQueues(queues: Queue[], maxResults: number | undefined, call: OperationCall): object {
  checkBounds(maxResults, "MaxResults", 1, MAX_LISTED);
  return call.page(queues, { most: MAX_LISTED, positionOf: ({ name }) => name, show: (queue) => urlOf(queue, call) });
}

const MAX_TAGS = 50;

/** TagQueue. @throws AwsError for too many tags */
export function tag(queue: Queue, tags: Record<string, string>, queues: Queues): object {
  const next = { ...queue.tags, ...tags };
  if (Object.keys(next).length > MAX_TAGS) {
    throw invalidParameter(`Too many tags added for queue ${queue.name}.`);
  }
  queue.tags = next;
  queues.keep(queue);
  return {};
}

/** UntagQueue. */
export function untag(queue: Queue, keys: string[], queues: Queues): object {
  queue.tags = Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !keys.includes(key)));
  queues.keep(queue);
  return {};
}

/** The address at which the caller has reached this service, as SDKs may send the calls for a queue to its URL. */
export function urlOf({ name }: Queue, { request: { headers } }: Pick<OperationCall, "request">): string {
  const host = headers.host ?? "";
  const scheme = /\.amazonaws\.com(\.cn)?$/.test(host) ? "https" : "http";
  return `${scheme}://${host}/${account}/${name}`;
}
