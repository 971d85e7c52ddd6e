import { LONGEST_TIMER } from "./timers";

/** What a timer has done, or will do. */
export interface Firing {
  /** In milliseconds since 1970, by the clock. */
  time: number;
  /** Such as `schedule nightly`. */
  what: string;
  /** Why it failed. */
  failure?: string;
}

/** How far a clock was moved. */
export interface Advance {
  /** In the order in which they fired. */
  fired: Firing[];
  /** What the clock shows now. */
  now: number;
  /** What fires next, if anything. */
  next?: Firing;
  /** False if it was not moved all the way, as too much was due. */
  isComplete: boolean;
}

interface Timer {
  time: number;
  what: string;
  /** Returns why it failed, or nothing. Must not reject. */
  fire(): Promise<string | undefined>;
}

/**
 * The clock of schedules. It moves with real time, and can be moved forward, which fires everything that is due on the
 * way. It never goes back.
 */
export class Clock {
  private readonly timers = new Set<Timer>();
  /** How far it is ahead of real time, in milliseconds. */
  private ahead = 0;
  /** What it shows while it is moved: it stands still while something fires. */
  private stopped: number | undefined;
  private waking: NodeJS.Timeout | undefined;
  private moved: Promise<unknown> = Promise.resolve();
  private closed = false;

  /** In milliseconds since 1970. */
  now(): number {
    return this.stopped ?? Date.now() + this.ahead;
  }

  /**
   * Fires at a time; at once if that is past. Timers do not keep the process alive.
   * @param what such as `schedule nightly`
   * @param fire returns why it failed, or nothing, and must not reject
   * @returns how to cancel it
   */
  setTimer(time: number, what: string, fire: Timer["fire"]): () => void {
    const timer = { time, what, fire };
    if (!this.closed) this.timers.add(timer);
    this.wake();
    return () => {
      this.timers.delete(timer);
      this.wake();
    };
  }

  /**
   * Moves the clock forward, and fires what is due in order, one after another. Moves wait for those before them.
   * @param most The clock stays at the last firing once there have been so many. @default 10,000
   */
  advance(to: number, most = 10_000): Promise<Advance> {
    const moving = this.moved.then(() => this.move(to, most));
    this.moved = moving;
    return moving;
  }

  /** Fires nothing from now on. */
  close(): void {
    this.closed = true;
    this.timers.clear();
    this.wake();
  }

  private async move(to: number, most: number): Promise<Advance> {
    const fired: Firing[] = [];
    this.stopped = this.now();
    for (let next = this.next(); next && next.time <= to && fired.length < most; next = this.next()) {
      const { time, what } = next;
      this.stopped = Math.max(time, this.stopped);
      this.timers.delete(next);
      const failure = await next.fire();
      fired.push({ time, what, ...(failure !== undefined && { failure }) });
    }
    const due = this.next();
    const isComplete = !due || due.time > to;
    if (isComplete) this.stopped = Math.max(to, this.stopped);
    this.ahead = this.stopped - Date.now();
    this.stopped = undefined;
    this.wake();
    const next = this.next();
    return { fired, now: this.now(), isComplete, ...(next && { next: { time: next.time, what: next.what } }) };
  }

  /** The earliest timer, and of several the one that was set first. */
  private next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) if (!first || timer.time < first.time) first = timer;
    return first;
  }

  /** Waits for the earliest timer in real time. */
  private wake(): void {
    clearTimeout(this.waking);
    const next = this.next();
    if (this.stopped !== undefined || !next) return;
    this.waking = setTimeout(() => this.fireDue(), Math.min(Math.max(next.time - this.now(), 0), LONGEST_TIMER));
    this.waking.unref();
  }

  private fireDue(): void {
    for (let next = this.next(); next && next.time <= this.now(); next = this.next()) {
      this.timers.delete(next);
      void next.fire();
    }
    this.wake();
  }
}
