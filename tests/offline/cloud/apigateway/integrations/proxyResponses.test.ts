import { expect } from "chai";
import { recordedByLocalstack, testFact, testFacts } from "../../../../helpers/facts";
import { messageIn, send, startApi, startFunction } from "../../../../helpers/offline/api";
import { proxy } from "../../../../helpers/offline/graph";
import { closeServers, type Served } from "../../../../helpers/offline/served";

const FROM_BODY = "exports.handler = async ({ body }) => JSON.parse(body)";
const BASE64 = Buffer.from("test-data").toString("base64");

const RECORDED = { service: "API Gateway", source: recordedByLocalstack("2024-11 and 2025") };

describe("A function's response", () => {
  let server: Served;
  before(async () => {
    server = await startFunction(FROM_BODY);
  });
  after(closeServers);

  const answerTo = async (result: unknown, on = server, headers = {}) => {
    const response = await on.call("/", { method: "POST", body: JSON.stringify(result), headers });
    return { status: response.status, body: await response.text(), headers: response.headers };
  };

  const served: [what: string, result: unknown, status: number, headers: Record<string, string>, body?: string][] = [
    ["a status alone", { statusCode: 200 }, 200, {}],
    ["a status as text", { statusCode: "201" }, 201, {}],
    ["nothing at all", {}, 200, { "content-type": "application/json" }],
    ["headers alone", { headers: { "test-header": "value" } }, 200, { "test-header": "value" }],
    ["no headers", { statusCode: 200, headers: null }, 200, {}],
    ["a header that is not text", { statusCode: 200, headers: { on: true } }, 200, { on: "true" }],
    [
      "a redirect of another type",
      { statusCode: 300, headers: { "Content-Type": "application/xml" } },
      300,
      { "content-type": "application/xml" },
    ],
    [
      "several values",
      { multiValueHeaders: { "test-multi": ["value1", "value2"] } },
      200,
      { "test-multi": "value1, value2" },
    ],
    [
      "a name in both maps, whose several values go first",
      { multiValueHeaders: { "test-multi": ["value-multi"] }, headers: { "test-multi": "value-solo" } },
      200,
      { "test-multi": "value-multi, value-solo" },
    ],
    ["base64, but no binary types", { statusCode: 200, body: BASE64, isBase64Encoded: true }, 200, {}, BASE64],
    ["base64 that is not marked", { statusCode: 200, body: BASE64 }, 200, {}, BASE64],
  ];
  testFacts(
    {
      ...RECORDED,
      facts: served.map(([what, result, status, headers, body = ""]) => ({
        fact: `is ${status} with ${what}`,
        result,
        status,
        headers,
        body,
      })),
    },
    async ({ result, status, headers, body }) => {
      const answer = await answerTo(result);
      expect([answer.status, answer.body]).to.deep.equal([status, body]);
      for (const [name, value] of Object.entries(headers)) expect(answer.headers.get(name)).to.equal(value);
    },
  );

  testFact(RECORDED, "keeps the spelling of multiValueHeaders where headers has the name too", async () => {
    const result = { multiValueHeaders: { "tesT-Multi": ["a"] }, headers: { "test-multi": "b" } };
    const { rawHeaders } = await send(server.apis[0]?.url ?? "", {
      path: "/",
      method: "POST",
      body: JSON.stringify(result),
    });
    const values = rawHeaders.flatMap((name, index) => (name === "tesT-Multi" ? rawHeaders[index + 1] : []));
    expect(values.join(", ")).to.equal("a, b");
    expect(rawHeaders).not.to.include("test-multi");
  });

  const malformed: [what: string, result: unknown, why: RegExp][] = [
    [
      "a property that REST APIs do not know",
      { statusCode: 200, wrongValue: "x" },
      /does not know wrongValue, only statusCode/,
    ],
    ["cookies, as for an HTTP API", { statusCode: 200, cookies: ["a=1"] }, /cookies belong in multiValueHeaders/],
    [
      "a statusDescription, as for a load balancer",
      { statusCode: 200, statusDescription: "200 OK" },
      /statusDescription/,
    ],
    ["several values that are not a list", { multiValueHeaders: { a: "value1" } }, /multiValueHeaders are not/],
    ["a list in headers", { headers: { a: ["value1"] } }, /headers are not/],
    ["a status that is not a number", { statusCode: "test" }, /statusCode is "test"/],
    ["text instead of an object", "justAString", /not an object/],
    ["null instead of an object", null, /not an object/],
  ];
  testFacts(
    {
      ...RECORDED,
      facts: malformed.map(([what, result, why]) => ({
        fact: `is 502 with ${what}, and the log says why`,
        result,
        why,
      })),
    },
    async ({ result, why }) => {
      const answer = await answerTo(result);
      expect([answer.status, answer.body]).to.deep.equal([502, '{"message":"Internal server error"}']);
      expect(answer.headers.get("x-amzn-errortype")).to.equal("InternalServerErrorException");
      expect(server.lines.findLast((line) => line.includes("Malformed Lambda proxy response of main"))).to.match(why);
    },
  );

  it("is 502 with every mistake in the log", async () => {
    await answerTo({ statusCode: 1, headers: 2, multiValueHeaders: 3, body: {}, more: 4 });
    const line = server.lines.findLast((each) => each.includes("Malformed"));
    for (const part of ["more", "statusCode is 1", "headers are", "multiValueHeaders are", "body is"]) {
      expect(line).to.include(part);
    }
  });

  testFact(RECORDED, "carries ids, and its headers about the connection under another name", async () => {
    const { headers } = await answerTo({ headers: { Date: "today", Server: "s", "Content-Length": "9", Via: "v" } });
    expect(headers.get("x-amz-apigw-id")).to.match(/^[\w-]{15}=$/);
    expect(headers.get("x-amzn-requestid")).to.match(/^[\da-f-]{36}$/);
    expect(headers.get("via")).to.equal("v");
    const remapped = ["Date", "Server", "Content-Length"].map((name) => headers.get(`x-amzn-Remapped-${name}`));
    expect(remapped).to.deep.equal(["today", "s", "9"]);
  });

  describe("in base64 reaches the caller as bytes only if the first accepted type is binary:", () => {
    const png = { body: BASE64, isBase64Encoded: true, headers: { "Content-Type": "image/png" } };
    const binaryTypes: Record<string, [accept: string, isBytes: boolean, more?: object][]> = {
      "": [["image/png", false]],
      "image/png */test": [
        ["image/png", true],
        ["image/png,image/*,*/*;q=0.8", true],
        ["image/webp,image/png,*/*;q=0.8", false],
        ["image/jpg", false],
        ["image/*", false],
        ["*/test", false],
        ["random/test", false],
        ["*/*", false],
        ["image/png", false, { isBase64Encoded: false }],
      ],
      "image/png application/* image/jpg": [
        ["application/whatever", true],
        ["application/*", true],
        ["image/jpg", true],
        ["application", false],
        ["image/png", true, { headers: {} }],
      ],
    };
    for (const [types, cases] of Object.entries(binaryTypes)) {
      describe(`the API's are [${types}],`, () => {
        let api: Served;
        before(async () => {
          api = await startFunction(FROM_BODY, { "x-amazon-apigateway-binary-media-types": types.split(" ") });
        });
        testFacts(
          {
            ...RECORDED,
            facts: cases.map(([accept, isBytes, more = {}]) => ({
              fact: `${isBytes ? "bytes" : "text"} for ${accept}${JSON.stringify(more).replace("{}", "")}`,
              accept,
              isBytes,
              more,
            })),
          },
          async ({ accept, isBytes, more }) => {
            const headers = { Accept: accept, "Content-Type": "text/plain" };
            const { status, body } = await answerTo({ ...png, ...more }, api, headers);
            expect([status, body]).to.deep.equal([200, isBytes ? "test-data" : BASE64]);
          },
        );
        if (types === "") return;
        testFact(RECORDED, "500 if it is not base64", async () => {
          expect((await answerTo({ ...png, body: "èé+à)(" }, api, { Accept: "image/png" })).status).to.equal(500);
        });
      });
    }
  });
});

