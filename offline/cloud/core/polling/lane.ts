import type { SourceRecord } from "../sources";
import { pause } from "../timers";
import { retryDelay, throttleDelay } from "./backoff";
import { firstFailed, fitting, type Item, type Outcome } from "./batches";
import type { Reading } from "./progress";
import { Signal } from "./signal";
import { type TumblingState, TumblingWindow } from "./tumblingWindow";

export interface StreamSettings {
  batchSize: number;
  /** How long to collect records for a batch, in seconds. */
  window: number;
  /** How many batches of a shard may be delivered at once. */
  parallelization: number;
  /** How many times a batch is tried again; may be infinite. */
  retries: number;
  /** How old records may be, in seconds; may be infinite. */
  maxAge: number;
  /** Whether to halve a batch that fails. */
  bisects: boolean;
  /** How long the windows are over which a target keeps a state, in seconds; 0 for none. */
  tumblingWindow: number;
}

/** A record on its way to the target. */
export interface RecordItem extends Item {
  record: SourceRecord;
  reading: Reading;
}

export interface StreamBatch {
  shardId: string;
  items: RecordItem[];
  /** If the target keeps a state over a window. */
  tumbling?: TumblingState;
}

/** Why records are given up. @see https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
export type Reason = "RetryAttemptsExhausted" | "RecordAgeExceeded";

export interface StreamTarget {
  /** Records that are not accepted are passed over. */
  accepts(record: SourceRecord): boolean;
  /** Never rejects. `state` is the new one of a tumbling window. */
  deliver(batch: StreamBatch): Promise<Outcome & { state?: unknown }>;
  /** Takes records that are given up. Never rejects. @param attempts how often they have been tried */
  discard(batch: StreamBatch, reason: Reason, attempts: number): Promise<void>;
  log(line: string): void;
}

export interface LaneOptions {
  shardId: string;
  settings: StreamSettings;
  target: StreamTarget;
  signal: AbortSignal;
  /** Records are done with. */
  finish(items: RecordItem[]): void;
}

/** The batches of a shard, or of one part of its keys, in order: each is done with before the next one begins. */
export class Lane {
  private readonly queue: RecordItem[] = [];
  private readonly news = new Signal();
  private readonly tumbling: TumblingWindow | undefined;
  private ended = false;
  /** Resolves when it has ended, with all that it was given done, or is closed. */
  readonly stopped: Promise<void>;

  constructor(private readonly options: LaneOptions) {
    const { tumblingWindow } = options.settings;
    if (tumblingWindow > 0) this.tumbling = new TumblingWindow(tumblingWindow);
    options.signal.addEventListener("abort", () => this.news.send(), { once: true });
    this.stopped = this.run();
  }

  push(item: RecordItem): void {
    this.queue.push(item);
    this.news.send();
  }

  /** Nothing more will come. */
  end(): void {
    this.ended = true;
    this.news.send();
  }

  private get isClosed(): boolean {
    return this.options.signal.aborted;
  }

  private async run(): Promise<void> {
    while (!this.isClosed) {
      const batch = await this.collect();
      const [first] = batch;
      if (this.isClosed) return;
      const isOver = this.tumbling?.isOver(first?.record.arrived ?? Date.now()) || (!first && this.ended);
      if (isOver) await this.closeWindow(false);
      if (first) await this.process(batch);
      else if (this.ended) return;
    }
  }

  /** The next batch; none if a tumbling window is over, or nothing more comes. */
  private async collect(): Promise<RecordItem[]> {
    const { batchSize, window } = this.options.settings;
    while (this.queue.length === 0) {
      if (this.isClosed || this.ended) return [];
      const left = this.tumbling?.millisecondsLeft() ?? Number.POSITIVE_INFINITY;
      if (left <= 0) return [];
      await this.news.wait(left);
    }
    const end = Date.now() + window * 1000;
    while (!this.isFull(batchSize) && !this.isClosed && !this.ended && Date.now() < end) {
      await this.news.wait(end - Date.now());
    }
    const together = this.tumbling?.together(this.queue.map(({ record }) => record.arrived)) ?? batchSize;
    return this.queue.splice(0, fitting(this.queue, Math.min(batchSize, together)));
  }

