import { expect } from "chai";
import { readTime } from "../../../offline/commands/tick";
import { begin } from "../../helpers/offline/cli";
import { writeProgram } from "../../helpers/offline/program";
import { until } from "../../helpers/offline/served";
import { type Started, startOffline } from "../../helpers/offline/start";

/** A schedule in a time zone, and a rule's callback function. */
const program = `
  const aws = require("@pulumi/aws");
  const work = new aws.lambda.CallbackFunction("work", { callback: async (event) => console.log("worked", event.zone) });
  new aws.scheduler.Schedule("lunch", {
    scheduleExpression: "cron(0 12 * * ? *)",
    scheduleExpressionTimezone: "America/New_York",
    flexibleTimeWindow: { mode: "OFF" },
    target: { arn: work.arn, roleArn: "arn:aws:iam::123456789012:role/r", input: '{"zone":"New York"}' },
  });
  aws.cloudwatch.onSchedule("midnight", "cron(0 0 * * ? *)", async ({ resources }) => console.log("cleaned up for", resources[0]));
`;

describe("pulumi-offline tick", function () {
  // Each test starts the command.
  this.timeout(60_000);
  let folder: string;
  let started: Started;

  before(async () => {
    folder = writeProgram({ "Pulumi.yaml": "name: shop\nruntime: nodejs\nmain: index.js\n", "index.js": program });
    started = await startOffline([], folder);
  });
  after(() => started.interrupt());

  const tick = (...parameters: string[]) => begin("tick", "--cwd", folder, ...parameters).ended;

  it("fires what is due on the way, prints it, and says what comes next", async () => {
    const year = new Date().getUTCFullYear() + 1;
    await tick("--to", `${year}-07-01T06:00`);
    const { code, out, error } = await tick("--to", `${year}-07-02T18:00:00+02:00`);
    expect({ code, error }).to.deep.equal({ code: 0, error: "" });
    expect(out.replaceAll(/-[0-9a-f]{7}/g, "")).to.equal(
      [
        `${year}-07-01T16:00:00Z schedule lunch`,
        `${year}-07-02T00:00:00Z rule midnight`,
        `${year}-07-02T16:00:00Z schedule lunch`,
        `The schedules' clock shows ${year}-07-02T16:00:00Z. Next: ${year}-07-03T00:00:00Z rule midnight\n`,
      ].join("\n"),
    );
    await until(
      () => /worked New York/.test(started.output()) && /cleaned up for arn:.*midnight/.test(started.output()),
    );
    const none = await tick("--to", "3h");
    expect(none.out).to.match(/^Nothing was due\.\nThe schedules' clock shows .*T19:00:\d\dZ\. Next: /);
  });

  it("refuses to go back, and what is no time", async () => {
    const [back, time] = await Promise.all([tick("--to", "2020-01-01"), tick("--to", "noon")]);
    expect(back).to.deep.include({ code: 1, out: "" });
    expect(back.error).to.match(/^error: The schedules' clock shows .* and cannot be moved back\n$/);
    expect(time.error).to.contain("Write a time such as 2030-03-31T03:00:00Z, or a duration such as 90m, 1h or 2d.");
  });
});

describe("the time of a tick", () => {
  const times: [given: string, meant: object | undefined][] = [
    ["90m", { by: 5_400_000 }],
    ["1d12h", { by: 129_600_000 }],
    ["2030-03-31T03:00:00Z", { to: Date.UTC(2030, 2, 31, 3) }],
    ["2030-03-31T03:00:00+02:00", { to: Date.UTC(2030, 2, 31, 1) }],
    ["2030-03-31T03:00:07", { to: Date.UTC(2030, 2, 31, 3, 0, 7) }],
    ["2030-03-31T03:00", { to: Date.UTC(2030, 2, 31, 3) }],
    ["2030-03-31", { to: Date.UTC(2030, 2, 31) }],
    ["2030-13-31", undefined],
    ["1", undefined],
    ["1h later", undefined],
    ["", undefined],
  ];
  for (const [given, meant] of times) {
    it(`${meant ? "may be" : "is refused if it is"} "${given}"`, () => {
      if (meant) expect(readTime(given)).to.deep.equal(meant);
      else expect(() => readTime(given)).to.throw(/Write a time/);
    });
  }
});
