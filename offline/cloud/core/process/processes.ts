import { type Launch, ProgramProcess } from "./programProcess";

/** How long a process may take to end after SIGTERM. AWS Batch allows 30 s. */
const KILL_AFTER_MILLISECONDS = 30_000;

/** The running processes by owner; they end with this process. */
export class Processes<Owner> {
  private readonly running = new Map<Owner, ProgramProcess>();
  private closed = false;
  private readonly endAll = () => {
    for (const one of this.running.values()) one.kill();
  };

  constructor() {
    // They are process groups of their own, which would outlive this process if it exited now.
    process.once("exit", this.endAll);
  }

  /** @throws Error when the program cannot be started */
  async start(owner: Owner, launch: Launch, output: (line: string) => void): Promise<ProgramProcess> {
    const started = await ProgramProcess.start(launch, output);
    this.running.set(owner, started);
    void started.exit.then(() => this.running.delete(owner));
    // It was still starting when everything was closed.
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
