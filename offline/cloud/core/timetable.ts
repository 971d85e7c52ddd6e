import { nextTime, readSchedule, type Schedule, type ScheduleKind } from "../../../expressions/schedules";
import type { Clock } from "./clock";

/** Something that is done on a schedule. Times are in milliseconds since 1970. */
export interface Entry {
  /** Such as `rule nightly`. */
  what: string;
  kind: ScheduleKind;
  /** A valid expression. */
  expression: string;
  /** The IANA's name of the time zone. @default "UTC" */
  zone?: string;
  /** Before it, nothing is done; a rate counts from it. @default when the entry is set */
  start?: number;
  /** After it, nothing is done. @default never */
  end?: number;
  /** By how many milliseconds it may be late, as chance has it. @default 0 */
  window?: number;
  /**
   * Does it.
   * @param scheduled when the schedule says that it is due
   * @param isLast whether there is no further time
   * @returns why it failed, or nothing; must not reject
   */
  fire(scheduled: number, isLast: boolean): Promise<string | undefined>;
}

interface Running {
  entry: Entry;
  settings: string;
  cancel?: () => void;
}

/** A firing that is later than this was missed while the machine slept. */
const SLEPT = 60_000;

/** What is done on schedules, by a key of each. */
export class Timetable {
  private readonly entries = new Map<string, Running>();

  constructor(private readonly clock: Clock) {}

  get keys(): string[] {
    return [...this.entries.keys()];
  }

  /**
   * Adds or replaces an entry. The times of one whose schedule is the same go on as they were.
   * @throws Error if the expression is not valid
   */
  set(key: string, entry: Entry): void {
    const { kind, expression, zone, start, end, window } = entry;
    const settings = JSON.stringify({ kind, expression, zone, start, end, window });
    const known = this.entries.get(key);
    if (known?.settings === settings) {
      known.entry = entry;
      return;
    }
    this.delete(key);
    const read = readSchedule(expression, kind);
    if ("mistake" in read) throw new Error(`"${expression}" is not a schedule: ${read.mistake}`);
    const running: Running = { entry, settings };
    this.entries.set(key, running);
    const now = this.clock.now();
    const { schedule } = read;
    // A rule's rate begins with its first interval, a schedule's at once.
    const first = start ?? (kind === "rule" && schedule.type === "rate" ? now + schedule.milliseconds : now);
    // What is due at the very start counts.
    this.arm(running, schedule, first, Math.max(now, start ?? now) - 1);
  }

  delete(key: string): void {
    this.entries.get(key)?.cancel?.();
    this.entries.delete(key);
  }

  clear(): void {
    for (const key of this.keys) this.delete(key);
  }

  /** Waits for the first time after a moment. Returns whether there is one. */
  private arm(running: Running, schedule: Schedule, start: number, after: number): boolean {
    const { zone, end = Infinity, window = 0, what } = running.entry;
    const scheduled = nextTime(schedule, after, { zone, start });
    if (scheduled === undefined || scheduled > end) return false;
    running.cancel = this.clock.setTimer(scheduled + Math.floor(Math.random() * window), what, () => {
      const now = this.clock.now();
      // What was missed while the machine slept is not made up for, as AWS would have done it then.
      const isLast = !this.arm(running, schedule, start, now - window - scheduled > SLEPT ? now : scheduled);
      return running.entry.fire(scheduled, isLast);
    });
    return true;
  }
}
