import { serviceOf } from "../core/arns";
import type { Events } from "../core/events";
import type { Item, Outcome } from "../core/polling/batches";
import { batchInfoOf } from "../core/polling/batchInfo";
import { giveUp } from "../core/polling/giveUp";
import type { Reason, StreamBatch } from "../core/polling/lane";
import { type PollTarget, pollerOf } from "../core/polling/poller";
import type { QueuePoller } from "../core/polling/queuePoller";
import type { Checkpoints, StreamPoller } from "../core/polling/streamPoller";
import type { EventSource, StreamSource } from "../core/sources";
import { type Pipe, readingOf } from "./model";
import { enrichedBy, type PipeEvent, recordOf } from "./pipeEvent";
import { type Delivered, deliver, listOf, TARGETS, type TargetOptions } from "./target";
import { transform } from "./template";

export interface RunningPipeOptions extends Pick<TargetOptions, "functions"> {
  pipe: Pipe;
  source: EventSource;
  checkpoints: Checkpoints;
  events: Pick<Events, "attempt" | "send">;
  log(line: string): void;
}

const DEFAULT_BATCH = { sqs: 10, kinesis: 100, dynamodb: 100 };

/** A pipe that polls: it passes batches of its source through the enrichment, if there is one, to the target. */
export class RunningPipe {
  private readonly poller: QueuePoller | StreamPoller;
  /** The last thing that went wrong, which is logged once. */
  private trouble: string | undefined;

  /** @throws Error for a filter that AWS refuses */
  constructor(private readonly options: RunningPipeOptions) {
    const { pipe, source, checkpoints } = options;
    const reading = readingOf(pipe);
    const { most = 1 } = TARGETS[serviceOf(pipe.Target)] ?? {};
    const settings = {
      ...reading,
      BatchSize: reading.BatchSize ?? Math.min(DEFAULT_BATCH[source.kind], most),
      bisects: reading.OnPartialBatchItemFailure === "AUTOMATIC_BISECT",
    };
    const target: PollTarget = {
      deliver: (items) => this.deliver(items),
      discard: (...discarded) => this.discard(...discarded),
      log: (line) => this.log(line),
    };
    const { FilterCriteria: filters } = pipe.SourceParameters;
    this.poller = pollerOf({ source, roleArn: pipe.RoleArn, settings, filters, target, checkpoints });
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

  private async deliver(items: Item[]): Promise<Outcome> {
    const { failed, throttled, message } = await this.pass(items.map(({ json }) => recordOf(json)));
    if (message !== undefined && message !== this.trouble) this.log(message);
    this.trouble = message;
    if (failed === "all") return { failed, throttled };
    return { failed: new Set(failed.flatMap((index) => items[index]?.id ?? [])) };
  }

  private async pass(records: PipeEvent[]): Promise<Delivered> {
    const { pipe } = this.options;
    const ids = records.map(({ id }) => id);
    if (!pipe.Enrichment)
      return label(`not delivered to ${pipe.Target}`, await deliver(pipe, records, ids, this.options));
    const answer = await this.enrich(records);
    if ("failed" in answer) return label(`not enriched by ${pipe.Enrichment}`, answer);
    const enriched = enrichedBy(answer.payload);
    if (enriched === undefined) return { failed: [] };
    const delivered = label(`not delivered to ${pipe.Target}`, await deliver(pipe, enriched, ids, this.options));
    // An enrichment that changes their number leaves no way to tell which records have failed.
    const isSame = [enriched].flat().length === records.length;
    return isSame || delivered.failed.length === 0 ? delivered : { ...delivered, failed: "all" };
  }

  /** What the enrichment answers, as JSON. It fails for the whole batch or not at all. */
  private async enrich(records: PipeEvent[]): Promise<Delivered | { payload?: string }> {
    const { pipe, functions } = this.options;
    const target = functions.find(pipe.Enrichment ?? "");
    if (!target) return { failed: "all", message: "the program has no such function" };
    try {
      const template = pipe.EnrichmentParameters?.InputTemplate;
      const payload = listOf(records.map((record) => transform(record, template, pipe)));
      const result = await functions.invoke(target, payload);
      if (result.refusal?.status === 429) return { failed: "all", throttled: true };
      return result.error ? { failed: "all", message: result.refusal?.message } : { payload: result.payload };
    } catch (error) {
      return { failed: "all", message: (error as Error).message };
    }
  }

  /** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html */
  private async discard(source: StreamSource, batch: StreamBatch, reason: Reason, attempts: number): Promise<void> {
    const { pipe, events } = this.options;
    const report = {
      context: { partnerResourceArn: pipe.arn, condition: reason },
      version: "1.0",
      timestamp: new Date().toISOString(),
      ...batchInfoOf(source, batch),
    };
    const line = await giveUp(batch, reason, attempts, {
      name: "dead-letter queue",
      arn: readingOf(pipe).DeadLetterConfig?.Arn,
      send: (arn) => events.send(arn, JSON.stringify(report), { from: `pipe ${pipe.name}` }),
    });
    this.log(line);
  }

  private log(line: string): void {
    this.options.log(`error: pipe ${this.options.pipe.name} | ${line}`);
  }
}

/** Says where something went wrong. */
function label(where: string, delivered: Delivered): Delivered {
  return delivered.message === undefined ? delivered : { ...delivered, message: `${where}: ${delivered.message}` };
}
