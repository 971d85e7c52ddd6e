import { expect } from "chai";
import { recordedByLocalstack, testFact, testFacts } from "../../../../helpers/facts";
import { ECHO, eventIn, send, startApi } from "../../../../helpers/offline/api";
import { proxy } from "../../../../helpers/offline/graph";
import { closeServers, type Served } from "../../../../helpers/offline/served";

const RECORDED = { service: "API Gateway", source: recordedByLocalstack("2023-06 to 2025-03") };

describe("The event of a REST API's request", () => {
  let server: Served;
  before(async () => {
    const any = (operation = {}) => ({ "x-amazon-apigateway-any-method": proxy("echo", operation) });
    const document = {
      paths: { "/hardcoded": any({ operationId: "hardcoded" }), "/{proxy+}": any(), "/mapped/{id}": { get: mapped } },
    };
    server = await startApi(document, { echo: ECHO }, { stageName: "stage" });
  });
  after(closeServers);

  // A function gets the request as it is, whatever the integration maps.
  const mapped = JSON.parse(JSON.stringify(proxy("echo")));
  mapped["x-amazon-apigateway-integration"].requestParameters = {
    "integration.request.header.headerVar": "method.request.header.foobar",
    "integration.request.querystring.queryString": "method.request.querystring.testQueryString",
    "integration.request.path.pathVar": "method.request.path.id",
  };

  const get = async (path: string, headers: Record<string, string | string[]> = {}) => {
    const { body } = await send(server.apis[0]?.url ?? "", { path, headers });
    return JSON.parse(body);
  };

  const paths: [what: string, sent: string, path: string, proxy: string | null, stagePath: string][] = [
    ["as sent", "/stage/value", "/value", "value", "/stage/value"],
    ["with a trailing slash", "/stage/value/", "/value/", "value", "/stage/value/"],
    ["with slashes within a parameter", "/stage/value//b", "/value//b", "value//b", "/stage/value//b"],
    ["with slashes before the stage", "//stage/value", "/value", "value", "/stage/value"],
    ["with slashes after the stage", "/stage//value", "/value", "value", "/stage//value"],
    ["with slashes before a literal", "/stage//hardcoded", "/hardcoded", null, "/stage//hardcoded"],
    ["percent-encoded", "/stage/a%2Bb@c/a+b@c", "/a%2Bb@c/a+b@c", "a%2Bb@c/a+b@c", "/stage/a%2Bb@c/a+b@c"],
  ];
  testFacts(
    {
      ...RECORDED,
      facts: paths.map(([what, sent, path, parameter, stagePath]) => ({
        fact: `has the path ${what}`,
        sent,
        path,
        parameter,
        stagePath,
      })),
    },
    async ({ sent, path, parameter, stagePath }) => {
      const { requestContext, ...event } = await get(sent);
      const resource = parameter === null ? "/hardcoded" : "/{proxy+}";
      expect(event).to.deep.include({
        path,
        resource,
        pathParameters: parameter === null ? null : { proxy: parameter },
      });
      expect(requestContext).to.include({ path: stagePath, resourcePath: resource });
    },
  );

  const queries: [what: string, sent: string, values: Record<string, string[]> | null][] = [
    ["none", "/stage/v", null],
    ["one after a trailing slash", "/stage/v/?urlparam=test", { urlparam: ["test"] }],
    ["repeated names", "/stage/v?price=10&price=20&kind=a", { price: ["10", "20"], kind: ["a"] }],
    ["a plus, which is a space", "/stage/v?at=10.5+00:00&mail=a%2Bb@c", { at: ["10.5 00:00"], mail: ["a+b@c"] }],
    [
      "encoded spaces and slashes",
      "/stage/v?a=foo%20bar&url=https://c.example/",
      { a: ["foo bar"], url: ["https://c.example/"] },
    ],
  ];
  testFacts(
    {
      ...RECORDED,
      facts: queries.map(([what, sent, values]) => ({
        fact: `has the query's values, decoded, and the last of each: ${what}`,
        sent,
        values,
      })),
    },
    async ({ sent, values }) => {
      const event = await get(sent);
      const last = values && Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1)]));
      expect(event).to.deep.include({ multiValueQueryStringParameters: values, queryStringParameters: last });
    },
  );

  testFact(
    RECORDED,
    "has the headers as they are spelled, but for a few that it always spells in one way",
    async () => {
      const { headers, multiValueHeaders } = await get("/stage/v", {
        "tEsT-HEADeR": "aValUE",
        aUThorization: "Bearer token123;API key456",
        "user-Agent": "tests",
        Date: "yesterday",
        Via: "p.example.net",
      });
      const expected = {
        "tEsT-HEADeR": "aValUE",
        Authorization: "Bearer token123;API key456",
        "User-Agent": "tests",
        Date: "yesterday",
        Via: "p.example.net",
      };
      expect(headers).to.include(expected);
      expect(headers).to.include.keys("Host", "X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto");
      for (const [name, value] of Object.entries(expected)) expect(multiValueHeaders[name]).to.deep.equal([value]);
    },
  );

  testFact(RECORDED, "has no headers that concern the connection or the message", async () => {
    const dropped = {
      Connection: "close",
      "Content-Length": "0",
      "Content-MD5": "m",
      Expect: "100-continue",
      "Max-Forwards": "2",
      "Proxy-Authenticate": "Basic",
      Server: "https://a.example/",
      TE: "deflate",
      Upgrade: "HTTP/2.0",
      "WWW-Authenticate": "Basic",
    };
    const { headers } = await get("/stage/v", dropped);
    const names = Object.keys(dropped).map((name) => name.toLowerCase());
    expect(Object.keys(headers).filter((name) => names.includes(name.toLowerCase()))).to.deep.equal([]);
    const chunked = await fetch(`${server.apis[0]?.url}/v`, { method: "POST", body: "text" });
    expect((await eventIn(chunked)).headers).not.to.have.any.keys("content-length", "Content-Length");
  });

  testFact(RECORDED, "has what proxies have added to X-Forwarded-* as one value", async () => {
    const sent = { "X-Forwarded-For": ["192.0.2.1", "192.0.2.2"], "x-forwarded-proto": "https" };
    const { headers, multiValueHeaders } = await get("/stage/v", sent);
    expect(headers).to.include({ "X-Forwarded-Proto": "https, http" });
    expect(multiValueHeaders["X-Forwarded-For"]).to.deep.equal(["192.0.2.1, 192.0.2.2, 127.0.0.1"]);
  });

  testFact(RECORDED, "has a context without what the request does not use", async () => {
    const { requestContext } = await get("/stage/v");
    expect(requestContext).not.to.have.any.keys("operationName", "authorizer");
    expect(Object.keys(requestContext.identity).sort()).to.deep.equal([
      "accessKey",
      "accountId",
      "caller",
      "cognitoAuthenticationProvider",
      "cognitoAuthenticationType",
      "cognitoIdentityId",
      "cognitoIdentityPoolId",
      "principalOrgId",
      "sourceIp",
      "user",
      "userAgent",
      "userArn",
    ]);
    expect(requestContext.extendedRequestId).to.match(/^[\w-]{15}=$/);
  });

  testFact(RECORDED, "names the operation where the document does", async () => {
    expect((await get("/stage/hardcoded")).requestContext.operationName).to.equal("hardcoded");
  });

  testFact(RECORDED, "is not changed by the integration's requestParameters", async () => {
    const event = await get("/stage/mapped/7?testQueryString=foo", { foobar: "mapped-value", headerVar: "sent" });
    expect(event.headers).to.include({ foobar: "mapped-value", headerVar: "sent" });
    expect(event).to.deep.include({ queryStringParameters: { testQueryString: "foo" }, pathParameters: { id: "7" } });
  });

  describe("has a trace", () => {
    const root = "Root=1-3152b799-8954dae64eda91bc9a23a7e8";
    const full = `${root};Parent=7fa8c0f79203be72;Sampled=1`;
    const traces: [what: string, sent: string | undefined, received: RegExp, returned: RegExp][] = [
      ["of its own", undefined, /^Root=1-[\da-f]{8}-[\da-f]{24}$/, /^Root=1-\S+;Parent=[\da-f]{16};Sampled=0$/],
      ["with the caller's root", root, RegExp(`^${root}$`), RegExp(`^${root};Parent=[\\da-f]{16};Sampled=0$`)],
      ["as the caller sends it", full, RegExp(`^${full}$`), RegExp(`^${full}$`)],
    ];
    testFacts(
      {
        ...RECORDED,
        facts: traces.map(([what, sent, received, returned]) => ({
          fact: `${what}, and the caller gets it back`,
          sent,
          received,
          returned,
        })),
      },
      async ({ sent, received, returned }) => {
        const { headers, body } = await send(server.apis[0]?.url ?? "", {
          path: "/stage/v",
          headers: sent === undefined ? {} : { "x-amzn-trace-id": sent },
        });
        const trace = JSON.parse(body).headers["X-Amzn-Trace-Id"];
        expect(trace).to.match(received);
        expect(headers["x-amzn-trace-id"]).to.match(returned).and.include(trace);
      },
    );
  });

  testFact(RECORDED, "is not made from a request line and headers of more than 10,240 bytes", async () => {
    const flooded = async (bytes: number) => {
      const url = server.apis[0]?.url ?? "";
      const { status, body } = await send(url, { path: "/stage/v", headers: { "X-Flood": "x".repeat(bytes) } });
      return [status, status === 200 || body];
    };
    expect(await flooded(10_100)).to.deep.equal([200, true]);
    expect(await flooded(10_240)).to.deep.equal([431, "HTTP header is larger than 10240 bytes."]);
  });
});
