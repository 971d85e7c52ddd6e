import { textAttributes } from "../core/deliveryRequests";
import { type Delivery, type Events, isThrottled, MAX_HOPS, type Undelivered } from "../core/events";
import { valueAt } from "../core/inputTemplate";
import type { Target } from "./definitions";
import type { BusEvent } from "./event";
import { payloadOf } from "./payload";
import type { Rule } from "./rule";

export interface TargetsOptions {
  events: Events;
  log(line: string): void;
  /** Puts an event on a bus; false if there is no such bus. */
  forward(event: BusEvent, busArn: string): boolean;
}

/** What rules without a policy of their own have. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
const RETRIES = 185;
const MAX_AGE_SECONDS = 86_400;

/** Delivers the events of rules to their targets, and what cannot be delivered to dead-letter queues. */
export class Targets {
  constructor(private readonly options: TargetsOptions) {}

  /** Never rejects. Returns why the target did not get the event, or undefined. */
  async deliver(event: BusEvent, rule: Rule, target: Target): Promise<string | undefined> {
    const failure = await this.send(event, rule, target);
    if (failure) await this.giveUp(event, rule, target, failure);
    return failure?.message;
  }

  private async send(event: BusEvent, rule: Rule, target: Target): Promise<Undelivered | undefined> {
    if (isBus(target.Arn)) return this.forward(event, target.Arn);
    let payload: string;
    let delivery: Delivery;
    try {
      payload = payloadOf(target, event, rule);
      delivery = deliveryOf(event, rule, target);
    } catch (error) {
      const message = `the target's settings do not fit the event: ${(error as Error).message}`;
      return { code: "INVALID_JSON", message, retryable: false, attempts: 0 };
    }
    const { MaximumRetryAttempts = RETRIES, MaximumEventAgeInSeconds = MAX_AGE_SECONDS } = target.RetryPolicy ?? {};
    const policy = { retries: MaximumRetryAttempts, maxAge: MaximumEventAgeInSeconds };
    return this.options.events.sendWithin(policy, target.Arn, payload, delivery);
  }

  private forward(event: BusEvent, arn: string): Undelivered | undefined {
    const fail = (code: string, message: string) => ({ code, message, retryable: false, attempts: 1 });
    const hops = event.hops + 1;
    if (hops > MAX_HOPS)
      return fail("LOOP", `the event has come through ${MAX_HOPS} buses, which forward to each other in a loop`);
    if (this.options.forward({ ...event, hops }, arn)) return undefined;
    return fail("ResourceNotFoundException", "the event bus does not exist");
  }

  private async giveUp(event: BusEvent, rule: Rule, target: Target, failure: Undelivered): Promise<void> {
    const from = `rule ${rule.name}`;
    const queue = target.DeadLetterConfig?.Arn;
    const kept = queue ? `; the event goes to the dead-letter queue ${queue.split(":").at(-1)}` : "";
    this.options.log(`error: ${from} | not delivered to ${target.Arn}: ${failure.message}${kept}`);
    if (queue)
      await this.options.events.deliver(queue, event.text, { from, attributes: attributesOf(rule, target, failure) });
  }
}

export function isBus(arn: string): boolean {
  return /^arn:[^:]*:events:[^:]*:[^:]*:event-bus\//.test(arn);
}

function deliveryOf({ id, text }: BusEvent, rule: Rule, target: Target): Delivery {
  const { SqsParameters, KinesisParameters, BatchParameters } = target;
  const key = KinesisParameters && valueAt(KinesisParameters.PartitionKeyPath, JSON.parse(text));
  return {
    from: `rule ${rule.name}`,
    messageGroupId: SqsParameters?.MessageGroupId,
    partitionKey: typeof key === "string" ? key : id,
    job: BatchParameters && {
      jobDefinition: BatchParameters.JobDefinition,
      jobName: BatchParameters.JobName,
      arraySize: BatchParameters.ArrayProperties?.Size,
      attempts: BatchParameters.RetryStrategy?.Attempts,
    },
  };
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
function attributesOf(rule: Rule, target: Target, { code, message, attempts, exhausted }: Undelivered) {
  return textAttributes({
    RULE_ARN: rule.arn,
    TARGET_ARN: target.Arn,
    ERROR_CODE: errorCodeOf(code),
    ERROR_MESSAGE: message,
    ...(exhausted && { EXHAUSTED_RETRY_CONDITION: exhausted, RETRY_ATTEMPTS: String(attempts - 1) }),
  });
}

/** EventBridge's own code for a target's error. */
function errorCodeOf(code: string): string {
  if (/^[A-Z_]+$/.test(code)) return code;
  if (/NotFound|NonExistent|DoesNotExist/.test(code)) return "NO_RESOURCE";
  if (/AccessDenied|NotAuthorized/.test(code)) return "NO_PERMISSIONS";
  if (isThrottled(code)) return "THROTTLING";
  if (code === "ConnectionFailure") return "CONNECTION_FAILURE";
  return /Validation|Invalid|Malformed|TooLarge|Client/.test(code) ? "INVALID_PARAMETER" : "ERROR_FROM_TARGET";
}
