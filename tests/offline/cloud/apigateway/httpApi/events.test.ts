import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from "aws-lambda";
import { expect } from "chai";
import { DOCUMENTATION, testFact } from "../../../../helpers/facts";
import { ECHO, messageIn, send } from "../../../../helpers/offline/api";
import {
  HTTP_APIS,
  httpApi,
  httpRoute,
  httpStage,
  RECORDED_HTTP,
  serveHttpApi,
  toFunction,
} from "../../../../helpers/offline/httpApi";
import { closeServers, type Served } from "../../../../helpers/offline/served";

const DOCUMENTED = { service: HTTP_APIS, source: DOCUMENTATION };

describe("The event of an HTTP API's request", () => {
  let server: Served;
  before(async () => {
    server = await serveHttpApi(
      { echo: ECHO },
      httpApi("web"),
      httpStage("$default"),
      httpStage("dev", { stageVariables: { color: "blue" } }),
      ...httpRoute("ANY /two/{name}/of/{rest+}", toFunction("echo")),
      ...httpRoute("POST /two", toFunction("echo")),
      ...httpRoute("POST /one/{name}", toFunction("echo", "1.0")),
      ...httpRoute("GET /one", toFunction("echo", "1.0")),
    );
  });
  after(closeServers);

  const url = () => server.apis[0]?.url ?? "";
  const event = async <Event>(path: string, { method = "POST", headers = {}, body }: Sent = {}): Promise<Event> => {
    const { body: text } = await send(url(), { path, method, headers, body });
    return JSON.parse(text);
  };
  interface Sent {
    method?: string;
    headers?: Record<string, string | string[]>;
    body?: string;
  }
  const event2 = (path: string, sent?: Sent) => event<APIGatewayProxyEventV2>(path, sent);
  const event1 = (path: string, sent?: Sent) => event<APIGatewayProxyEvent & { version: string }>(path, sent);

  describe("in payload format 2.0", () => {
    testFact(RECORDED_HTTP, "has these fields, and none for what the request does not have", async () => {
      const { requestContext, headers, ...rest } = await event2("/two");
      const { http, time, timeEpoch, requestId, ...context } = requestContext;
      const host = new URL(url()).host;
      expect(rest).to.deep.equal({
        version: "2.0",
        routeKey: "POST /two",
        rawPath: "/two",
        rawQueryString: "",
        isBase64Encoded: false,
      });
      expect(context).to.deep.equal({
        accountId: "123456789012",
        apiId: "http0id",
        domainName: host,
        domainPrefix: "http0id",
        routeKey: "POST /two",
        stage: "$default",
      });
      expect(http).to.deep.equal({
        method: "POST",
        path: "/two",
        protocol: "HTTP/1.1",
        sourceIp: "127.0.0.1",
        userAgent: "",
      });
      expect(requestId).to.match(/^[\w-]{15}=$/);
      expect(time).to.match(/^\d\d\/[A-Z][a-z]{2}\/\d{4}(:\d\d){3} \+0000$/);
      expect(timeEpoch).to.be.closeTo(Date.now(), 60_000);
      const { "x-amzn-trace-id": trace, ...others } = headers;
      expect(trace).to.match(/^Root=1-[\da-f]{8}-[\da-f]{24}$/);
      expect(others).to.deep.equal({
        "content-length": "0",
        host,
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-port": new URL(url()).port,
        "x-forwarded-proto": "http",
      });
    });

    testFact(DOCUMENTED, "has the values of repeated headers and parameters, and the cookies", async () => {
      const got = await event2("/two?a=1&a=2&b=%C3%A9+x", {
        headers: { "X-List": ["1", "2"], Cookie: "session=abc; theme=dark", "User-Agent": "tests" },
      });
      expect(got.headers).to.include({ "x-list": "1,2", "user-agent": "tests" }).and.not.have.property("cookie");
      expect(got.cookies).to.deep.equal(["session=abc", "theme=dark"]);
      expect(got.rawQueryString).to.equal("a=1&a=2&b=%C3%A9+x");
      expect(got.queryStringParameters).to.deep.equal({ a: "1,2", b: "é x" });
    });

    testFact(RECORDED_HTTP, "has its paths and path parameters decoded, and the query as sent", async () => {
      const path = "/two/%E2%98%95%20Coffee/of/Summer%20Sale/2023";
      const got = await event2(`${path}?tag=C%23%20Programming&tag=.NET%20Core`, { method: "GET" });
      expect(got).to.deep.include({
        routeKey: "ANY /two/{name}/of/{rest+}",
        rawPath: "/two/☕ Coffee/of/Summer Sale/2023",
        pathParameters: { name: "☕ Coffee", rest: "Summer Sale/2023" },
        rawQueryString: "tag=C%23%20Programming&tag=.NET%20Core",
        queryStringParameters: { tag: "C# Programming,.NET Core" },
      });
      expect(got.requestContext.http.path).to.equal(got.rawPath);
    });

    it("has a named stage in its paths, and the stage's variables", async () => {
      const got = await event2("/dev/two");
      expect(got).to.deep.include({ rawPath: "/dev/two", stageVariables: { color: "blue" } });
      expect([got.requestContext.http.path, got.requestContext.stage]).to.deep.equal(["/dev/two", "dev"]);
    });
  });

  describe("in payload format 1.0", () => {
    testFact(RECORDED_HTTP, "has these fields, and nulls for what the request does not have", async () => {
      const { requestContext, headers, multiValueHeaders, ...rest } = await event1("/one", { method: "GET" });
      expect(rest).to.deep.equal({
        version: "1.0",
        resource: "/one",
        path: "/one",
        httpMethod: "GET",
        queryStringParameters: null,
        multiValueQueryStringParameters: null,
        pathParameters: null,
        stageVariables: null,
        body: null,
        isBase64Encoded: false,
      });
      const { requestId, requestTime, requestTimeEpoch, extendedRequestId, ...context } = requestContext;
      expect(context).to.deep.equal({
        accountId: "123456789012",
        apiId: "http0id",
        domainName: new URL(url()).host,
        domainPrefix: "http0id",
        httpMethod: "GET",
        identity: {
          accessKey: null,
          accountId: null,
          caller: null,
          cognitoAuthenticationProvider: null,
          cognitoAuthenticationType: null,
          cognitoIdentityId: null,
          cognitoIdentityPoolId: null,
          principalOrgId: null,
          sourceIp: "127.0.0.1",
          user: null,
          userAgent: "",
          userArn: null,
        },
        path: "/one",
        protocol: "HTTP/1.1",
        resourceId: "GET /one",
        resourcePath: "/one",
        stage: "$default",
      });
      expect(requestId).to.equal(extendedRequestId);
      expect(requestTimeEpoch).to.be.closeTo(Date.now(), 60_000);
      const names = [
        "Content-Length",
        "Host",
        "X-Amzn-Trace-Id",
        "X-Forwarded-For",
        "X-Forwarded-Port",
        "X-Forwarded-Proto",
      ];
      expect(Object.keys(headers)).to.include.members(names);
      expect(multiValueHeaders["Content-Length"]).to.deep.equal(["0"]);
    });

    testFact(
      RECORDED_HTTP,
      "has its path as sent, its path parameters and the path of its context decoded",
      async () => {
        const got = await event1("/one/%E2%98%95%20Coffee?q=Hello%20World&tag=C%23&tag=.NET");
        expect(got.path).to.equal("/one/%E2%98%95%20Coffee");
        expect(got.requestContext.path).to.equal("/one/☕ Coffee");
        expect(got.pathParameters).to.deep.equal({ name: "☕ Coffee" });
        expect(got.queryStringParameters).to.deep.equal({ q: "Hello World", tag: ".NET" });
        expect(got.multiValueQueryStringParameters).to.deep.equal({ q: ["Hello World"], tag: ["C#", ".NET"] });
      },
    );

    it("has a named stage in its paths", async () => {
      const got = await event1("/dev/one/x");
      expect([got.path, got.requestContext.path, got.resource]).to.deep.equal([
        "/dev/one/x",
        "/dev/one/x",
        "/one/{name}",
      ]);
    });
  });

  const bodyOf = async (path: string, type: string) => {
    const { body, isBase64Encoded } = await event2(path, { headers: { "content-type": type }, body: "é=1" });
    return [body, isBase64Encoded];
  };

  testFact(RECORDED_HTTP, "has bytes in Base64", async () => {
    for (const path of ["/two", "/one/x"]) {
      expect(await bodyOf(path, "application/octet-stream")).to.deep.equal(["w6k9MQ==", true]);
    }
  });

  it("has other bodies in Base64 too, unless their type is text", async () => {
    for (const path of ["/two", "/one/x"]) {
      for (const type of ["application/json", "text/html; charset=utf-8"]) {
        expect(await bodyOf(path, type)).to.deep.equal(["é=1", false]);
      }
      for (const type of ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]) {
        expect(await bodyOf(path, type)).to.deep.equal(["w6k9MQ==", true]);
      }
    }
  });

  testFact(RECORDED_HTTP, "is not made from a body that a function does not take", async () => {
    const big = { method: "POST", headers: { "content-type": "text/plain" }, body: "x".repeat(6 * 2 ** 20) };
    const answers = [
      await fetch(`${url()}/two`, big),
      await fetch(`${url()}/two`, { ...big, body: big.body.repeat(2) }),
    ];
    for (const answer of answers) {
      expect([answer.status, await messageIn(answer)]).to.deep.equal([413, "Request Entity Too Large"]);
    }
  });
});
