import { type Launch, ProgramProcess } from "./programProcess";

/** How long a process that is asked to end may take. AWS Batch gives it 30 s. */
const KILL_AFTER_MILLISECONDS = 30_000;

/** The processes that run, by what they run for; they end with this one. */
export class Processes<Owner> {
  private readonly running = new Map<Owner, ProgramProcess>();
  private closed = false;
  private readonly endAll = () => {
    for (const one of this.running.values()) one.kill();
  };

  constructor() {
    // They are groups of their own, which a process that ends at once would leave behind.
    process.once("exit", this.endAll);
  }

  /** @throws Error when the program cannot be started */
  async start(owner: Owner, launch: Launch, output: (line: string) => void): Promise<ProgramProcess> {
    const started = await ProgramProcess.start(launch, output);
    this.running.set(owner, started);
    void started.exit.then(() => this.running.delete(owner));
    // It was on its way when everything ended.
    if (this.closed) this.endAll();
    return started;
  }

  /** Asks the owner's process to end, if there is one. */
  stop(owner: Owner, killAfterMilliseconds = KILL_AFTER_MILLISECONDS): void {
    this.running.get(owner)?.stop(killAfterMilliseconds);
  }

  async close(): Promise<void> {
    this.closed = true;
    process.off("exit", this.endAll);
    this.endAll();
    await Promise.all([...this.running.values()].map(({ exit }) => exit));
  }
}
