import { expect } from "chai";
import { scheduleMistake } from "../../../../components/batch/rules/schedule";

/** What EventBridge Scheduler and EventBridge answered to these expressions. */
const accepted = [
  "rate(5 minutes)",
  "at(2030-01-31T03:00:00)",
  "cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)",
  "cron(30-30 13-13 ? * 2,4,6 *)",
  "cron(1-31/30 1-1 ? * 1,7 *)",
  "cron(0 18 ? * MON-FRI *)",
  "cron(*/15 * * * ? *)",
  "cron(0-59/10 0-23/2 ? * * *)",
  "cron(0 8 1 * ? *)",
  "cron(0/30 20-23 ? * MON-FRI *)",
  "cron(5,35 14 * * ? *)",
  "cron(15 10 ? * 6L 2002-2005)",
  "cron(* * ? * SAT#3 *)",
  "cron(0/5 5 ? JAN 1-5 2022)",
  // Forms of the user guide.
  "cron(0 3 L * ? 2030)",
  "cron(0 3 15W jan,Dec ? 2199)",
];

const refused: [expression: string, reason: RegExp][] = [
  ["cron(0 1 * * * *)", /its day and weekday could contradict each other: write \? for one of them/],
  ["cron(7 20 * * NOT *)", /its weekday is "NOT": write 1 to 7, SUN to SAT, or \*/],
  ["cron(INVALID)", /write rate/],
  ["cron(0 dummy ? * MON-FRI *)", /its hour is "dummy": write 0 to 23, or \*/],
  ["cron(71 8 1 * ? *)", /its minute is "71": write 0 to 59/],
  ["cron(0 24 1 * ? *)", /its hour is "24"/],
  ["cron(0 8 32 * ? *)", /its day is "32"/],
  ["cron(0 8 32W * ? *)", /its day is "32W"/],
  ["cron(0 8 1 13 ? *)", /its month is "13": write 1 to 12, JAN to DEC, or \*/],
  ["cron(0 8 ? * 0 *)", /its weekday is "0"/],
  ["cron(0 8 ? * 8 *)", /its weekday is "8"/],
  ["cron(0 8 ? * MON#6 *)", /its weekday is "MON#6"/],
  ["cron(0 8 ? * 8L *)", /its weekday is "8L"/],
  ["cron(0 8 1 * ? 1969)", /its year is "1969"/],
  ["cron(0,60 8 1 * ? *)", /its minute is "0,60"/],
  ["cron(0 8-24 1 * ? *)", /its hour is "8-24"/],
  ["cron(0 8 1 * ?)", /minute hour day month weekday year/],
  ["cron()", /write rate/],
  ["rate(10 seconds)", /write rate/],
  ["rate(10 years)", /write rate/],
  ["rate()", /write rate/],
  ["rate(10)", /write rate/],
  ["rate(10 minutess)", /write rate/],
  ["rate(foo minutes)", /write rate/],
  ["rate(-10 minutes)", /write rate/],
  ["rate( 10 minutes )", /write rate/],
  [" rate(10 minutes)", /write rate/],
  ["at(2021-12-31T23:59:59Z)", /at\(2030/],
  ["at(2021-12-31)", /at\(2030/],
];

describe("the schedule of a trigger", () => {
  for (const expression of accepted) {
    it(`may be ${expression}`, () => expect(scheduleMistake(expression)).to.equal(undefined));
  }

  for (const [expression, reason] of refused) {
    it(`is refused if it is "${expression}"`, () => expect(scheduleMistake(expression)).to.match(reason));
  }
});
