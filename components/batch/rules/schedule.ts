/** One of the fields of a cron expression. */
interface Field {
  name: string;
  least: number;
  most: number;
  /** Names of the values, beginning with the least. */
  names?: string[];
  /** What the field may also be, with its number or name in a group if it has one. */
  others?: RegExp;
}

const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/** @see EventBridge Scheduler User Guide, "Schedule types", "Cron-based schedules" */
const fields: Field[] = [
  { name: "minute", least: 0, most: 59 },
  { name: "hour", least: 0, most: 23 },
  { name: "day", least: 1, most: 31, others: /^(?:\?|L(?:-\d+)?W?|(\d+)W)$/ },
  { name: "month", least: 1, most: 12, names: months },
  { name: "weekday", least: 1, most: 7, names: weekdays, others: /^(?:\?|L|(\w+)L|(\w+)#[1-5])$/i },
  { name: "year", least: 1970, most: 2199 },
];

const forms = "write rate(1 day), cron(minute hour day month weekday year) or at(2030-01-31T03:00:00)";

/**
 * What is wrong with the schedule of EventBridge Scheduler, if anything, as the end of a sentence. The scheduler itself
 * checks combinations, such as the 31st of June.
 */
export function scheduleMistake(text: string): string | undefined {
  const [, kind, body = ""] = /^(rate|cron|at)\((.*)\)$/.exec(text) ?? [];
  if (kind === "cron") return cronMistake(body);
  const isRate = kind === "rate" && /^[1-9]\d* (minute|hour|day)s?$/.test(body);
  const isTime =
    kind === "at" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body) && !Number.isNaN(Date.parse(`${body}Z`));
  return isRate || isTime ? undefined : forms;
}

function cronMistake(body: string): string | undefined {
  const values = body.split(" ");
  if (values.length !== fields.length) return forms;
  for (const [index, field] of fields.entries()) {
    const value = values[index] ?? "";
    if (!value.split(",").every((part) => isPart(part, field)))
      return `its ${field.name} is "${value}": ${allowed(field)}`;
  }
  if (values[2] === "?" || values[4] === "?") return undefined;
  return "its day and weekday could contradict each other: write ? for one of them";
}

function isPart(part: string, field: Field): boolean {
  const isOne = (value: string | undefined) => value === undefined || isValue(value, field);
  const [known, first, last] = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/\d+)?$/.exec(part) ?? [];
  if (known !== undefined && isOne(first) && isOne(last)) return true;
  const [other, ...named] = field.others?.exec(part) ?? [];
  return other !== undefined && named.every(isOne);
}

function isValue(value: string, { least, most, names = [] }: Field): boolean {
  if (names.includes(value.toUpperCase())) return true;
  return /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most;
}

function allowed({ least, most, names }: Field): string {
  return `write ${least} to ${most}${names ? `, ${names[0]} to ${names.at(-1)}` : ""}, or * for any`;
}
