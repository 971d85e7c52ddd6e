import { ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { DOCUMENTATION, recordedByLocalstack, testFact, testFacts } from "../../../helpers/facts";
import { graphOf, lambda, table } from "../../../helpers/offline/graph";
import {
  ECHO,
  eventsOf,
  FUNCTION_ARN,
  lambdaOf,
  ofStream,
  ofTable,
  put,
  queue,
  received,
  serveMappings,
  stream,
  streamedTable,
  textsOf,
  toFailures,
  write,
} from "../../../helpers/offline/mappings";
import { bucket, s3Of, textOf } from "../../../helpers/offline/s3";
import { closeServers, type Served, serveGraph, until } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const RECORDED = { service: "Lambda", source: recordedByLocalstack("2026-03") };
const DOCUMENTED = { service: "Lambda", source: DOCUMENTATION };

const REPORTS = { functionResponseTypes: ["ReportBatchItemFailures"] };

/** What functions answer with ReportBatchItemFailures, and whether AWS takes it for the failure of the batch. */
const answers: [what: string, answer: unknown, fails: boolean][] = [
  ["an empty list", [], false],
  ["an empty text", "", false],
  ["null", null, false],
  ["an empty object", {}, false],
  ["an empty list of failures", { batchItemFailures: [] }, false],
  ["null as list of failures", { batchItemFailures: null }, false],
  ["a number as identifier", { batchItemFailures: [{ itemIdentifier: 123 }] }, true],
  ["an empty identifier", { batchItemFailures: [{ itemIdentifier: "" }] }, true],
  ["null as identifier", { batchItemFailures: [{ itemIdentifier: null }] }, true],
  ["a failure without an identifier", { batchItemFailures: [{ foo: 123 }] }, true],
  ["a failure with nothing but null", { batchItemFailures: [{ foo: null }] }, true],
];

/** Both kinds of streams, which Lambda reads in the same way. */
const kinds = [
  {
    kind: "Kinesis",
    resources: (inputs = {}) => [stream("orders"), ofStream("orders", inputs)],
    add: (server: Served, ...texts: string[]) => put(server, "orders", ...texts),
    info: "KinesisBatchInfo",
    time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    numberOf: ({ kinesis }: { kinesis: { sequenceNumber: string } }) => kinesis.sequenceNumber,
  },
  {
    kind: "DynamoDB",
    resources: (inputs = {}) => [streamedTable(), ofTable(inputs)],
    add: write,
    info: "DDBStreamBatchInfo",
    time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    numberOf: ({ dynamodb }: { dynamodb: { SequenceNumber: string } }) => dynamodb.SequenceNumber,
  },
];

describe("An event source mapping of a stream", () => {
  let keeps = false;
  afterEach(async () => {
    if (!keeps) await closeServers();
  });

  for (const { kind, resources, add, info, time, numberOf } of kinds) {
    describe(`of ${kind}`, () => {
      describe("whose function reports failures", () => {
        let server: Served;

        before(async () => {
          keeps = true;
          const more = { batchSize: 1, maximumRetryAttempts: 2, ...REPORTS, ...toFailures() };
          server = await serveMappings(queue("failures"), ...resources(more));
          await add(server, ...answers.map(([, answer]) => `answer ${JSON.stringify(answer)}`), "throw", "end");
          await until(() => textsOf(server).flat().includes("end"));
        });

        after(async () => {
          keeps = false;
          await closeServers();
        });

        testFacts(
          {
            ...RECORDED,
            facts: answers.map(([what, answer, fails]) => ({
              fact: `A batch of ${kind} ${fails ? "fails" : "succeeds"} when the function answers with ${what}`,
              text: `answer ${JSON.stringify(answer)}`,
              attempts: fails ? 3 : 1,
            })),
          },
          ({ text, attempts }) => {
            expect(textsOf(server).filter(([one]) => one === text)).to.have.length(attempts);
          },
        );

        testFact(RECORDED, `reports that a batch of ${kind} was given up, with all that identifies it`, async () => {
          const failing = [
            ...answers.filter(([, , fails]) => fails).map(([, answer]) => `answer ${JSON.stringify(answer)}`),
            "throw",
          ];
          const reports = (await received(server, "failures", failing.length)).map((text) => JSON.parse(text));
          expect(reports).to.have.length(failing.length);
          const events = eventsOf(server);
          const texts = textsOf(server).map(([text]) => text);
          for (const text of failing) {
            const [record] = events[texts.indexOf(text)].Records;
            const number = numberOf(record);
            const report = reports.find((one) => one[info].startSequenceNumber === number);
            const { timestamp, requestContext, [info]: batch, ...rest } = report;
            expect(timestamp).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
            const { requestId, ...context } = requestContext;
            expect(requestId).to.match(/^[\da-f-]{36}$/);
            expect(context).to.deep.equal({
              functionArn: `${FUNCTION_ARN}:main`,
              condition: "RetryAttemptsExhausted",
              approximateInvokeCount: 3,
            });
            const { approximateArrivalOfFirstRecord, approximateArrivalOfLastRecord, shardId, ...place } = batch;
            expect(approximateArrivalOfFirstRecord).to.match(time);
            expect(approximateArrivalOfLastRecord).to.equal(approximateArrivalOfFirstRecord);
            expect(shardId).to.match(/^shardId-/);
            expect(place).to.deep.equal({
              startSequenceNumber: number,
              endSequenceNumber: number,
              batchSize: 1,
              streamArn: record.eventSourceARN,
            });
            expect(rest).to.deep.equal({
              version: "1.0",
              responseContext: {
                statusCode: 200,
                executedVersion: "$LATEST",
                functionError: text === "throw" ? "Unhandled" : null,
              },
            });
          }
        });
      });

      testFact(RECORDED, `goes on at the record of ${kind} that failed, with all retries anew`, async () => {
        const more = {
          batchSize: 3,
          maximumBatchingWindowInSeconds: 1,
          maximumRetryAttempts: 3,
          ...REPORTS,
          ...toFailures(),
        };
        const server = await serveMappings(queue("failures"), ...resources(more));
        await add(server, "0", "1", "2", "3", "4", "bad");
        const [report = ""] = await received(server, "failures", 1);
        expect(
          textsOf(server)
            .flat()
            .filter((text) => text === "bad"),
        ).to.have.length(5);
        expect(
          textsOf(server)
            .flat()
            .filter((text) => text !== "bad"),
        ).to.deep.equal(["0", "1", "2", "3", "4"]);
        const { requestContext, responseContext, [info]: batch } = JSON.parse(report);
        expect([requestContext.approximateInvokeCount, responseContext.functionError, batch.batchSize]).to.deep.equal([
          4,
          null,
          1,
        ]);
      });

      testFact(RECORDED, `stores a report of ${kind} in a bucket together with the event`, async () => {
        const more = { batchSize: 1, maximumRetryAttempts: 1, ...toFailures("arn:aws:s3:::reports") };
        const server = await serveMappings(bucket("reports"), ...resources(more));
        await add(server, "throw");
        const s3 = s3Of(server);
        let key = "";
        await until(async () => {
          key = (await s3.send(new ListObjectsV2Command({ Bucket: "reports" }))).Contents?.[0]?.Key ?? "";
          return key !== "";
        });
        const report = JSON.parse(await textOf(await s3.send(new GetObjectCommand({ Bucket: "reports", Key: key }))));
        const { shardId } = report[info];
        const [day = "", seconds = ""] = report.timestamp.split(/T|\./);
        const uuid = "00000000-0000-4000-8000-";
        expect(key).to.match(
          new RegExp(
            `^aws/lambda/${uuid}[\\da-f]{12}/${shardId}/${day.replaceAll("-", "/")}/${day}T${seconds.replaceAll(":", ".").slice(0, 5)}`,
          ),
        );
        expect(JSON.parse(report.payload)).to.deep.equal(eventsOf(server)[0]);
        expect(report.requestContext).to.include({ condition: "RetryAttemptsExhausted", approximateInvokeCount: 2 });
      });

      testFact(RECORDED, `gives up records of ${kind} that are too old, and reports no response`, async () => {
        const more = { maximumRecordAgeInSeconds: 60, ...toFailures() };
        const server = await serveMappings(queue("failures"), ...resources(more));
        await add(server, "throw");
        const [report = ""] = await received(server, "failures", 1);
        const { requestContext, responseContext } = JSON.parse(report);
        expect(requestContext.condition).to.equal("RecordAgeExceeded");
        expect(responseContext).to.equal(undefined);
      });

      testFact(DOCUMENTED, `halves a batch of ${kind} that fails, if it is to`, async () => {
        const more = {
          maximumRetryAttempts: 0,
          bisectBatchOnFunctionError: true,
          maximumBatchingWindowInSeconds: 1,
          batchSize: 4,
          ...toFailures(),
        };
        const server = await serveMappings(queue("failures"), ...resources(more));
        await add(server, "a", "b", "throw", "c");
        const [report = ""] = await received(server, "failures", 1);
        expect(JSON.parse(report)[info].batchSize).to.equal(1);
        await until(() => textsOf(server).at(-1)?.includes("c") === true && textsOf(server).at(-1)?.length === 1);
        expect(
          textsOf(server)
            .filter((texts) => !texts.includes("throw"))
            .flat()
            .toSorted(),
        ).to.deep.equal(["a", "b", "c"]);
      });

      it("says in the log what is given up without a destination", async () => {
        const server = await serveMappings(...resources({ maximumRetryAttempts: 0 }));
        await add(server, "throw");
        await until(() => server.lines.some((line) => line.includes("given up")));
        const line = server.lines.find((one) => one.includes("given up"));
        expect(line).to.match(
          /^error: event source mapping \w+ \| 1 record of shardId-\S+ given up from \d+ \(RetryAttemptsExhausted, 1 attempts?\): there is no on-failure destination$/,
        );
      });
    });
  }

  testFact(RECORDED, "gives a function the records of Kinesis with its role", async () => {
    const role = "arn:aws:iam::123456789012:role/main";
    const main = lambda("main", ECHO, { role });
    const server = await serveGraph(graphOf(temporaryFolder(), main, stream("orders"), ofStream("orders")));
    await put(server, "orders", "hello");
    await until(() => eventsOf(server).length === 1);
    const [{ Records, ...more }] = eventsOf(server);
    expect(more).to.deep.equal({});
    expect(Records[0]).to.include({
      invokeIdentityArn: role,
      eventSource: "aws:kinesis",
      eventName: "aws:kinesis:record",
      eventVersion: "1.0",
    });
  });

  testFact(RECORDED, "gives a function the records of a table's stream", async () => {
    const server = await serveMappings(streamedTable(), ofTable());
    await write(server, "hello");
    await until(() => eventsOf(server).length === 1);
    const [record] = eventsOf(server)[0].Records;
    const { eventID, dynamodb, eventSourceARN, ...rest } = record;
    const { ApproximateCreationDateTime, SequenceNumber, SizeBytes, ...change } = dynamodb;
    expect(rest).to.deep.equal({
      eventName: "INSERT",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "eu-west-1",
    });
    expect(change).to.deep.equal({
      Keys: { id: { S: "hello" } },
      NewImage: { id: { S: "hello" }, text: { S: "hello" } },
      StreamViewType: "NEW_AND_OLD_IMAGES",
    });
    expect(eventSourceARN).to.match(/^arn:aws:dynamodb:eu-west-1:123456789012:table\/items\/stream\/\d{4}-/);
    expect(String(Math.floor(ApproximateCreationDateTime))).to.have.length(10);
  });

  testFact(DOCUMENTED, "hands the state of a tumbling window on", async () => {
    const server = await serveMappings(
      stream("orders"),
      ofStream("orders", { batchSize: 1, tumblingWindowInSeconds: 900 }),
    );
    await put(server, "orders", 'answer {"state":{"sum":1}}', "end");
    await until(() => eventsOf(server).length === 2);
    const [, { Records, window, ...rest }] = eventsOf(server);
    expect(rest).to.deep.equal({
      state: { sum: 1 },
      isFinalInvokeForWindow: false,
      isWindowTerminatedEarly: false,
      shardId: "shardId-000000000000",
      eventSourceARN: "arn:aws:kinesis:eu-west-1:123456789012:stream/orders",
    });
    expect(Date.parse(window.end) - Date.parse(window.start)).to.equal(900_000);
  });

  it("delivers reports to topics", async () => {
    const failures = toFailures("arn:aws:sns:eu-west-1:123456789012:failures");
    const server = await serveMappings(stream("orders"), ofStream("orders", { maximumRetryAttempts: 0, ...failures }));
    await put(server, "orders", "throw");
    // There is no such topic.
    await until(() => server.lines.some((line) => /not delivered to arn:aws:sns:\S+:failures: /.test(line)));
  });

  it("reads in a later run what came between two runs, even at LATEST", async () => {
    const [folder, data] = [temporaryFolder(), temporaryFolder()];
    const run = async (enabled: boolean) => {
      const resources = [lambda("main", ECHO), streamedTable(), ofTable({ startingPosition: "LATEST", enabled })];
      return serveGraph(graphOf(folder, ...resources), { data });
    };
    const first = await run(true);
    await write(first, "a");
    // The function logs before the mapping learns that it has ended.
    await until(async () => {
      const { EventSourceMappings } = await lambdaOf(first).send(new ListEventSourceMappingsCommand({}));
      return EventSourceMappings?.[0]?.LastProcessingResult === "OK";
    });
    await closeServers();
    const second = await run(false);
    await write(second, "b");
    await closeServers();
    const third = await run(true);
    await until(() => textsOf(third).length === 1);
    expect([textsOf(first), textsOf(second), textsOf(third)]).to.deep.equal([[["a"]], [], [["b"]]]);
  });

  it("has AWS's defaults for what the program leaves out, whatever the outputs of its resource are", async () => {
    const resource = ofStream("orders");
    // As the engine answers a program that sets none of these.
    const numbers = { maximumRetryAttempts: 0, maximumRecordAgeInSeconds: 0, parallelizationFactor: 0 };
    Object.assign(resource.outputs, numbers);
    const server = await serveMappings(stream("orders"), resource);
    expect(server.problems).to.deep.equal([]);
    const { EventSourceMappings } = await lambdaOf(server).send(new ListEventSourceMappingsCommand({}));
    expect(EventSourceMappings?.[0]).to.include({
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: -1,
      ParallelizationFactor: 1,
    });
  });

  it("goes on with a new stream when its table gets one", async () => {
    const folder = temporaryFolder();
    const graph = (streamViewType: string) =>
      graphOf(folder, lambda("main", ECHO), table("items", { streamEnabled: true, streamViewType }), ofTable());
    const server = await serveGraph(graph("NEW_AND_OLD_IMAGES"));
    await server.reconcile(graph("NEW_IMAGE"));
    await write(server, "a");
    await until(() => textsOf(server).length === 1);
    expect(eventsOf(server)[0].Records[0].dynamodb.StreamViewType).to.equal("NEW_IMAGE");
  });
});
