import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import type { Properties } from "../../../../../offline/engine/values";
import { DOCUMENTATION, testFact } from "../../../../helpers/facts";
import { ECHO, messageIn, send } from "../../../../helpers/offline/api";
import { resource } from "../../../../helpers/offline/graph";
import {
  HTTP_APIS,
  httpApi,
  httpRoute,
  httpStage,
  serveHttpApi,
  toFunction,
} from "../../../../helpers/offline/httpApi";
import { closeServers, type Served } from "../../../../helpers/offline/served";

const DOCUMENTED = { service: HTTP_APIS, source: DOCUMENTATION };

/** Answers what it is sent, with the status in its path. */
const backend = http.createServer((request, response) => {
  const { method, url = "", headers } = request;
  const status = Number(/\d{3}/.exec(url)?.[0] ?? 200);
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    response.writeHead(status, { "Content-Type": "application/json", "Set-Cookie": ["a=1", "b=2"], Server: "backend" });
    response.end(JSON.stringify({ method, url, headers, body }));
  });
});

interface Seen {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

const QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs";

describe("The integrations of an HTTP API", () => {
  let server: Served;
  before(async () => {
    await once(backend.listen(0, "127.0.0.1"), "listening");
    const base = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
    const toServer = (path: string, inputs: Properties = {}) => ({
      integrationType: "HTTP_PROXY",
      integrationMethod: "ANY",
      integrationUri: `${base}${path}`,
      ...inputs,
    });
    const toService = (integrationSubtype: string, requestParameters: Record<string, string>) => ({
      integrationType: "AWS_PROXY",
      integrationSubtype,
      payloadFormatVersion: "1.0",
      requestParameters,
    });
    server = await serveHttpApi(
      { echo: ECHO },
      httpApi("web"),
      httpStage("$default", { stageVariables: { version: "v2" } }),
      resource(
        "aws:sqs/queue:Queue",
        "jobs",
        {},
        { name: "jobs", url: QUEUE, arn: "arn:aws:sqs:eu-west-1:123456789012:jobs" },
      ),
      resource("aws:cloudwatch/eventBus:EventBus", "bus", {}, { name: "bus" }),
      resource(
        "aws:kinesis/stream:Stream",
        "clicks",
        { shardCount: 1 },
        {
          name: "clicks",
          arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks",
        },
      ),
      ...httpRoute("ANY /pets/{proxy+}", toServer("/store/{proxy}?fixed=1")),
      ...httpRoute("POST /put", toServer("/${stageVariables.version}", { integrationMethod: "PUT" })),
      ...httpRoute("$default", toServer("/base/")),
      ...httpRoute(
        "POST /mapped/{id}",
        toServer("/old", {
          requestParameters: {
            "append:header.x-all": "$request.header.x-list",
            "overwrite:header.x-old": "new",
            "remove:header.x-secret": "''",
            "append:querystring.id": "$request.path.id",
            "remove:querystring.drop": "''",
            "overwrite:path": "/items/${request.body.item.ids[1]}",
            "append:header.x-route": "$context.routeKey",
            "append:header.x-version": "$stageVariables.version",
            "append:header.x-none": "$request.body.none",
          },
        }),
      ),
      ...httpRoute("GET /function", {
        ...toFunction("echo"),
        requestParameters: { "append:header.x-who": "$context.identity.sourceIp", "overwrite:querystring.a": "2" },
      }),
      ...httpRoute("GET /nobody", { ...toServer(""), integrationUri: "http://127.0.0.1:1/" }),
      ...httpRoute(
        "POST /jobs",
        toService("SQS-SendMessage", {
          QueueUrl: QUEUE,
          MessageBody: "$request.body.message",
          MessageAttributes: '{"kind":{"DataType":"String","StringValue":"${request.header.x-kind}"}}',
        }),
      ),
      ...httpRoute(
        "GET /jobs",
        toService("SQS-ReceiveMessage", {
          QueueUrl: QUEUE,
          MaxNumberOfMessages: "1",
          MessageAttributeNames: '["All"]',
        }),
      ),
      ...httpRoute(
        "DELETE /jobs/{handle+}",
        toService("SQS-DeleteMessage", {
          QueueUrl: QUEUE,
          ReceiptHandle: "$request.path.handle",
        }),
      ),
      ...httpRoute("DELETE /jobs", toService("SQS-PurgeQueue", { QueueUrl: QUEUE })),
      ...httpRoute(
        "POST /events",
        toService("EventBridge-PutEvents", {
          Source: "web",
          DetailType: "order",
          Detail: "$request.body",
          EventBusName: "bus",
          Time: "2024-05-01T00:00:00Z",
        }),
      ),
      ...httpRoute(
        "POST /clicks",
        toService("Kinesis-PutRecord", {
          StreamName: "clicks",
          Data: "$request.body",
          PartitionKey: "$context.requestId",
        }),
      ),
      ...httpRoute("POST /runs", toService("StepFunctions-StartExecution", { StateMachineArn: "arn:aws:states:::x" })),
      ...httpRoute("POST /few", toService("SQS-SendMessage", { QueueUrl: QUEUE })),
      ...httpRoute("POST /odd", toService("S3-PutObject", {})),
      ...httpRoute("POST /reserved", toServer("/", { requestParameters: { "append:header.authorization": "x" } })),
      ...httpRoute("POST /wild", toServer("/", { requestParameters: { "append:header.x": "$request.body..name" } })),
      ...httpRoute("POST /keyless", toServer("/", { requestParameters: { "integration.request.header.x": "x" } })),
    );
  });
  after(async () => {
    await closeServers();
    backend.closeAllConnections();
    backend.close();
  });

  const seen = async (path: string, init?: RequestInit) => (await (await server.call(path, init)).json()) as Seen;
  const post = (path: string, body: object, headers = {}) =>
    server.call(path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });

  describe("with HTTP servers", () => {
    testFact(DOCUMENTED, "pass on method, path parameters, query, headers and body", async () => {
      const got = await seen("/pets/dogs/a%20b?c=d", { method: "PATCH", headers: { "x-id": "7" }, body: "text" });
      expect([got.method, got.url, got.body]).to.deep.equal(["PATCH", "/store/dogs/a%20b?fixed=1&c=d", "text"]);
      expect(got.headers).to.include({ "x-id": "7", via: "HTTP/1.1 AmazonAPIGateway" });
      expect(got.headers.forwarded).to.match(/^by=127\.0\.0\.1;for=127\.0\.0\.1;host=127\.0\.0\.1:\d+;proto=http$/);
    });

    testFact(DOCUMENTED, "take the method of the integration, and stage variables in its URI", async () => {
      expect(await seen("/put", { method: "POST" })).to.include({ method: "PUT", url: "/v2" });
    });

    testFact(DOCUMENTED, "get the whole path from the route $default", async () => {
      expect((await seen("/store/checkout?a=1")).url).to.equal("/base/store/checkout?a=1");
    });

    it("answer with the server's status and headers", async () => {
      const { url = "" } = server.apis[0] ?? {};
      const { status, headers } = await send(url, { path: "/pets/status/418" });
      expect([status, headers["content-type"], headers.server]).to.deep.equal([418, "application/json", "backend"]);
      expect(headers["set-cookie"]).to.deep.equal(["a=1", "b=2"]);
    });

    it("are a 503 where no server answers, and the log says so", async () => {
      const answer = await server.call("/nobody");
      expect([answer.status, await messageIn(answer)]).to.deep.equal([503, "Service Unavailable"]);
      expect(server.lines.join("\n")).to.match(/http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/);
    });
  });

  it("hang up on an HTTP server when their time is up", async () => {
    const silent = http.createServer();
    await once(silent.listen(0, "127.0.0.1"), "listening");
    const integrationUri = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const hungUp = once(silent, "request").then(([request]) => once(request.socket, "close"));
    const integration = { integrationType: "HTTP_PROXY", integrationUri, timeoutMilliseconds: 50 };
    const own = await serveHttpApi({}, ...httpRoute("GET /slow", integration));
    expect((await own.call("/slow")).status).to.equal(503);
    await hungUp;
    silent.close();
  });

  describe("with parameter mappings", () => {
    testFact(DOCUMENTED, "change headers, query and path on the way to the server", async () => {
      const headers = { "x-list": "1,2", "x-old": "old", "x-secret": "s" };
      const { url, headers: got } = (await (
        await post("/mapped/7?drop=1&keep=2", { item: { ids: ["a", "b"] } }, headers)
      ).json()) as Seen;
      expect(url).to.equal("/items/b?keep=2&id=7");
      expect(got).to.include({
        "x-all": "1,2",
        "x-old": "new",
        "x-route": "POST /mapped/{id}",
        "x-version": "v2",
      });
      expect(got).not.to.have.any.keys("x-secret", "x-none");
    });

    it("change the event of a function", async () => {
      const got = (await (await server.call("/function?a=1")).json()) as {
        headers: object;
        queryStringParameters: object;
      };
      expect(got.headers).to.include({ "x-who": "127.0.0.1" });
      expect(got.queryStringParameters).to.deep.equal({ a: "2" });
      expect(server.lines.join("\n")).to.match(/GET \/function\?a=1 200 .*→ echo/);
    });
  });

  describe("with AWS services", () => {
    testFact(DOCUMENTED, "send, receive and delete messages of SQS", async () => {
      const sent = await post("/jobs", { message: "do it" }, { "x-kind": "urgent" });
      expect([sent.status, await sent.text()]).to.satisfy(
        ([status, text]: [number, string]) => status === 200 && text.includes("<MessageId>"),
      );
      const received = await (await server.call("/jobs")).text();
      expect(received).to.include("<Body>do it</Body>").and.include("<StringValue>urgent</StringValue>");
      const handle = /<ReceiptHandle>(.*?)<\/ReceiptHandle>/.exec(received)?.[1] ?? "";
      expect((await server.call(`/jobs/${encodeURIComponent(handle)}`, { method: "DELETE" })).status).to.equal(200);
      expect((await server.call("/jobs", { method: "DELETE" })).status).to.equal(200);
    });

    testFact(DOCUMENTED, "put events on a bus of EventBridge", async () => {
      const answer = await post("/events", { id: 7 });
      expect(await answer.json()).to.deep.include({ FailedEntryCount: 0 });
      expect(answer.headers.get("content-type")).to.equal("application/x-amz-json-1.1");
    });

    testFact(DOCUMENTED, "put records into a stream of Kinesis", async () => {
      expect(await (await post("/clicks", { id: 7 })).json()).to.have.keys("SequenceNumber", "ShardId");
    });

    it("answer with the service's error", async () => {
      const answer = await post("/jobs", { other: "no message" });
      expect(answer.status).to.equal(400);
      expect(await answer.text()).to.include("MessageBody");
    });
  });

  it("that AWS refuses, or nothing answers for, are named", () => {
    expect(server.problems).to.deep.equal([
      "POST /runs answers 501: its integration calls StepFunctions-StartExecution, and states is not emulated: run it elsewhere, and give --endpoint states=URL",
      "POST /few answers 501: its SQS-SendMessage lacks the request parameters MessageBody",
      "POST /odd answers 501: its integrationSubtype S3-PutObject is not one of EventBridge-PutEvents, SQS-SendMessage, SQS-ReceiveMessage, SQS-DeleteMessage, SQS-PurgeQueue, Kinesis-PutRecord, StepFunctions-StartExecution, StepFunctions-StartSyncExecution, StepFunctions-StopExecution, AppConfig-GetConfiguration",
      "POST /reserved answers 501: AWS refuses its mapping append:header.authorization: authorization is reserved",
      "POST /wild answers 501: its mapping of $request.body..name has more than names and indexes",
      "POST /keyless answers 501: its mapping integration.request.header.x is not one that AWS knows, such as overwrite:header.name",
    ]);
  });
});