  private isFull(batchSize: number): boolean {
    return this.queue.length >= batchSize || fitting(this.queue, this.queue.length) < this.queue.length;
  }

  /** Tries a batch, and what is left of it, until nothing of it is left. */
  private async process(batch: RecordItem[]): Promise<void> {
    const { settings, target, shardId } = this.options;
    let items = batch;
    /** Of what is left. */
    let attempts = 0;
    let failures = 0;
    let throttles = 0;
    /** How much longer AWS would have waited, in seconds. */
    let skipped = 0;
    for (;;) {
      items = await this.dropExpired(items, skipped, attempts);
      if (items.length === 0) return;
      const tumbling = this.tumbling?.enter(items[0]?.record.arrived ?? 0);
      const outcome = await target.deliver({ shardId, items, tumbling });
      if (outcome.throttled) {
        await this.pause(throttleDelay(++throttles));
        if (this.isClosed) return;
        continue;
      }
      const failed = firstFailed(items, outcome);
      if (this.tumbling && failed !== 0 && this.tumbling.keep(outcome.state)) await this.closeWindow(true);
      this.options.finish(items.slice(0, failed));
      if (failed === undefined || this.isClosed) return;
      attempts++;
      failures++;
      if (failed > 0) {
        // What comes before the failure is done, so the rest is a batch of its own.
        items = items.slice(failed);
        attempts = 0;
      } else if (settings.bisects && items.length > 1) {
        const half = Math.ceil(items.length / 2);
        await this.process(items.slice(0, half));
        if (this.isClosed) return;
        items = items.slice(half);
        attempts = 0;
        continue;
      } else if (attempts > settings.retries) {
        return this.discard(items, "RetryAttemptsExhausted", attempts);
      }
      const { there, here } = retryDelay(failures);
      items = await this.dropExpired(items, skipped + there, attempts);
      if (items.length === 0) return;
      skipped += there - here;
      await this.pause(here * 1000);
      if (this.isClosed) return;
    }
  }

  /** Gives up the records that are too old, which come first. */
  private async dropExpired(items: RecordItem[], skipped: number, attempts: number): Promise<RecordItem[]> {
    const oldest = Date.now() - (this.options.settings.maxAge - skipped) * 1000;
    const index = items.findIndex(({ record }) => record.arrived >= oldest);
    const expired = index < 0 ? items : items.slice(0, index);
    // AWS finds out when it is about to try once more, and counts that.
    if (expired.length > 0) await this.discard(expired, "RecordAgeExceeded", attempts + 1);
    return items.slice(expired.length);
  }

  private async discard(items: RecordItem[], reason: Reason, attempts: number): Promise<void> {
    await this.options.target.discard({ shardId: this.options.shardId, items }, reason, attempts);
    this.options.finish(items);
  }

  /** Lets the target know that a tumbling window is over. @param early whether its state has become too large */
  private async closeWindow(early: boolean): Promise<void> {
    const { settings, target, shardId } = this.options;
    const tumbling = this.tumbling?.close(early);
    if (!tumbling) return;
    for (let failures = 1; ; failures++) {
      const { failed, throttled } = await target.deliver({ shardId, items: [], tumbling });
      if (this.isClosed || (!throttled && failed !== "all")) return;
      if (!throttled && failures > settings.retries) {
        target.log(`${shardId}: the window that began ${tumbling.window.start} could not be finished`);
        return;
      }
      await this.pause(throttled ? throttleDelay(failures) : retryDelay(failures).here * 1000);
    }
  }

  private async pause(milliseconds: number): Promise<void> {
    await pause(milliseconds, this.options.signal);
  }
}
