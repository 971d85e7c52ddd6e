import { expect } from "chai";
import type { Properties } from "../../../../offline/engine/values";
import { DOCUMENTATION, testFact, testFacts } from "../../../helpers/facts";
import { Elsewhere } from "../../../helpers/offline/elsewhere";
import { lambda, resource } from "../../../helpers/offline/graph";
import { STREAM_ARN, stream } from "../../../helpers/offline/kinesis";
import { eventsOf, FUNCTION_ARN, put, received, send, streamedTable, write } from "../../../helpers/offline/mappings";
import { fromQueue, fromStream, fromTable, MAIN, servePipes } from "../../../helpers/offline/pipes";
import { closeServers, until } from "../../../helpers/offline/served";
import { arnOf, queue } from "../../../helpers/offline/sqs";

const DOCUMENTED = { service: "EventBridge Pipes", source: DOCUMENTATION };
const OBSERVED = { service: "EventBridge Pipes", source: "answers of AWS that users have published, 2023 to 2024" };
const REGION = "eu-west-1:123456789012";

/** What a queue gets through a template. */
const templates: { fact: string; template?: string; body: string; gets: string | RegExp; differs?: string }[] = [
  { fact: "free text", template: "Hello, sender", body: "{}", gets: "Hello, sender" },
  { fact: "free text with a value", template: "Hello, <$.body.name>", body: '{"name":"Ann"}', gets: "Hello, Ann" },
  { fact: "a value of JSON in the body", template: '{"id":<$.body.id>}', body: '{"id":7}', gets: '{"id":7}' },
  { fact: "an object of the body", template: '{"all":<$.body>}', body: '{"a":[1]}', gets: '{"all":{"a":[1]}}' },
  { fact: "an entry of a list", template: '{"one":<$.body.all[1]>}', body: '{"all":[1,2]}', gets: '{"one":2}' },
  { fact: "a body that is text", template: '{"text":<$.body>}', body: "a text", gets: '{"text":"a text"}' },
  {
    fact: "the names of the pipe and its source",
    template: '["<aws.pipes.pipe-name>",<aws.pipes.pipe-arn>,<aws.pipes.source-arn>,<aws.pipes.target-arn>]',
    body: "{}",
    gets: /^\["(\w+)","arn:aws:pipes:eu-west-1:123456789012:pipe\/\1","arn:aws:sqs:\S+:\1","arn:aws:sqs:\S+:\1-out"\]$/,
  },
  { fact: "the time", template: "<aws.pipes.event.ingestion-time>", body: "{}", gets: /^"\d{4}-\d\d-\d\dT[\d:.]+Z"$/ },
  {
    fact: "the whole event, with its body as JSON",
    template: "<aws.pipes.event.json>",
    body: '{"a":1}',
    gets: /^\{"messageId":.*"body":\{"a":1\}/,
  },
  {
    fact: "no event as JSON of a body that is text",
    template: '{"all":<aws.pipes.event.json>}',
    body: "a",
    gets: '{"all":""}',
  },
  {
    fact: "a path to an object, without its quotes",
    template: "<$.body>",
    body: '{"key":"value"}',
    gets: '"{key: value}"',
    differs: "it stays JSON, as in the templates of rules",
  },
];

/** Whether a record passes the filter of a pipe from Kinesis. */
const filters: { fact: string; pattern: object; passes: boolean }[] = [
  { fact: "passes a value in the data", pattern: { data: { City: ["Seattle"] } }, passes: true },
  { fact: "keeps out another value in the data", pattern: { data: { City: ["Oslo"] } }, passes: false },
  {
    fact: "is about the fields around the data, without `kinesis`",
    pattern: { partitionKey: [{ prefix: "{" }], data: { City: ["Seattle"] } },
    passes: true,
  },
];

describe("A pipe", () => {
  afterEach(closeServers);

  testFact(DOCUMENTED, "calls a function with a list of a queue's messages, and deletes them", async () => {
    const server = await servePipes([queue("orders"), fromQueue("orders")]);
    await send(server, "orders", '{"foo":"bar"}');
    await until(() => eventsOf(server).length === 1);
    const [[message, ...more]] = eventsOf(server);
    expect(more).to.deep.equal([]);
    expect(message).to.include({ body: '{"foo":"bar"}', eventSource: "aws:sqs", eventSourceARN: arnOf("orders") });
  });

  testFact(DOCUMENTED, "shows a record of Kinesis flat, with its data in base64 and the pipe's role", async () => {
    const server = await servePipes([stream("clicks"), fromStream("clicks")]);
    await put(server, "clicks", "a text");
    await until(() => eventsOf(server).length === 1);
    const [[{ sequenceNumber, approximateArrivalTimestamp, ...record }]] = eventsOf(server);
    expect(record).to.deep.equal({
      kinesisSchemaVersion: "1.0",
      partitionKey: "a text",
      data: Buffer.from("a text").toString("base64"),
      eventSource: "aws:kinesis",
      eventVersion: "1.0",
      eventID: `shardId-000000000000:${sequenceNumber}`,
      eventName: "aws:kinesis:record",
      awsRegion: "eu-west-1",
      eventSourceARN: `${STREAM_ARN}/clicks`,
      invokeIdentityArn: "arn:aws:iam::123456789012:role/pipe",
    });
    expect(approximateArrivalTimestamp).to.be.a("number");
  });

  describe("with a template", () => {
    let bodies: (string | undefined)[] = [];

    before(async () => {
      const server = await servePipes(
        templates.flatMap(({ template }, index) => [
          queue(`q${index}`),
          queue(`q${index}-out`),
          fromQueue(`q${index}`, { target: arnOf(`q${index}-out`), targetParameters: { inputTemplate: template } }),
        ]),
      );
      bodies = await Promise.all(
        templates.map(async ({ body }, index) => {
          await send(server, `q${index}`, body);
          return (await received(server, `q${index}-out`, 1))[0];
        }),
      );
    });

    testFacts(
      { ...DOCUMENTED, facts: templates.map((row) => ({ ...row, fact: `A template makes ${row.fact}` })) },
      ({ template, gets }) => {
        const body = bodies[templates.findIndex((one) => one.template === template)] ?? "";
        if (typeof gets === "string") expect(body).to.equal(gets);
        else expect(body).to.match(gets);
      },
    );
  });

  describe("with filters", () => {
    testFacts(
      { ...DOCUMENTED, facts: filters.map((row) => ({ ...row, fact: `A filter of Kinesis ${row.fact}` })) },
      async ({ pattern, passes }) => {
        const clicks = fromStream("clicks");
        const filterCriteria = {
          filters: [{ pattern: JSON.stringify(pattern) }, { pattern: '{"data":{"last":[true]}}' }],
        };
        Object.assign(clicks.outputs.sourceParameters as Properties, { filterCriteria });
        const server = await servePipes([stream("clicks"), clicks]);
        await put(server, "clicks", '{"City":"Seattle"}', '{"last":true}');
        const got = () => eventsOf(server).flat();
        await until(() => got().some(({ partitionKey }) => partitionKey.includes("last")));
        expect(got()).to.have.length(passes ? 2 : 1);
      },
    );
  });

  testFact(OBSERVED, "puts changes of a table on a bus, with the names of pipe and source around them", async () => {
    const elsewhere = new Elsewhere();
    await elsewhere.listen();
    const target = `arn:aws:events:${REGION}:event-bus/shop`;
    const targetParameters = { inputTemplate: '{"key":<$.dynamodb.Keys.id.S>}' };
    const server = await servePipes([streamedTable(), fromTable({}, { target, targetParameters })], {
      events: elsewhere.url,
    });
    await write(server, "one");
    const { Entries } = JSON.parse((await elsewhere.first()).body);
    expect(Entries[0]).to.include({
      Source: "Pipe items",
      DetailType: "Event from aws:dynamodb",
      Detail: '{"key":"one"}',
    });
    await elsewhere.close();
  });

  describe("calls a target elsewhere", () => {
    const key = "$.data.key";
    const cases: [service: string, arn: string, parameters: Properties, sent: object][] = [
      [
        "sqs",
        arnOf("out.fifo"),
        { sqsQueueParameters: { messageGroupId: key, messageDeduplicationId: "id" } },
        { MessageGroupId: "k", MessageDeduplicationId: "id" },
      ],
      [
        "events",
        `arn:aws:events:${REGION}:event-bus/shop`,
        { eventbridgeEventBusParameters: { source: "shop", detailType: key } },
        { Source: "shop", DetailType: "k" },
      ],
      [
        "states",
        `arn:aws:states:${REGION}:stateMachine:etl`,
        { inputTemplate: '{"id":<$.data.key>}' },
        { input: '[{"id":"k"}]' },
      ],
      [
        "batch",
        `arn:aws:batch:${REGION}:job-queue/main`,
        {
          batchJobParameters: {
            jobDefinition: "etl",
            jobName: key,
            parameters: { key },
            containerOverrides: { commands: ["run", key], environments: [{ name: "KEY", value: key }] },
          },
        },
        {
          jobDefinition: "etl",
          jobName: "k",
          parameters: { key: "k" },
          containerOverrides: {
            command: ["run", "k"],
            environment: [{ name: "KEY", value: "k" }],
            resourceRequirements: [],
          },
        },
      ],
      [
        "logs",
        `arn:aws:logs:${REGION}:log-group:/shop:*`,
        { cloudwatchLogsParameters: { logStreamName: "one" } },
        { logGroupName: "/shop", logStreamName: "one" },
      ],
    ];
    for (const [service, target, targetParameters, expected] of cases) {
      it(`of ${service}, with the values of the paths in its parameters`, async () => {
        const elsewhere = new Elsewhere();
        await elsewhere.listen();
        // The source is a stream, as a queue could not be read elsewhere.
        const source = fromStream("in", { batchSize: 1 }, { target, targetParameters });
        const server = await servePipes([stream("in"), source], { [service]: elsewhere.url });
        await put(server, "in", '{"key":"k"}');
        const body = JSON.parse((await elsewhere.first()).body);
        expect(service === "events" ? body.Entries[0] : body).to.deep.include(expected);
        await elsewhere.close();
      });
    }
  });

  it("passes its events to a topic and a stream of the program", async () => {
    const target = `arn:aws:sns:${REGION}:news`;
    const server = await servePipes([
      ...[queue("a"), queue("b"), queue("read"), stream("clicks")],
      resource("aws:sns/topic:Topic", "news", { name: "news" }, { arn: target }),
      resource(
        "aws:sns/topicSubscription:TopicSubscription",
        "read",
        { topic: target, protocol: "sqs", endpoint: arnOf("read"), rawMessageDelivery: true },
        { arn: `${target}:1` },
      ),
      fromQueue("a", { target, targetParameters: { inputTemplate: "<$.body.n>" } }),
      fromQueue("b", {
        target: `${STREAM_ARN}/clicks`,
        targetParameters: { kinesisStreamParameters: { partitionKey: "$.body.n" } },
      }),
      fromStream("clicks"),
    ]);
    await send(server, "a", '{"n":"1"}');
    await send(server, "b", '{"n":"2"}');
    expect(await received(server, "read", 1)).to.deep.equal(['"1"']);
    await until(() => eventsOf(server).flat().length > 0);
    expect(eventsOf(server).flat()[0].partitionKey).to.equal("2");
  });

  describe("with an enrichment", () => {
    const ENRICH = `exports.handler = async (events) => {
      console.log("got", JSON.stringify(events));
      if (events.some(({ body }) => body === "nothing")) return [];
      if (events.some(({ body }) => body === "once" )) return { once: true };
      return events.map(({ messageId, body }) => ({ messageId, body, upper: body.toUpperCase() }));
    };`;
    const enrichment = `${FUNCTION_ARN}:enrich`;

    testFact(DOCUMENTED, "passes on what the function makes of a batch, and nothing if that is empty", async () => {
      const server = await servePipes([
        lambda("enrich", ENRICH),
        queue("orders"),
        fromQueue("orders", { enrichment, targetParameters: { inputTemplate: '{"body":<$.upper>}' } }),
      ]);
      await send(server, "orders", "nothing");
      await until(() => eventsOf(server, "enrich").length === 1);
      await send(server, "orders", "a", "b");
      await until(() => eventsOf(server).flat().length === 2);
      expect(
        eventsOf(server)
          .flat()
          .map(({ body }) => body)
          .toSorted(),
      ).to.deep.equal(["A", "B"]);
    });

    testFact(
      DOCUMENTED,
      "gives the enrichment each record by its template, and goes through it again on failure",
      async () => {
        const redrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf("dead"), maxReceiveCount: 2 });
        const server = await servePipes([
          lambda("enrich", ENRICH),
          ...[queue("dead"), queue("orders", { visibilityTimeoutSeconds: 1, redrivePolicy })],
          fromQueue("orders", {
            enrichment,
            enrichmentParameters: { inputTemplate: '{"messageId":<$.messageId>,"body":"bad <$.body>"}' },
          }),
        ]);
        await send(server, "orders", "x");
        expect(await received(server, "dead", 1)).to.deep.equal(["x"]);
        expect(
          eventsOf(server, "enrich")
            .flat()
            .map(({ body }) => body),
        ).to.deep.equal(["bad x", "bad x"]);
      },
    ).timeout(15_000);
  });

  describe("whose target fails", () => {
    testFact(DOCUMENTED, "tries again only the messages that the function names", async () => {
      const redrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf("dead"), maxReceiveCount: 2 });
      const server = await servePipes([
        ...[queue("dead"), queue("orders", { visibilityTimeoutSeconds: 1, redrivePolicy })],
        fromQueue("orders"),
      ]);
      await send(server, "orders", "good", "bad");
      expect(await received(server, "dead", 1)).to.deep.equal(["bad"]);
      expect(
        eventsOf(server)
          .flat()
          .filter(({ body }) => body === "good"),
      ).to.have.length(1);
    }).timeout(15_000);

    testFact(OBSERVED, "reports the records of a stream that it gives up", async () => {
      const parameters = { maximumRetryAttempts: 1, deadLetterConfig: { arn: arnOf("dead") } };
      const server = await servePipes([queue("dead"), stream("clicks"), fromStream("clicks", parameters)]);
      await put(server, "clicks", "bad");
      const [report = ""] = await received(server, "dead", 1);
      const { timestamp, KinesisBatchInfo, ...rest } = JSON.parse(report);
      expect(rest).to.deep.equal({
        context: {
          partnerResourceArn: `arn:aws:pipes:${REGION}:pipe/clicks`,
          condition: "RetryAttemptsExhausted",
        },
        version: "1.0",
      });
      expect(KinesisBatchInfo).to.include({
        shardId: "shardId-000000000000",
        batchSize: 1,
        streamArn: `${STREAM_ARN}/clicks`,
      });
      expect(timestamp).to.be.a("string");
      expect(eventsOf(server)).to.have.length(2);
    });

    testFact(DOCUMENTED, "halves a batch with AUTOMATIC_BISECT until it has found what fails", async () => {
      const onPartialBatchItemFailure = "AUTOMATIC_BISECT";
      const parameters = {
        maximumRetryAttempts: 0,
        onPartialBatchItemFailure,
        deadLetterConfig: { arn: arnOf("dead") },
      };
      const server = await servePipes([queue("dead"), stream("clicks"), fromStream("clicks", parameters)]);
      await put(server, "clicks", "a", "throw", "b");
      const [report = ""] = await received(server, "dead", 1);
      expect(JSON.parse(report).KinesisBatchInfo.batchSize).to.equal(1);
      await until(() => eventsOf(server).some(([one, ...more]) => more.length === 0 && one.partitionKey === "b"));
    });

    it("says once in the log why nothing is delivered, and tries again what failed", async () => {
      const elsewhere = new Elsewhere();
      await elsewhere.listen();
      elsewhere.failures = 2;
      const target = `arn:aws:states:${REGION}:stateMachine:etl`;
      const server = await servePipes([stream("clicks"), fromStream("clicks", {}, { target })], {
        states: elsewhere.url,
      });
      await put(server, "clicks", "a");
      await elsewhere.first();
      const said = server.lines.filter((line) => line.startsWith("error: pipe clicks"));
      expect(said).to.deep.equal([`error: pipe clicks | not delivered to ${target}: not now`]);
      await elsewhere.close();
    });

    testFact(DOCUMENTED, "does not wait for a function that is to be invoked and forgotten", async () => {
      const targetParameters = { lambdaFunctionParameters: { invocationType: "FIRE_AND_FORGET" } };
      const server = await servePipes([queue("orders"), fromQueue("orders", { target: MAIN, targetParameters })]);
      await send(server, "orders", "throw");
      // The function's own retries come, and the queue has forgotten the message.
      await until(() => eventsOf(server).length === 2);
      expect(
        eventsOf(server)
          .flat()
          .map(({ attributes }) => attributes.ApproximateReceiveCount),
      ).to.deep.equal(["1", "1"]);
    });
  });
});
