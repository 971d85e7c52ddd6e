import { ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import type { Properties } from "../../../../offline/engine/values";
import { DOCUMENTATION, recordedByLocalstack, testFact, testFacts } from "../../../helpers/facts";
import { graphOf, lambda } from "../../../helpers/offline/graph";
import {
  ECHO,
  eventsOf,
  lambdaOf,
  ofQueue,
  queue,
  received,
  send,
  serveMappings,
  textsOf,
} from "../../../helpers/offline/mappings";
import { closeServers, serveGraph, until } from "../../../helpers/offline/served";
import { arnOf } from "../../../helpers/offline/sqs";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const RECORDED = { service: "Lambda", source: recordedByLocalstack("2026-03") };
const DOCUMENTED = { service: "Lambda", source: DOCUMENTATION };
const REPORTS = { functionResponseTypes: ["ReportBatchItemFailures"] };

/** A queue whose messages are tried twice, and the queue where they end. */
const withFailures = (name: string, inputs = {}) => {
  const fifo: Properties = name.endsWith(".fifo") ? { fifoQueue: true } : {};
  const failures = name.replace("orders", "failures");
  const redrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf(failures), maxReceiveCount: 2 });
  return [queue(failures, fifo), queue(name, { visibilityTimeoutSeconds: 1, redrivePolicy, ...fifo, ...inputs })];
};

/** Whether a message passes the filter of a mapping. */
const filters: [what: string, pattern: object, passes: string, not: string][] = [
  ["a value", { body: { key: ["a"] } }, '{"key":"a"}', '{"key":"b"}'],
  ["one of two values", { body: { key: ["a", "b"] } }, '{"key":"b"}', '{"key":"c"}'],
  ["two values", { body: { key: ["a"], more: ["b"] } }, '{"key":"a","more":"b"}', '{"key":"a","more":"c"}'],
  ["a field that exists", { body: { key: [{ exists: true }] } }, '{"key":"a"}', '{"more":"a"}'],
  ["a larger number", { body: { key: [{ numeric: [">", 100] }] } }, '{"key":101}', '{"key":100}'],
  ["a smaller number", { body: { key: [{ numeric: ["<", 100] }] } }, '{"key":99}', '{"key":100}'],
  ["a range", { body: { key: [{ numeric: [">=", 100, "<", 200] }] } }, '{"key":100}', '{"key":200}'],
  ["a prefix", { body: { key: [{ prefix: "us-1" }] } }, '{"key":"us-1-a"}', '{"key":"us-2-a"}'],
  ["JSON, if the body is a text", { body: { key: ["a"] } }, '{"key":"a"}', "this is a text"],
];
const documentedFilters: typeof filters = [
  ["a text", { body: ["a text"] }, "a text", "another text"],
  ["a text, if the body is JSON", { body: ["a text"] }, "a text", '{"key":"a text"}'],
  ["nothing of JSON, if the body is a text", { body: { key: [{ exists: false }] } }, '{"more":"a"}', "a text"],
];

