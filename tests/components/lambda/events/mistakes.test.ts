import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { FunctionEventArgs, LambdaFunctionArgs } from "../../../../components";
import { inputsOf, mistakes, startMocks } from "../../../helpers/components/mocks";
import { called, queueArn, streamArn, topicArn } from "./called";

const tableStreamArn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2030-01-31T03:00:00.000";
const pattern = { source: ["shop"] };
const bucket = { bucketName: "uploads", events: "existing" } as const;

type Case = [what: string, event: object, path: string, reason: RegExp, args?: Partial<LambdaFunctionArgs>];

describe("events of a function", () => {
  beforeEach(startMocks);

  const cases: Case[] = [
    ["nothing", {}, "", /is empty; write `stream`, `queue`, .* or `schedule`/],
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
