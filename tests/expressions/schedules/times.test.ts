import { expect } from "chai";
import { nextTime, readSchedule, type ScheduleKind } from "../../../expressions/schedules";
import { DOCUMENTATION, testFacts } from "../../helpers/facts";

interface Row {
  fact: string;
  expression: string;
  kind?: ScheduleKind;
  zone?: string;
  /** The moment after which times are looked for. */
  after: string;
  /** The first times after it, and `undefined` at the end if there are no more. */
  times: (string | undefined)[];
}

/** Calculated from calendars, and compared with croniter 6 where it knows the form. */
const rows: Row[] = [
  {
    fact: "a list and a range",
    expression: "cron(5,35 14 ? * MON-FRI *)",
    after: "2026-01-02T14:05:00Z",
    times: ["2026-01-02T14:35:00Z", "2026-01-05T14:05:00Z"],
  },
  {
    fact: "a range over the end of the week",
    expression: "cron(0 0 ? * FRI-MON *)",
    after: "2026-01-01T00:00:00Z",
    times: [
      "2026-01-02T00:00:00Z",
      "2026-01-03T00:00:00Z",
      "2026-01-04T00:00:00Z",
      "2026-01-05T00:00:00Z",
      "2026-01-09T00:00:00Z",
    ],
  },
  {
    fact: "steps from a value and in a range",
    expression: "cron(50/5 1-7/3 ? * * *)",
    after: "2026-01-01T04:51:00Z",
    times: ["2026-01-01T04:55:00Z", "2026-01-01T07:50:00Z"],
  },
  {
    fact: "the last day of the month, and leap years",
    expression: "cron(0 3 L 2 ? *)",
    after: "2026-03-01T00:00:00Z",
    times: ["2027-02-28T03:00:00Z", "2028-02-29T03:00:00Z"],
  },
  {
    fact: "a day before the last of the month",
    expression: "cron(0 0 L-3 * ? *)",
    after: "2026-01-29T00:00:00Z",
    times: ["2026-02-25T00:00:00Z", "2026-03-28T00:00:00Z"],
  },
  {
    fact: "the last weekday of the month",
    expression: "cron(0 0 LW * ? *)",
    after: "2026-01-01T00:00:00Z",
    times: ["2026-01-30T00:00:00Z", "2026-02-27T00:00:00Z", "2026-03-31T00:00:00Z"],
  },
  {
    fact: "the weekday nearest to a Saturday and a Sunday",
    expression: "cron(0 0 15W * ? *)",
    after: "2026-02-01T00:00:00Z",
    times: [
      "2026-02-16T00:00:00Z",
      "2026-03-16T00:00:00Z",
      "2026-04-15T00:00:00Z",
      "2026-05-15T00:00:00Z",
      "2026-06-15T00:00:00Z",
      "2026-07-15T00:00:00Z",
      "2026-08-14T00:00:00Z",
    ],
  },
  {
    fact: "the weekday nearest to the 1st, which is not one of the month before",
    expression: "cron(0 0 1W * ? *)",
    after: "2026-07-31T00:00:00Z",
    times: ["2026-08-03T00:00:00Z", "2026-09-01T00:00:00Z"],
  },
  {
    fact: "the weekday nearest to the 31st, only in months that have one",
    expression: "cron(0 0 31W * ? *)",
    after: "2026-01-31T00:00:00Z",
    times: ["2026-03-31T00:00:00Z", "2026-05-29T00:00:00Z"],
  },
  {
    fact: "the last Friday of the month, in the years of a range only",
    expression: "cron(15 10 ? * 6L 2026-2027)",
    after: "2027-11-01T00:00:00Z",
    times: ["2027-11-26T10:15:00Z", "2027-12-31T10:15:00Z", undefined],
  },
  {
    fact: "the last day of the week",
    expression: "cron(0 0 ? * L *)",
    after: "2026-01-01T00:00:00Z",
    times: ["2026-01-03T00:00:00Z", "2026-01-10T00:00:00Z"],
  },
  {
    fact: "the second Tuesday, by its number",
    expression: "cron(0 0 ? * 3#2 *)",
    after: "2026-01-01T00:00:00Z",
    times: ["2026-01-13T00:00:00Z", "2026-02-10T00:00:00Z"],
  },
  {
    fact: "a fifth Friday, only in months that have one",
    expression: "cron(0 0 ? * FRI#5 *)",
    after: "2026-01-31T00:00:00Z",
    times: ["2026-05-29T00:00:00Z", "2026-07-31T00:00:00Z"],
  },
  {
    fact: "the last year that there can be",
    expression: "cron(59 23 31 12 ? *)",
    after: "2198-12-31T23:59:00Z",
    times: ["2199-12-31T23:59:00Z", undefined],
  },
  {
    fact: "a cron whose years are over",
    expression: "cron(0/5 5 ? JAN 1-5 2022)",
    after: "2026-01-01T00:00:00Z",
    times: [undefined],
  },
  { fact: "at in the past", expression: "at(2022-12-31T23:59:59)", after: "2026-01-01T00:00:00Z", times: [undefined] },
  {
    fact: "at in the future, once",
    expression: "at(2030-01-31T03:00:07)",
    zone: "Asia/Kolkata",
    after: "2026-01-01T00:00:00Z",
    times: ["2030-01-30T21:30:07Z", undefined],
  },
  {
    fact: "a cron in a zone, whose days begin elsewhere in UTC",
    expression: "cron(30 0 1 * ? *)",
    zone: "Pacific/Auckland",
    after: "2026-01-01T00:00:00Z",
    times: ["2026-01-31T11:30:00Z", "2026-02-28T11:30:00Z", "2026-03-31T11:30:00Z", "2026-04-30T12:30:00Z"],
  },
];

