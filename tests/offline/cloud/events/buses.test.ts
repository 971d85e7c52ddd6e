import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  type EventBridgeClient,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutPermissionCommand,
  PutRuleCommand,
  type PutRuleCommandInput,
  PutTargetsCommand,
  RemovePermissionCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-eventbridge";
import { expect } from "chai";
import { DOCUMENTATION, type Fact, recordedByLocalstack, testFact, testFacts } from "../../../helpers/facts";
import { refusal } from "../../../helpers/offline/emr";
import { ACCOUNT, EVENTS_ARN, QUEUE_ARN, type ServedEvents, serveEvents } from "../../../helpers/offline/events";
import { closeServers } from "../../../helpers/offline/served";

const RECORDED = { service: "EventBridge", source: recordedByLocalstack("2026-03") };
const PATTERN = JSON.stringify({ source: ["shop"] });

describe("EventBridge's buses and rules", () => {
  let served: ServedEvents;
  let sdk: EventBridgeClient;
  let made = 0;

  before(async () => {
    served = await serveEvents();
    ({ sdk } = served);
  });
  after(async () => {
    served.elsewhere.close();
    await closeServers();
  });

  const newName = (kind: string) => `${kind}-${++made}`;
  const createBus = async (Name = newName("bus")) => {
    await sdk.send(new CreateEventBusCommand({ Name }));
    return Name;
  };
  const putRule = async (input: Partial<PutRuleCommandInput> = {}) => {
    const Name = input.Name ?? newName("rule");
    const { RuleArn } = await sdk.send(new PutRuleCommand({ EventPattern: PATTERN, ...input, Name }));
    return { name: Name, arn: RuleArn };
  };
  const putTargets = (Rule: string, ...ids: string[]) =>
    sdk.send(new PutTargetsCommand({ Rule, Targets: ids.map((Id) => ({ Id, Arn: QUEUE_ARN })) }));
  const targetsOf = async (Rule: string) =>
    ((await sdk.send(new ListTargetsByRuleCommand({ Rule }))).Targets ?? []).map(({ Id }) => Id);

  testFact(RECORDED, "A bus is created, listed, described and deleted, in each region by itself", async () => {
    const Name = newName("bus");
    for (const region of ["us-east-1", "eu-central-1"]) {
      const client = served.clientIn(region);
      const arn = `arn:aws:events:${region}:${ACCOUNT}:event-bus/${Name}`;
      const created = await client.send(new CreateEventBusCommand({ Name, Description: "orders" }));
      expect(created).to.deep.include({ EventBusArn: arn, Description: "orders" });
      const { $metadata: _, ...described } = await client.send(new DescribeEventBusCommand({ Name }));
      expect(described).to.deep.include({ Name, Arn: arn, Description: "orders" });
      expect(described.CreationTime).to.be.an.instanceOf(Date);
      const { EventBuses } = await client.send(new ListEventBusesCommand({ NamePrefix: Name }));
      expect(EventBuses).to.deep.equal([described]);
      await client.send(new DeleteEventBusCommand({ Name }));
      expect((await client.send(new ListEventBusesCommand({ NamePrefix: Name }))).EventBuses).to.deep.equal([]);
    }
  });

  testFact(RECORDED, "A bus's name is taken", async () => {
    const Name = await createBus();
    const again = await refusal(sdk.send(new CreateEventBusCommand({ Name })));
    expect(again).to.equal(`ResourceAlreadyExistsException: Event bus ${Name} already exists.`);
  });

  testFact(RECORDED, "A bus that does not exist cannot be described, and is deleted already", async () => {
    const unknown = await refusal(sdk.send(new DescribeEventBusCommand({ Name: "none" })));
    expect(unknown).to.equal("ResourceNotFoundException: Event bus none does not exist.");
    await sdk.send(new DeleteEventBusCommand({ Name: "none" }));
  });

  testFact(RECORDED, "The default bus cannot be deleted", async () => {
    const refused = await refusal(sdk.send(new DeleteEventBusCommand({ Name: "default" })));
    expect(refused).to.equal("ValidationException: Cannot delete event bus default.");
  });

  testFact(RECORDED, "Buses are listed by prefix, in pages", async () => {
    const prefix = newName("paged");
    for (let index = 0; index < 6; index++) await createBus(`${prefix}-${index}`);
    const list = (NextToken?: string) =>
      sdk.send(new ListEventBusesCommand({ NamePrefix: prefix, Limit: 4, NextToken }));
    const first = await list();
    const second = await list(first.NextToken);
    const names = [first, second].map(({ EventBuses = [] }) => EventBuses.map(({ Name = "" }) => Name.at(-1)).join(""));
    expect(names).to.deep.equal(["0123", "45"]);
    expect(second.NextToken).to.equal(undefined);
  });

  testFact(RECORDED, "A bus's permissions are statements of its policy, one for each id", async () => {
    for (const EventBusName of [await createBus(), "default"]) {
      const allow = (StatementId: string, Principal: string) =>
        sdk.send(new PutPermissionCommand({ EventBusName, Action: "events:PutEvents", Principal, StatementId }));
      const remove = (more: object) => sdk.send(new RemovePermissionCommand({ EventBusName, ...more }));
      const policy = async () => {
        const { Policy } = await sdk.send(new DescribeEventBusCommand({ Name: EventBusName }));
        return Policy && JSON.parse(Policy);
      };
      const statement = (Sid: string, Principal: unknown) => {
        const Resource = `${EVENTS_ARN}:event-bus/${EventBusName}`;
        return { Sid, Effect: "Allow", Principal, Action: "events:PutEvents", Resource };
      };
      await allow("one", "*");
      await allow("two", "210987654321");
      await allow("one", ACCOUNT);
      const [one, two] = [ACCOUNT, "210987654321"].map((id) => ({ AWS: `arn:aws:iam::${id}:root` }));
      const Statement = [statement("two", two), statement("one", one)];
      expect(await policy()).to.deep.equal({ Version: "2012-10-17", Statement });
      await remove({ StatementId: "two" });
      expect((await policy()).Statement).to.deep.equal([statement("one", one)]);
      const missing = "ResourceNotFoundException: Statement with the provided id does not exist.";
      expect(await refusal(remove({ StatementId: "two" }))).to.equal(missing);
      await remove({ RemoveAllPermissions: true });
      expect(await policy()).to.equal(undefined);
      expect(await refusal(remove({ StatementId: "two" }))).to.equal(missing);
      const whole = JSON.stringify({ Version: "2012-10-17", Statement: [statement("all", "*")] });
      await sdk.send(new PutPermissionCommand({ EventBusName, Policy: whole }));
      expect(await policy()).to.deep.equal(JSON.parse(whole));
      await remove({ RemoveAllPermissions: true });
    }
    const unknown = { EventBusName: "none", Action: "events:PutEvents", Principal: "*", StatementId: "one" };
    const refused = await refusal(sdk.send(new PutPermissionCommand(unknown)));
    expect(refused).to.equal("ResourceNotFoundException: Event bus none does not exist.");
  });

  testFact(
    RECORDED,
    "A rule is put, listed, described and deleted; its ARN has its bus unless that is the default",
    async () => {
      const custom = await createBus();
      for (const [EventBusName, place] of [
        [custom, `${custom}/`],
        ["default", ""],
      ] as const) {
        const { name, arn } = await putRule({ EventBusName });
        expect(arn).to.equal(`${EVENTS_ARN}:rule/${place}${name}`);
        const rule = { Name: name, Arn: arn, EventBusName, EventPattern: PATTERN, State: "ENABLED" };
        const list = async () => (await sdk.send(new ListRulesCommand({ NamePrefix: name, EventBusName }))).Rules;
        expect(await list()).to.deep.equal([rule]);
        const { $metadata: _, ...described } = await sdk.send(new DescribeRuleCommand({ Name: name, EventBusName }));
        expect(described).to.deep.equal({ ...rule, CreatedBy: ACCOUNT });
        await sdk.send(new DeleteRuleCommand({ Name: name, EventBusName }));
        expect(await list()).to.deep.equal([]);
      }
    },
  );

  testFact(RECORDED, "A rule that is put again is the same rule, with its targets", async () => {
    const { name, arn } = await putRule();
    await putTargets(name, "one");
    expect((await putRule({ Name: name, Description: "changed" })).arn).to.equal(arn);
    const { Rules = [] } = await sdk.send(new ListRulesCommand({ NamePrefix: name }));
    expect(Rules.map(({ Description }) => Description)).to.deep.equal(["changed"]);
    expect(await targetsOf(name)).to.deep.equal(["one"]);
  });

  testFact(RECORDED, "Rules are listed in pages", async () => {
    const EventBusName = await createBus();
    for (let index = 0; index < 6; index++) await putRule({ EventBusName, Name: `paged-${index}` });
    const { Rules = [], NextToken } = await sdk.send(new ListRulesCommand({ EventBusName, Limit: 3 }));
    const rest = await sdk.send(new ListRulesCommand({ EventBusName, NextToken }));
    expect([...Rules, ...(rest.Rules ?? [])].map(({ Name = "" }) => Name.at(-1)).join("")).to.equal("012345");
    expect(Rules).to.have.length(3);
  });

  testFact(RECORDED, "A rule that does not exist cannot be described", async () => {
    const refused = await refusal(sdk.send(new DescribeRuleCommand({ Name: "none" })));
    expect(refused).to.equal("ResourceNotFoundException: Rule none does not exist on EventBus default.");
  });

  testFact(RECORDED, "A rule is disabled and enabled again", async () => {
    for (const EventBusName of [await createBus(), "default"]) {
      const { name: Name } = await putRule({ EventBusName });
      const state = async () => (await sdk.send(new DescribeRuleCommand({ Name, EventBusName }))).State;
      await sdk.send(new DisableRuleCommand({ Name, EventBusName }));
      expect(await state()).to.equal("DISABLED");
      await sdk.send(new EnableRuleCommand({ Name, EventBusName }));
      expect(await state()).to.equal("ENABLED");
    }
  });

  testFact(RECORDED, "A rule with targets cannot be deleted", async () => {
    const { name } = await putRule();
    await putTargets(name, "one");
    const refused = await refusal(sdk.send(new DeleteRuleCommand({ Name: name })));
    expect(refused).to.equal("ValidationException: Rule can't be deleted since it has targets.");
  });

  testFact(RECORDED, "Targets are put, listed and removed, and a target of the same id is replaced", async () => {
    const { name: Rule } = await putRule();
    const put = await sdk.send(new PutTargetsCommand({ Rule, Targets: [{ Id: "one", Arn: QUEUE_ARN }] }));
    expect(put).to.deep.include({ FailedEntries: [], FailedEntryCount: 0 });
    const target = { Id: "one", Arn: QUEUE_ARN, InputPath: "$.absent" };
    await sdk.send(new PutTargetsCommand({ Rule, Targets: [target] }));
    expect((await sdk.send(new ListTargetsByRuleCommand({ Rule }))).Targets).to.deep.equal([target]);
    const removed = await sdk.send(new RemoveTargetsCommand({ Rule, Ids: ["one"] }));
    expect(removed).to.deep.include({ FailedEntries: [], FailedEntryCount: 0 });
    expect(await targetsOf(Rule)).to.deep.equal([]);
  });

  testFact(
    RECORDED,
    "Targets of the same ARN, and of the same id in another rule, are targets of their own",
    async () => {
      const rules = [await putRule(), await putRule()];
      for (const { name } of rules) await putTargets(name, "one", "two");
      for (const { name } of rules) expect(await targetsOf(name)).to.deep.equal(["one", "two"]);
    },
  );

  testFact(RECORDED, "A rule has five targets at most", async () => {
    const { name } = await putRule();
    const refused = await refusal(putTargets(name, ..."123456"));
    expect(refused).to.equal("LimitExceededException: The requested resource exceeds the maximum number allowed.");
    await putTargets(name, ..."12345");
  });

  testFact(RECORDED, "Targets are listed in pages", async () => {
    const { name: Rule } = await putRule();
    await putTargets(Rule, ..."01234");
    const { Targets = [], NextToken } = await sdk.send(new ListTargetsByRuleCommand({ Rule, Limit: 3 }));
    const rest = await sdk.send(new ListTargetsByRuleCommand({ Rule, NextToken }));
    expect(Targets.map(({ Id }) => Id).join("")).to.equal("012");
    expect(rest.Targets?.map(({ Id }) => Id).join("")).to.equal("34");
  });

  testFact(RECORDED, "A target's id is checked", async () => {
    const { name } = await putRule();
    const at = (value: string) =>
      `ValidationException: 1 validation error detected: Value '${value}' at 'targets.1.member.id'`;
    const pattern = "Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+";
    expect(await refusal(putTargets(name, "!@#"))).to.equal(`${at("!@#")} failed to satisfy constraint: ${pattern}`);
    const long = "a".repeat(65);
    const length = "Member must have length less than or equal to 64";
    expect(await refusal(putTargets(name, long))).to.equal(`${at(long)} failed to satisfy constraint: ${length}`);
    await putTargets(name, "With_valid.Characters-1");
  });

  testFact(RECORDED, "Rules are found by the ARN of a target, in pages", async () => {
    const custom = await createBus();
    const Arn = `${QUEUE_ARN}-${custom}`;
    for (const EventBusName of [custom, "default"]) {
      const names: string[] = [];
      for (let index = 0; index < 5; index++) {
        const { name: Rule } = await putRule({ EventBusName });
        await sdk.send(new PutTargetsCommand({ Rule, EventBusName, Targets: [{ Id: "one", Arn }] }));
        names.push(Rule);
      }
      const find = (NextToken?: string) =>
        sdk.send(new ListRuleNamesByTargetCommand({ TargetArn: Arn, EventBusName, Limit: 2, NextToken }));
      const found: (string[] | undefined)[] = [];
      let token: string | undefined;
      do {
        const { RuleNames, NextToken } = await find(token);
        found.push(RuleNames);
        token = NextToken;
      } while (token);
      names.sort();
      expect(found).to.deep.equal([names.slice(0, 2), names.slice(2, 4), names.slice(4)]);
      const none = new ListRuleNamesByTargetCommand({ TargetArn: `${Arn}-none`, EventBusName });
      expect((await sdk.send(none)).RuleNames).to.deep.equal([]);
    }
  });

  const refusals: (Fact & { input: Partial<PutRuleCommandInput>; expected: string })[] = [
    {
      fact: "A schedule is for the default bus alone",
      input: { EventBusName: "scheduled", EventPattern: undefined, ScheduleExpression: "rate(1 minute)" },
      expected: "ValidationException: ScheduleExpression is supported only on the default event bus.",
    },
    {
      fact: "A schedule that is none is refused",
      input: { EventPattern: undefined, ScheduleExpression: "cron(0 1 * * * *)" },
      expected: "ValidationException: Parameter ScheduleExpression is not valid.",
    },
    {
      fact: "A pattern that is not an object is refused",
      input: { EventPattern: '["a"]' },
      expected: "InvalidEventPatternException: Event pattern is not valid. Reason: Filter is not an object",
    },
  ];
  testFacts({ ...RECORDED, facts: refusals }, async ({ input, expected }) => {
    if (input.EventBusName) await createBus(input.EventBusName);
    expect(await refusal(putRule(input))).to.match(new RegExp(`^${expected.replace(/[.()]/g, "\\$&")}`));
  });

  testFact(RECORDED, "A rule with a schedule is listed with it", async () => {
    const { name } = await putRule({ EventPattern: undefined, ScheduleExpression: "cron(0 20 * * ? *)" });
    const { Rules = [] } = await sdk.send(new ListRulesCommand({ NamePrefix: name }));
    expect(Rules[0]).to.deep.include({ EventBusName: "default", ScheduleExpression: "cron(0 20 * * ? *)" });
  });

  testFact({ service: "EventBridge", source: DOCUMENTATION }, "Buses and rules have tags", async () => {
    const bus = await createBus();
    const { arn: rule = "" } = await putRule({ EventBusName: bus, Tags: [{ Key: "a", Value: "1" }] });
    const tagsOf = async (ResourceARN: string) =>
      (await sdk.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags;
    expect(await tagsOf(rule)).to.deep.equal([{ Key: "a", Value: "1" }]);
    for (const ResourceARN of [rule, `${EVENTS_ARN}:event-bus/${bus}`]) {
      await sdk.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: "b", Value: "2" }] }));
      await sdk.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["a"] }));
      expect(await tagsOf(ResourceARN)).to.deep.equal([{ Key: "b", Value: "2" }]);
    }
    const unknown = await refusal(tagsOf(`${EVENTS_ARN}:rule/none`));
    expect(unknown).to.equal("ResourceNotFoundException: Rule none does not exist on EventBus default.");
  });
});
