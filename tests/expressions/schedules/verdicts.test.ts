import { expect } from "chai";
import {
  readSchedule,
  type ScheduleKind,
  scheduleMistake,
  scheduleRefusal,
  timeZoneMistake,
  whyNever,
} from "../../../expressions/schedules";
import { recordedByLocalstack, testFacts } from "../../helpers/facts";

const source = recordedByLocalstack("2026-03");

const acceptedByRules = [
  "rate(1 minute)",
  "cron(0 2 ? * SAT *)",
  "cron(0 12 * * ? *)",
  "cron(5,35 14 * * ? *)",
  "cron(15 10 ? * 6L 2002-2005)",
  "cron(0 2 ? * SAT#3 *)",
  "cron(* * ? * SAT#3 *)",
  "cron(0/5 5 ? JAN 1-5 2022)",
  "cron(0 10 * * ? *)",
  "cron(15 12 * * ? *)",
  "cron(0 18 ? * MON-FRI *)",
  "cron(0 8 1 * ? *)",
  "cron(0/15 * * * ? *)",
  "cron(0/10 * ? * MON-FRI *)",
  "cron(0/5 8-17 ? * MON-FRI *)",
  "cron(0/30 20-23 ? * MON-FRI *)",
  "cron(0/30 0-2 ? * MON-FRI *)",
];

const refusedByBoth = [
  "cron(0 1 * * * *)",
  "cron(7 20 * * NOT *)",
  "cron(INVALID)",
  "cron(0 dummy ? * MON-FRI *)",
  "cron(71 8 1 * ? *)",
  "rate(10 seconds)",
  "rate(10 years)",
  "rate()",
  "rate(10)",
  "rate(10 minutess)",
  "rate(foo minutes)",
  "rate(-10 minutes)",
  "rate( 10 minutes )",
  " rate(10 minutes)",
];

const refusedByRules = [
  "rate(1 minutes)",
  "rate(1 hours)",
  "rate(1 days)",
  "rate(10 minute)",
  "rate(10 hour)",
  "rate(10 day)",
  "rate(0 minutes)",
  "rate(10 MINUTES)",
];

const acceptedByScheduler = [
  "cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)",
  "cron(30-30 13-13 ? * 2,4,6 *)",
  "cron(1-31/30 1-1 ? * 1,7 *)",
  "cron(0 18 ? * MON-FRI *)",
  "cron(*/15 * * * ? *)",
  "cron(0-59/10 0-23/2 ? * * *)",
  "at(2022-12-31T23:59:59)",
];

const refusedByScheduler = ["cron()", "at(2021-12-31T23:59:59Z)", "at(2021-12-31)"];

interface Verdict {
  fact: string;
  expression: string;
  refusal?: string;
}

const accepted = (expressions: string[]): Verdict[] =>
  expressions.map((expression) => ({ fact: `accepts ${expression}`, expression }));

const refused = (expressions: string[], refusal: (expression: string) => string): Verdict[] =>
  expressions.map((expression) => ({
    fact: `refuses "${expression}"`,
    expression,
    refusal: refusal(expression),
  }));

const check =
  (kind: ScheduleKind) =>
  ({ expression, refusal }: Verdict) => {
    if (refusal === undefined) expect(scheduleMistake(expression, kind)).to.equal(undefined);
    else {
      expect(scheduleMistake(expression, kind)).to.match(/write/);
      expect(scheduleRefusal(expression, kind)).to.equal(refusal);
    }
  };