/** What the user guide says about daylight saving time, in Berlin and New York. */
const clockChanges: Row[] = [
  {
    fact: "a time that clocks skip in Berlin is left out that day",
    expression: "cron(30 2 * * ? *)",
    zone: "Europe/Berlin",
    after: "2026-03-28T00:00:00Z",
    times: ["2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z"],
  },
  {
    fact: "a time that clocks show twice in Berlin counts once, the first time",
    expression: "cron(30 2 * * ? *)",
    zone: "Europe/Berlin",
    after: "2026-10-24T12:00:00Z",
    times: ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"],
  },
  {
    fact: "times of every half hour are not repeated in Berlin either",
    expression: "cron(0/30 * * * ? *)",
    zone: "Europe/Berlin",
    after: "2026-10-24T23:45:00Z",
    times: ["2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T02:00:00Z"],
  },
  {
    fact: "times after a clock has gone back, from a moment in the repeated hour on, in Berlin",
    expression: "cron(0/30 * * * ? *)",
    zone: "Europe/Berlin",
    after: "2026-10-25T01:10:00Z",
    times: ["2026-10-25T02:00:00Z"],
  },
  {
    fact: "a time that clocks skip in New York is left out that day",
    expression: "cron(30 2 * * ? *)",
    zone: "America/New_York",
    after: "2026-03-07T12:00:00Z",
    times: ["2026-03-09T06:30:00Z"],
  },
  {
    fact: "a time that clocks show twice in New York counts once, the first time",
    expression: "cron(30 1 * * ? *)",
    zone: "America/New_York",
    after: "2026-10-31T12:00:00Z",
    times: ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"],
  },
  {
    fact: "a one-time schedule at a time that clocks skip is left out",
    expression: "at(2026-03-08T02:30:00)",
    zone: "America/New_York",
    after: "2026-01-01T00:00:00Z",
    times: [undefined],
  },
  {
    fact: "a rate is elapsed time when clocks change",
    expression: "rate(1 days)",
    zone: "America/New_York",
    after: "2026-10-31T12:00:00Z",
    times: ["2026-11-01T12:00:00Z", "2026-11-02T12:00:00Z"],
  },
];

function check({ expression, kind = "scheduler", zone, after, times }: Row): void {
  const read = readSchedule(expression, kind);
  if (!("schedule" in read)) throw new Error(read.mistake);
  const start = Date.parse(after);
  let last = start;
  const found = times.map(() => {
    const time = nextTime(read.schedule, last, { zone, start });
    last = time ?? last;
    return time && new Date(time).toISOString().replace(".000", "");
  });
  expect(found).to.deep.equal(times);
}

describe("the next times of a schedule expression", () => {
  for (const row of rows) it(`include ${row.fact}: ${row.expression}`, () => check(row));

  testFacts({ service: "EventBridge Scheduler", source: DOCUMENTATION, facts: clockChanges }, check);

  it("of a rate begin with its start, if that is to come", () => {
    const read = readSchedule("rate(2 hours)", "rule");
    if (!("schedule" in read)) throw new Error(read.mistake);
    expect(nextTime(read.schedule, 500, { start: 1000 })).to.equal(1000);
    expect(nextTime(read.schedule, 1000, { start: 1000 })).to.equal(1000 + 7_200_000);
  });
});
