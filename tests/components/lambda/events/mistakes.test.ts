import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { FunctionEventArgs, LambdaFunctionArgs } from "../../../../components";
import { inputsOf, mistakes, startMocks } from "../../../helpers/components/mocks";
import {
  brokerArn,
  called,
  clusterArn,
  listenerArn,
  logGroupArn,
  queueArn,
  secretArn,
  streamArn,
  targetGroupArn,
  topicArn,
} from "./called";

const tableStreamArn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2030-01-31T03:00:00.000";
const pattern = { source: ["shop"] };
const bootstrapServers = ["kafka.example.com:9092"];
const authentication = { kind: "SASL_SCRAM_512_AUTH", secretArn } as const;
const topic = "orders";
const paths = ["/*"];
const bucket = { bucketName: "uploads", events: "existing" } as const;

type Case = [what: string, event: object, path: string, reason: RegExp, args?: Partial<LambdaFunctionArgs>];

describe("events of a function", () => {
  beforeEach(startMocks);

  const cases: Case[] = [
    ["nothing", {}, "", /is empty; write `stream`, `queue`, .* or `loadBalancer`/],
    ["two in one", { queue: { queueArn }, topic: { topicArn } }, ".topic", /combined with `queue`; write each under/],
    ["an unknown kind", { sqs: { queueArn } }, ".sqs", /is not a property of FunctionEvent/],
    ["endless retries", { stream: { streamArn, retries: -1 } }, ".stream.retries", /0 to 10000/],
    ["records of any age", { stream: { streamArn, maximumAge: -1 } }, ".stream.maximumAge", /60 to 604800 seconds/],
    [
      "an ARN that is no stream",
      { stream: { streamArn: queueArn } },
      ".stream.streamArn",
      /of a Kinesis stream, or of a/,
    ],
    [
      "another stream's consumer",
      { stream: { streamArn, consumerArn: `${streamArn}-2/consumer/a:1` } },
      ".stream.consumerArn",
      /is no consumer of arn/,
    ],
    [
      "a timestamp for a table",
      {
        stream: {
          streamArn: tableStreamArn,
          startingPosition: "AT_TIMESTAMP",
          startingTimestamp: "2020-01-31T03:00:00Z",
        },
      },
      ".stream.startingPosition",
      /for Kinesis only; write "TRIM_HORIZON" or "LATEST"/,
    ],
    [
      "a timestamp without its position",
      { stream: { streamArn, startingTimestamp: "2020-01-31T03:00:00Z" } },
      ".stream.startingTimestamp",
      /does nothing unless `startingPosition` is "AT_TIMESTAMP"/,
    ],
    [
      "a position without its timestamp",
      { stream: { streamArn, startingPosition: "AT_TIMESTAMP" } },
      ".stream.startingTimestamp",
      /is missing; write the time/,
    ],
    [
      "a timestamp in the future",
      { stream: { streamArn, startingPosition: "AT_TIMESTAMP", startingTimestamp: "2999-01-31T03:00:00Z" } },
      ".stream.startingTimestamp",
      /in the future; write a time before now/,
    ],
    [
      "a timestamp without a time",
      { stream: { streamArn, startingPosition: "AT_TIMESTAMP", startingTimestamp: "2020-01-31" } },
      ".stream.startingTimestamp",
      /write a time such as 2030-01-31T03:00:00Z/,
    ],
    ["an ARN that is no queue", { queue: { queueArn: topicArn } }, ".queue.queueArn", /the ARN of an SQS queue/],
    [
      "a batch over 10 of a FIFO queue",
      { queue: { queueArn: `${queueArn}.fifo`, batchSize: 11 } },
      ".queue.batchSize",
      /1 to 10/,
    ],
    [
      "a window for a FIFO queue",
      { queue: { queueArn: `${queueArn}.fifo`, batchWindow: 1 } },
      ".queue.batchWindow",
      /cannot be used with a FIFO queue/,
    ],
    [
      "a large batch without a window",
      { queue: { queueArn, batchSize: 11, batchWindow: 0 } },
      ".queue.batchWindow",
      /demands one for batches of more than 10; write at least 1/,
    ],
    [
      "a visibility timeout below the function's",
      { queue: { queueArn, visibilityTimeout: 30 } },
      ".queue.visibilityTimeout",
      /is 30, less than .* at least 60 seconds, or as AWS recommends, 360/,
      { timeout: 60 },
    ],
    [
      "a visibility timeout below the function's default",
      { queue: { queueArn, visibilityTimeout: 9 } },
      ".queue.visibilityTimeout",
      /at least 10 seconds/,
    ],
    [
      "pollers besides a limit",
      { queue: { queueArn, maximumConcurrency: 5, pollers: {} } },
      ".queue.maximumConcurrency",
      /combined with `pollers`/,
    ],
    ["one poller", { queue: { queueArn, pollers: { minimum: 1 } } }, ".queue.pollers.minimum", /2 to 200 pollers/],
    [
      "fewer pollers than the least",
      { queue: { queueArn, pollers: { minimum: 9, maximum: 8 } } },
      ".queue.pollers.minimum",
      /2 to 8 pollers, and not more than `maximum`/,
    ],
    ["an ARN that is no topic", { topic: { topicArn: queueArn } }, ".topic.topicArn", /the ARN of an SNS topic/],
    [
      "a FIFO topic",
      { topic: { topicArn: `${topicArn}.fifo` } },
      ".topic.topicArn",
      /SQS queues only; subscribe a FIFO queue to it, and write `queue` here/,
    ],
    [
      "the scope of no filter",
      { topic: { topicArn, filterPolicyScope: "MessageBody" } },
      ".topic.filterPolicyScope",
      /does nothing without `filterPolicy`/,
    ],
    ["a bucket without `events`", { bucket: { bucketName: "b" } }, ".bucket.events", /"managed" to replace/],
    [
      "a pattern that AWS refuses",
      { rule: { pattern: { source: "shop" } } },
      ".rule.pattern.source",
      /must be an object or an array/,
    ],
    [
      "a pattern that no event matches",
      { rule: { pattern: { sauce: ["shop"] } } },
      ".rule.pattern.sauce",
      /no field sauce/,
    ],
    [
      "a filter that AWS refuses",
      { stream: { streamArn, filters: [{ data: { total: [{ numeric: ["=>", 1] }] } }] } },
      ".stream.filters[0].data.total[0]",
      /Write/,
    ],
    [
      "a filter on the body of a record",
      { stream: { streamArn: pulumi.output(streamArn), filters: [{ body: { kind: ["paid"] } }] } },
      ".stream.filters[0].body.kind",
      /have no field body. Write one of data, partitionKey,.* dynamodb/,
    ],
    [
      "a filter on the data of a table's change",
      { stream: { streamArn: tableStreamArn, filters: [{ data: { kind: ["paid"] } }] } },
      ".stream.filters[0].data.kind",
      /have no field data. Write one of dynamodb,/,
    ],
    [
      "a filter on the data of a message",
      { queue: { queueArn, filters: [{ data: { kind: ["paid"] } }] } },
      ".queue.filters[0].data.kind",
      /have no field data. Write one of body,/,
    ],
    [
      "a filter on the body of a Kafka record",
      { kafka: { topic, clusterArn, filters: [{ body: { kind: ["paid"] } }] } },
      ".kafka.filters[0].body.kind",
      /have no field body. Write one of value, key,/,
    ],
    [
      "a filter policy that SNS refuses",
      { topic: { topicArn, filterPolicy: { order: { kind: ["paid"] } } } },
      ".topic.filterPolicy",
      /does not support nested filter policy. Write the scope MessageBody/,
    ],
    ["an empty prefix", { bucket: { ...bucket, prefix: "" } }, ".bucket.prefix", /is empty; leave it out/],
    ["an empty pattern", { rule: { pattern: {} } }, ".rule.pattern", /is empty; write fields of an event/],
    [
      "two inputs",
      { rule: { pattern, input: {}, inputPath: "$.detail" } },
      ".rule.inputPath",
      /combined with `input`; write one/,
    ],
    ["a path that is none", { rule: { pattern, inputPath: "detail" } }, ".rule.inputPath", /such as \$\.detail\.id/],
    [
      "a value without a path",
      { rule: { pattern, inputTransformer: { template: '{"id": <id>}' } } },
      ".rule.inputTransformer.template",
      /has <id>, which is not in `paths`/,
    ],
    [
      "a value of AWS's name",
      { rule: { pattern, inputTransformer: { paths: { awsId: "$.id" }, template: "<awsId>" } } },
      ".rule.inputTransformer.paths.awsId",
      /not AWS first/,
    ],
    [
      "a day that never comes",
      { schedule: { expression: "cron(0 3 30 2 ? *)" } },
      ".schedule.expression",
      /never fires/,
    ],
    ["a cron of five fields", { schedule: { expression: "cron(0 3 * * ?)" } }, ".schedule.expression", /weekday year/],
    [
      "a time zone that is none",
      { schedule: { expression: "rate(1 day)", timeZone: "Europe/Bonn" } },
      ".schedule.timeZone",
      /such as "Europe\/Berlin"/,
    ],
    ["an ARN that is no log group", { logs: { logGroupArn: queueArn } }, ".logs.logGroupArn", /ARN of a log group/],
    [
      "a pattern of log lines that is cut off",
      { logs: { logGroupArn, filterPattern: '{ $.level = "error"' } },
      ".logs.filterPattern",
      /as a pattern of JSON does; write } at its end/,
    ],
    ["an ARN that is no user pool", { cognito: { userPoolArn: queueArn } }, ".cognito.userPoolArn", /of a user pool/],
    [
      "SQL without a topic",
      { iot: { sql: "SELECT * FROM sensors" } },
      ".iot.sql",
      /write SELECT … FROM 'topic\/filter'/,
    ],
    ["SQL that selects nothing", { iot: { sql: "sensors/+" } }, ".iot.sql", /write SELECT/],
    [
      "a topic for dead letters of IoT",
      { iot: { sql: "SELECT * FROM 'a'", deadLetterArn: topicArn } },
      ".iot.deadLetterArn",
      /standard SQS queue/,
    ],
    [
      "a FIFO queue for dead letters",
      { rule: { pattern, deadLetterArn: `${queueArn}.fifo` } },
      ".rule.deadLetterArn",
      /write the ARN of a standard SQS queue$/,
    ],
    [
      "a topic for dead letters of a schedule",
      { schedule: { expression: "rate(1 day)", deadLetterArn: topicArn } },
      ".schedule.deadLetterArn",
      /write the ARN of a standard SQS queue$/,
    ],
    [
      "a FIFO queue for records",
      { stream: { streamArn, deadLetterArn: `${queueArn}.fifo` } },
      ".stream.deadLetterArn",
      /a standard SQS queue, a standard SNS topic or an S3 bucket$/,
    ],
    [
      "a function for records",
      { kafka: { topic, clusterArn, deadLetterArn: "arn:aws:lambda:eu-west-1:123456789012:function:f" } },
      ".kafka.deadLetterArn",
      /a standard SQS queue, a standard SNS topic or an S3 bucket$/,
    ],
    ["Kafka without brokers", { kafka: { topic } }, ".kafka.clusterArn", /is missing; .* or `bootstrapServers`/],
    [
      "two kinds of Kafka brokers",
      { kafka: { topic, clusterArn, bootstrapServers } },
      ".kafka.bootstrapServers",
      /combined with `clusterArn`; write one/,
    ],
    ["an ARN that is no cluster", { kafka: { topic, clusterArn: queueArn } }, ".kafka.clusterArn", /a cluster in MSK/],
    [
      "a broker without a port",
      { kafka: { topic, authentication, bootstrapServers: ["kafka.example.com"] } },
      ".kafka.bootstrapServers[0]",
      /write host:port/,
    ],
    [
      "brokers that anybody may read",
      { kafka: { topic, bootstrapServers } },
      ".kafka.authentication",
      /is missing; write how brokers on the internet know Lambda, or `vpc`/,
    ],
    [
      "an authentication that MSK lacks",
      { kafka: { topic, clusterArn, authentication: { kind: "BASIC_AUTH", secretArn } } },
      ".kafka.authentication.kind",
      /MSK does not have; write "SASL_SCRAM_512_AUTH"/,
    ],
    [
      "a certificate for MSK",
      { kafka: { topic, clusterArn, rootCertificateSecretArn: secretArn } },
      ".kafka.rootCertificateSecretArn",
      /for `bootstrapServers` only/,
    ],
    [
      "bounded retries without pollers",
      { kafka: { topic, clusterArn, onDemand: true, retries: 3 } },
      ".kafka.retries",
      /needs pollers that always read; leave out `onDemand`/,
    ],
    ["endless retries of Kafka records", { kafka: { topic, clusterArn, retries: -1 } }, ".kafka.retries", /0 to 10000/],
    [
      "fewer Kafka pollers than the least",
      { kafka: { topic, clusterArn, pollers: { minimum: 9, maximum: 8 } } },
      ".kafka.pollers.minimum",
      /1 to 8 pollers/,
    ],
    [
      "more Kafka pollers than Lambda has",
      { kafka: { topic, clusterArn, pollers: { maximum: 2001 } } },
      ".kafka.pollers.maximum",
      /1 to 2000 pollers/,
    ],
    [
      "an ARN that is no broker",
      { mq: { brokerArn: queueArn, queue: "orders", secretArn } },
      ".mq.brokerArn",
      /the ARN of a broker/,
    ],
    ["MQ without a secret", { mq: { brokerArn, queue: "orders" } }, ".mq.secretArn", /is missing/],
    [
      "failed messages that MQ cannot learn of",
      { mq: { brokerArn, queue: "orders", secretArn, reportBatchItemFailures: true } },
      ".mq.reportBatchItemFailures",
      /is not a property/,
    ],
    [
      "a load balancer without a listener",
      { loadBalancer: { paths } },
      ".loadBalancer.listenerArn",
      /is missing; .* or `targetGroupArn`/,
    ],
    [
      "a Network Load Balancer's listener",
      { loadBalancer: { listenerArn: listenerArn.replace("/app/", "/net/"), paths } },
      ".loadBalancer.listenerArn",
      /of an Application Load Balancer/,
    ],
    ["any request", { loadBalancer: { listenerArn } }, ".loadBalancer.paths", /is missing; write which requests/],
    [
      "more conditions than a rule has",
      { loadBalancer: { listenerArn, paths: ["/a", "/b", "/c"], methods: ["GET", "PUT", "POST"] } },
      ".loadBalancer.paths",
      /have 6 values; write at most 5/,
    ],
    [
      "a path without a slash",
      { loadBalancer: { listenerArn, paths: ["orders"] } },
      ".loadBalancer.paths[0]",
      /such as \/orders\/\*/,
    ],
    [
      "a method in small letters",
      { loadBalancer: { listenerArn, methods: ["get"] } },
      ".loadBalancer.methods[0]",
      /in capitals/,
    ],
    [
      "a rule for one's own target group",
      { loadBalancer: { targetGroupArn, paths } },
      ".loadBalancer.paths",
      /cannot be combined with `targetGroupArn`/,
    ],
    ["too many retries", { rule: { pattern, retries: 186 } }, ".rule.retries", /0 to 185/],
    ["events with tenants", { rule: { pattern } }, "", /cannot name the tenant/, { tenancy: "PER_TENANT" }],
  ];
  for (const [what, event, at, reason, args] of cases) {
    it(`cannot be ${what}`, () => {
      const found = mistakes(() => called({ one: event as FunctionEventArgs }, args));
      const paths = found.map(([path]) => path);
      const path = what.includes("tenants") ? "events" : `events.one${at}`;
      expect(paths).to.deep.equal([path]);
      expect(found[0]?.[1]).to.match(reason);
    });
  }

  it("may have names that AWS allows, and that leave room for Pulumi's suffix", () => {
    const names = (name: string) => mistakes(() => called({ [name]: { queue: { queueArn } } }));
    expect(names("a-B_1")).to.deep.equal([]);
    expect(names("a b")).to.deep.equal([
      ['events["a b"]', "has characters that AWS refuses in names; write letters, digits, `_` and `-` only"],
    ]);
    expect(names("a".repeat(50))[0]?.[1]).to.match(/has 57 characters; write at most 56/);
  });

  it("have names that fit the names of target groups, if a load balancer sends them", () => {
    const names = (name: string) => mistakes(() => called({ [name]: { loadBalancer: { listenerArn, paths } } }));
    expect(names("requests-of-shop")).to.deep.equal([]);
    expect(names("requests_of_shop")[0]?.[1]).to.match(/has a "_", which load balancers refuse/);
    expect(names("requests-of-all-shops")[0]?.[1]).to.match(/has 28 characters; write at most 24/);
  });

  it("are all checked at once", () => {
    const events = { one: { queue: { queueArn: "" } }, two: { rule: { pattern: {} } }, three: {} };
    expect(mistakes(() => called(events)).map(([path]) => path)).to.deep.equal([
      "events.one.queue.queueArn",
      "events.two.rule.pattern",
      "events.three",
    ]);
  });

  it("accept a queue's visibility timeout that is known only later, if it is long enough", async () => {
    called({ one: { queue: { queueArn, visibilityTimeout: pulumi.output(60) } } }, { timeout: 10 });
    const mapping = await inputsOf("aws:lambda/eventSourceMapping:EventSourceMapping");
    expect(mapping).to.include({ eventSourceArn: queueArn });
  });
});
