import { LONGEST_TIMER } from "../timers";

/** Wakes the one that waits for something to happen. What happens while nobody waits wakes the next one at once. */
export class Signal {
  private pending = false;
  private wake: (() => void) | undefined;

  /** Something has happened. */
  send(): void {
    this.pending = true;
    this.wake?.();
  }

  /** Resolves after the next `send`, or when the time is over. */
  async wait(milliseconds = Number.POSITIVE_INFINITY): Promise<void> {
    if (!this.pending && milliseconds > 0) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        if (milliseconds <= LONGEST_TIMER) timer = setTimeout(resolve, milliseconds).unref();
      });
      clearTimeout(timer);
      this.wake = undefined;
    }
    this.pending = false;
  }
}
