import { allowed, type Field, fields, readList, readValue } from "./fields";

/** A date of the proleptic Gregorian calendar, with the day of the week from 1, Sunday, to 7. */
interface Day {
  year: number;
  month: number;
  day: number;
  weekday: number;
  /** How many days its month has. */
  length: number;
}

/** When a cron expression fires, by the clock and the calendar of some place. */
export interface Cron {
  /** In ascending order. */
  minutes: number[];
  hours: number[];
  years: Set<number>;
  months: Set<number>;
  isDay(day: Day): boolean;
}

type DayTest = Cron["isDay"];

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * Reads the fields of a cron expression, or says what is wrong with each of them.
 * @param values six
 */
export function readCron(values: string[]): Cron | { mistakes: string[] } {
  const [minute = "", hour = "", day = "", month = "", weekday = "", year = ""] = values;
  const mistakes: string[] = [];
  const read = <Value>(text: string, field: Field, value: Value | undefined): Value => {
    if (value === undefined) mistakes.push(`its ${field.name} is "${text}": ${allowed(field)}`);
    return value as Value;
  };
  const list = (text: string, field: Field) => read(text, field, readList(text, field));
  const minutes = list(minute, fields.minute);
  const hours = list(hour, fields.hour);
  const isDay = read(day, fields.day, readDay(day));
  const months = list(month, fields.month);
  const isWeekday = read(weekday, fields.weekday, readWeekday(weekday));
  const years = list(year, fields.year);
  const open = [day, weekday].filter((text) => text === "?").length;
  if (open === 2) mistakes.push("its day and weekday are both ?: write * for one of them");
  if (open === 0 && mistakes.length === 0) {
    mistakes.push("its day and weekday could contradict each other: write ? for one of them");
  }
  if (mistakes.length > 0) return { mistakes };
  return {
    minutes: ascending(minutes),
    hours: ascending(hours),
    years,
    months,
    isDay: (one) => isDay(one) && isWeekday(one),
  };
}

/** The times of a cron expression by the wall clock, from one on, in milliseconds as if the clock showed UTC. */
export function* timesOf({ minutes, hours, years, months, isDay }: Cron, from: number): Generator<number> {
  const last = Math.max(...years);
  for (let midnight = Math.floor(from / DAY) * DAY; ; midnight += DAY) {
    const day = dayAt(midnight);
    if (day.year > last) return;
    if (!years.has(day.year)) midnight = Date.UTC(day.year, 11, 31);
    else if (!months.has(day.month)) midnight = Date.UTC(day.year, day.month, 0);
    else if (isDay(day)) {
      for (const hour of hours) {
        for (const minute of minutes) {
          const time = midnight + (hour * 60 + minute) * MINUTE;
          if (time >= from) yield time;
        }
      }
    }
  }
}

function dayAt(midnight: number): Day {
  const date = new Date(midnight);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { year, month, day: date.getUTCDate(), weekday: date.getUTCDay() + 1, length };
}

function readDay(text: string): DayTest | undefined {
  if (text === "?") return () => true;
  const [last, before, weekday] = /^L(?:-([1-9]|[12]\d|30))?(W)?$/i.exec(text) ?? [];
  if (last !== undefined) {
    const dayOf = ({ length }: Day) => length - Number(before ?? 0);
    return weekday ? nearestWeekday(dayOf) : (one) => one.day === dayOf(one);
  }
  const [, near] = /^(\d+)W$/i.exec(text) ?? [];
  const wanted = near === undefined ? undefined : readValue(near, fields.day);
  if (wanted !== undefined) return nearestWeekday(() => wanted);
  const days = readList(text, fields.day);
  return days && (({ day }) => days.has(day));
}

/**
 * Whether a day is the weekday, Monday to Friday, nearest to a day of its month, without leaving the month. In a month
 * that does not have the day, none is.
 */
function nearestWeekday(dayOf: (day: Day) => number): DayTest {
  return (one) => {
    const wanted = dayOf(one);
    if (wanted < 1 || wanted > one.length) return false;
    const weekday = ((((one.weekday - 1 + wanted - one.day) % 7) + 7) % 7) + 1;
    if (weekday === 7) return one.day === (wanted === 1 ? 3 : wanted - 1);
    if (weekday === 1) return one.day === (wanted === one.length ? wanted - 2 : wanted + 1);
    return one.day === wanted;
  };
}

function readWeekday(text: string): DayTest | undefined {
  if (text === "?") return () => true;
  if (/^L$/i.test(text)) return ({ weekday }) => weekday === fields.weekday.most;
  const [, lastOne] = /^(\w+)L$/i.exec(text) ?? [];
  const [, one, nth] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  const wanted = readValue(lastOne ?? one ?? "", fields.weekday);
  if (wanted !== undefined && lastOne !== undefined) {
    return ({ weekday, day, length }) => weekday === wanted && day > length - 7;
  }
  if (wanted !== undefined) return ({ weekday, day }) => weekday === wanted && Math.ceil(day / 7) === Number(nth);
  const weekdays = readList(text, fields.weekday);
  return weekdays && (({ weekday }) => weekdays.has(weekday));
}

function ascending(values: Set<number>): number[] {
  return [...values].sort((one, other) => one - other);
}
