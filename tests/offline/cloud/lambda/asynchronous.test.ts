import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { Properties } from "../../../../offline/engine/values";
import { DOCUMENTATION, recordedByLocalstack, testFact, testFacts, testFactsAtOnce } from "../../../helpers/facts";
import { Elsewhere } from "../../../helpers/offline/elsewhere";
import { invoke } from "../../../helpers/offline/functions";
import { graphOf, lambda, resource } from "../../../helpers/offline/graph";
import { bucket, s3Of, textOf } from "../../../helpers/offline/s3";
import { closeServers, type Served, serveGraph, until } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const RECORDED = { service: "Lambda", source: recordedByLocalstack("2026-03") };

const DOCUMENTED = { service: "Lambda", source: DOCUMENTATION };
const FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function";
const QUEUE = "arn:aws:sqs:eu-west-1:123456789012:results";
const TOPIC = "arn:aws:sns:eu-west-1:123456789012:results";
const BUS = "arn:aws:events:eu-west-1:123456789012:event-bus/results";

/** Logs its request, fails on demand, and returns what it was called with. */
const CODE = `exports.handler = async (event, { awsRequestId, functionVersion }) => {
  console.log("ran", awsRequestId, functionVersion);
  if (event.fail) throw Object.assign(new RangeError(event.fail), { stack: "RangeError: " + event.fail });
  return { got: event };
}`;

const settings = (inputs: Properties = {}) =>
  resource("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "settings", {
    functionName: "main",
    ...inputs,
  });

const to = (onSuccess?: string, onFailure?: string) => ({
  destinationConfig: {
    ...(onSuccess && { onSuccess: { destination: onSuccess } }),
    ...(onFailure && { onFailure: { destination: onFailure } }),
  },
});

/** The IDs of the requests that ran. */
function runs({ lines }: Served, name = "main"): string[] {
  return lines.flatMap((line) => new RegExp(`^${name} .*\\| ran (\\S+) `).exec(line)?.[1] ?? []);
}

const ages: [maximumEventAgeInSeconds: number, attempts: number][] = [
  [60, 1],
  [90, 2],
  // The second retry would come three minutes after the first attempt.
  [150, 2],
];

describe("Lambda's asynchronous invocations that fail", () => {
  const opened: Elsewhere[] = [];
  after(async () => {
    await closeServers();
    for (const elsewhere of opened) elsewhere.close();
  });

  /** Calls a function that fails, until its queue gets the record. */
  async function fail(inputs: Properties) {
    const elsewhere = new Elsewhere();
    opened.push(elsewhere);
    await elsewhere.listen();
    const graph = graphOf(temporaryFolder(), lambda("main", CODE), settings({ ...inputs, ...to(undefined, QUEUE) }));
    const server = await serveGraph(graph, { endpoints: { sqs: elsewhere.url } });
    const { $metadata } = await invoke(server, { fail: "no" }, { InvocationType: "Event" });
    const { requestContext } = JSON.parse(JSON.parse((await elsewhere.first()).body).MessageBody);
    return { requestContext, ids: runs(server), id: $metadata.requestId };
  }

  testFactsAtOnce({
    ...RECORDED,
    facts: [
      {
        fact: "are retried twice under the same ID, and then given up",
        check: async () => {
          const { requestContext, ids, id } = await fail({});
          expect(ids).to.deep.equal(Array(3).fill(id));
          expect(requestContext).to.include({ condition: "RetriesExhausted", approximateInvokeCount: 3 });
        },
      },
    ],
  });

  testFactsAtOnce({
    ...DOCUMENTED,
    facts: ages.map(([maximumEventAgeInSeconds, attempts]) => ({
      fact: `have ${attempts} of 3 attempts within ${maximumEventAgeInSeconds} seconds, as the cloud's delays count`,
      check: async () => {
        const { requestContext } = await fail({ maximumEventAgeInSeconds });
        expect(requestContext).to.include({ condition: "EventAgeExceeded", approximateInvokeCount: attempts });
      },
    })),
  });
});

