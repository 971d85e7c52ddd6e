import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import type { LambdaFunctionURLEvent } from "aws-lambda";
import { expect } from "chai";
import type { Properties } from "../../../../offline/engine/values";
import { send } from "../../../helpers/offline/api";
import { graphOf, lambda, resource } from "../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../helpers/offline/served";
import { signed } from "../../../helpers/offline/signed";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const ECHO = "exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })";
const FORBIDDEN =
  "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html";

const url = (inputs: Properties = {}, name = "url") =>
  resource("aws:lambda/functionUrl:FunctionUrl", name, { functionName: "main", authorizationType: "NONE", ...inputs });

async function serveUrl(code: string, inputs: Properties = {}, settings: Properties = {}) {
  const graph = graphOf(temporaryFolder(), lambda("main", code, settings), url(inputs));
  const server = await serveGraph(graph);
  return Object.assign(server, { url: server.functionUrls[0]?.url ?? "" });
}

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

  describe("with IAM", () => {
    it("refuse a request without a signature", async () => {
      const { url } = await serveUrl(ECHO, { authorizationType: "AWS_IAM" });
      const response = await fetch(url);
      expect([response.status, await response.json()]).to.deep.equal([403, { Message: FORBIDDEN }]);
      expect(response.headers.get("x-amzn-errortype")).to.equal("AccessDeniedException");
    });

    it("say who signed", async () => {
      const { url, credentials } = await serveUrl(ECHO, { authorizationType: "AWS_IAM" });
      const request = await signed({ endpoint: url, credentials }, { service: "lambda", path: "/a%20b", body: "{}" });
      const { status, body } = await send(url, request);
      expect(status).to.equal(200);
      const { requestContext } = JSON.parse(body);
      expect(requestContext.accountId).to.equal("123456789012");
      expect(requestContext.authorizer.iam.accessKey).to.equal(credentials.accessKeyId);
    });

    const wrong: [what: string, change: object][] = [
      ["another service", { service: "execute-api" }],
      ["another region", { region: "us-east-1" }],
      ["another path", { signedPath: "/other" }],
    ];
    for (const [what, change] of wrong) {
      it(`refuse a signature for ${what}`, async () => {
        const { url, credentials } = await serveUrl(ECHO, { authorizationType: "AWS_IAM" });
        const request = await signed({ endpoint: url, credentials }, { service: "lambda", ...change });
        const { status, headers } = await send(url, request);
        expect([status, headers["x-amzn-errortype"]]).to.deep.equal([403, "InvalidSignatureException"]);
      });
    }
  });

  describe("with CORS", () => {
    const cors = {
      allowOrigins: ["https://app.test"],
      allowMethods: ["PUT"],
      allowHeaders: ["x-one", "x-two"],
      maxAge: 60,
    };
    const from = (origin: string, headers = {}) => ({ headers: { Origin: origin, ...headers } });
    const preflight = (origin: string, method = "PUT"): RequestInit => ({
      method: "OPTIONS",
      ...from(origin, { "Access-Control-Request-Method": method }),
    });
    const allowed = (response: Response) => response.headers.get("access-control-allow-origin");

    it("answer a preflight themselves", async () => {
      const server = await serveUrl(ECHO, { cors });
      const { status, headers } = await fetch(server.url, preflight("https://app.test"));
      expect(status).to.equal(200);
      expect(Object.fromEntries(headers)).to.include({
        "access-control-allow-origin": "https://app.test",
        "access-control-allow-methods": "PUT",
        "access-control-allow-headers": "x-one,x-two",
        "access-control-max-age": "60",
        vary: "Origin",
      });
      expect(server.lines.some((line) => line.startsWith("main "))).to.equal(false);
    });

    it("allow no other origin and no other method", async () => {
      const { url } = await serveUrl(ECHO, { cors });
      for (const request of [preflight("https://evil.test"), preflight("https://app.test", "DELETE")])
        expect((await fetch(url, request)).headers.has("access-control-allow-methods")).to.equal(false);
      expect(allowed(await fetch(url, from("https://evil.test")))).to.equal(null);
    });

    it("replace the headers of the function", async () => {
      const own =
        "exports.handler = async () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': 'x' } })";
      const { url } = await serveUrl(own, { cors: { ...cors, allowCredentials: true, exposeHeaders: ["x-seen"] } });
      const response = await fetch(url, from("https://app.test"));
      expect(allowed(response)).to.equal("https://app.test");
      expect(Object.fromEntries(response.headers)).to.include({
        "access-control-allow-credentials": "true",
        "access-control-expose-headers": "x-seen",
      });
    });

    it("allow every origin, by name where credentials are sent", async () => {
      const { url } = await serveUrl(ECHO, { cors: { allowOrigins: ["*"], allowMethods: ["*"] } });
      expect(allowed(await fetch(url, preflight("https://any.test", "DELETE")))).to.equal("*");
      await closeServers();
      const server = await serveUrl(ECHO, { cors: { allowOrigins: ["*"], allowCredentials: true } });
      expect(allowed(await fetch(server.url, from("https://any.test")))).to.equal("https://any.test");
    });

    it("leave OPTIONS to the function if they have no settings", async () => {
      const { url } = await serveUrl("exports.handler = async () => 'mine'");
      expect(await (await fetch(url, preflight("https://app.test"))).text()).to.equal("mine");
    });
  });

  describe("that stream", () => {
    const stream = (code: string) =>
      serveUrl(`exports.handler = awslambda.streamifyResponse(async (event, stream) => { ${code} })`, {
        invokeMode: "RESPONSE_STREAM",
      });
    const METADATA = "{ statusCode: 201, headers: { 'Content-Type': 'text/html' }, cookies: ['a=1'] }";

    it("send status, headers and cookies, and then the body piece by piece", async () => {
      const { url } = await stream(
        `stream = awslambda.HttpResponseStream.from(stream, ${METADATA}); stream.write('Hello,'); stream.write(' world!'); stream.end()`,
      );
      const response = await fetch(url);
      expect([response.status, await response.text()]).to.deep.equal([201, "Hello, world!"]);
      expect(response.headers.get("content-type")).to.equal("text/html");
      expect(response.headers.getSetCookie()).to.deep.equal(["a=1"]);
    });

    it("send the first piece before the last one is written", async () => {
      const file = `${temporaryFolder()}/go`;
      const { url } = await stream(
        `stream.write('first'); while (!require('fs').existsSync('${file}')) await new Promise((r) => setTimeout(r, 5)); stream.write('last'); stream.end()`,
      );
      const { body } = await fetch(url);
      const pieces: string[] = [];
      for await (const piece of body ?? []) {
        pieces.push(Buffer.from(piece).toString());
        fs.writeFileSync(file, "");
      }
      expect(pieces).to.deep.equal(["first", "last"]);
    });

    it("send what is written without metadata, under the content type that the handler sets", async () => {
      const { url } = await stream("stream.setContentType('text/csv'); stream.write('a,b'); stream.end()");
      const response = await fetch(url);
      expect([response.status, await response.text()]).to.deep.equal([200, "a,b"]);
      expect(response.headers.get("content-type")).to.equal("text/csv");
    });

    it("send what a handler returns as it is", async () => {
      const { url } = await serveUrl(ECHO, { invokeMode: "RESPONSE_STREAM" });
      const response = await fetch(url);
      expect(response.status).to.equal(200);
      expect(await response.json()).to.include.keys("statusCode", "body");
    });

    it("answer 502 if the handler fails before it writes, and break off if it fails later", async () => {
      const early = await stream("throw new Error('no')");
      expect((await fetch(early.url)).status).to.equal(502);
      const late = await stream(
        "stream.write('one'); await new Promise((r) => setTimeout(r, 50)); throw new Error('no')",
      );
      const broken = await fetch(late.url)
        .then((response) => response.text())
        .catch(() => "broken off");
      expect(broken).to.equal("broken off");
    });
  });

  it("refuse every request when the function or the alias does not exist, and the start says so", async () => {
    const graph = graphOf(temporaryFolder(), lambda("main", ECHO), url({ qualifier: "gone" }));
    const server = await serveGraph(graph);
    expect(server.problems).to.deep.equal(["function URL url answers 403: the program has no function main:gone"]);
    const response = await fetch(server.functionUrls[0]?.url ?? "");
    expect([response.status, await response.json()]).to.deep.equal([403, { Message: FORBIDDEN }]);
  });

  it("keep their address while the program changes, and end with the resource", async () => {
    const directory = temporaryFolder();
    const server: Served = await serveGraph(graphOf(directory, lambda("main", ECHO), url()));
    const [before] = server.functionUrls;
    await server.reconcile(graphOf(directory, lambda("main", "exports.handler = async () => 'new'"), url()));
    expect(server.functionUrls[0]).to.deep.equal(before);
    expect(await (await fetch(before?.url ?? "")).text()).to.equal("new");
    await server.reconcile(graphOf(directory, lambda("main", ECHO)));
    expect(server.functionUrls).to.deep.equal([]);
    expect(await fetch(before?.url ?? "").catch(() => "closed")).to.equal("closed");
  });

  it("have the same port in each run, and another one where that is in use", async () => {
    const graph = graphOf(temporaryFolder(), lambda("main", ECHO), url());
    const serve = async (port: number) => (await serveGraph(graph, { port })).functionUrls[0]?.url ?? "";
    const first = await serve(await freePort());
    expect(Number(new URL(first).port)).to.be.within(20_000, 29_999);
    expect(await serve(await freePort())).not.to.equal(first);
    await closeServers();
    expect(await serve(await freePort())).to.equal(first);
  });

  it("answer only to the names of this machine", async () => {
    const { url } = await serveUrl(ECHO);
    expect((await send(url, { headers: { Host: "evil.test" } })).status).to.equal(421);
  });
});
