import { expect } from "chai";
import { Clock } from "../../../../offline/cloud/core/clock";
import { type Entry, Timetable } from "../../../../offline/cloud/core/timetable";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("a timetable", () => {
  let clock: Clock;
  let timetable: Timetable;
  let fired: string[];

  beforeEach(() => {
    clock = new Clock();
    timetable = new Timetable(clock);
    fired = [];
  });

  afterEach(() => clock.close());

  const entry = (what: string, expression: string, others: Partial<Entry> = {}): Entry => ({
    what,
    kind: "scheduler",
    expression,
    fire: async (scheduled, isLast) => {
      fired.push(`${what} ${new Date(scheduled).toISOString()}${isLast ? " last" : ""}`);
      return undefined;
    },
    ...others,
  });

  /** A moment far enough ahead that the clock, which runs meanwhile, is not there yet. */
  const ahead = async (text: string) => {
    await clock.advance(Date.parse(text));
    fired.length = 0;
  };

  it("fires what is due in order, across the days on which clocks change", async () => {
    await ahead("2027-03-26T12:00:00Z");
    timetable.set("a", entry("Berlin", "cron(30 2 * * ? *)", { zone: "Europe/Berlin" }));
    timetable.set("b", entry("UTC", "cron(0 1 * * ? *)", { kind: "rule" }));
    const { fired: firings, next } = await clock.advance(Date.parse("2027-03-29T12:00:00Z"));
    expect(fired).to.deep.equal([
      "UTC 2027-03-27T01:00:00.000Z",
      "Berlin 2027-03-27T01:30:00.000Z",
      // At 2:30 on the 28th, no clock in Berlin shows that time.
      "UTC 2027-03-28T01:00:00.000Z",
      "Berlin 2027-03-29T00:30:00.000Z",
      "UTC 2027-03-29T01:00:00.000Z",
    ]);
    expect(firings.map(({ what }) => what)).to.deep.equal(["UTC", "Berlin", "UTC", "Berlin", "UTC"]);
    expect(next).to.deep.equal({ what: "Berlin", time: Date.parse("2027-03-30T00:30:00Z") });
  });

  it("fires once for a time that clocks show twice", async () => {
    await ahead("2027-10-30T12:00:00Z");
    timetable.set("a", entry("New York", "cron(30 1 * * ? *)", { zone: "America/New_York" }));
    await clock.advance(Date.parse("2027-11-08T00:00:00Z"));
    expect(fired.filter((line) => line.includes("2027-11-07"))).to.deep.equal(["New York 2027-11-07T05:30:00.000Z"]);
    expect(fired).to.have.length(8);
  });

  it("fires a schedule's rate at once, and a rule's after its first interval", async () => {
    timetable.set("a", entry("schedule", "rate(1 hour)"));
    timetable.set("b", entry("rule", "rate(1 hour)", { kind: "rule" }));
    const start = clock.now();
    await clock.advance(start);
    expect(fired.map((line) => line.split(" ")[0])).to.deep.equal(["schedule"]);
    await clock.advance(start + HOUR);
    expect(fired.map((line) => line.split(" ")[0]).sort()).to.deep.equal(["rule", "schedule", "schedule"]);
  });

  it("fires nothing before the start and after the end, and says which time is the last", async () => {
    const start = Math.ceil(clock.now() / MINUTE) * MINUTE + HOUR;
    timetable.set("a", entry("rate", "rate(2 days)", { start, end: start + 5 * DAY }));
    timetable.set("b", entry("past", "at(2022-12-31T23:59:59)"));
    const { next } = await clock.advance(start + 30 * DAY);
    const times = [0, 2, 4].map((days) => new Date(start + days * DAY).toISOString());
    expect(fired).to.deep.equal([`rate ${times[0]}`, `rate ${times[1]}`, `rate ${times[2]} last`]);
    expect(next).to.equal(undefined);
  });

  it("fires within a window, and counts from the schedule all the same", async () => {
    timetable.set("a", entry("late", "rate(1 minute)", { window: 10 * MINUTE }));
    const before = clock.now();
    const { fired: firings } = await clock.advance(before + HOUR);
    const scheduled = fired.map((line) => Date.parse(line.split(" ")[1] ?? ""));
    for (const [index, time] of scheduled.entries()) {
      expect(time - (scheduled[0] ?? 0)).to.equal(index * MINUTE);
      expect(firings[index]?.time).to.be.within(time, time + 10 * MINUTE);
    }
    expect(firings.some(({ time }, index) => time !== scheduled[index])).to.equal(true);
  });

  it("keeps the times of an entry whose schedule stays, and takes its new action", async () => {
    timetable.set("a", entry("old", "rate(1 hour)", { kind: "rule" }));
    const start = clock.now();
    await clock.advance(start + HOUR / 2);
    timetable.set("a", entry("new", "rate(1 hour)", { kind: "rule" }));
    await clock.advance(start + HOUR);
    expect(fired.map((line) => line.split(" ")[0])).to.deep.equal(["new"]);
    timetable.set("a", entry("other", "rate(2 hours)", { kind: "rule" }));
    await clock.advance(start + 2 * HOUR);
    expect(fired).to.have.length(1);
    timetable.delete("a");
    expect((await clock.advance(start + DAY)).fired).to.deep.equal([]);
  });

  it("stops after so many firings, reports failures, and goes on from there", async () => {
    timetable.set("a", entry("rate", "rate(1 minute)", { fire: async () => "no such queue" }));
    const start = clock.now();
    const first = await clock.advance(start + 100 * MINUTE, 3);
    expect(first.fired.map(({ failure }) => failure)).to.deep.equal(Array(3).fill("no such queue"));
    expect(first.isComplete).to.equal(false);
    expect(first.now).to.be.within(start + 2 * MINUTE, start + 3 * MINUTE - 1);
    expect((await clock.advance(start + 4 * MINUTE)).fired).to.have.length(2);
  });

  it("fires in real time, too", (done) => {
    timetable.set("a", entry("now", "rate(1 day)", { fire: async () => void done() }));
  });

  it("refuses an expression that is not valid", () => {
    expect(() => timetable.set("a", entry("x", "rate(1 week)"))).to.throw(
      /"rate\(1 week\)" is not a schedule: write rate/,
    );
  });
});
