import { AwsError } from "../core/awsError";
import { textAttributes } from "../core/deliveryRequests";
import type { Events } from "../core/events";
import type { Target } from "../core/invoker";
import { jsonOrText } from "../core/json";
import { recordKey } from "../core/recordKey";
import { pause } from "../core/timers";
import { THROTTLED } from "./concurrency";
import { type Caller, NOT_EMULATED, type Result } from "./functions";
import type { FunctionModel } from "./model";
import { DEFAULT_EVENT_SETTINGS, type EventSettings } from "./qualifiers";

/** An event of an asynchronous invocation. */
export interface AsyncEvent {
  target: Target;
  /** The event, as JSON. */
  payload: string;
  /** All attempts have this ID. */
  requestId: string;
  caller?: Caller;
  /** Through how many functions it has come. */
  hops?: number;
}

export interface AsyncOptions {
  invoke(target: Target, payload: string, caller: Caller): Promise<Result>;
  modelOf(name: string): FunctionModel | undefined;
  events: Events;
}

/** The largest event of an asynchronous invocation. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_EVENT_BYTES = 2 ** 20;
/** Lambda waits one minute before the first retry and two before the second; offline, seconds instead. */
const RETRY_SECONDS = 60;
const TIMES_FASTER = 60;
/** Throttled events are tried again after 1, 2, 4 … seconds. */
const LONGEST_THROTTLE_SECONDS = 10;
/** SQS and SNS get this much of an error's message. */
const MESSAGE_CHARACTERS = 1024;

type Condition = "Success" | "RetriesExhausted" | "EventAgeExceeded" | "ZeroReservedConcurrency";

/** How an event ended. */
interface End {
  condition: Condition;
  /** How many times the function has run. */
  attempts: number;
  /** Of the last attempt, if there was one. */
  result?: Result;
}

/**
 * Asynchronous invocations: they are retried, and what becomes of them goes to destinations and dead-letter queues.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class AsyncInvocations {
  private readonly closed = new AbortController();

  constructor(private readonly options: AsyncOptions) {}

  /** Takes an event, which runs in the background. */
  submit(event: AsyncEvent): void {
    if (this.closed.signal.aborted) return;
    void this.run(event).then((end) => end && this.report(event, end));
  }

  /** Makes no further attempts. */
  close(): void {
    this.closed.abort();
  }

  /** Resolves to nothing if the event is given up without a report: at the end, or because the function cannot run here. */
  private async run({ target, payload, requestId, caller }: AsyncEvent): Promise<End | undefined> {
    const accepted = Date.now();
    /** How much longer, in seconds, it would have waited for its retries in the cloud. */
    let skipped = 0;
    let throttles = 0;
    for (let attempts = 0; ; ) {
      if (this.modelOf(target)?.reservedConcurrency === 0) return { condition: "ZeroReservedConcurrency", attempts: 0 };
      const result = await this.options.invoke(target, payload, { ...caller, requestId });
      const { error, refusal } = result;
      if (!refusal) attempts++;
      const cannotRun = error?.errorType === NOT_EMULATED || (refusal && refusal !== THROTTLED);
      if (this.closed.signal.aborted || cannotRun) return undefined;
      if (!error) return { condition: "Success", attempts, result };
      const { retries, maxAge } = this.settingsOf(target);
      if (!refusal && attempts > retries) return { condition: "RetriesExhausted", attempts, result };
      const throttle = Math.min(2 ** throttles, LONGEST_THROTTLE_SECONDS);
      const wait = refusal ? throttle : RETRY_SECONDS * attempts;
      const offline = refusal ? throttle : wait / TIMES_FASTER;
      const age = (Date.now() - accepted) / 1000 + skipped;
      if (age + wait > maxAge) return { condition: "EventAgeExceeded", attempts, result };
      if (refusal) throttles++;
      skipped += wait - offline;
      await pause(offline * 1000, this.closed.signal);
      if (this.closed.signal.aborted) return undefined;
    }
  }

  /** Sends the event on, as the settings say. */
  private async report(event: AsyncEvent, end: End): Promise<void> {
    const { target, payload, requestId, hops } = event;
    const { onSuccess, onFailure } = this.settingsOf(target);
    const { arn = "", deadLetters } = this.modelOf(target) ?? {};
    const succeeded = end.condition === "Success";
    const destination = succeeded ? onSuccess : onFailure;
    const from = `${target.name} ${requestId.slice(0, 8)}`;
    const functionArn = `${arn}:${target.qualifier ?? "$LATEST"}`;
    const { events } = this.options;
    if (destination) {
      const envelope = {
        Source: "lambda",
        DetailType: `Lambda Function Invocation Result - ${succeeded ? "Success" : "Failure"}`,
        Resources: [functionArn],
      };
      const record = JSON.stringify(recordOf(event, functionArn, end));
      // Of successes, buckets get no records.
      const key = succeeded ? undefined : recordKey(`async/${target.name}`);
      await events.deliver(destination, record, { from, envelope, hops, key });
    }
    if (!succeeded && deadLetters)
      await events.deliver(deadLetters, payload, { from, attributes: attributesOf(requestId, end) });
  }

  private modelOf({ name }: Target): FunctionModel | undefined {
    return this.options.modelOf(name);
  }

  private settingsOf(target: Target): EventSettings {
    return this.modelOf(target)?.eventSettings[target.qualifier ?? "$LATEST"] ?? DEFAULT_EVENT_SETTINGS;
  }
}

/** The error of an event that is too large; undefined for any other. */
export function sizeMistake(payload: string | Buffer): AwsError | undefined {
  const bytes = Buffer.byteLength(payload);
  if (bytes <= MAX_EVENT_BYTES) return undefined;
  const message = `${bytes} byte payload is too large for the Event invocation type (limit ${MAX_EVENT_BYTES} bytes)`;
  return new AwsError("RequestEntityTooLargeException", message, 413, { Type: "User" });
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function recordOf({ payload, requestId }: AsyncEvent, functionArn: string, { condition, attempts, result }: End) {
  const { error, version, payload: response = "null", refusal } = result ?? {};
  const ran = result && !refusal;
  return {
    version: "1.0",
    timestamp: new Date().toISOString(),
    requestContext: { requestId, functionArn, condition, approximateInvokeCount: attempts },
    requestPayload: JSON.parse(payload),
    ...(ran && {
      responseContext: { statusCode: 200, executedVersion: version, ...(error && { functionError: "Unhandled" }) },
      // A handler that writes its response may write anything.
      responsePayload: error ?? jsonOrText(response),
    }),
  };
}

function attributesOf(requestId: string, { result }: End) {
  const { error, refusal } = result ?? {};
  const message = error?.errorMessage ?? "Rate Exceeded.";
  return {
    ...textAttributes({ RequestID: requestId }),
    ErrorCode: { DataType: "Number", StringValue: !result || refusal ? "429" : "200" },
    ...textAttributes({ ErrorMessage: message.slice(0, MESSAGE_CHARACTERS) }),
  };
}
