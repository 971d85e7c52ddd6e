import { expect } from "chai";
import { DOCUMENTATION, testFact, testFacts } from "../../../../helpers/facts";
import { messageIn, send } from "../../../../helpers/offline/api";
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

/** Returns what it is sent, or fails. */
const MIRROR = `exports.handler = async ({ body }) => {
  const asked = JSON.parse(body);
  if (asked.fails) throw new Error(asked.fails);
  if (asked.waits) await new Promise((resolve) => setTimeout(resolve, asked.waits));
  return asked.returns;
}`;

describe("The response of an HTTP API", () => {
  let server: Served;
  before(async () => {
    server = await serveHttpApi(
      { mirror: MIRROR },
      httpApi("web"),
      httpStage("$default", {
        defaultRouteSettings: {},
        routeSettings: [{ routeKey: "POST /throttled", throttlingRateLimit: 0.001, throttlingBurstLimit: 1 }],
      }),
      ...httpRoute("POST /two", toFunction("mirror")),
      ...httpRoute("POST /slow", { ...toFunction("mirror"), timeoutMilliseconds: 60 }),
      ...httpRoute("POST /one", toFunction("mirror", "1.0")),
      ...httpRoute("POST /throttled", toFunction("mirror")),
      ...httpRoute("POST /mapped", {
        ...toFunction("mirror"),
        responseParameters: [
          {
            statusCode: "500",
            mappings: { "overwrite:statuscode": "403", "append:header.x-id": "$context.requestId" },
          },
          {
            statusCode: "200",
            mappings: {
              "overwrite:header.x-kind": "${response.header.X-Kind}/${response.body.of[0]}",
              "append:header.x-of": "$response.body.of[0]",
              "remove:header.x-secret": "''",
            },
          },
        ],
      }),
    );
  });
  after(closeServers);

  const ask = (path: string, asked: object) =>
    send(server.apis[0]?.url ?? "", {
      path,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(asked),
    });

  const inferred: [what: string, returns: unknown, body: string][] = [
    [
      "an object without a statusCode",
      { name: "John Doe", headers: { "content-type": "a/b" } },
      '{"name":"John Doe","headers":{"content-type":"a/b"}}',
    ],
    ["a list", [1, 2], "[1,2]"],
    ["text", 'Special "quoted" text', 'Special "quoted" text'],
    ["empty text", "", ""],
    ["a number", 42, "42"],
    ["a boolean", true, "true"],
  ];
  testFacts(
    {
      ...RECORDED_HTTP,
      facts: inferred.map(([what, returns, body]) => ({ fact: `is ${what} itself, as JSON (2.0)`, returns, body })),
    },
    async ({ returns, body }) => {
      const answer = await ask("/two", { returns });
      expect([answer.status, answer.headers["content-type"], answer.body]).to.deep.equal([
        200,
        "application/json",
        body,
      ]);
    },
  );

  for (const path of ["/one", "/two"]) {
    describe(`of ${path}`, () => {
      testFact(RECORDED_HTTP, "is plain text unless it says otherwise", async () => {
        const answer = await ask(path, { returns: { statusCode: 201, body: "Test body" } });
        expect([answer.status, answer.headers["content-type"], answer.body]).to.deep.equal([
          201,
          "text/plain; charset=utf-8",
          "Test body",
        ]);
        expect(answer.headers["apigw-requestid"]).to.match(/^[\w-]{15}=$/);
        expect(answer.headers).not.to.have.any.keys("x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id");
      });

      testFact(RECORDED_HTTP, "has the function's own headers", async () => {
        const headers = { "Content-Type": "application/xml", myheader: "test,other" };
        const answer = await ask(path, { returns: { statusCode: 200, headers, body: "<a/>" } });
        expect(answer.headers).to.include({ "content-type": "application/xml", myheader: "test,other" });
      });

      testFact(RECORDED_HTTP, "is decoded from Base64, whatever the caller accepts", async () => {
        const returns = { statusCode: 200, body: "dGVzdA==", isBase64Encoded: true };
        expect((await ask(path, { returns })).body).to.equal("test");
      });

      const failures: [what: string, asked: object][] = [
        ["fails", { fails: "soon" }],
        ["returns a status that is no whole number", { returns: { statusCode: 200.5, body: "Hello" } }],
        ["returns a status of 0", { returns: { statusCode: 0, body: "Hello" } }],
      ];
      testFacts(
        {
          ...RECORDED_HTTP,
          facts: failures.map(([what, asked]) => ({ fact: `is a 500 if the function ${what}`, asked })),
        },
        async ({ asked }) => {
          const answer = await ask(path, asked);
          expect([answer.status, answer.headers["content-type"], answer.body]).to.deep.equal([
            500,
            "application/json",
            '{"message":"Internal Server Error"}',
          ]);
        },
      );
    });
  }

  testFact(RECORDED_HTTP, "has the values of both maps of headers (1.0)", async () => {
    const answer = await ask("/one", {
      returns: {
        statusCode: 200,
        headers: { "Combined-Header": "single-value" },
        multiValueHeaders: {
          "Combined-Header": ["multi-value1", "multi-value2"],
          "Content-Type": ["application/json"],
        },
        body: "{}",
      },
    });
    expect(answer.headers["combined-header"]).to.equal("single-value, multi-value1, multi-value2");
    expect(answer.headers["content-type"]).to.equal("application/json");
  });

  testFact(RECORDED_HTTP, "is a 500 without a statusCode (1.0), and the log says so", async () => {
    expect((await ask("/one", { returns: { message: "no" } })).status).to.equal(500);
    expect(server.lines.join("\n")).to.include("Malformed response of mirror: it has no statusCode");
  });

  testFact(DOCUMENTED, "sets each cookie (2.0)", async () => {
    const answer = await ask("/two", { returns: { statusCode: 200, cookies: ["a=1", "b=2; Secure"] } });
    expect(answer.headers["set-cookie"]).to.deep.equal(["a=1", "b=2; Secure"]);
  });

  it("is a 503 when the integration's time is up", async () => {
    const answer = await ask("/slow", { waits: 200 });
    expect([answer.status, answer.body]).to.deep.equal([503, '{"message":"Service Unavailable"}']);
  });

  testFact(DOCUMENTED, "is a 429 when its route is throttled", async () => {
    expect((await ask("/throttled", { returns: "first" })).status).to.equal(200);
    const { url } = server.apis[0] ?? { url: "" };
    const answer = await fetch(`${url}/throttled`, { method: "POST", body: "{}" });
    expect([answer.status, await messageIn(answer)]).to.deep.equal([429, "Too Many Requests"]);
  });

  testFact(DOCUMENTED, "is changed as the mappings of its status say", async () => {
    const refused = await ask("/mapped", { returns: { statusCode: 500, body: "no" } });
    expect([refused.status, refused.headers["x-id"]]).to.deep.equal([403, refused.headers["apigw-requestid"]]);
    const headers = { "x-kind": "list", "x-secret": "1" };
    const answer = await ask("/mapped", { returns: { statusCode: 200, headers, body: '{"of":["item"]}' } });
    expect(answer.headers).to.include({ "x-kind": "list/item", "x-of": "item" });
    expect(answer.headers).not.to.have.property("x-secret");
  });
});
