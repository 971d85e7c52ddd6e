import {
  CreateEventBusCommand,
  DescribeEventBusCommand,
  DisableRuleCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  PutTargetsCommand,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import { expect } from "chai";
import { DOCUMENTATION, type Fact, recordedByLocalstack, testFact, testFacts } from "../../../helpers/facts";
import { refusal } from "../../../helpers/offline/emr";
import { ACCOUNT, QUEUE_ARN, REGION, type ServedEvents, serveEvents } from "../../../helpers/offline/events";
import { closeServers } from "../../../helpers/offline/served";

const RECORDED = { service: "EventBridge", source: recordedByLocalstack("2026-03") };
const DOCUMENTED = { service: "EventBridge", source: DOCUMENTATION };
const DETAIL = '{"order": {"id": "o-1", "lines": [{"sku": "a"}]}, "big": 12345678901234567890}';

describe("Events put on EventBridge's buses", () => {
  let served: ServedEvents;
  let made = 0;

  before(async () => {
    served = await serveEvents();
  });
  after(async () => {
    served.elsewhere.close();
    await closeServers();
  });

  /** A rule on a bus that sends the events of a pattern to the queue, with the `case` that it adds to the pattern. */
  async function match(pattern: object, bus?: string, InputPath?: string): Promise<void> {
    const Name = `rule-${++made}`;
    await served.sdk.send(new PutRuleCommand({ Name, EventBusName: bus, EventPattern: JSON.stringify(pattern) }));
    const Targets = [{ Id: "queue", Arn: QUEUE_ARN, InputPath }];
    await served.sdk.send(new PutTargetsCommand({ Rule: Name, EventBusName: bus, Targets }));
  }

  testFacts<Fact & { entry: Partial<PutEventsRequestEntry>; expected: string }>(
    {
      ...RECORDED,
      facts: [
        {
          fact: "An entry without a source fails",
          entry: { Source: undefined },
          expected: "InvalidArgument: Parameter Source is not valid. Reason: Source is a required argument.",
        },
        {
          fact: "An entry without a detail fails",
          entry: { Detail: undefined },
          expected: "InvalidArgument: Parameter Detail is not valid. Reason: Detail is a required argument.",
        },
        {
          fact: "An entry with an empty detail type fails",
          entry: { DetailType: "" },
          expected: "InvalidArgument: Parameter DetailType is not valid. Reason: DetailType is a required argument.",
        },
        ...[
          ["text", "text"],
          ["an array", "[]"],
          ["malformed JSON", "{{}"],
          ["a text in JSON", '"text"'],
        ].map(([what, Detail]) => ({
          fact: `An entry whose detail is ${what} fails`,
          entry: { Detail },
          expected: "MalformedDetail: Detail is malformed.",
        })),
      ],
    },
    async ({ entry, expected }) => {
      const good = await served.put(entry, {});
      expect(good[0]).to.equal(expected);
      expect(good[1]).to.match(/^[\da-f-]{36}$/);
    },
  );

  testFact(RECORDED, "A request has ten entries at most", async () => {
    const message = await refusal(served.put(...Array.from({ length: 11 }, () => ({}))));
    expect(message).to.match(/^ValidationException: 1 validation error detected: Value '/);
    expect(message).to.contain(
      "' at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10",
    );
  });

  testFact(DOCUMENTED, "The entries of a request have one mebibyte at most, together", async () => {
    const most = 2 ** 20 - "test".length - "Test".length - '{"a":""}'.length;
    const entry = (length: number) => ({ Detail: `{"a":"${"a".repeat(length)}"}` });
    await served.put(entry(most));
    const message = "ValidationException: Total size of the entries in the request is over the limit.";
    expect(await refusal(served.put(entry(most + 1)))).to.equal(message);
    expect(await refusal(served.put(entry(most - 9), {}))).to.equal(message);
  });

  testFact(DOCUMENTED, "An entry cannot come from an AWS service", async () => {
    const [entry] = await served.put({ Source: "aws.s3" });
    expect(entry).to.equal("NotAuthorizedForSourceException: Not authorized for the source.");
  });

  testFact(RECORDED, "An event has the same id for each target, and its fields in a fixed order", async () => {
    for (const _ of [1, 2]) await match({ source: ["twice"] });
    const [id] = await served.put({ Source: "twice", DetailType: "Twice", Resources: ["arn:a"], Detail: DETAIL });
    const [text = "", other] = await served.messages(2);
    expect(other).to.equal(text);
    expect(text.replace(/"time":"[^"]*"/, '"time":""')).to.equal(
      `{"version":"0","id":"${id}","detail-type":"Twice","source":"twice","account":"${ACCOUNT}","time":"",` +
        `"region":"${REGION}","resources":["arn:a"],` +
        '"detail":{"order":{"id":"o-1","lines":[{"sku":"a"}]},"big":12345678901234567890}}',
    );
  });

  testFact(RECORDED, "An event's time is the entry's, without milliseconds", async () => {
    await match({ source: ["timed"] });
    await served.put({ Source: "timed", Time: new Date("2022-01-01T00:00:00.789Z") });
    const [text = ""] = await served.messages(1);
    expect(JSON.parse(text).time).to.equal("2022-01-01T00:00:00Z");
  });

  testFact(RECORDED, "An event is delivered once for each rule that matches, and not where none does", async () => {
    const several: [string[], string][] = [
      [["one"], "1"],
      [["one", "two"], "2"],
      [["one", "two", "three"], "3"],
    ];
    for (const [source] of several) await match({ source }, undefined, "$.source");
    await served.put(...["three", "two", "one", "none"].map((Source) => ({ Source })));
    expect((await served.messages(6)).sort()).to.deep.equal(['"one"', '"one"', '"one"', '"three"', '"two"', '"two"']);
  });

  testFacts<Fact & { detail: object; yes: object[]; no: object[] }>(
    {
      ...RECORDED,
      facts: [
        {
          fact: "A value of the pattern is found in an array of the event",
          detail: { event: { type: ["1", "2"] } },
          yes: [{ event: { type: ["3", "1"] } }, { event: { type: ["2"] } }],
          no: [{ event: { type: ["3"] } }],
        },
        {
          fact: "A value of the pattern is found at its depth",
          detail: { event: { data: { type: ["1"] } } },
          yes: [{ event: { data: { type: "1" } } }],
          no: [{ event: { data: { type: "2" } } }, { hello: "world" }],
        },
        {
          fact: "A field of an object is not the same field elsewhere",
          detail: { payload: { id: ["123"] } },
          yes: [{ payload: { id: "123" } }],
          no: [{ id: "123" }],
        },
        {
          fact: "What is anything but a value may be null",
          detail: { command: [{ "anything-but": ["no"] }] },
          yes: [{ command: "yes" }, { command: null }],
          no: [{ command: "no" }],
        },
        { fact: "A field must exist", detail: { key: [{ exists: true }] }, yes: [{ key: "a" }], no: [{ other: "a" }] },
        {
          fact: "A field must not exist",
          detail: { key: [{ exists: false }] },
          yes: [{ other: "a" }],
          no: [{ key: "a" }],
        },
        {
          fact: "Objects in lists are matched by their fields, whatever other objects there are",
          detail: { automations: { id: [{ exists: true }], actions: { type: ["NOTE"] } } },
          yes: [
            { automations: [{ id: "1", actions: [{ type: "NOTE" }] }] },
            { automations: [{ a: "b" }, { id: "1", actions: [{ type: "NOTE" }] }, { c: "d" }] },
          ],
          no: [{ automations: [{ id: "1", actions: [{ type: "MAIL" }] }] }],
        },
        {
          fact: "Every kind of test counts together",
          detail: {
            env: ["dev", "prod"],
            admin: ["a", { prefix: "ad" }],
            other: [{ "anything-but": { prefix: "test" } }],
            ip: [{ cidr: "10.102.1.0/24" }],
            number: [{ numeric: [">=", 200, "<", 500] }],
          },
          yes: [{ env: "prod", admin: "admin", other: "this test", ip: "10.102.1.100", number: 300 }],
          no: [{ env: "prod", admin: "admin", other: "this test", ip: "10.102.1.100", number: 500 }],
        },
      ],
    },
    async ({ detail, yes, no }) => {
      const source = `matched-${++made}`;
      await match({ source: [source], detail }, undefined, "$.detail");
      await served.put(...[...no, ...yes].map((one) => ({ Source: source, Detail: JSON.stringify(one) })));
      const texts = yes.map((one) => JSON.stringify(one));
      expect((await served.messages(yes.length)).sort()).to.deep.equal(texts.sort());
    },
  );

  testFact(RECORDED, "An event for a bus that does not exist is taken and lost; offline, the log says so", async () => {
    await match({ source: ["lost"] });
    const [here, nowhere] = await served.put({ Source: "lost" }, { Source: "lost", EventBusName: "none" });
    expect(nowhere).to.match(/^[\da-f-]{36}$/);
    const messages = await served.messages(1);
    expect(messages.map((text) => JSON.parse(text).id)).to.deep.equal([here]);
    expect(served.server.lines).to.contain(`error: event ${nowhere} is lost: the event bus none does not exist`);
    const unknown = await refusal(served.sdk.send(new DescribeEventBusCommand({ Name: "none" })));
    expect(unknown).to.equal("ResourceNotFoundException: Event bus none does not exist.");
  });

  testFact(RECORDED, "A bus is the target of a rule: its rules get the event as it was", async () => {
    const { EventBusArn } = await served.sdk.send(new CreateEventBusCommand({ Name: "second" }));
    await served.rule("first", { Arn: EventBusArn });
    await match({ source: ["first"] }, "second");
    const [id] = await served.put({ Source: "first", Resources: ["arn:a"] });
    const [text = ""] = await served.messages(1);
    expect(JSON.parse(text)).to.deep.include({ id, source: "first", resources: ["arn:a"], region: REGION });
  });

  it("end in the log where buses forward to each other in a loop", async () => {
    const bus = async (Name: string) => (await served.sdk.send(new CreateEventBusCommand({ Name }))).EventBusArn ?? "";
    const [left, right] = [await bus("left"), await bus("right")];
    for (const [EventBusName, Arn] of [
      ["left", right],
      ["right", left],
    ] as const) {
      const Rule = `from-${EventBusName}`;
      await served.sdk.send(new PutRuleCommand({ Name: Rule, EventBusName, EventPattern: '{"source":["loop"]}' }));
      await served.sdk.send(new PutTargetsCommand({ Rule, EventBusName, Targets: [{ Id: "other", Arn }] }));
    }
    await served.put({ Source: "loop", EventBusName: "left" });
    const looped = served.server.lines.filter((line) => line.includes("loop"));
    expect(looped).to.deep.equal([
      `error: rule from-left | not delivered to ${right}: the event has come through 16 buses, which forward to each other in a loop`,
    ]);
  });

  it("do not reach the targets of a rule that is disabled", async () => {
    await served.rule("off", {});
    await served.sdk.send(new DisableRuleCommand({ Name: "off" }));
    await match({ source: ["off"] }, undefined, "$.source");
    await served.put({ Source: "off" });
    expect(await served.messages(1)).to.deep.equal(['"off"']);
  });

  const EVENT = {
    id: "1",
    source: "order",
    "detail-type": "Test",
    account: ACCOUNT,
    region: REGION,
    time: "2022-07-13T13:48:01Z",
  };
  const test = async (EventPattern: string, Event: string = JSON.stringify(EVENT)) =>
    (await served.sdk.send(new TestEventPatternCommand({ EventPattern, Event }))).Result;

  testFact(RECORDED, "TestEventPattern says whether an event matches", async () => {
    expect(await test('{"source": ["order"], "detail-type": ["Test"]}')).to.equal(true);
    expect(await test('{"source": ["shipment"], "detail-type": ["Test"]}')).to.equal(false);
  });

  testFact(RECORDED, "TestEventPattern finds dotted names in a nested event", async () => {
    const detail = { payload: { "nested.another-level": { deep: { list: ["a", "q-test-1"] } } } };
    const pattern = { detail: { "payload.nested.another-level.deep": { list: [{ prefix: "q-test" }] } } };
    expect(await test(JSON.stringify(pattern), JSON.stringify({ ...EVENT, detail }))).to.equal(true);
  });

  testFacts<Fact & { event: string }>(
    {
      ...RECORDED,
      facts: [
        { fact: "TestEventPattern refuses text as an event", event: "plain string" },
        { fact: "TestEventPattern refuses an array as an event", event: '["plain string"]' },
        { fact: "TestEventPattern refuses an event without the fields that all have", event: '{"testEvent": "value"}' },
      ],
    },
    async ({ event }) => {
      const refused = await refusal(test('{"body": {"a": [{"numeric": [">", 100]}]}}', event));
      expect(refused).to.equal("ValidationException: Parameter Event is not valid.");
    },
  );

  testFacts<Fact & { pattern: string; reason: string }>(
    {
      ...RECORDED,
      facts: [
        { fact: "TestEventPattern refuses text as a pattern", pattern: "this is no JSON", reason: "" },
        { fact: "TestEventPattern refuses other quotes in a pattern", pattern: "{'bad': 'quotation'}", reason: "" },
        { fact: "TestEventPattern refuses a pattern that is not closed", pattern: '{"not": closed mark"', reason: "" },
        {
          fact: "TestEventPattern refuses an array as a pattern",
          pattern: '["not", "a", "dict"]',
          reason: "Filter is not an object",
        },
      ],
    },
    async ({ pattern, reason }) => {
      const start = `InvalidEventPatternException: Event pattern is not valid. Reason: ${reason}`;
      expect((await refusal(test(pattern))).slice(0, start.length)).to.equal(start);
    },
  );

  it("fail with a request that has no entries", async () => {
    const refused = await refusal(served.sdk.send(new PutEventsCommand({ Entries: [] })));
    expect(refused).to.contain("at 'entries' failed to satisfy constraint");
  });
});