describe("An integration that API Gateway accepts and cannot call", () => {
  afterEach(closeServers);
  const cases: [what: string, integration: object][] = [
    ["another method than POST", { httpMethod: "GET" }],
    ...["Authorization", "Connection", "Content-Length", "Expect", "Proxy-Authenticate", "TE", "Transfer-Encoding"].map(
      (header): [string, object] => [
        `a mapped ${header}`,
        { requestParameters: { [`integration.request.header.${header}`]: "'x'" } },
      ],
    ),
  ];
  testFacts(
    {
      ...RECORDED,
      facts: cases.map(([what, more]) => ({ fact: `answers 500 for ${what}, and the log says why`, more })),
    },
    async ({ more }) => {
      const operation = JSON.parse(JSON.stringify(proxy("echo")));
      Object.assign(operation["x-amazon-apigateway-integration"], more);
      const responses = { INTEGRATION_FAILURE: { responseParameters: {} } };
      const api = await startApi({
        paths: { "/": { get: operation } },
        "x-amazon-apigateway-gateway-responses": responses,
      });
      const response = await api.call("/");
      expect([response.status, await messageIn(response)]).to.deep.equal([500, "Internal server error"]);
      expect(response.headers.get("x-amzn-errortype")).to.equal("InternalServerErrorException");
      expect(api.lines.join("\n")).to.match(/GET \/ \| .*(httpMethod is GET|must not map)/);
      expect((await send(api.apis[0]?.url ?? "", { path: "/nowhere" })).status).to.equal(403);
    },
  );
});
