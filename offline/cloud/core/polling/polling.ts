/** Something that polls. */
interface Poller {
  start(): Promise<void>;
  /** Resolves when the batches in flight are done. */
  stop(): Promise<void>;
}

/** What polls for an event source mapping or a pipe, whose settings may change: one poller at a time, or none. */
export class Polling<P extends Poller> {
  private current: P | undefined;
  private settings: string | undefined;

  /** Undefined while nothing polls. */
  get poller(): P | undefined {
    return this.current;
  }

  /**
   * Lets a new poller take over from the one before once its batches are done, unless their settings are the same.
   * @param settings of the new poller, as text
   * @param create makes the new poller
   * @param fail takes the reason why it could not start
   * @returns once it polls, but without waiting for the batches of another, which may take their time
   */
  async replace(settings: string, create: () => P, fail: (error: Error) => void): Promise<void> {
    if (settings === this.settings) return;
    const before = this.current;
    this.settings = settings;
    this.current = undefined;
    const next = create();
    this.current = next;
    const begin = async () => {
      await before?.stop();
      if (this.current === next) await next.start();
    };
    const begun = begin().catch(fail);
    if (!before) await begun;
  }

  /** Ends polling. Batches in flight go on to their end, and are not waited for. */
  end(): void {
    void this.current?.stop();
    this.current = undefined;
    this.settings = undefined;
  }
}
