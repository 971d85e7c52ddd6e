import { randomUUID } from "node:crypto";
import type { AwsError } from "../core/awsError";
import type { Events } from "../core/events";
import type { Target } from "../core/invoker";
import type { Item, Outcome } from "../core/polling/batches";
import type { Reason, StreamBatch, StreamTarget } from "../core/polling/lane";
import { QueuePoller } from "../core/polling/queuePoller";
import { type Checkpoints, StreamPoller } from "../core/polling/streamPoller";
import type { EventSource, QueueSource, SourceRecord, Start, StreamSource } from "../core/sources";
import type { Configuration } from "./configuration";
import { Filters } from "./filters";
import { type Attempt, keyOfReport, reportOf } from "./report";
import { failuresIn } from "./response";

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

/** A queue is first read by five pollers; many more would only compete for this machine. */
const QUEUE_CONCURRENCY = 5;
const MAX_CONCURRENCY = 10;

/** An event source mapping that polls: it calls a function with batches of a stream's records or a queue's messages. */
export class Mapping {
  /** What became of the last batch, in AWS's words. */
  lastResult = "No records processed";
  private readonly poller: QueuePoller | StreamPoller;
  private readonly filters: Filters;
  /** The last call for the batch of each shard, or part of one, by its first record. */
  private readonly attempts = new WeakMap<Item, Attempt>();

  /** @throws Error for a filter that AWS refuses */
  constructor(private readonly options: MappingOptions) {
    const { source, configuration } = options;
    const patterns = (configuration.FilterCriteria?.Filters ?? []).map(({ Pattern = "" }) => Pattern);
    this.filters = new Filters(patterns, source.kind === "sqs" ? "body" : "data");
    this.poller = source.kind === "sqs" ? this.pollQueue(source) : this.pollStream(source);
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

  private pollQueue(source: QueueSource): QueuePoller {
    const { BatchSize, MaximumBatchingWindowInSeconds, ScalingConfig } = this.options.configuration;
    const concurrency = Math.min(ScalingConfig?.MaximumConcurrency ?? QUEUE_CONCURRENCY, MAX_CONCURRENCY);
    const settings = { batchSize: BatchSize, window: MaximumBatchingWindowInSeconds, concurrency };
    return new QueuePoller(source, settings, {
      accepts: ({ event, body }) => this.filters.accept(event, body),
      deliver: (items) => this.deliver(items),
      log: this.log,
    });
  }

  private pollStream(source: StreamSource): StreamPoller {
    const { configuration, checkpoints } = this.options;
    const { MaximumRetryAttempts = -1, MaximumRecordAgeInSeconds = -1 } = configuration;
    const infinite = (value: number) => (value < 0 ? Number.POSITIVE_INFINITY : value);
    const settings = {
      batchSize: configuration.BatchSize,
      window: configuration.MaximumBatchingWindowInSeconds,
      parallelization: configuration.ParallelizationFactor ?? 1,
      retries: infinite(MaximumRetryAttempts),
      maxAge: infinite(MaximumRecordAgeInSeconds),
      bisects: configuration.BisectBatchOnFunctionError ?? false,
      tumblingWindow: configuration.TumblingWindowInSeconds ?? 0,
    };
    const target: StreamTarget = {
      accepts: (record) => this.accepts(record),
      deliver: ({ items, shardId, tumbling }) =>
        this.deliver(items, tumbling && { ...tumbling, shardId, eventSourceARN: source.arn }),
      discard: (batch, reason, attempts) => this.discard(source, batch, reason, attempts),
      log: this.log,
    };
    const { roleArn } = this.options;
    const named = source.kind === "kinesis" && roleArn ? withRole(source, roleArn) : source;
    return new StreamPoller({ source: named, start: startOf(configuration), settings, target, checkpoints });
  }

  /** Of Kinesis, patterns are about what is in `kinesis`, with the data in place of its encoding. */
  private accepts({ event, data }: SourceRecord): boolean {
    const { kinesis } = event as { kinesis?: object };
    return this.filters.accept({ ...event, ...kinesis }, data);
  }

  /** @param more what a function gets besides the records */
  private async deliver(items: Item[], more?: object): Promise<Outcome & { state?: unknown }> {
    const { target, configuration, invoke } = this.options;
    const requestId = randomUUID();
    const rest = more ? `,${JSON.stringify(more).slice(1)}` : "}";
    const result = await invoke(target, `{"Records":[${items.map(({ json }) => json).join(",")}]${rest}`, {
      requestId,
    });
    if (result.refusal?.status === 429) return { failed: "all", throttled: true };
    const reports = configuration.FunctionResponseTypes.includes("ReportBatchItemFailures");
    const ids = items.map(({ id }) => id);
    const failed = result.error ? "all" : reports ? failuresIn(result.payload, ids) : new Set<string>();
    this.lastResult = result.error ? "PROBLEM: Function call failed" : "OK";
    const attempt = { requestId, version: result.version, failed: result.error !== undefined };
    for (const item of items) this.attempts.set(item, attempt);
    return { failed, ...(more && !result.error && { state: stateIn(result.payload) }) };
  }

  private async discard(source: StreamSource, batch: StreamBatch, reason: Reason, attempts: number): Promise<void> {
    const { configuration, functionArn, events, uuid } = this.options;
    const { items, shardId } = batch;
    const [first] = items;
    const last = first && this.attempts.get(first);
    const { kind, arn: streamArn } = source;
    const report = reportOf({ kind, batch, reason, attempts, streamArn, functionArn, last });
    const { Destination: destination } = configuration.DestinationConfig?.OnFailure ?? {};
    const records = `${items.length === 1 ? "1 record" : `${items.length} records`} of ${shardId}`;
    const line = `${records} given up from ${first?.id} (${reason}, ${attempts} attempts)`;
    if (!destination) return this.log(`${line}: there is no on-failure destination`);
    const isBucket = destination.startsWith("arn:") && destination.split(":")[2] === "s3";
    const payload = `{"Records":[${items.map(({ json }) => json).join(",")}]}`;
    const text = JSON.stringify(isBucket ? { ...report, payload } : report);
    const delivery = { from: this.options.name, key: keyOfReport(uuid, shardId) };
    const failure = await events.send(destination, text, delivery);
    this.log(failure ? `${line}: not delivered to ${destination}: ${failure}` : `${line}: ${destination} has a report`);
  }

  private readonly log = (line: string) =>
    this.options.log(`error: event source mapping ${this.options.name} | ${line}`);
}

/** A stream does not know the role of the function that gets its records. */
function withRole(source: StreamSource, invokeIdentityArn: string): StreamSource {
  const read: StreamSource["read"] = async (position, limit) => {
    const { records, ...rest } = await source.read(position, limit);
    return {
      ...rest,
      records: records.map((record) => ({ ...record, event: { ...record.event, invokeIdentityArn } })),
    };
  };
  return Object.assign(Object.create(source) as StreamSource, { read });
}

function startOf({ StartingPosition: type, StartingPositionTimestamp: timestamp = 0 }: Configuration): Start {
  if (type === "AT_TIMESTAMP") return { type, timestamp };
  return { type: type === "LATEST" ? "LATEST" : "TRIM_HORIZON" };
}

/** What a function wants to keep over a tumbling window. */
function stateIn(answer = "null"): unknown {
  try {
    return (JSON.parse(answer) as { state?: unknown } | null)?.state;
  } catch {
    return undefined;
  }
}
