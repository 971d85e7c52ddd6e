/** One of the six fields of a cron expression. */
export interface Field {
  name: string;
  least: number;
  most: number;
  /** Names of the values, beginning with the least. @default none */
  names?: readonly string[];
  /** What the field may be besides a list of values, for a message. @default nothing */
  others?: string;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** In the order of an expression. @see EventBridge Scheduler User Guide, "Schedule types", "Cron-based schedules" */
export const fields = {
  minute: { name: "minute", least: 0, most: 59 },
  hour: { name: "hour", least: 0, most: 23 },
  day: { name: "day", least: 1, most: 31, others: "L, LW, L-3, 15W, ?" },
  month: { name: "month", least: 1, most: 12, names: MONTHS },
  weekday: { name: "weekday", least: 1, most: 7, names: WEEKDAYS, others: "L, FRIL, FRI#2, ?" },
  year: { name: "year", least: 1970, most: 2199 },
} satisfies Record<string, Field>;

/**
 * The values in a list such as `1,10-20/5,JAN`; undefined if it has a part that is not valid. A range that ends before
 * it begins goes on at the least value, as in `FRI-MON`.
 */
export function readList(text: string, field: Field): Set<number> | undefined {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const found = readRange(part, field);
    if (!found) return undefined;
    for (const value of found) values.add(value);
  }
  return values;
}

/** The value of a number or name, in any case; undefined if the field has no such value. */
export function readValue(text: string, { least, most, names = [] }: Field): number | undefined {
  const index = names.indexOf(text.toUpperCase());
  const value = index >= 0 ? least + index : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

function readRange(text: string, field: Field): number[] | undefined {
  const [known, first, last, by] = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(text) ?? [];
  if (known === undefined) return undefined;
  const { least, most } = field;
  const from = first === undefined ? least : readValue(first, field);
  // A step from one value goes on to the most: 0/15 is 0, 15, 30, 45.
  const single = first === undefined || by !== undefined ? most : from;
  const to = last === undefined ? single : readValue(last, field);
  const step = Number(by ?? 1);
  if (from === undefined || to === undefined || step < 1 || step > most) return undefined;
  const size = most - least + 1;
  const length = to >= from ? to - from : to - from + size;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, n) => least + ((from - least + n * step) % size));
}

/** What a field can be, as the end of a sentence. */
export function allowed({ least, most, names, others }: Field): string {
  const values = [
    `${least} to ${most}`,
    ...(names ? [`${names[0]} to ${names.at(-1)}`] : []),
    ...(others ? [others] : []),
  ];
  return `write ${values.join(", ")}, or * for any`;
}
