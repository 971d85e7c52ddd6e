import type {
  QueueMessage,
  QueueSource,
  Shard,
  SourcePage,
  SourceRecord,
  Start,
  StreamSource,
} from "../../../offline/cloud/core/sources";

interface MemoryShard extends Shard {
  records: SourceRecord[];
  isOpen: boolean;
}

interface Position {
  id: string;
  index: number;
}

/** A stream in memory, with what a test does to it. */
export class MemoryStream implements StreamSource {
  readonly kind = "kinesis";
  readonly arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/memory";
  private readonly all: MemoryShard[] = [];
  private readonly listeners = new Set<() => void>();
  private last = 0;

  constructor(ids: string[] = ["shard-1"]) {
    for (const id of ids) this.add(id);
  }

  put(data: string, { shard = "shard-1", key = "key", arrived = Date.now() } = {}): string {
    const sequenceNumber = String(++this.last);
    const kinesis = { partitionKey: key, sequenceNumber, data };
    this.find(shard).records.push({ sequenceNumber, arrived, data, event: { kinesis } });
    this.notify();
    return sequenceNumber;
  }

  /** Closes a shard, and opens others in its place. */
  split(parent: string, ...children: string[]): void {
    this.find(parent).isOpen = false;
    for (const id of children) this.add(id, [parent]);
    this.notify();
  }

  /** What has been read may be deleted: the oldest records and whole shards. */
  drop(id: string): void {
    this.all.splice(this.all.indexOf(this.find(id)), 1);
  }

  get watchers(): number {
    return this.listeners.size;
  }

  async shards(): Promise<Shard[]> {
    return this.all.map(({ id, parents }) => ({ id, parents }));
  }

  async position(id: string, start: Start): Promise<Position> {
    const { records } = this.find(id);
    const index = {
      TRIM_HORIZON: () => 0,
      LATEST: () => records.length,
      AFTER_SEQUENCE_NUMBER: () =>
        records.filter(
          ({ sequenceNumber }) =>
            Number(sequenceNumber) <= Number((start as { sequenceNumber: string }).sequenceNumber),
        ).length,
      AT_TIMESTAMP: () => records.filter(({ arrived }) => arrived < (start as { timestamp: number }).timestamp).length,
    }[start.type]();
    return { id, index };
  }

  async read(position: unknown, limit: number): Promise<SourcePage> {
    const { id, index } = position as Position;
    const { records, isOpen } = this.find(id);
    const page = records.slice(index, index + limit);
    const next = index + page.length;
    return { records: page, ...((isOpen || next < records.length) && { next: { id, index: next } }) };
  }

  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private add(id: string, parents: string[] = []): void {
    this.all.push({ id, parents, records: [], isOpen: true });
  }

  private find(id: string): MemoryShard {
    const shard = this.all.find((one) => one.id === id);
    if (!shard) throw new Error(`there is no shard ${id}`);
    return shard;
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}

/** A queue in memory: what is not deleted comes back when its visibility timeout is over. */
export class MemoryQueue implements QueueSource {
  readonly kind = "sqs";
  readonly arn = "arn:aws:sqs:eu-west-1:123456789012:memory";
  readonly isFifo = false;
  private messages: (QueueMessage & { visibleAt: number })[] = [];
  private readonly listeners = new Set<() => void>();
  private last = 0;

  /** @param visibilityTimeout in seconds, for what is received from now on */
  constructor(public visibilityTimeout = 30) {}

  send(...bodies: string[]): void {
    for (const body of bodies) {
      const messageId = `message-${++this.last}`;
      this.messages.push({ receiptHandle: messageId, event: { messageId, body }, body, visibleAt: 0 });
    }
    for (const listener of this.listeners) listener();
  }

  get size(): number {
    return this.messages.length;
  }

  async receive(limit: number): Promise<QueueMessage[]> {
    const now = Date.now();
    const found = this.messages.filter(({ visibleAt }) => visibleAt <= now).slice(0, limit);
    for (const message of found) message.visibleAt = now + this.visibilityTimeout * 1000;
    if (found.length > 0) setTimeout(() => this.send(), this.visibilityTimeout * 1000).unref();
    return found;
  }

  async delete(receiptHandle: string): Promise<void> {
    this.messages = this.messages.filter((message) => message.receiptHandle !== receiptHandle);
  }

  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
