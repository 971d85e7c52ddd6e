import { randomBytes, randomUUID } from "node:crypto";
import { account } from "../../engine/context";
import { regionOf } from "../core/arns";
import type { Clock } from "../core/clock";
import { textAttributes } from "../core/deliveryRequests";
import type { Events, Failure } from "../core/events";
import { inSeconds } from "../core/times";
import type { Schedule } from "./model";
import type { Targets } from "./targets";

export interface InvocationOptions {
  clock: Clock;
  events: Events;
  targets: Targets;
  log(line: string): void;
}

/** Seconds before the first retry; each one after it waits twice as long. */
const FIRST_WAIT = 1;
const LONGEST_WAIT = 600;

/**
 * Calls a schedule's target for one time, and again as its retry policy says, by the clock of schedules. What cannot be
 * delivered goes to the dead-letter queue.
 */
export class Invocation {
  private retries = 0;
  private executionId = "";

  /** @param scheduled milliseconds since 1970 */
  constructor(
    private readonly schedule: Schedule,
    private readonly scheduled: number,
    private readonly options: InvocationOptions,
  ) {}

  /** Makes the first or the next attempt. Never rejects. Returns why it failed, or undefined. */
  async attempt(): Promise<string | undefined> {
    const { clock, targets } = this.options;
    this.executionId = randomBytes(8).toString("hex");
    const payload = this.payload();
    const failure = await targets.attempt(this.schedule, payload);
    if (!failure) return undefined;
    const { MaximumRetryAttempts = 0, MaximumEventAgeInSeconds = 0 } = this.schedule.Target.RetryPolicy ?? {};
    const retryAt = clock.now() + Math.min(FIRST_WAIT * 2 ** this.retries, LONGEST_WAIT) * 1000;
    const isTooOld = retryAt > this.scheduled + MaximumEventAgeInSeconds * 1000;
    if (!failure.retryable) await this.giveUp(payload, failure);
    else if (this.retries >= MaximumRetryAttempts) await this.giveUp(payload, failure, "MaximumRetryAttempts");
    else if (isTooOld) await this.giveUp(payload, failure, "MaximumEventAgeInSeconds");
    else {
      this.retries++;
      clock.setTimer(retryAt, `${this.name}, retry ${this.retries}`, () => this.attempt());
    }
    return failure.message;
  }

  private get name(): string {
    return `schedule ${this.schedule.name}`;
  }

  /** The input with the values of its keywords. @see "Adding context attributes" in the scheduler's user guide */
  private payload(): string {
    const { arn, Target } = this.schedule;
    const values: Record<string, string> = {
      "schedule-arn": arn,
      "scheduled-time": this.time,
      "execution-id": this.executionId,
      "attempt-number": String(this.retries + 1),
    };
    const input = Target.Input ?? this.notification();
    return input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (keyword, name: string) => values[name] ?? keyword);
  }

  /** What a target without an input gets. */
  private notification(): string {
    const { arn } = this.schedule;
    return JSON.stringify({
      version: "0",
      id: randomUUID(),
      "detail-type": "Scheduled Event",
      source: "aws.scheduler",
      account,
      time: this.time,
      region: regionOf(arn),
      resources: [arn],
      detail: "{}",
    });
  }

  private get time(): string {
    return inSeconds(this.scheduled);
  }

  /** @see "Configuring a schedule's dead-letter queue" in the scheduler's user guide */
  private async giveUp(payload: string, { code, message }: Failure, condition?: string): Promise<void> {
    const { events, log } = this.options;
    const { arn, Target } = this.schedule;
    log(`error: ${this.name} | not delivered to ${Target.Arn}: ${message}`);
    const queue = Target.DeadLetterConfig?.Arn;
    if (!queue) return;
    const attributes = textAttributes({
      ERROR_CODE: code,
      // Attributes of messages are not empty.
      ERROR_MESSAGE: message || code,
      EXECUTION_ID: this.executionId,
      ...(condition && { EXHAUSTED_RETRY_CONDITION: condition }),
      IS_PAYLOAD_TRUNCATED: "false",
      RETRY_ATTEMPTS: String(this.retries),
      SCHEDULED_TIME: this.time,
      SCHEDULE_ARN: arn,
      TARGET_ARN: Target.Arn,
    });
    await events.deliver(queue, payload, { from: this.name, attributes });
  }
}
