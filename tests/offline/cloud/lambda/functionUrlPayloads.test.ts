import type { LambdaFunctionURLEvent } from "aws-lambda";
import { expect } from "chai";
import { recordedByLocalstack, testFact, testFacts } from "../../../helpers/facts";
import { send } from "../../../helpers/offline/api";
import { graphOf, lambda, resource } from "../../../helpers/offline/graph";
import { closeServers, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const RECORDED = { service: "Lambda", source: recordedByLocalstack("2026-03") };

async function serveUrl(code: string): Promise<string> {
  const url = resource("aws:lambda/functionUrl:FunctionUrl", "url", {
    functionName: "main",
    authorizationType: "NONE",
  });
  const server = await serveGraph(graphOf(temporaryFolder(), lambda("main", code), url));
  return server.functionUrls[0]?.url ?? "";
}

describe("Lambda's function URLs", () => {
  let url: string;
  after(closeServers);

  describe("answer with", () => {
    before(async () => {
      url = await serveUrl(`exports.handler = async ({ body }) => eval("(" + Buffer.from(body, "base64") + ")")`);
    });

    /** What is answered when the function returns a value. */
    const answerOf = (value: string) =>
      fetch(`${url}custom_path/extend?test_param=test_value`, { method: "POST", body: Buffer.from(value) });

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
    testFacts(
      {
        ...RECORDED,
        facts: answers.map(([what, result, status, body, type = "application/json"]) => ({
          fact: what,
          result,
          status,
          body,
          type,
        })),
      },
      async ({ result, status, body, type }) => {
        const response = await answerOf(result);
        expect([response.status, await response.text()]).to.deep.equal([status, body]);
        expect(response.headers.get("content-type")).to.equal(type);
        expect(response.headers.get("content-length")).to.equal(String(body.length));
      },
    );

    testFact(RECORDED, "each cookie in a header of its own, and the headers", async () => {
      const { headers } = await answerOf(
        '{ statusCode: 200, headers: { "My-Header": 1 }, cookies: ["a=1", "b=2; Secure"] }',
      );
      expect(headers.getSetCookie()).to.deep.equal(["a=1", "b=2; Secure"]);
      expect(headers.get("my-header")).to.equal("1");
    });

    testFact(RECORDED, "502 when the function fails", async () => {
      const response = await answerOf('(() => { throw new Error("no") })()');
      expect([response.status, await response.text()]).to.deep.equal([502, "Internal Server Error"]);
    });

    const malformed = [
      "{ statusCode: 'soon' }",
      "{ statusCode: 200, headers: 3 }",
      "{ statusCode: 200, cookies: 'a=1' }",
    ];
    testFacts(
      { ...RECORDED, facts: malformed.map((result) => ({ fact: `502 for ${result}`, result })) },
      async ({ result }) => {
        expect((await answerOf(result)).status).to.equal(502);
      },
    );
  });

  describe("pass on", () => {
    before(async () => {
      url = await serveUrl("exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })");
    });

    const eventOf = async (path: string, init: RequestInit = {}) =>
      (await fetch(url + path, init)).json() as Promise<LambdaFunctionURLEvent>;

    const post = (type: string | undefined, body: string | Buffer): RequestInit => ({
      method: "POST",
      body,
      headers: { ...(type && { "Content-Type": type }) },
    });

    testFact(RECORDED, "path and query as they were sent, and the parameters with their values joined", async () => {
      const { body } = await send(url, { path: "/pa2%Fth/1?q=query&multiQuery=foo&multiQuery=%2Fbar" });
      const event = JSON.parse(body) as LambdaFunctionURLEvent;
      expect(event.rawPath).to.equal("/pa2%Fth/1");
      expect(event.rawQueryString).to.equal("q=query&multiQuery=foo&multiQuery=%2Fbar");
      expect(event.queryStringParameters).to.deep.equal({ multiQuery: "foo,/bar", q: "query" });
    });

    testFact(RECORDED, "headers in lower case, and what the platform adds", async () => {
      const { headers } = await eventOf("", {
        ...post("application/json", "{}"),
        headers: { "ExTrA-HeadErs": "With CapS" },
      });
      expect(headers).to.include({ "extra-headers": "With CapS", "content-length": "2", "x-forwarded-proto": "http" });
      expect(headers).to.include.keys("host", "user-agent", "x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port");
    });

    it("a trace with the time of the request, which the caller gets back, or the caller's own", async () => {
      const second = () => Math.floor(Date.now() / 1000);
      const before = second();
      const response = await fetch(url);
      const trace = ((await response.json()) as LambdaFunctionURLEvent).headers["x-amzn-trace-id"] ?? "";
      const [, time = ""] = /^Root=1-([\da-f]{8})-[\da-f]{24}$/.exec(trace) ?? [];
      expect(Number.parseInt(time, 16)).to.be.within(before, second());
      expect(response.headers.get("x-amzn-trace-id")).to.match(new RegExp(`^${trace};Parent=[\\da-f]{16};Sampled=0$`));
      const own = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
      const traced = await fetch(url, { headers: { "X-Amzn-Trace-Id": own } });
      expect(((await traced.json()) as LambdaFunctionURLEvent).headers["x-amzn-trace-id"]).to.equal(own);
      expect(traced.headers.get("x-amzn-trace-id")).to.equal(own);
    });

    testFact(RECORDED, "cookies as a list", async () => {
      const event = await eventOf("", { headers: { Cookie: "a=1; b=2" } });
      expect(event.cookies).to.deep.equal(["a=1", "b=2"]);
      expect(event.headers).not.to.include.keys("cookie");
    });

    testFact(RECORDED, "who calls and what", async () => {
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
    testFacts(
      {
        ...RECORDED,
        facts: bodies.map(([type, isBase64Encoded]) => ({
          fact: `a body of type ${type} ${isBase64Encoded ? "in Base64" : "as text"}`,
          type,
          isBase64Encoded,
        })),
      },
      async ({ type, isBase64Encoded }) => {
        const event = await eventOf("", post(type, Buffer.from("foo=bar")));
        const body = isBase64Encoded ? Buffer.from("foo=bar").toString("base64") : "foo=bar";
        expect(event).to.include({ body, isBase64Encoded });
      },
    );
  });
});