describe("the verdict on a schedule expression", () => {
  testFacts(
    {
      service: "EventBridge",
      source,
      facts: [
        ...accepted(acceptedByRules),
        ...refused([...refusedByBoth, ...refusedByRules], () => "Parameter ScheduleExpression is not valid."),
      ],
    },
    check("rule"),
  );

  testFacts(
    {
      service: "EventBridge Scheduler",
      source,
      facts: [
        ...accepted(acceptedByScheduler),
        ...refused([...refusedByBoth, ...refusedByScheduler], (text) => `Invalid Schedule Expression ${text}.`),
      ],
    },
    check("scheduler"),
  );

  const instead: [expression: string, reason: RegExp][] = [
    ["cron(0 1 * * * *)", /its day and weekday could contradict each other: write \? for one of them/],
    ["cron(0 1 ? * ? *)", /its day and weekday are both \?: write \* for one of them/],
    ["cron(7 20 * * NOT *)", /its weekday is "NOT": write 1 to 7, SUN to SAT, L, FRIL, FRI#2, \?, or \*/],
    ["cron(INVALID)", /write rate\(1 day\), cron\(minute hour day month weekday year\) or at\(2030/],
    ["cron(0 dummy ? * MON-FRI *)", /its hour is "dummy": write 0 to 23, or \* for any/],
    [
      "cron(71 24 ? 13 MON *)",
      /its minute is "71".*; its hour is "24".*; its month is "13": write 1 to 12, JAN to DEC/,
    ],
    ["cron(0 8 32 * ? *)", /its day is "32"/],
    ["cron(0 8 0W * ? *)", /its day is "0W"/],
    ["cron(0 8 1,L * ? *)", /its day is "1,L"/],
    ["cron(0 8 L-31 * ? *)", /its day is "L-31"/],
    ["cron(0 8 ? * 0 *)", /its weekday is "0"/],
    ["cron(0 8 ? * 8L *)", /its weekday is "8L"/],
    ["cron(0 8 ? * MON#6 *)", /its weekday is "MON#6"/],
    ["cron(0 8 ? * 3#1,6#3 *)", /its weekday is "3#1,6#3"/],
    ["cron(0 8 1 * ? 1969)", /its year is "1969"/],
    ["cron(0 8 1 * ? 2200)", /its year is "2200": write 1970 to 2199/],
    ["cron(0/0 8 1 * ? *)", /its minute is "0\/0"/],
    ["cron(0/60 8 1 * ? *)", /its minute is "0\/60"/],
    ["cron(0, 8 1 * ? *)", /its minute is "0,"/],
    ["cron(0 8-24 1 * ? *)", /its hour is "8-24"/],
    ["cron(0 8 1 * ?)", /minute hour day month weekday year/],
    ["at(2026-02-30T00:00:00)", /at\(2030/],
    ["", /write rate/],
  ];
  for (const [expression, reason] of instead) {
    it(`says what to write instead of "${expression}"`, () => {
      expect(scheduleMistake(expression, "scheduler")).to.match(reason);
    });
  }

  it("does not offer a rule the one-time schedules that it cannot have", () => {
    const instead = "write rate(1 day) or cron(minute hour day month weekday year)";
    expect(scheduleMistake("at(2030-01-31T03:00:00)", "rule")).to.equal(instead);
  });

  const never: [expression: string, zone: string, reason: RegExp | undefined][] = [
    ["cron(0 0 30 2 ? *)", "UTC", /no date has such a day, month and year/],
    ["cron(0 0 29 2 ? 2199)", "UTC", /no date/],
    ["cron(0 0 31W 4 ? *)", "UTC", /no date/],
    ["cron(30 2 29 3 ? 2026)", "Europe/Berlin", /no date/],
    ["at(2026-03-29T02:30:00)", "Europe/Berlin", /the clocks of Europe\/Berlin skip that time/],
    ["at(2026-03-29T02:30:00)", "Europe/London", undefined],
    ["cron(15 10 ? * 6L 2002-2005)", "UTC", undefined],
    ["at(2022-12-31T23:59:59)", "UTC", undefined],
    ["rate(5 minutes)", "UTC", undefined],
  ];
  for (const [expression, zone, reason] of never) {
    it(`${reason ? "finds that" : "does not claim that"} ${expression} in ${zone} never fires`, () => {
      const read = readSchedule(expression, "scheduler");
      if (!("schedule" in read)) throw new Error(read.mistake);
      const why = whyNever(read.schedule, { zone });
      if (reason) expect(why).to.match(reason);
      else expect(why).to.equal(undefined);
    });
  }

  const zones: [name: string, mistake: string | undefined][] = [
    ["UTC", undefined],
    ["Europe/Berlin", undefined],
    ["America/Argentina/Buenos_Aires", undefined],
    ["europe/berlin", 'write "Europe/Berlin"'],
    ["Mars/Olympus", 'write the name of one, such as "Europe/Berlin"'],
    ["+01:00", 'write the name of one, such as "Europe/Berlin"'],
    ["", 'write the name of one, such as "Europe/Berlin"'],
  ];
  for (const [name, mistake] of zones) {
    it(`${mistake ? "refuses" : "accepts"} the time zone "${name}"`, () => {
      expect(timeZoneMistake(name)).to.equal(mistake);
    });
  }
});
