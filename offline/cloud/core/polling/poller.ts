import type { EventSource, Start, StreamSource } from "../sources";
import type { Item, Outcome } from "./batches";
import { type FilterCriteria, Filters, patternsOf } from "./filters";
import type { Reason, StreamBatch } from "./lane";
import { QueuePoller } from "./queuePoller";
import { type Checkpoints, StreamPoller } from "./streamPoller";

/** How a source is polled, as the APIs of Lambda and of EventBridge Pipes have it. Infinite numbers are -1. */
interface PollSettings {
  BatchSize: number;
  /** In seconds. @default 0 */
  MaximumBatchingWindowInSeconds?: number;
  /** The most batches of a queue that are delivered at once. @default 5 */
  concurrency?: number;
  /** @default -1 */
  MaximumRetryAttempts?: number;
  /** @default -1 */
  MaximumRecordAgeInSeconds?: number;
  /** @default 1 */
  ParallelizationFactor?: number;
  /** Whether to halve a batch that fails. @default false */
  bisects?: boolean;
  /** In seconds. @default 0: none */
  TumblingWindowInSeconds?: number;
  /** @default "TRIM_HORIZON" */
  StartingPosition?: string;
  /** In milliseconds since 1970. */
  StartingPositionTimestamp?: number;
}

/** What gets the batches. */
export interface PollTarget {
  /** Never rejects. @param batch of a stream */
  deliver(items: Item[], batch?: StreamBatch): Promise<Outcome & { state?: unknown }>;
  /** Takes records of a stream that are given up. Never rejects. */
  discard(source: StreamSource, batch: StreamBatch, reason: Reason, attempts: number): Promise<void>;
  log(line: string): void;
}

/** A queue is first read by five pollers; many more would only compete for this machine. */
const QUEUE_CONCURRENCY = 5;
const MAX_CONCURRENCY = 10;

export interface PollOptions {
  source: EventSource;
  /** The role that reads the source. */
  roleArn?: string;
  settings: PollSettings;
  filters: FilterCriteria | undefined;
  target: PollTarget;
  checkpoints: Checkpoints;
}

/**
 * Polls a queue or a stream, as event source mappings and pipes do.
 * @throws Error for a filter that AWS refuses
 */
export function pollerOf(options: PollOptions): QueuePoller | StreamPoller {
  const { settings, target, checkpoints } = options;
  const source = withRole(options.source, options.roleArn);
  const filters = new Filters(patternsOf(options.filters), source.kind === "sqs" ? "body" : "data");
  const { BatchSize: batchSize, MaximumBatchingWindowInSeconds: window = 0 } = settings;
  const { log } = target;
  if (source.kind === "sqs") {
    const concurrency = Math.min(settings.concurrency ?? QUEUE_CONCURRENCY, MAX_CONCURRENCY);
    return new QueuePoller(
      source,
      { batchSize, window, concurrency },
      { accepts: ({ event, body }) => filters.accept(event, body), deliver: (items) => target.deliver(items), log },
    );
  }
  return new StreamPoller({
    source,
    start: startOf(settings),
    settings: {
      batchSize,
      window,
      parallelization: settings.ParallelizationFactor ?? 1,
      retries: infinite(settings.MaximumRetryAttempts),
      maxAge: infinite(settings.MaximumRecordAgeInSeconds),
      bisects: settings.bisects ?? false,
      tumblingWindow: settings.TumblingWindowInSeconds ?? 0,
    },
    target: {
      // Of Kinesis, patterns are about what is in `kinesis`.
      accepts: ({ event, data }) => filters.accept({ ...event, ...(event as { kinesis?: object }).kinesis }, data),
      deliver: (batch) => target.deliver(batch.items, batch),
      discard: (batch, reason, attempts) => target.discard(source, batch, reason, attempts),
      log,
    },
    checkpoints,
  });
}

/** A stream of Kinesis whose records name the role that reads them, which the stream itself does not know. */
function withRole(source: EventSource, invokeIdentityArn: string | undefined): EventSource {
  if (source.kind !== "kinesis" || !invokeIdentityArn) return source;
  const read: StreamSource["read"] = async (position, limit) => {
    const { records, ...rest } = await source.read(position, limit);
    return {
      ...rest,
      records: records.map((record) => ({ ...record, event: { ...record.event, invokeIdentityArn } })),
    };
  };
  return Object.assign(Object.create(source) as StreamSource, { read });
}

function startOf({ StartingPosition: type, StartingPositionTimestamp: timestamp = 0 }: PollSettings): Start {
  if (type === "AT_TIMESTAMP") return { type, timestamp };
  return { type: type === "LATEST" ? "LATEST" : "TRIM_HORIZON" };
}

function infinite(value = -1): number {
  return value < 0 ? Number.POSITIVE_INFINITY : value;
}
