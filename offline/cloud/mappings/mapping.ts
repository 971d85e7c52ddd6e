import { randomUUID } from "node:crypto";
import { serviceOf } from "../core/arns";
import type { AwsError } from "../core/awsError";
import type { Events } from "../core/events";
import type { Target } from "../core/invoker";
import { objectIn } from "../core/json";
import type { Item, Outcome } from "../core/polling/batches";
import { giveUp } from "../core/polling/giveUp";
import { failuresIn } from "../core/polling/itemFailures";
import type { Reason, StreamBatch } from "../core/polling/lane";
import { type PollTarget, pollerOf } from "../core/polling/poller";
import type { QueuePoller } from "../core/polling/queuePoller";
import type { Checkpoints, StreamPoller } from "../core/polling/streamPoller";
import { recordKey } from "../core/recordKey";
import type { EventSource, StreamSource } from "../core/sources";
import type { Configuration } from "./configuration";
import { type Attempt, reportOf } from "./report";

export interface MappingOptions {
  uuid: string;
  /** What the log calls it. */
  name: string;
  configuration: Configuration;
  source: EventSource;
  target: Target;
  /** As the mapping names it, with a version or alias if it does. */
  functionArn: string;
  /** The function's, which is in the records of Kinesis. */
  roleArn?: string;
  checkpoints: Checkpoints;
  events: Pick<Events, "send">;
  invoke(
    target: Target,
    payload: string,
    caller: { requestId: string },
  ): Promise<{ payload?: string; error?: object; refusal?: AwsError; version: string }>;
  log(line: string): void;
}

/** An event source mapping that polls: it calls a function with batches of a stream's records or a queue's messages. */
export class Mapping {
  /** What became of the last batch, in AWS's words. */
  lastResult = "No records processed";
  private readonly poller: QueuePoller | StreamPoller;
  /** The last call with each record, for the report if it is given up. */
  private readonly attempts = new WeakMap<Item, Attempt>();

  /** @throws Error for a filter that AWS refuses */
  constructor(private readonly options: MappingOptions) {
    const { source, configuration, roleArn, checkpoints } = options;
    const settings = {
      ...configuration,
      concurrency: configuration.ScalingConfig?.MaximumConcurrency,
      bisects: configuration.BisectBatchOnFunctionError,
    };
    const target: PollTarget = {
      deliver: (items, batch) => this.deliver(items, batch?.tumbling && windowOf(batch, source)),
      discard: (...discarded) => this.discard(...discarded),
      log: this.log,
    };
    const { FilterCriteria: filters } = configuration;
    this.poller = pollerOf({ source, roleArn, settings, filters, target, checkpoints });
  }

  /** Begins to poll. Whatever is written once it has resolved will be read. */
  start(): Promise<void> {
    return this.poller.start();
  }

  /** Polls no more. Resolves when the batches in flight are done. */
  async stop(): Promise<void> {
    this.poller.close();
    await this.poller.stopped;
  }

  /** @param more what a function gets besides the records */
  private async deliver(items: Item[], more?: object): Promise<Outcome & { state?: unknown }> {
    const { target, configuration, invoke } = this.options;
    const requestId = randomUUID();
    const rest = more ? `,${JSON.stringify(more).slice(1)}` : "}";
    const result = await invoke(target, `${recordsOf(items)}${rest}`, { requestId });
    if (result.refusal?.status === 429) return { failed: "all", throttled: true };
    const reports = configuration.FunctionResponseTypes.includes("ReportBatchItemFailures");
    const ids = items.map(({ id }) => id);
    const failed = result.error ? "all" : reports ? failuresIn(result.payload, ids) : new Set<string>();
    this.lastResult = result.error ? "PROBLEM: Function call failed" : "OK";
    const attempt = { requestId, version: result.version, failed: result.error !== undefined };
    for (const item of items) this.attempts.set(item, attempt);
    return { failed, ...(more && !result.error && { state: objectIn(result.payload).state }) };
  }

  private async discard(source: StreamSource, batch: StreamBatch, reason: Reason, attempts: number): Promise<void> {
    const { configuration, functionArn, events, uuid } = this.options;
    const { items, shardId } = batch;
    const [first] = items;
    const last = first && this.attempts.get(first);
    const report = reportOf({ source, batch, reason, attempts, functionArn, last });
    const delivery = { from: this.options.name, key: recordKey(`${uuid}/${shardId}`) };
    const line = await giveUp(batch, reason, attempts, {
      name: "on-failure destination",
      arn: configuration.DestinationConfig?.OnFailure?.Destination,
      send: (arn) => {
        const isBucket = arn.startsWith("arn:") && serviceOf(arn) === "s3";
        const text = JSON.stringify(isBucket ? { ...report, payload: `${recordsOf(items)}}` } : report);
        return events.send(arn, text, delivery);
      },
    });
    this.log(line);
  }

  private readonly log = (line: string) =>
    this.options.log(`error: event source mapping ${this.options.name} | ${line}`);
}

/** The beginning of what a function gets, as JSON. */
function recordsOf(items: Item[]): string {
  return `{"Records":[${items.map(({ json }) => json).join(",")}]`;
}

/** What a function gets of a tumbling window besides the records. */
function windowOf({ tumbling, shardId }: StreamBatch, { arn: eventSourceARN }: EventSource): object {
  return { ...tumbling, shardId, eventSourceARN };
}
