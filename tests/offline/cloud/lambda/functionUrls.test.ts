import { once } from "node:events";
import * as net from "node:net";
import type { LambdaFunctionURLEvent } from "aws-lambda";
import { expect } from "chai";
import { ECHO, send } from "../../../helpers/offline/api";
import { FORBIDDEN, functionUrl, serveUrl } from "../../../helpers/offline/functionUrls";
import { graphOf, lambda } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

/** Serves a handler that returns a value, and calls it. */
async function answerOf(value: string): Promise<Response> {
  const { url } = await serveUrl(`exports.handler = async () => (${value})`);
  return fetch(`${url}custom_path/extend?test_param=test_value`, { method: "POST", body: "{'key':'value'}" });
}

async function eventOf(path: string, init: RequestInit = {}): Promise<LambdaFunctionURLEvent> {
  const { url } = await serveUrl(ECHO);
  return (await fetch(url + path, init)).json() as Promise<LambdaFunctionURLEvent>;
}

const post = (type: string | undefined, body: string | Buffer): RequestInit => ({
  method: "POST",
  body,
  headers: { ...(type && { "Content-Type": type }) },
});

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Recorded from AWS by localstack, 2026-03 (test_lambda.py), unless a case says otherwise. */
describe("Lambda's function URLs", () => {
  afterEach(closeServers);

  describe("answer with", () => {
    const answers: [what: string, result: string, status: number, body: string, type?: string][] = [
      ["the body of a response", '{ statusCode: 200, body: "body123" }', 200, "body123"],
      ["a body that is JSON already", `{ statusCode: 200, body: '{"hello": "world"}' }`, 200, '{"hello": "world"}'],
      ["a status in text", `{ statusCode: "418", body: "i'm a teapot" }`, 418, "i'm a teapot"],
      [
        "the response's own content type",
        '{ statusCode: 201, headers: { "content-type": "text/x" } }',
        201,
        "",
        "text/x",
      ],
      ["bytes", '{ statusCode: 200, body: "aGk=", isBase64Encoded: true }', 200, "hi"],
      ["an object without a status", '{ hello: "world" }', 200, '{"hello":"world"}'],
      ["a list", '["hello", 3, true]', 200, '["hello",3,true]'],
      ["text as it is", '"hello"', 200, "hello"],
      ["a number", "3.1", 200, "3.1"],
      ["true", "true", 200, "true"],
    ];
    for (const [what, result, status, body, type = "application/json"] of answers) {
      it(what, async () => {
        const response = await answerOf(result);
        expect([response.status, await response.text()]).to.deep.equal([status, body]);
        expect(response.headers.get("content-type")).to.equal(type);
        expect(response.headers.get("content-length")).to.equal(String(body.length));
      });
    }

    it("each cookie in a header of its own, and the headers", async () => {
      const { headers } = await answerOf(
        '{ statusCode: 200, headers: { "My-Header": 1 }, cookies: ["a=1", "b=2; Secure"] }',
      );
      expect(headers.getSetCookie()).to.deep.equal(["a=1", "b=2; Secure"]);
      expect(headers.get("my-header")).to.equal("1");
    });

    it("502 when the function fails", async () => {
      const response = await answerOf('(() => { throw new Error("no") })()');
      expect([response.status, await response.text()]).to.deep.equal([502, "Internal Server Error"]);
    });

    const malformed = [
      "{ statusCode: 'soon' }",
      "{ statusCode: 200, headers: 3 }",
      "{ statusCode: 200, cookies: 'a=1' }",
    ];
    for (const result of malformed) {
      it(`502 for ${result}`, async () => {
        expect((await answerOf(result)).status).to.equal(502);
      });
    }

    it("the ID under which the function runs", async () => {
      const { url } = await serveUrl("exports.handler = async (event, { awsRequestId }) => awsRequestId");
      const response = await fetch(url);
      expect(response.headers.get("x-amzn-requestid")).to.equal(await response.text());
    });

    it("429 when the function is throttled", async () => {
      const { url } = await serveUrl(ECHO, {}, { reservedConcurrentExecutions: 0 });
      const response = await fetch(url);
      expect([response.status, await response.json()]).to.deep.equal([429, { Message: "Rate Exceeded." }]);
    });

    it("413 for a request over 6 MB", async () => {
      const { url } = await serveUrl(ECHO);
      const response = await fetch(url, { method: "POST", body: "x".repeat(6 * 2 ** 20 + 1) });
      expect([response.status, await response.json()]).to.deep.equal([
        413,
        { Message: "Request must be smaller than 6291456 bytes for the InvokeFunction operation" },
      ]);
    });
  });

  describe("pass on", () => {
    it("path and query as they were sent, and the parameters with their values joined", async () => {
      const { url } = await serveUrl(ECHO);
      const { body } = await send(url, { path: "/pa2%Fth/1?q=query&multiQuery=foo&multiQuery=%2Fbar" });
      const event = JSON.parse(body) as LambdaFunctionURLEvent;
      expect(event.rawPath).to.equal("/pa2%Fth/1");
      expect(event.rawQueryString).to.equal("q=query&multiQuery=foo&multiQuery=%2Fbar");
      expect(event.queryStringParameters).to.deep.equal({ multiQuery: "foo,/bar", q: "query" });
    });

    it("headers in lower case, and what the platform adds", async () => {
      const { headers } = await eventOf("", {
        ...post("application/json", "{}"),
        headers: { "ExTrA-HeadErs": "With CapS" },
      });
      expect(headers).to.include({ "extra-headers": "With CapS", "content-length": "2", "x-forwarded-proto": "http" });
      expect(headers).to.include.keys("host", "user-agent", "x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port");
    });

    it("cookies as a list", async () => {
      const event = await eventOf("", { headers: { Cookie: "a=1; b=2" } });
      expect(event.cookies).to.deep.equal(["a=1", "b=2"]);
      expect(event.headers).not.to.include.keys("cookie");
    });

    it("who calls and what", async () => {
      const { requestContext, ...event } = await eventOf("/there", { method: "DELETE" });
      expect(event).to.include({ version: "2.0", routeKey: "$default", isBase64Encoded: false });
      expect(event).not.to.include.any.keys("body", "cookies", "queryStringParameters");
      expect(requestContext).to.deep.include({ accountId: "anonymous", routeKey: "$default", stage: "$default" });
      expect(requestContext.http).to.include({ method: "DELETE", path: "//there", protocol: "HTTP/1.1" });
      expect(requestContext.time).to.match(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    });

    // The types beside the recorded ones were tried against AWS by ministack (pull request 766).
    const bodies: [type: string | undefined, isBase64Encoded: boolean][] = [
      ["application/json", false],
      ["application/json; charset=utf-8", false],
      ["text/plain", false],
      ["application/xml", false],
      ["application/javascript", false],
      ["multipart/form-data; boundary=x", true],
      ["application/x-www-form-urlencoded", true],
      ["application/octet-stream", true],
      [undefined, true],
    ];
    for (const [type, isBase64Encoded] of bodies) {
      it(`a body of type ${type} ${isBase64Encoded ? "in Base64" : "as text"}`, async () => {
        const event = await eventOf("", post(type, Buffer.from("foo=bar")));
        const body = isBase64Encoded ? Buffer.from("foo=bar").toString("base64") : "foo=bar";
        expect(event).to.include({ body, isBase64Encoded });
      });
    }
  });

  it("refuse every request when the function or the alias does not exist, and the start says so", async () => {
    const graph = graphOf(temporaryFolder(), lambda("main", ECHO), functionUrl({ qualifier: "gone" }));
    const server = await serveGraph(graph);
    expect(server.problems).to.deep.equal(["function URL url answers 403: the program has no function main:gone"]);
    const response = await fetch(server.functionUrls[0]?.url ?? "");
    expect([response.status, await response.json()]).to.deep.equal([403, { Message: FORBIDDEN }]);
  });

  it("keep their address while the program changes, and end with the resource", async () => {
    const directory = temporaryFolder();
    const server: Served = await serveGraph(graphOf(directory, lambda("main", ECHO), functionUrl()));
    const [before] = server.functionUrls;
    await server.reconcile(graphOf(directory, lambda("main", "exports.handler = async () => 'new'"), functionUrl()));
    expect(server.functionUrls[0]).to.deep.equal(before);
    expect(await (await fetch(before?.url ?? "")).text()).to.equal("new");
    await server.reconcile(graphOf(directory, lambda("main", ECHO)));
    expect(server.functionUrls).to.deep.equal([]);
    expect(await fetch(before?.url ?? "").catch(() => "closed")).to.equal("closed");
  });

  it("have the same port in each run, and another one where that is in use", async () => {
    const graph = graphOf(temporaryFolder(), lambda("main", ECHO), functionUrl());
    const serve = async (port: number) => (await serveGraph(graph, { port })).functionUrls[0]?.url ?? "";
    const first = await serve(await freePort());
    expect(Number(new URL(first).port)).to.be.within(20_000, 29_999);
    expect(await serve(await freePort())).not.to.equal(first);
    await closeServers();
    expect(await serve(await freePort())).to.equal(first);
  });
});