describe("Lambda's asynchronous invocations", () => {
  let elsewhere: Elsewhere;

  beforeEach(async () => {
    elsewhere = new Elsewhere();
    await elsewhere.listen();
  });

  afterEach(async () => {
    await closeServers();
    elsewhere.close();
  });

  async function serve(inputs: Properties, ...more: ReturnType<typeof resource>[]): Promise<Served> {
    const { url } = elsewhere;
    const graph = graphOf(temporaryFolder(), lambda("main", CODE, inputs), ...more);
    return serveGraph(graph, { endpoints: { sqs: url, sns: url, events: url } });
  }

  const call = (server: Served, event: object, options = {}) =>
    invoke(server, event, { InvocationType: "Event", ...options });

  testFact(RECORDED, "answer 202 without a payload and with the ID under which the function runs", async () => {
    const server = await serve({});
    const { StatusCode, result, $metadata } = await call(server, {});
    await until(() => runs(server).length === 1);
    expect([StatusCode, result, runs(server)]).to.deep.equal([202, undefined, [$metadata.requestId]]);
  });

  const record = (requestId: string | undefined, context: object, rest: object) => ({
    version: "1.0",
    requestContext: { requestId, functionArn: `${FUNCTION}:main:$LATEST`, ...context },
    ...rest,
  });

  const results: [what: string, event: object, context: object, rest: object][] = [
    [
      "a success",
      { id: 1 },
      { condition: "Success", approximateInvokeCount: 1 },
      {
        requestPayload: { id: 1 },
        responseContext: { statusCode: 200, executedVersion: "$LATEST" },
        responsePayload: { got: { id: 1 } },
      },
    ],
    [
      "a failure",
      { fail: "no" },
      { condition: "RetriesExhausted", approximateInvokeCount: 1 },
      {
        requestPayload: { fail: "no" },
        responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
        responsePayload: { errorType: "RangeError", errorMessage: "no", trace: ["RangeError: no"] },
      },
    ],
  ];
  testFacts(
    {
      ...RECORDED,
      facts: results.map(([what, event, context, rest]) => ({
        fact: `send a record of ${what} to a queue`,
        event,
        context,
        rest,
      })),
    },
    async ({ event, context, rest }) => {
      const server = await serve({}, settings({ maximumRetryAttempts: 0, ...to(QUEUE, QUEUE) }));
      const { $metadata } = await call(server, event);
      const { target, authorization, body } = await elsewhere.first();
      expect(target).to.equal("AmazonSQS.SendMessage");
      expect(authorization).to.include("/eu-west-1/sqs/aws4_request");
      const { QueueUrl, MessageBody } = JSON.parse(body);
      expect(QueueUrl).to.equal("https://sqs.eu-west-1.amazonaws.com/123456789012/results");
      const { timestamp, ...sent } = JSON.parse(MessageBody);
      expect(new Date(timestamp).toISOString()).to.equal(timestamp);
      expect(sent).to.deep.equal(record($metadata.requestId, context, rest));
    },
  );

  testFact(DOCUMENTED, "stores a record of a failure in a bucket, under the function's name and the time", async () => {
    const failing = settings({ maximumRetryAttempts: 0, ...to(undefined, "arn:aws:s3:::records") });
    const server = await serve({}, bucket("records"), failing);
    await call(server, { fail: "no" });
    const s3 = s3Of(server);
    let Key: string | undefined;
    await until(async () => {
      Key = (await s3.send(new ListObjectsV2Command({ Bucket: "records" }))).Contents?.[0]?.Key;
      return Key !== undefined;
    });
    expect(Key).to.match(/^aws\/lambda\/async\/main\/(\d{4})\/(\d\d)\/(\d\d)\/\1-\2-\3T\d\d\.\d\d\.\d\d-[\da-f-]{36}$/);
    const stored = JSON.parse(await textOf(await s3.send(new GetObjectCommand({ Bucket: "records", Key }))));
    expect(stored.requestContext).to.include({ condition: "RetriesExhausted" });
    expect(stored.requestPayload).to.deep.equal({ fail: "no" });
  });

  const buses: [what: string, event: object][] = [
    ["Success", { id: 1 }],
    ["Failure", { fail: "no" }],
  ];
  testFacts(
    {
      ...RECORDED,
      facts: buses.map(([what, event]) => ({ fact: `send a record of a ${what.toLowerCase()} to a bus`, what, event })),
    },
    async ({ what, event }) => {
      const server = await serve({}, settings({ maximumRetryAttempts: 0, ...to(BUS, BUS) }));
      await call(server, event);
      const { target, body } = await elsewhere.first();
      expect(target).to.equal("AWSEvents.PutEvents");
      const [{ Detail, ...entry }] = JSON.parse(body).Entries;
      expect(entry).to.deep.equal({
        Source: "lambda",
        DetailType: `Lambda Function Invocation Result - ${what}`,
        Resources: [BUS, `${FUNCTION}:main:$LATEST`],
        EventBusName: BUS,
      });
      expect(JSON.parse(Detail).requestPayload).to.deep.equal(event);
    },
  );

  testFact(RECORDED, "send a record to a topic", async () => {
    const server = await serve({}, settings(to(TOPIC)));
    await call(server, { id: 1 });
    const form = new URLSearchParams((await elsewhere.first()).body);
    expect(form.get("Action")).to.equal("Publish");
    expect(form.get("TopicArn")).to.equal(TOPIC);
    expect(JSON.parse(form.get("Message") ?? "").responsePayload).to.deep.equal({ got: { id: 1 } });
  });

  testFact(RECORDED, "invoke another function with the record", async () => {
    const other =
      "exports.handler = async ({ requestContext, responsePayload }) => console.log('got', requestContext.condition, responsePayload.got.id)";
    const server = await serve({}, lambda("other", other), settings(to(`${FUNCTION}:other`)));
    await call(server, { id: 7 });
    await until(() => server.lines.some((line) => /^other .*\| got Success 7$/.test(line)));
  });

  testFact(DOCUMENTED, "end a loop of functions that invoke each other", async () => {
    const code = `exports.handler = async () => console.log("ran", "once", "")`;
    const back = { ...settings({ functionName: "other", ...to(`${FUNCTION}:ping`) }), urn: "urn:back" };
    const there = settings({ functionName: "ping", ...to(`${FUNCTION}:other`) });
    const server = await serve({}, lambda("ping", code), lambda("other", `${code};`), there, back);
    await call(server, {}, { FunctionName: "ping" });
    await until(() => server.lines.some((line) => /not delivered to \S+: .*16 functions, which invoke/.test(line)));
    expect(runs(server, "ping").length + runs(server, "other").length).to.equal(17);
  });

  testFact(RECORDED, "do not invoke another function with a record over 1 MB", async () => {
    const server = await serve(
      {},
      lambda("other", "exports.handler = async () => 1"),
      settings(to(`${FUNCTION}:other`)),
    );
    await call(server, { text: "x".repeat(600_000) });
    await until(() => server.lines.some((line) => /not delivered .* payload is too large for the Event/.test(line)));
  });

  testFact(RECORDED, "send the event of a failure to the dead-letter queue, with attributes that say why", async () => {
    const server = await serve({ deadLetterConfig: { targetArn: QUEUE } }, settings({ maximumRetryAttempts: 0 }));
    const { $metadata } = await call(server, { fail: "no" });
    const { MessageBody, MessageAttributes } = JSON.parse((await elsewhere.first()).body);
    expect(JSON.parse(MessageBody)).to.deep.equal({ fail: "no" });
    expect(MessageAttributes).to.deep.equal({
      RequestID: { DataType: "String", StringValue: $metadata.requestId },
      ErrorCode: { DataType: "Number", StringValue: "200" },
      ErrorMessage: { DataType: "String", StringValue: "no" },
    });
  });

  testFact(RECORDED, "give the attributes of the dead-letter topic one by one", async () => {
    const server = await serve({ deadLetterConfig: { targetArn: TOPIC } }, settings({ maximumRetryAttempts: 0 }));
    await call(server, { fail: "no" });
    const form = new URLSearchParams((await elsewhere.first()).body);
    expect(form.get("MessageAttributes.entry.2.Name")).to.equal("ErrorCode");
    expect(form.get("MessageAttributes.entry.2.Value.DataType")).to.equal("Number");
    expect(form.get("MessageAttributes.entry.2.Value.StringValue")).to.equal("200");
  });

  testFact(RECORDED, "never run without any concurrency, and say so in a record without a response", async () => {
    const server = await serve({ reservedConcurrentExecutions: 0 }, settings(to(undefined, QUEUE)));
    const { $metadata, StatusCode } = await call(server, {});
    expect(StatusCode).to.equal(202);
    const { timestamp, ...sent } = JSON.parse(JSON.parse((await elsewhere.first()).body).MessageBody);
    const context = { condition: "ZeroReservedConcurrency", approximateInvokeCount: 0 };
    expect(sent).to.deep.equal(record($metadata.requestId, context, { requestPayload: {} }));
    expect(runs(server)).to.deep.equal([]);
  });

  testFact(DOCUMENTED, "wait while the function is at its reserved concurrency", async () => {
    const slow = lambda(
      "slow",
      "exports.handler = async ({ n }) => { await new Promise((r) => setTimeout(r, 100)); console.log('ran', n, '') }",
      {
        reservedConcurrentExecutions: 1,
      },
    );
    const server = await serve({}, slow);
    for (const n of [1, 2]) await call(server, { n }, { FunctionName: "slow" });
    await until(() => runs(server, "slow").length === 2);
    expect(server.lines).to.include("slow | Rate Exceeded.");
  });

  testFact(RECORDED, "follow the settings of the alias that is called", async () => {
    const alias = resource("aws:lambda/alias:Alias", "live", {
      name: "live",
      functionName: "main",
      functionVersion: "3",
    });
    const server = await serve({}, alias, settings({ qualifier: "live", ...to(QUEUE) }));
    await call(server, { id: 1 });
    await call(server, { id: 2 }, { Qualifier: "live" });
    const { requestContext, responseContext } = JSON.parse(JSON.parse((await elsewhere.first()).body).MessageBody);
    expect(requestContext.functionArn).to.equal(`${FUNCTION}:main:live`);
    expect(responseContext.executedVersion).to.equal("3");
    expect(elsewhere.sent).to.have.length(1);
  });

  it("try a delivery again that fails", async () => {
    elsewhere.failures = 1;
    const server = await serve({}, settings(to(QUEUE)));
    await call(server, {});
    expect((await elsewhere.first()).target).to.equal("AmazonSQS.SendMessage");
    expect(server.lines.join("\n")).not.to.include("not delivered");
  });

  it("say in one line of the log what was not delivered, and why", async () => {
    const graph = graphOf(temporaryFolder(), lambda("main", CODE), settings(to(QUEUE)));
    const server = await serveGraph(graph);
    await call(server, { secret: "hidden" });
    await until(() => server.lines.some((line) => line.includes("not delivered")));
    const lines = server.lines.filter((line) => line.includes("deliver"));
    expect(lines).to.have.length(1);
    expect(lines[0]).to.match(
      /^error: main [\da-f]{8} \| not delivered to arn:aws:sqs:\S+:results: The specified queue does not exist\.$/,
    );
    expect(server.lines.join("\n")).not.to.include("hidden");
  });

  it("have settings that AWS would refuse named at the start", async () => {
    const server = await serve({}, settings({ maximumRetryAttempts: 3, maximumEventAgeInSeconds: 30 }));
    expect(server.problems).to.deep.equal([
      "function main has maximumRetryAttempts 3, which AWS refuses: use 0 to 2",
      "function main has maximumEventAgeInSeconds 30, which AWS refuses: use 60 to 21600",
    ]);
    const valid = await serve({}, settings({ maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 }));
    expect(valid.problems).to.deep.equal([]);
  });

  it("are over when the server closes, whatever was still to be retried", async () => {
    const server = await serve({}, settings(to(undefined, QUEUE)));
    await call(server, { fail: "no" });
    await until(() => server.lines.some((line) => line.endsWith("RangeError: no")));
    await closeServers();
    const { length } = server.lines;
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(server.lines).to.have.length(length);
    expect(elsewhere.sent).to.deep.equal([]);
  });
});