describe("An event source mapping of a queue", () => {
  afterEach(closeServers);

  testFact(RECORDED, "gives a function the messages of a queue, and deletes them", async () => {
    const server = await serveMappings(queue("orders"), ofQueue("orders"));
    await send(server, "orders", '{"foo":"bar"}');
    await until(() => eventsOf(server).length === 1);
    const [{ Records, ...more }] = eventsOf(server);
    const [{ messageId, receiptHandle, md5OfBody, attributes, ...rest }] = Records;
    expect(more).to.deep.equal({});
    expect(rest).to.deep.equal({
      body: '{"foo":"bar"}',
      messageAttributes: {},
      eventSource: "aws:sqs",
      eventSourceARN: arnOf("orders"),
      awsRegion: "eu-west-1",
    });
    expect(attributes).to.include({ ApproximateReceiveCount: "1" });
    expect(messageId).to.match(/^[\da-f-]{36}$/);
    expect(receiptHandle).to.be.a("string");
    expect(md5OfBody).to.equal("9bb58f26192e4ba00f01e2e7b136bbd8");
  });

  for (const [source, table] of [
    [RECORDED, filters],
    [DOCUMENTED, documentedFilters],
  ] as const) {
    describe("with filters", () => {
      testFacts(
        {
          ...source,
          facts: table.map(([what, pattern, passes, not]) => ({
            fact: `A filter of a queue's messages passes ${what}`,
            pattern,
            passes,
            not,
          })),
        },
        async ({ pattern, passes, not }) => {
          const filterCriteria = { filters: [{ pattern: JSON.stringify(pattern) }] };
          const server = await serveMappings(...withFailures("orders"), ofQueue("orders", { filterCriteria }));
          await send(server, "orders", not, passes);
          await until(() => textsOf(server).length === 1);
          expect(textsOf(server)).to.deep.equal([[passes]]);
        },
      );
    });
  }

  testFact(
    RECORDED,
    "collects as many messages as it may in its window, for at most as many batches at once",
    async () => {
      const more = { batchSize: 20, maximumBatchingWindowInSeconds: 1, scalingConfig: { maximumConcurrency: 2 } };
      const server = await serveMappings(queue("orders"), ofQueue("orders", { enabled: false, ...more }));
      for (const n of [0, 1, 2])
        await send(server, "orders", ...Array.from({ length: 10 }, (_, index) => `${n}-${index}`));
      const [{ UUID } = {}] =
        (await lambdaOf(server).send(new ListEventSourceMappingsCommand({}))).EventSourceMappings ?? [];
      await lambdaOf(server).send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
      await until(() => textsOf(server).flat().length === 30);
      expect(textsOf(server).map(({ length }) => length)).to.deep.equal([20, 10]);
    },
  );

  testFact(DOCUMENTED, "waits for a function at its reserved concurrency", async () => {
    const code = `${ECHO}
      const echo = exports.handler;
      exports.handler = (event) => new Promise((done) => setTimeout(() => done(echo(event)), 50));`;
    const slow = lambda("slow", code, { reservedConcurrentExecutions: 1 });
    const server = await serveMappings(
      queue("orders"),
      slow,
      ofQueue("orders", { functionName: "slow", batchSize: 1 }),
    );
    await send(server, "orders", "a", "b", "c");
    await until(() => textsOf(server, "slow").length === 3);
    expect(server.lines).to.include("slow | Rate Exceeded.");
  });

  it("goes on with new settings after a reload, and ends with its resource", async () => {
    const resources = [lambda("main", ECHO), lambda("other", ECHO), queue("orders")];
    const folder = temporaryFolder();
    const server = await serveGraph(graphOf(folder, ...resources, ofQueue("orders")));
    await send(server, "orders", "a");
    await until(() => textsOf(server).length === 1);
    const changes = await server.reconcile(graphOf(folder, ...resources, ofQueue("orders", { functionName: "other" })));
    expect(changes).to.deep.equal([{ action: "updated", kind: "event source mapping", name: "orders" }]);
    await send(server, "orders", "b");
    await until(() => textsOf(server, "other").length === 1);
    expect(await server.reconcile(graphOf(folder, ...resources))).to.deep.equal([
      { action: "removed", kind: "event source mapping", name: "orders" },
    ]);
    await send(server, "orders", "c");
    expect(await received(server, "orders", 1)).to.deep.equal(["c"]);
    expect([textsOf(server), textsOf(server, "other")]).to.deep.equal([[["a"]], [["b"]]]);
  });
});

describe("An event source mapping of a queue whose function fails", function () {
  this.timeout(15_000);
  after(closeServers);

  testFacts(
    {
      ...RECORDED,
      facts: [
        {
          fact: "leaves the messages of a function that fails to the queue, and its redrive policy",
          check: async () => {
            const server = await serveMappings(...withFailures("orders"), ofQueue("orders"));
            await send(server, "orders", "throw");
            expect(await received(server, "failures", 1)).to.deep.equal(["throw"]);
            // What a function prints may be read after its message has been moved.
            const counts = () => eventsOf(server).map(({ Records }) => Records[0].attributes.ApproximateReceiveCount);
            await until(() => counts().length === 2);
            expect(counts()).to.deep.equal(["1", "2"]);
          },
        },
        {
          fact: "fails the whole batch if the function fails, even if it reports failures",
          check: async () => {
            const server = await serveMappings(...withFailures("orders"), ofQueue("orders", REPORTS));
            await send(server, "orders", "throw", "good");
            expect((await received(server, "failures", 2)).toSorted()).to.deep.equal(["good", "throw"]);
          },
        },
        {
          fact: "fails the whole batch for an answer that it does not understand",
          check: async () => {
            const server = await serveMappings(...withFailures("orders"), ofQueue("orders", REPORTS));
            const text = 'answer {"batchItemFailures":[{"foo":"notvalid"}]}';
            await send(server, "orders", text);
            expect(await received(server, "failures", 1)).to.deep.equal([text]);
            expect(eventsOf(server)).to.have.length(2);
          },
        },
        {
          fact: "tries again only what the function reports, in the order of a FIFO queue",
          check: async () => {
            const server = await serveMappings(...withFailures("orders.fifo"), ofQueue("orders.fifo", REPORTS));
            await send(server, "orders.fifo", "good", "bad 1", "bad 2");
            expect(await received(server, "failures.fifo", 2)).to.deep.equal(["bad 1", "bad 2"]);
            const texts = textsOf(server);
            expect(texts.flat().filter((text) => text === "good")).to.have.length(1);
            expect(texts.at(-1)).to.deep.equal(["bad 1", "bad 2"]);
          },
        },
      ],
    },
    ({ check }) => check(),
  );
});
