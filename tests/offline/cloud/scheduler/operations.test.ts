import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  SchedulerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { expect } from "chai";
import { recordedByLocalstack, testFacts } from "../../../helpers/facts";
import { closeServices } from "../../../helpers/offline/core";
import { refusal } from "../../../helpers/offline/emr";
import { resource } from "../../../helpers/offline/graph";
import { ROLE, schedule, serveSchedules } from "../../../helpers/offline/schedules";

const ARN = "arn:aws:scheduler:eu-west-1:123456789012";
const FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:dummy";

describe("EventBridge Scheduler's API", () => {
  let served: Awaited<ReturnType<typeof serveSchedules>>;
  let sdk: SchedulerClient;

  before(async () => {
    const inGroup = { groupName: "nights", scheduleExpressionTimezone: "Europe/Berlin", state: "DISABLED" };
    served = await serveSchedules([
      resource("aws:scheduler/scheduleGroup:ScheduleGroup", "nights", { name: "nights", tags: { team: "data" } }),
      schedule("nightly", { arn: FUNCTION }, { ...inGroup, scheduleExpression: "cron(0 3 * * ? *)" }),
    ]);
    sdk = new SchedulerClient(served.client);
  });
  after(async () => {
    served.close();
    await closeServices();
  });

  const create = (Name: string, others: Partial<CreateScheduleCommandInput> = {}) =>
    sdk.send(
      new CreateScheduleCommand({
        Name,
        ScheduleExpression: "cron(0 18 ? * MON-FRI *)",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn: FUNCTION, RoleArn: ROLE },
        ...others,
      }),
    );

  const invalid = ["cron(0 1 * * * *)", "cron()", "rate( 10 minutes )", " rate(10 minutes)", "at(2021-12-31)"];
  testFacts(
    {
      service: "EventBridge Scheduler",
      source: recordedByLocalstack("2026-03"),
      facts: invalid.map((expression) => ({ fact: `refuses to create a schedule with "${expression}"`, expression })),
    },
    async ({ expression }) => {
      const window = { Mode: "FLEXIBLE", MaximumWindowInMinutes: 4 } as const;
      const refused = await refusal(create("wrong", { ScheduleExpression: expression, FlexibleTimeWindow: window }));
      expect(refused).to.equal(`ValidationException: Invalid Schedule Expression ${expression}.`);
    },
  );

  it("shows the program's schedules, with the defaults of what they leave out", async () => {
    const { CreationDate, LastModificationDate, ...shown } = await sdk.send(
      new GetScheduleCommand({ Name: "nightly", GroupName: "nights" }),
    );
    expect(shown).to.deep.include({
      Arn: `${ARN}:schedule/nights/nightly`,
      GroupName: "nights",
      Name: "nightly",
      ScheduleExpression: "cron(0 3 * * ? *)",
      ScheduleExpressionTimezone: "Europe/Berlin",
      State: "DISABLED",
      ActionAfterCompletion: "NONE",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: FUNCTION,
        RoleArn: ROLE,
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
    });
    expect(CreationDate).to.deep.equal(LastModificationDate);
  });

  it("creates, updates, lists and deletes schedules", async () => {
    const StartDate = new Date("2030-01-31T03:00:00Z");
    const { ScheduleArn } = await create("daily", { StartDate, ClientToken: "once" });
    expect(ScheduleArn).to.equal(`${ARN}:schedule/default/daily`);
    expect(await create("daily", { StartDate, ClientToken: "once" })).to.deep.include({ ScheduleArn });
    expect(await refusal(create("daily"))).to.equal("ConflictException: Schedule daily already exists.");
    const Target = { Arn: FUNCTION, RoleArn: ROLE, Input: "{}" };
    await sdk.send(
      new UpdateScheduleCommand({
        Name: "daily",
        ScheduleExpression: "rate(2 days)",
        FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 15 },
        Target,
      }),
    );
    const updated = await sdk.send(new GetScheduleCommand({ Name: "daily" }));
    expect(updated.ScheduleExpression).to.equal("rate(2 days)");
    expect(updated.StartDate).to.equal(undefined);
    await create("another");
    const list = async (input: object) =>
      (await sdk.send(new ListSchedulesCommand(input))).Schedules?.map(({ Name }) => Name);
    expect(await list({})).to.deep.equal(["another", "daily", "nightly"]);
    expect(await list({ GroupName: "nights" })).to.deep.equal(["nightly"]);
    expect(await list({ State: "ENABLED", NamePrefix: "d" })).to.deep.equal(["daily"]);
    const page = await sdk.send(new ListSchedulesCommand({ MaxResults: 2 }));
    expect(page.Schedules?.[0]?.Target).to.deep.equal({ Arn: FUNCTION });
    expect(await list({ MaxResults: 2, NextToken: page.NextToken })).to.deep.equal(["nightly"]);
    for (const Name of ["another", "daily"]) await sdk.send(new DeleteScheduleCommand({ Name }));
    expect(await refusal(sdk.send(new GetScheduleCommand({ Name: "daily" })))).to.equal(
      "ResourceNotFoundException: Schedule daily does not exist.",
    );
  });

  it("keeps groups, which delete their schedules with them, and their tags", async () => {
    const { ScheduleGroupArn } = await sdk.send(
      new CreateScheduleGroupCommand({ Name: "days", Tags: [{ Key: "TagKey", Value: "TagValue" }] }),
    );
    expect(ScheduleGroupArn).to.equal(`${ARN}:schedule-group/days`);
    const tags = async (ResourceArn?: string) => (await sdk.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags;
    expect(await tags(ScheduleGroupArn)).to.deep.equal([{ Key: "TagKey", Value: "TagValue" }]);
    const Tags = [{ Key: "a", Value: "1" }];
    await sdk.send(new TagResourceCommand({ ResourceArn: ScheduleGroupArn, Tags }));
    await sdk.send(new UntagResourceCommand({ ResourceArn: ScheduleGroupArn, TagKeys: ["TagKey"] }));
    expect(await tags(ScheduleGroupArn)).to.deep.equal([{ Key: "a", Value: "1" }]);
    expect(await tags(`${ARN}:schedule-group/nights`)).to.deep.equal([{ Key: "team", Value: "data" }]);
    const groups = async () => (await sdk.send(new ListScheduleGroupsCommand({}))).ScheduleGroups;
    expect((await groups())?.map(({ Name, State }) => [Name, State])).to.deep.equal([
      ["days", "ACTIVE"],
      ["default", "ACTIVE"],
      ["nights", "ACTIVE"],
    ]);
    await create("inside", { GroupName: "days" });
    await sdk.send(new DeleteScheduleGroupCommand({ Name: "days" }));
    expect(await refusal(sdk.send(new GetScheduleGroupCommand({ Name: "days" })))).to.match(/NotFound/);
    expect((await sdk.send(new ListSchedulesCommand({ NamePrefix: "inside" }))).Schedules).to.deep.equal([]);
    expect(await refusal(create("inside", { GroupName: "days" }))).to.equal(
      "ResourceNotFoundException: Schedule group days does not exist.",
    );
  });

  const mistakes: [string, Partial<CreateScheduleCommandInput>, RegExp][] = [
    ["a zone that is none", { ScheduleExpressionTimezone: "Mars/Olympus" }, /Timezone Mars\/Olympus/],
    ["a window without its length", { FlexibleTimeWindow: { Mode: "FLEXIBLE" } }, /must be given .* FLEXIBLE/],
    [
      "a length of no window",
      { FlexibleTimeWindow: { Mode: "OFF", MaximumWindowInMinutes: 5 } },
      /must not be given .* OFF/,
    ],
    [
      "an end before its start",
      { StartDate: new Date(2e12), EndDate: new Date(1e12) },
      /The EndDate must be after the StartDate/,
    ],
    ["an input that is not JSON", { Target: { Arn: FUNCTION, RoleArn: ROLE, Input: "{" } }, /its Input is not JSON/],
    [
      "an action that only reads",
      { Target: { Arn: "arn:aws:scheduler:::aws-sdk:sqs:receiveMessage", RoleArn: ROLE } },
      /receiveMessage only reads/,
    ],
  ];
  for (const [what, input, message] of mistakes) {
    it(`refuses a schedule with ${what}`, async () => {
      const refused = await refusal(create("wrong", input));
      expect(refused).to.match(/^ValidationException: /);
      expect(refused).to.match(message);
    });
  }
});
