import { setTimeout } from "node:timers/promises";

/** In milliseconds: Node.js fires longer timers at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** Waits, but no longer than until the signal. Neither rejects nor keeps the process alive. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}
