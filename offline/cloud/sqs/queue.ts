import { randomUUID } from "node:crypto";
import { type Attributes, type RedrivePolicy, redrivePolicyOf } from "./attributes";
import { Audience, type Awaited } from "./audience";
import type { Happening, Journal, Seen } from "./journal";
import type { Message } from "./message";
import { type Entry, Stock } from "./stock";

/** A limit of AWS. */
const MAX_IN_FLIGHT = 120_000;
const DEDUPLICATION_MILLISECONDS = 300_000;

export interface QueueOptions {
  arn: string;
  attributes: Attributes;
  tags: Record<string, string>;
  /** In milliseconds since 1970. */
  createdAt: number;
  journal: Journal;
  /** The queue with that ARN. */
  find(arn: string): Queue | undefined;
}

/** A queue with its messages. */
export class Queue implements Awaited {
  readonly arn: string;
  readonly isFifo: boolean;
  readonly createdAt: number;
  attributes: Attributes = {};
  tags: Record<string, string>;
  /** In milliseconds since 1970. */
  modifiedAt: number;
  purgedAt = 0;

  private redrive: RedrivePolicy | undefined;
  private readonly stock: Stock;
  private readonly seen = new Map<string, Seen>();
  /** Whether deduplication IDs are compared within a group. AWS leaves it as the queue was made. */
  private readonly isPerGroup: boolean;
  /** Whoever waits for messages. */
  readonly audience = new Audience(this);

  constructor(private readonly options: QueueOptions) {
    const { arn, attributes, tags, createdAt } = options;
    this.arn = arn;
    this.tags = tags;
    this.createdAt = createdAt;
    this.modifiedAt = createdAt;
    this.isFifo = attributes.FifoQueue === "true";
    this.isPerGroup = attributes.DeduplicationScope === "messageGroup";
    this.stock = new Stock(this.isFifo);
    this.setAttributes(attributes);
  }

  get name(): string {
    return this.arn.split(":")[5] ?? "";
  }

  get counts(): Stock["counts"] {
    this.settle();
    return this.stock.counts;
  }

  /** Where messages end that were received in vain. */
  get deadLetterArn(): string | undefined {
    return this.redrive?.deadLetterTargetArn;
  }

  get isReady(): boolean {
    this.settle();
    return this.stock.isReady;
  }

  get next(): number | undefined {
    return this.stock.next;
  }

  /** Whether so many messages are in flight that none is handed out. */
  get isFull(): boolean {
    return this.counts.inFlight >= MAX_IN_FLIGHT;
  }

  setAttributes(attributes: Attributes): void {
    this.attributes = attributes;
    this.redrive = redrivePolicyOf(attributes);
    this.modifiedAt = Date.now();
  }

  /** An attribute that is a number. */
  number(name: string): number {
    return Number(this.attributes[name]);
  }

  /** What a FIFO queue has got with that deduplication ID within five minutes. */
  duplicateOf(group: string, id: string): Seen | undefined {
    for (const [key, { at }] of this.seen) {
      if (at + DEDUPLICATION_MILLISECONDS > Date.now()) break;
      this.seen.delete(key);
    }
    return this.seen.get(this.keyOf(group, id));
  }

  /** Takes a message in. @param also what happens with it. @throws Error when the journal cannot be written */
  send(message: Message, ...also: Happening[]): void {
    this.options.journal.add({ sent: message, to: this.arn }, ...also);
    this.add(message);
    this.audience.wake();
  }

  /**
   * Hands messages out. Those that were received too often go to the dead-letter queue.
   * @param timeout in seconds. @default the queue's visibility timeout
   */
  receive(limit: number, timeout = this.number("VisibilityTimeout")): Message[] {
    const now = Date.now();
    const most = Math.min(limit, MAX_IN_FLIGHT - this.counts.inFlight);
    const messages = this.take(most, now + timeout * 1000).map(({ message }) => message);
    for (const message of messages) {
      message.receiveCount++;
      message.firstReceivedAt ??= now;
    }
    if (messages.length > 0) this.options.journal.add({ received: messages.map(receiptOf), from: this.arn });
    this.audience.schedule();
    return messages;
  }

