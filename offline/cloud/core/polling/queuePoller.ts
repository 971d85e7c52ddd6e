import type { QueueMessage, QueueSource } from "../sources";
import { pause } from "../timers";
import { throttleDelay } from "./backoff";
import { fitting, type Item, type Outcome } from "./batches";
import { Signal } from "./signal";

export interface QueueSettings {
  batchSize: number;
  /** How long to collect messages for a batch, in seconds. */
  window: number;
  /** How many batches may be delivered at once. */
  concurrency: number;
}

export interface QueueMessageItem extends Item {
  message: QueueMessage;
}

export interface QueueTarget {
  /** Messages that are not accepted are deleted. */
  accepts(message: QueueMessage): boolean;
  /** Never rejects. */
  deliver(items: QueueMessageItem[]): Promise<Outcome>;
  log(line: string): void;
}

/** Before a queue that cannot be read is asked again. */
const ERROR_MILLISECONDS = 1000;

/**
 * Reads a queue. What fails stays in the queue and comes back when its visibility timeout is over, until the queue's
 * redrive policy ends that.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export class QueuePoller {
  /** Something is in the queue, or a batch is done. */
  private readonly news = new Signal();
  private readonly closed = new AbortController();
  private running = 0;
  /** Resolves when nothing is read or delivered any more. */
  stopped: Promise<void> = Promise.resolve();

  constructor(
    private readonly source: QueueSource,
    private readonly settings: QueueSettings,
    private readonly target: QueueTarget,
  ) {}

  async start(): Promise<void> {
    const unwatch = this.source.watch(() => this.news.send());
    this.stopped = this.run().finally(unwatch);
  }

  /** Reads no more; batches in flight end. */
  close(): void {
    this.closed.abort();
    this.news.send();
  }

  private async run(): Promise<void> {
    while (!this.isClosed) {
      const items = this.running < this.settings.concurrency ? await this.collect() : [];
      if (items.length === 0) await this.news.wait();
      else void this.deliver(items, Date.now() + this.source.visibilityTimeout * 1000);
    }
    while (this.running > 0) await this.news.wait();
  }

  private get isClosed(): boolean {
    return this.closed.signal.aborted;
  }

  /** One batch of accepted messages, or none. The window begins with the first message. */
  private async collect(): Promise<QueueMessageItem[]> {
    const { batchSize, window } = this.settings;
    const items = await this.receive(batchSize);
    const end = Date.now() + window * 1000;
    while (items.length > 0 && items.length < batchSize && !this.isClosed) {
      const more = await this.receive(batchSize - items.length);
      items.push(...more);
      if (Date.now() >= end) break;
      if (more.length === 0) await this.news.wait(end - Date.now());
    }
    return items;
  }

  /** Messages that are accepted, unless there are none at all. */
  private async receive(limit: number): Promise<QueueMessageItem[]> {
    for (;;) {
      const messages = this.isClosed ? [] : await this.read(limit);
      const items = messages.filter((message) => this.target.accepts(message)).map(itemOf);
      const accepted = new Set(items.map(({ message }) => message));
      await this.delete(messages.filter((message) => !accepted.has(message)));
      if (items.length > 0 || messages.length === 0) return items;
    }
  }

  private async read(limit: number): Promise<QueueMessage[]> {
    try {
      return await this.source.receive(limit);
    } catch (error) {
      if (!this.isClosed) this.target.log(`the queue cannot be read: ${(error as Error).message}`);
      await this.pause(ERROR_MILLISECONDS);
      this.news.send();
      return [];
    }
  }

  /** Delivers messages in as many batches as their size demands. */
  private async deliver(items: QueueMessageItem[], deadline: number): Promise<void> {
    this.running++;
    for (let rest = items; rest.length > 0; ) {
      const batch = rest.slice(0, fitting(rest, rest.length));
      rest = rest.slice(batch.length);
      await this.deliverBatch(batch, deadline);
    }
    this.running--;
    this.news.send();
  }

  /** Gives a target at its limit as long as the messages are invisible. */
  private async deliverBatch(items: QueueMessageItem[], deadline: number): Promise<void> {
    let outcome = await this.target.deliver(items);
    for (let throttles = 1; outcome.throttled; throttles++) {
      const delay = throttleDelay(throttles);
      if (this.isClosed || Date.now() + delay >= deadline) return;
      await this.pause(delay);
      outcome = await this.target.deliver(items);
    }
    const { failed } = outcome;
    if (failed !== "all") await this.delete(items.filter(({ id }) => !failed.has(id)).map(({ message }) => message));
  }

  private async delete(messages: QueueMessage[]): Promise<void> {
    for (const { receiptHandle } of messages) {
      await this.source.delete(receiptHandle).catch(({ message }) => this.target.log(`a message stays: ${message}`));
    }
  }

  private async pause(milliseconds: number): Promise<void> {
    await pause(milliseconds, this.closed.signal);
  }
}

function itemOf(message: QueueMessage): QueueMessageItem {
  const { messageId } = message.event as { messageId?: string };
  return { id: String(messageId), json: JSON.stringify(message.event), message };
}
