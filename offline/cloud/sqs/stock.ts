import { Line } from "./line";
import type { Message } from "./message";
import { Timeline } from "./timeline";

type State = "visible" | "delayed" | "inFlight";

/** A message and where it stands. */
export interface Entry {
  readonly message: Message;
  readonly lane: Lane;
  readonly state: State | "gone";
}

/** Messages that are received one after another: those of a group in a FIFO queue, elsewhere each message alone. */
interface Lane {
  group: string | undefined;
  line: Line<Entry>;
  /** Whether it is among the lanes that are ready. */
  isReady: boolean;
}

type Changeable = { -readonly [Key in keyof Entry]: Entry[Key] };

/**
 * The messages of a queue, and which of them can be received. No call takes longer for more messages, except by their
 * logarithm.
 */
export class Stock {
  readonly counts: Record<State, number> = { visible: 0, delayed: 0, inFlight: 0 };
  private readonly entries = new Map<string, Entry>();
  private readonly groups = new Map<string, Lane>();
  private ready = new Line<Lane>();
  private timeline = new Timeline<Entry>();

  constructor(private readonly isFifo: boolean) {}

  /** Whether a message may be visible. */
  get isReady(): boolean {
    return this.ready.first !== undefined;
  }

  /** When the next message may become visible, in milliseconds since 1970. */
  get next(): number | undefined {
    return this.timeline.next;
  }

  get(id: string): Entry | undefined {
    return this.entries.get(id);
  }

  /** In the order in which they came. */
  *messages(): Iterable<Message> {
    for (const { message } of this.entries.values()) yield message;
  }

  add(message: Message): void {
    const lane = this.laneOf(message);
    const entry: Entry = { message, lane, state: "visible" };
    this.counts.visible++;
    this.entries.set(message.id, entry);
    lane.line.push(entry);
    if (message.visibleAt <= Date.now()) this.offer(lane);
    else this.hide(entry, message.visibleAt, message.receiveCount > 0 ? "inFlight" : "delayed");
  }

  /** Removes messages that were sent before a time, and makes those visible whose time has come. */
  settle(now: number, sentBefore: number): void {
    for (const entry of this.entries.values()) {
      if (entry.message.sentAt > sentBefore) break;
      this.remove(entry);
    }
    for (let entry = this.timeline.take(now); entry; entry = this.timeline.take(now)) {
      // Another time may have taken the place of this one.
      if (entry.state === "gone" || entry.state === "visible" || entry.message.visibleAt > now) continue;
      this.become(entry, "visible");
      this.offer(entry.lane);
    }
  }

  /**
   * The first visible messages. A lane stops at a message that is not visible.
   * @param until how long they are in flight, in milliseconds since 1970
   */
  pick(limit: number, until: number): Entry[] {
    const picked: Entry[] = [];
    while (picked.length < limit) {
      const lane = this.ready.shift();
      if (!lane) break;
      lane.isReady = false;
      for (const entry of lane.line) {
        if (picked.length === limit) break;
        if (entry.state === "gone") continue;
        if (entry.state !== "visible") break;
        this.hide(entry, until);
        picked.push(entry);
      }
    }
    return picked;
  }

  /** @param until in milliseconds since 1970 */
  hide(entry: Entry, until: number, state: State = "inFlight"): void {
    entry.message.visibleAt = until;
    this.become(entry, state);
    this.timeline.add(until, entry);
  }

  remove(entry: Entry): void {
    const { lane, message } = entry;
    this.become(entry, "gone");
    this.entries.delete(message.id);
    while (lane.line.first?.state === "gone") lane.line.shift();
    const { first } = lane.line;
    if (first === undefined && lane.group !== undefined) this.groups.delete(lane.group);
    if (first?.state === "visible") this.offer(lane);
  }

  clear(): void {
    for (const entry of this.entries.values()) this.become(entry, "gone");
    this.entries.clear();
    this.groups.clear();
    this.ready = new Line();
    this.timeline = new Timeline();
  }

  private laneOf({ system: { MessageGroupId = "" } }: Message): Lane {
    const group = this.isFifo ? MessageGroupId : undefined;
    const known = group === undefined ? undefined : this.groups.get(group);
    const lane = known ?? { group, line: new Line<Entry>(), isReady: false };
    if (group !== undefined) this.groups.set(group, lane);
    return lane;
  }

  private become(entry: Changeable, state: Entry["state"]): void {
    if (entry.state !== "gone") this.counts[entry.state]--;
    entry.state = state;
    if (state !== "gone") this.counts[state]++;
  }

  private offer(lane: Lane): void {
    if (lane.isReady) return;
    lane.isReady = true;
    this.ready.push(lane);
  }
}
