import { type Cron, readCron, timesOf } from "./cron";
import { momentOf, wallClockAt } from "./zones";

export { timeZoneMistake } from "./zones";

/** Whose expression it is: an EventBridge rule's, which has only `rate` and `cron` in UTC, or EventBridge Scheduler's. */
export type ScheduleKind = "rule" | "scheduler";

/** A schedule expression that has been read. */
export type Schedule =
  | { type: "rate"; milliseconds: number }
  /** @param wallClock in milliseconds, as if the zone's clocks showed UTC */
  | { type: "at"; wallClock: number }
  | { type: "cron"; cron: Cron };

const UNITS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads a schedule expression, or says what is wrong with it, as the end of a sentence. What AWS's documentation leaves
 * open is refused as Quartz refuses it, whose dialect AWS's is: `L`, `W` and `#` beside other values, and steps beyond a
 * field's values.
 * @see EventBridge Scheduler User Guide, "Schedule types"; EventBridge User Guide, "Scheduled rules"
 */
export function readSchedule(text: string, kind: ScheduleKind): { schedule: Schedule } | { mistake: string } {
  const [, type, body = ""] = /^(rate|cron|at)\((.*)\)$/.exec(text) ?? [];
  const times = kind === "scheduler" ? " or at(2030-01-31T03:00:00)" : "";
  const forms = `write rate(1 day)${times ? "," : " or"} cron(minute hour day month weekday year)${times}`;
  if (type === "rate") return readRate(body, kind) ?? { mistake: forms };
  if (type === "at" && kind === "scheduler") return readTime(body) ?? { mistake: forms };
  const values = body.trim().split(/\s+/);
  if (type !== "cron" || values.length !== 6) return { mistake: forms };
  const cron = readCron(values);
  return "mistakes" in cron ? { mistake: cron.mistakes.join("; ") } : { schedule: { type, cron } };
}

/** What is wrong with a schedule expression, if anything, as the end of a sentence. */
export function scheduleMistake(text: string, kind: ScheduleKind): string | undefined {
  const read = readSchedule(text, kind);
  return "mistake" in read ? read.mistake : undefined;
}

/** What AWS answers to an expression that is not valid, with the code `ValidationException`. */
export function scheduleRefusal(text: string, kind: ScheduleKind): string {
  return kind === "rule" ? "Parameter ScheduleExpression is not valid." : `Invalid Schedule Expression ${text}.`;
}

/** Where and from when a schedule counts. */
export interface ScheduleOptions {
  /** The IANA's name of the time zone of `cron` and `at`. @default "UTC" */
  zone?: string;
  /** The first time of a rate, in milliseconds since 1970. @default the moment after which a time is looked for */
  start?: number;
}

/**
 * The first time after a moment at which a schedule fires, both in milliseconds since 1970; undefined if there is none.
 * A time that clocks skip when they go forward is left out, and one that they show twice counts once, the first time.
 * A rate is elapsed time, whatever the clocks do.
 * @see EventBridge Scheduler User Guide, "Daylight savings time"
 */
export function nextTime(schedule: Schedule, after: number, options: ScheduleOptions = {}): number | undefined {
  const { zone = "UTC", start = after } = options;
  if (schedule.type === "rate") {
    const { milliseconds } = schedule;
    return after < start ? start : start + (Math.floor((after - start) / milliseconds) + 1) * milliseconds;
  }
  for (const wallClock of wallClocksOf(schedule, wallClockAt(after, zone))) {
    const moment = momentOf(wallClock, zone);
    if (moment !== undefined && moment > after) return moment;
  }
  return undefined;
}

/**
 * Why a schedule never fires, whenever it is created, as the end of a sentence; undefined if it fires or has fired at
 * some time. AWS takes such schedules.
 */
export function whyNever(schedule: Schedule, { zone = "UTC" }: ScheduleOptions = {}): string | undefined {
  if (nextTime(schedule, BEGINNING, { zone }) !== undefined) return undefined;
  return schedule.type === "at"
    ? `it never fires, as the clocks of ${zone} skip that time: write another one`
    : "it never fires: no date has such a day, month and year";
}

/** A moment before all times of schedules, in every zone. */
const BEGINNING = -2 * UNITS.day;

function wallClocksOf(schedule: Exclude<Schedule, { type: "rate" }>, from: number): Iterable<number> {
  return schedule.type === "at" ? [schedule.wallClock] : timesOf(schedule.cron, from);
}

/** The scheduler takes `1 minutes`, too. */
function readRate(body: string, kind: ScheduleKind): { schedule: Schedule } | undefined {
  const [, value, unit, plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(body) ?? [];
  if (unit === undefined || (kind === "rule" && (value === "1") === (plural === "s"))) return undefined;
  return { schedule: { type: "rate", milliseconds: Number(value) * UNITS[unit as keyof typeof UNITS] } };
}

function readTime(body: string): { schedule: Schedule } | undefined {
  const wallClock = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body) ? Date.parse(`${body}Z`) : Number.NaN;
  // Date.parse takes the 30th of February for the 2nd of March.
  const isDate = !Number.isNaN(wallClock) && new Date(wallClock).toISOString().startsWith(body);
  return isDate ? { schedule: { type: "at", wallClock } } : undefined;
}
