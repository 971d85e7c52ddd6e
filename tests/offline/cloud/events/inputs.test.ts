import { type InputTransformer, PutTargetsCommand, type Target } from "@aws-sdk/client-eventbridge";
import { expect } from "chai";
import { type Fact, recordedByLocalstack, testFact, testFacts } from "../../../helpers/facts";
import { refusal } from "../../../helpers/offline/emr";
import { EVENTS_ARN, QUEUE_ARN, type ServedEvents, serveEvents } from "../../../helpers/offline/events";
import { closeServers } from "../../../helpers/offline/served";

const RECORDED = { service: "EventBridge", source: recordedByLocalstack("2026-03") };

/** An order, and what of it the transformers below read. */
const DETAIL = {
  status: "placed",
  customer: { id: "c-17", tier: "gold" },
  one: ["book"],
  several: ["book", "pen"],
  paid: true,
};
const PATHS = {
  id: "$.detail.customer.id",
  customer: "$.detail.customer",
  nothing: "$.detail.absent",
  one: "$.detail.one",
  several: "$.detail.several",
  paid: "$.detail.paid",
  type: "$.detail-type",
};

describe("The input of an EventBridge target", () => {
  let served: ServedEvents;
  let rules = 0;

  before(async () => {
    served = await serveEvents();
  });
  after(async () => {
    served.elsewhere.close();
    await closeServers();
  });

  /** What the targets of a new rule get of an order. */
  async function inputs(targets: Partial<Target>[], detail: object = DETAIL): Promise<string[]> {
    const source = `shop-${++rules}`;
    await served.rule(source, ...targets);
    await served.put({ Source: source, DetailType: "Order", Detail: JSON.stringify(detail) });
    return served.messages(targets.length);
  }

  const transformer = (InputTemplate: string): Partial<Target> => ({
    InputTransformer: { InputPathsMap: PATHS, InputTemplate } satisfies InputTransformer,
  });

  const transformed = (InputTemplate: string) => inputs([transformer(InputTemplate)]);

  const parts: (Fact & { path: string; expected: unknown })[] = [
    { fact: "is the part of the event at InputPath", path: "$.detail", expected: DETAIL },
    { fact: "is an object in an object at InputPath", path: "$.detail.customer", expected: DETAIL.customer },
    { fact: "is a text in quotes at InputPath", path: "$.detail.customer.id", expected: "c-17" },
  ];
  testFacts({ ...RECORDED, facts: parts }, async ({ path, expected }) => {
    expect(await inputs([{ InputPath: path }])).to.deep.equal([JSON.stringify(expected)]);
  });

  testFact(RECORDED, "is found at InputPath where a key is within another one of the same name", async () => {
    const payload = { payload: { id: "1" } };
    expect(await inputs([{ InputPath: "$.detail.payload" }], { payload })).to.deep.equal([JSON.stringify(payload)]);
  });

  testFact(RECORDED, "is made for each target of a rule by its own settings", async () => {
    const [part = "", whole = ""] = (await inputs([{ InputPath: "$.detail.one" }, {}])).sort();
    expect(part).to.equal('["book"]');
    expect(JSON.parse(whole)).to.deep.include({ "detail-type": "Order", resources: [], detail: DETAIL });
  });

  const templates: (Fact & { template: string; expected: unknown })[] = [
    {
      fact: "is a text with values in it, in its quotes",
      template: '"A <type> of <id>"',
      expected: '"A Order of c-17"',
    },
    {
      fact: "is a text with nothing for a value that is missing",
      template: '"<nothing>, <id>"',
      expected: '", c-17"',
    },
    { fact: "is a text that begins like JSON", template: '"{[/ a <type>"', expected: '"{[/ a Order"' },
    {
      fact: "is a text with an object that has lost its quotes",
      template: '"<customer> of users/<id> and <id>"',
      expected: '"{id:c-17,tier:gold} of users/c-17 and c-17"',
    },
    { fact: "is a text with a list of one", template: '"<one> item"', expected: '"[book] item"' },
    { fact: "is a text with a list of several", template: '"<several> items"', expected: '"[book,pen] items"' },
    {
      fact: "is a text with everything in it",
      template: '"<one> <several> <nothing> nothing <customer> <id>"',
      expected: '"[book] [book,pen]  nothing {id:c-17,tier:gold} c-17"',
    },
    { fact: "is a text with a truth value", template: '"It is <paid>!"', expected: '"It is true!"' },
    {
      fact: "is lines of text, each in its quotes",
      template: '"<one> item"\n"<nothing> nothing"\n"<id> id"',
      expected: '"[book] item"\n" nothing"\n"c-17 id"',
    },
    {
      fact: "is JSON with values, which get quotes where they need them",
      template: '{"type": <type>, "of": <id>}',
      expected: { type: "Order", of: "c-17" },
    },
    { fact: "is JSON with an empty text for a missing value", template: '{"a": <nothing>}', expected: { a: "" } },
    {
      fact: "is JSON with a text in another one, and an object",
      template: '{"path": "users/<id>", "body": <customer>}',
      expected: { path: "users/c-17", body: DETAIL.customer },
    },
    { fact: "is JSON with a text in quotes", template: '{"id" : "<id>"}', expected: { id: "c-17" } },
    { fact: "is JSON with a text that needs quotes", template: '{"id" : <id>}', expected: { id: "c-17" } },
    {
      fact: "is JSON with a text in a text, twice, and by itself",
      template: '{"path": "users/<id>", "id": <id>, "body": <customer>}',
      expected: { path: "users/c-17", id: "c-17", body: DETAIL.customer },
    },
    {
      fact: "is JSON with a list of the template",
      template: '{"all": [<id>, "fixed"]}',
      expected: { all: ["c-17", "fixed"] },
    },
    {
      fact: "is JSON with values at any depth",
      template: '{"a": {"b": {"c": "users/<id>"} }, "d": "<id>"}',
      expected: { a: { b: { c: "users/c-17" } }, d: "c-17" },
    },
    { fact: "is JSON with a list", template: '{"one": <one>}', expected: { one: ["book"] } },
    {
      fact: "is JSON with a value twice in one text",
      template: '{"a": "users/<id>/of/<id>"}',
      expected: { a: "users/c-17/of/c-17" },
    },
  ];
  testFacts({ ...RECORDED, facts: templates }, async ({ template, expected }) => {
    const [input = ""] = await transformed(template);
    expect(typeof expected === "string" ? input : JSON.parse(input)).to.deep.equal(expected);
  });

  testFacts(
    {
      ...RECORDED,
      facts: [
        {
          fact: "is not sent where an object is within a text",
          template: '{"a": "users/<customer>", "b": <customer>}',
        },
        { fact: "is not sent where an object is in quotes", template: '{"a": "<customer>"}' },
        { fact: "is not sent where a list is in quotes", template: '{"a": "<one>"}' },
      ],
    },
    async ({ template }) => {
      const source = `invalid-${++rules}`;
      await served.rule(source, transformer(template), { Input: '"other"' });
      await served.put({ Source: source, Detail: JSON.stringify(DETAIL) });
      expect(await served.messages(1)).to.deep.equal(['"other"']);
      const log = served.server.lines.join("\n");
      expect(log).to.contain(`error: rule ${source} | not delivered to ${QUEUE_ARN}: the template makes invalid JSON`);
    },
  );

  testFact(RECORDED, "has the rule's ARN and name and the time by predefined names", async () => {
    const names = "<aws.events.rule-arn> <aws.events.rule-name> <aws.events.event.ingestion-time>";
    const [input] = await transformed(`"${names}"`);
    const name = `shop-${rules}`;
    expect(input).to.match(new RegExp(`^"${EVENTS_ARN}:rule/${name} ${name} \\d{4}-\\d\\d-\\d\\dT[\\d:]{8}Z"$`));
  });

  testFact(RECORDED, "has the event by predefined names, with and without its detail", async () => {
    const [input = ""] = await transformed('{"bare": <aws.events.event>, "whole": <aws.events.event.json>}');
    const { bare, whole } = JSON.parse(input);
    const { "detail-type": detailType, detail, ...fields } = whole;
    expect(detail).to.deep.equal(DETAIL);
    expect(bare).to.deep.equal({ ...fields, detailType });
  });

  const refused = (target: Partial<Target>) => {
    const Targets = [{ Id: "one", Arn: QUEUE_ARN, ...target }];
    return refusal(served.sdk.send(new PutTargetsCommand({ Rule: "shop-1", Targets })));
  };
  testFacts(
    {
      ...RECORDED,
      facts: [
        {
          fact: "is refused with both a path and a transformer",
          target: { ...transformer('"<id>"'), InputPath: "$.detail" },
          expected: "Only one of Input, InputPath, or InputTransformer must be provided for target one.",
        },
        {
          fact: "is refused with a placeholder that has no path",
          target: transformer('"<id> and <other>"'),
          expected: "InputTemplate for target one contains invalid placeholder other.",
        },
      ],
    },
    async ({ target, expected }) => {
      expect(await refused(target)).to.equal(`ValidationException: ${expected}`);
    },
  );

  it("is refused with a template that is neither JSON nor in quotes, and a path that is none", async () => {
    expect(await refused(transformer("<one> item"))).to.contain(": Invalid InputTemplate for target one : ");
    expect(await refused({ InputPath: "detail" })).to.contain(": Invalid InputPath for target one : ");
    expect(await refused({ Input: "{" })).to.contain(": JSON syntax error in input for target one : ");
  });

  it("is null at an InputPath that the event does not have, and text is escaped in quotes", async () => {
    expect(await inputs([{ InputPath: "$.detail.absent" }])).to.deep.equal(["null"]);
    const InputTransformer = {
      InputPathsMap: { text: "$.detail.text" },
      InputTemplate: '{"a": "<text>", "b": <text>}',
    };
    const [input = ""] = await inputs([{ InputTransformer }], { text: 'say "hi"\n' });
    expect(JSON.parse(input)).to.deep.equal({ a: 'say "hi"\n', b: 'say "hi"\n' });
  });
});
