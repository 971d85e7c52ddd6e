import { AwsError } from "../core/awsError";
import { objectIn } from "../core/json";
import { invalidValue } from "./errors";

export type Attributes = Record<string, string>;

/** The largest message, and all messages of a batch together, in bytes. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** Attributes that are numbers: their bounds and their defaults. */
const NUMBERS: Record<string, { min: number; max: number; initial?: number }> = {
  DelaySeconds: { min: 0, max: 900, initial: 0 },
  MaximumMessageSize: { min: 1024, max: MAX_MESSAGE_BYTES, initial: MAX_MESSAGE_BYTES },
  MessageRetentionPeriod: { min: 60, max: 1_209_600, initial: 345_600 },
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20, initial: 0 },
  VisibilityTimeout: { min: 0, max: 43_200, initial: 30 },
  KmsDataKeyReusePeriodSeconds: { min: 60, max: 86_400 },
};
/** Attributes with fixed values. */
const CHOICES: Record<string, string[]> = {
  FifoQueue: ["true", "false"],
  ContentBasedDeduplication: ["true", "false"],
  SqsManagedSseEnabled: ["true", "false"],
  DeduplicationScope: ["queue", "messageGroup"],
  FifoThroughputLimit: ["perQueue", "perMessageGroupId"],
};
const FIFO_DEFAULTS = {
  FifoQueue: "true",
  ContentBasedDeduplication: "false",
  DeduplicationScope: "queue",
  FifoThroughputLimit: "perQueue",
};
const DEFAULTS = {
  ...Object.fromEntries(
    Object.entries(NUMBERS).flatMap(([name, { initial }]) => (initial === undefined ? [] : [[name, String(initial)]])),
  ),
  SqsManagedSseEnabled: "true",
};
const TEXTS = ["KmsMasterKeyId", "Policy", "RedrivePolicy", "RedriveAllowPolicy"];
const DEFAULT_REUSE_SECONDS = "300";

/** Attributes that a queue computes. */
const COMPUTED = [
  ...["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"],
  ...["CreatedTimestamp", "LastModifiedTimestamp", "QueueArn"],
];

/** Whether a queue can have an attribute of that name. */
export function isAttribute(name: string): boolean {
  return [...Object.keys(NUMBERS), ...Object.keys(CHOICES), ...TEXTS, ...COMPUTED].includes(name);
}

/** @param given the attributes with which a queue is made, which have been checked */
export function initialAttributes(given: Attributes): Attributes {
  const fifo = given.FifoQueue === "true" ? FIFO_DEFAULTS : {};
  return changedAttributes({ ...DEFAULTS, ...fifo }, given);
}

/** The attributes after a change, which has been checked. An empty text takes an attribute away. */
export function changedAttributes(before: Attributes, change: Attributes): Attributes {
  const after = { ...before, ...change };
  if (change.KmsMasterKeyId) {
    after.SqsManagedSseEnabled = "false";
    after.KmsDataKeyReusePeriodSeconds ??= DEFAULT_REUSE_SECONDS;
  }
  if (!after.KmsMasterKeyId || change.SqsManagedSseEnabled === "true") {
    delete after.KmsMasterKeyId;
    delete after.KmsDataKeyReusePeriodSeconds;
  }
  return Object.fromEntries(Object.entries(after).filter(([, value]) => value !== ""));
}

/**
 * Attributes as they are kept: booleans in lower case.
 * @param isFifo whether the queue that they are for is one
 * @param isNew whether they are those of a queue that is being made
 * @throws AwsError for an attribute that the queue cannot have, or a value that is not allowed
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
export function checkAttributes(given: Attributes, isFifo: boolean, isNew: boolean): Attributes {
  const checked = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, checkAttribute(name, value, isFifo)]),
  );
  if (checked.FifoQueue === "false" && isFifo && !isNew) {
    const message = "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.";
    throw new AwsError("InvalidAttributeValue", message);
  }
  if (checked.KmsMasterKeyId && checked.SqsManagedSseEnabled === "true") {
    const message =
      "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.";
    throw new AwsError("InvalidAttributeName", message);
  }
  return checked;
}

function checkAttribute(name: string, value: string, isFifo: boolean): string {
  if (!isAttribute(name) || COMPUTED.includes(name)) throw unknownAttribute(name);
  if (!isFifo && Object.hasOwn(FIFO_DEFAULTS, name)) {
    if (name !== "DeduplicationScope" && name !== "FifoThroughputLimit") throw unknownAttribute(name);
    throw new AwsError("InvalidAttributeName", `You can specify the ${name} only when FifoQueue is set to true.`);
  }
  const { [name]: choices } = CHOICES;
  const { [name]: bounds } = NUMBERS;
  const chosen = choices?.find((one) => one.toLowerCase() === value.toLowerCase());
  const isWrong = choices
    ? chosen === undefined
    : bounds && (!/^\d+$/.test(value) || Number(value) < bounds.min || Number(value) > bounds.max);
  if (isWrong) throw new AwsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
  return chosen ?? value;
}

export function unknownAttribute(name: string): AwsError {
  return new AwsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
}

/** To which queue messages go that were received in vain, and after how many times. */
export interface RedrivePolicy {
  deadLetterTargetArn: string;
  maxReceiveCount: number;
}

/** Undefined if there is none that can be used. */
export function redrivePolicyOf({ RedrivePolicy }: Attributes): RedrivePolicy | undefined {
  const { deadLetterTargetArn, maxReceiveCount } = objectIn(RedrivePolicy);
  if (typeof deadLetterTargetArn !== "string" || maxReceiveCount === undefined) return undefined;
  return { deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) };
}

/** What must be known of a queue to let it be the target of a redrive policy. */
interface Target {
  isFifo: boolean;
  attributes: Attributes;
}

/**
 * @param source the queue whose policy it is
 * @throws AwsError for a redrive policy that AWS refuses
 */
export function checkRedrivePolicy(
  text: string | undefined,
  source: { arn: string; isFifo: boolean },
  find: (arn: string) => Target | undefined,
): void {
  if (!text) return;
  const reason = problemOf(text, source, find);
  if (reason) throw invalidValue(text, "RedrivePolicy", reason);
}

const MAX_RECEIVE_COUNT = 1000;

function problemOf(
  text: string,
  { arn, isFifo }: { arn: string; isFifo: boolean },
  find: (arn: string) => Target | undefined,
): string | undefined {
  const policy = objectIn(text);
  for (const name of ["deadLetterTargetArn", "maxReceiveCount"]) {
    if (policy[name] === undefined) return `Redrive policy does not contain mandatory attribute: ${name}.`;
  }
  const { deadLetterTargetArn, maxReceiveCount } = policy;
  const count = Number(maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > MAX_RECEIVE_COUNT) {
    return `Invalid value for maxReceiveCount: ${maxReceiveCount}, valid values are from 1 to ${MAX_RECEIVE_COUNT} both inclusive.`;
  }
  const target = find(String(deadLetterTargetArn));
  if (!target) return "Dead letter target does not exist.";
  if (target.isFifo !== isFifo) return "Dead-letter queue must be same type of queue as the source.";
  const { redrivePermission, sourceQueueArns } = objectIn(target.attributes.RedriveAllowPolicy);
  const isListed = Array.isArray(sourceQueueArns) && sourceQueueArns.includes(arn);
  const isAllowed = redrivePermission === "denyAll" ? false : redrivePermission !== "byQueue" || isListed;
  return isAllowed ? undefined : "The dead-letter queue does not allow this queue to use it (RedriveAllowPolicy).";
}
