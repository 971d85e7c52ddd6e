import { LONGEST_TIMER } from "../core/timers";
import type { Message } from "./message";

interface Waiter {
  limit: number;
  timeout: number | undefined;
  end(found: Message[]): void;
}

/** What an audience waits for: a queue. */
export interface Awaited {
  receive(limit: number, timeout?: number): Message[];
  /** Whether there may be messages. */
  readonly isReady: boolean;
  /** When the next message may become visible, in milliseconds since 1970. */
  readonly next: number | undefined;
}

/** Whoever waits for the messages of a queue. */
export class Audience {
  private readonly waiters = new Set<Waiter>();
  private readonly watchers = new Set<() => void>();
  private timer: NodeJS.Timeout | undefined;
  private isWaking = false;

  constructor(private readonly queue: Awaited) {}

  /**
   * Waits for messages if there are none.
   * @param timeout see Queue's `receive`
   * @param seconds how long at most
   */
  wait(limit: number, timeout: number | undefined, seconds: number, signal: AbortSignal): Promise<Message[]> {
    const found = this.queue.receive(limit, timeout);
    if (found.length > 0 || seconds <= 0 || signal.aborted) return Promise.resolve(found);
    return new Promise((resolve) => {
      const end = (messages: Message[]) => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
        resolve(messages);
      };
      const waiter = { limit, timeout, end };
      const timer = setTimeout(end, seconds * 1000, []).unref();
      signal.addEventListener("abort", () => end([]), { once: true });
      this.waiters.add(waiter);
      this.schedule();
    });
  }

  /** Calls back when there may be messages. Returns how to stop that. */
  watch(listener: () => void): () => void {
    this.watchers.add(listener);
    this.wake();
    return () => void this.watchers.delete(listener);
  }

  /** Tells whoever waits, once for all that happens in this turn: a batch arrives as one. */
  wake(): void {
    if (this.isWaking) return;
    this.isWaking = true;
    queueMicrotask(() => {
      this.isWaking = false;
      for (const { limit, timeout, end } of this.waiters) {
        const found = this.queue.receive(limit, timeout);
        if (found.length === 0) break;
        end(found);
      }
      if (this.queue.isReady) for (const listener of this.watchers) listener();
      this.schedule();
    });
  }

  /** Wakes whoever waits when the next message becomes visible. */
  schedule(): void {
    clearTimeout(this.timer);
    const { next } = this.queue;
    if (next === undefined || (this.waiters.size === 0 && this.watchers.size === 0)) return;
    const delay = Math.min(Math.max(next - Date.now(), 1), LONGEST_TIMER);
    this.timer = setTimeout(() => this.wake(), delay).unref();
  }

  /** Ends all waiting. */
  close(): void {
    clearTimeout(this.timer);
    for (const { end } of this.waiters) end([]);
    this.watchers.clear();
  }
}