  /** Moves the first visible message to another queue, as a new message. False if there is none. */
  move(targetOf: (message: Message) => Queue): boolean {
    this.settle();
    const now = Date.now();
    const [entry] = this.stock.pick(1, now);
    if (!entry) return false;
    const { message } = entry;
    const { DeadLetterQueueSourceArn, ...system } = message.system;
    const fresh = { id: randomUUID(), system, sentAt: now, visibleAt: now };
    const deletion = { deleted: message.id, from: this.arn };
    targetOf(message).send({ ...message, ...fresh, receiveCount: 0, firstReceivedAt: undefined }, deletion);
    this.stock.remove(entry);
    return true;
  }

  /** Undefined for a message that was deleted. */
  find(id: string): Pick<Entry, "message" | "state"> | undefined {
    this.settle();
    return this.stock.get(id);
  }

  delete(id: string): void {
    const entry = this.stock.get(id);
    if (!entry) return;
    this.options.journal.add({ deleted: id, from: this.arn });
    this.stock.remove(entry);
    this.audience.wake();
  }

  /** @param seconds how long a message that was received stays invisible from now on */
  changeVisibility(id: string, seconds: number): void {
    const entry = this.stock.get(id);
    if (!entry) return;
    this.stock.hide(entry, Date.now() + seconds * 1000);
    this.options.journal.add({ received: [receiptOf(entry.message)], from: this.arn });
    this.audience.wake();
  }

  /** Deletes all messages. */
  purge(): void {
    this.options.journal.add({ purged: this.arn });
    this.purgedAt = Date.now();
    this.stock.clear();
  }

  /** Does again what the journal has noted. */
  replay(happening: Happening): void {
    if ("sent" in happening) this.add(happening.sent);
    if ("seen" in happening) for (const [key, seen] of happening.seen) this.seen.set(key, seen);
    if ("purged" in happening) this.stock.clear();
    if ("deleted" in happening) {
      const entry = this.stock.get(happening.deleted);
      if (entry) this.stock.remove(entry);
    }
    for (const receipt of "received" in happening ? happening.received : []) {
      const entry = this.stock.get(receipt.id);
      if (!entry) continue;
      Object.assign(entry.message, receipt);
      this.stock.hide(entry, receipt.visibleAt);
    }
  }

  /** What a journal has to note of it. */
  *happenings(): Iterable<Happening> {
    for (const message of this.stock.messages()) yield { sent: message, to: this.arn };
    if (this.seen.size > 0) yield { seen: [...this.seen], by: this.arn };
  }

  private keyOf(group: string, id: string): string {
    return this.isPerGroup ? `${group} ${id}` : id;
  }

  private add(message: Message): void {
    const { MessageGroupId = "", MessageDeduplicationId, SequenceNumber = "" } = message.system;
    if (this.isFifo && MessageDeduplicationId) {
      const seen = { id: message.id, sequenceNumber: SequenceNumber, at: message.sentAt };
      this.seen.set(this.keyOf(MessageGroupId, MessageDeduplicationId), seen);
    }
    this.stock.add(message);
  }

  private settle(): void {
    const now = Date.now();
    this.stock.settle(now, now - this.number("MessageRetentionPeriod") * 1000);
  }

  private take(limit: number, until: number): Entry[] {
    const taken: Entry[] = [];
    while (taken.length < limit) {
      const picked = this.stock.pick(limit - taken.length, until);
      if (picked.length === 0) break;
      for (const entry of picked) {
        const target = this.graveOf(entry);
        if (target) this.bury(entry, target);
        else taken.push(entry);
      }
    }
    return taken;
  }

  /** The dead-letter queue, if a message was received too often. */
  private graveOf({ message }: Entry): Queue | undefined {
    if (!this.redrive || message.receiveCount < this.redrive.maxReceiveCount) return undefined;
    const target = this.options.find(this.redrive.deadLetterTargetArn);
    return target !== this && target?.isFifo === this.isFifo ? target : undefined;
  }

  /** FIFO queues count the age of a message from then on. */
  private bury(entry: Entry, target: Queue): void {
    const { message } = entry;
    const now = Date.now();
    const system = { ...message.system, DeadLetterQueueSourceArn: this.arn };
    const moved = { ...message, system, visibleAt: now, sentAt: this.isFifo ? now : message.sentAt };
    target.send(moved, { deleted: message.id, from: this.arn });
    this.stock.remove(entry);
  }
}

function receiptOf({ id, receiveCount, firstReceivedAt, visibleAt }: Message) {
  return { id, receiveCount, firstReceivedAt, visibleAt };
}
