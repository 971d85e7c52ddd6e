import { gunzipSync } from "node:zlib";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "chai";
import { invoke } from "../../../helpers/offline/functions";
import { graphOf, lambda, resource } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph, until } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const PRINT =
  "exports.handler = async (event) => { console.log('got', event); if (event.fail) throw new Error('bad') }";

describe("CloudWatch Logs", () => {
  let server: Served;
  let client: CloudWatchLogsClient;
  const filter = (logGroupName: string, filterPattern?: string) =>
    client.send(new FilterLogEventsCommand({ logGroupName, filterPattern }));
  const subscription = (group: string, filterPattern: string) =>
    resource("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "watch", {
      name: "watch",
      logGroup: group,
      filterPattern,
      destinationArn: "arn:aws:lambda:eu-west-1:123456789012:function:watcher",
    });
  const serve = async (...more: ReturnType<typeof resource>[]) => {
    const watcher = lambda("watcher", "exports.handler = async (event) => console.log(`DATA ${event.awslogs.data}`)");
    server = await serveGraph(graphOf(temporaryFolder(), lambda("main", PRINT), watcher, ...more));
    const { endpoint, credentials } = server;
    client = new CloudWatchLogsClient({ endpoint, credentials, region: "eu-west-1", maxAttempts: 1 });
  };
  afterEach(closeServers);

  it("has what functions print, between the lines of Lambda", async () => {
    await serve();
    await invoke(server, 1);
    await invoke(server, { fail: true });
    const { events = [] } = await filter("/aws/lambda/main");
    const kinds = events.map(({ message = "" }) => message.replace(/^\S+\t\S+\t/, "").replace(/[: {].*/s, ""));
    expect(kinds).to.deep.equal([
      "START",
      "INFO\tgot",
      "END",
      "REPORT",
      "START",
      "INFO\tgot",
      "ERROR\tInvoke",
      "END",
      "REPORT",
    ]);
    const { events: failed = [] } = await filter("/aws/lambda/main", "ERROR");
    expect(failed.map(({ message = "" }) => message.includes("bad"))).to.deep.equal([true]);
    const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/aws/lambda/" }));
    expect(logGroups.map(({ logGroupName }) => logGroupName)).to.deep.equal([
      "/aws/lambda/main",
      "/aws/lambda/watcher",
    ]);
  });

  it("keeps what callers put, in pages", async () => {
    await serve();
    const logGroupName = "mine";
    const logStreamName = "one";
    await client.send(new CreateLogGroupCommand({ logGroupName }));
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    const logEvents = [1, 2, 3].map((timestamp) => ({ timestamp, message: `line ${timestamp}` }));
    await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    const { events = [] } = await client.send(new GetLogEventsCommand({ logGroupName, logStreamName, startTime: 2 }));
    expect(events.map(({ message }) => message)).to.deep.equal(["line 2", "line 3"]);
    const page = await client.send(new FilterLogEventsCommand({ logGroupName, limit: 2 }));
    expect(page.events?.map(({ message }) => message)).to.deep.equal(["line 1", "line 2"]);
    const { nextToken } = page;
    const last = await client.send(new FilterLogEventsCommand({ logGroupName, limit: 2, nextToken }));
    expect(last.events?.map(({ message }) => message)).to.deep.equal(["line 3"]);
    const { logStreams = [] } = await client.send(new DescribeLogStreamsCommand({ logGroupName }));
    expect(logStreams.map((one) => [one.logStreamName, one.lastEventTimestamp])).to.deep.equal([["one", 3]]);
    const late = [
      { timestamp: 2, message: "a" },
      { timestamp: 1, message: "b" },
    ];
    const error = await client
      .send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: late }))
      .catch(({ name, message }) => `${name}: ${message}`);
    expect(error).to.equal(
      "InvalidParameterException: Log events in a single PutLogEvents request must be in chronological order.",
    );
  });

  it("sends what a subscription filter matches to its function", async () => {
    await serve(subscription("/aws/lambda/main", "ERROR"));
    await invoke(server, { fail: true });
    const data = () => server.lines.flatMap((line) => /DATA (\S+)/.exec(line)?.[1] ?? []);
    await until(() => data().length > 0);
    const { logEvents, ...message } = JSON.parse(gunzipSync(Buffer.from(data()[0] ?? "", "base64")).toString());
    expect(message).to.deep.include({
      messageType: "DATA_MESSAGE",
      owner: "123456789012",
      logGroup: "/aws/lambda/main",
      subscriptionFilters: ["watch"],
    });
    expect(logEvents).to.have.lengthOf(1);
    expect(logEvents[0].message).to.include("bad");
    expect(logEvents[0].id).to.match(/^\d{56}$/);
  });

  it("says why a subscription is not served", async () => {
    await serve(subscription("/aws/lambda/watcher", ""), subscription("mine", "{ oops }"));
    expect(server.problems).to.deep.equal([
      "The log subscription watch is not served: the function would get what it prints itself, without end",
      "The log subscription watch is not served: a condition is a selector, an operator and a value",
    ]);
  });
});
