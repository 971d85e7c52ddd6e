import { expect } from "chai";
import { ECHO, eventIn, send, startApi, startFunction } from "../../../../helpers/offline/api";
import { proxy } from "../../../../helpers/offline/graph";
import { closeServers } from "../../../../helpers/offline/served";

describe("The gateway, in front of a function,", () => {
  afterEach(closeServers);

  describe("passes functions an event", () => {
    it("with every field of payload format 1.0", async () => {
      const server = await startApi(
        { paths: { "/items/{id}": { post: proxy("echo") } } },
        { echo: ECHO },
        { variables: { color: "blue" } },
      );
      const response = await server.call("/items/a?x=1&x=2&y=%20z", {
        method: "POST",
        headers: { "Content-Type": "text/plain", "User-Agent": "tests" },
        body: "text ü",
      });
      const event = await eventIn(response);
      expect(event).to.deep.include({
        resource: "/items/{id}",
        path: "/items/a",
        httpMethod: "POST",
        queryStringParameters: { x: "2", y: " z" },
        multiValueQueryStringParameters: { x: ["1", "2"], y: [" z"] },
        pathParameters: { id: "a" },
        stageVariables: { color: "blue" },
        body: "text ü",
        isBase64Encoded: false,
      });
      expect(event.headers).to.include({
        "Content-Type": "text/plain",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-For": "127.0.0.1",
      });
      expect(event.headers).not.to.have.property("connection");
      expect(event.requestContext).to.deep.include({
        accountId: "123456789012",
        apiId: "api0id",
        stage: "Prod",
        path: "/Prod/items/a",
        resourcePath: "/items/{id}",
        httpMethod: "POST",
        requestId: response.headers.get("x-amzn-requestid"),
      });
      expect(event.requestContext.identity).to.include({ sourceIp: "127.0.0.1", userAgent: "tests", userArn: null });
      expect(event.requestContext.requestTime).to.match(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
    });

    it("with null for missing parts of the request", async () => {
      const event = await eventIn(await (await startFunction(ECHO)).call("/"));
      expect(event).to.include({ body: null, queryStringParameters: null, pathParameters: null, stageVariables: null });
    });

    it("with every value of a repeated header", async () => {
      const server = await startFunction(ECHO);
      const { body } = await send(server.apis[0]?.url ?? "", { path: "/", headers: { "X-Tag": ["a", "b"] } });
      const { headers, multiValueHeaders } = JSON.parse(body);
      expect([headers["X-Tag"], multiValueHeaders["X-Tag"]]).to.deep.equal(["b", ["a", "b"]]);
    });

    it("with binary bodies in base64, when the API declares their media type", async () => {
      const server = await startFunction(ECHO, { "x-amazon-apigateway-binary-media-types": ["image/*"] });
      const bytes = new Uint8Array([0, 255, 128]);
      const headers = { "Content-Type": "image/png" };
      const event = await eventIn(await server.call("/", { method: "POST", body: bytes, headers }));
      expect(event).to.include({ body: "AP+A", isBase64Encoded: true });
    });
  });

  describe("turns a function's result into an answer", () => {
    const answerWith = (result: object) => `exports.handler = async () => (${JSON.stringify(result)})`;

    it("with status, body, headers and repeated headers", async () => {
      const result = {
        statusCode: 201,
        body: "made",
        headers: { "X-One": 1 },
        multiValueHeaders: { "Set-Cookie": ["a=1", "b=2"] },
      };
      const response = await (await startFunction(answerWith(result))).call("/");
      expect([response.status, await response.text()]).to.deep.equal([201, "made"]);
      expect(response.headers.get("x-one")).to.equal("1");
      expect(response.headers.getSetCookie()).to.deep.equal(["a=1", "b=2"]);
      expect(response.headers.get("content-type")).to.equal("application/json");
    });

    it("as bytes when it is base64 and the caller accepts a binary media type", async () => {
      const server = await startFunction(answerWith({ statusCode: 200, body: "AP+A", isBase64Encoded: true }), {
        "x-amazon-apigateway-binary-media-types": ["image/*"],
      });
      const bytes = await (await server.call("/", { headers: { Accept: "image/png" } })).arrayBuffer();
      expect([...new Uint8Array(bytes)]).to.deep.equal([0, 255, 128]);
      expect(await (await server.call("/")).text()).to.equal("AP+A");
    });

    const malformed: Record<string, string> = {
      "returns nothing": "exports.handler = async () => undefined",
      "returns an object as body": "exports.handler = async () => ({ statusCode: 200, body: { a: 1 } })",
      "returns a header that HTTP does not allow":
        "exports.handler = async () => ({ statusCode: 200, headers: { 'X-A': 'a\\r\\nX-B: b' }, body: '' })",
      "returns a status that HTTP does not allow": "exports.handler = async () => ({ statusCode: 100, body: '' })",
      throws: "exports.handler = async () => { throw new Error('secret') }",
      exits: "exports.handler = async () => process.exit(1)",
    };
    for (const [what, code] of Object.entries(malformed)) {
      it(`with 502 and no internals when it ${what}`, async () => {
        const response = await (await startFunction(code)).call("/");
        expect([response.status, await response.text()]).to.deep.equal([502, '{"message":"Internal server error"}']);
      });
    }

    it("with CORS headers and a line in the log when it does not return a response", async () => {
      const parameters = { "gatewayresponse.header.Access-Control-Allow-Origin": "'*'" };
      const server = await startFunction(answerWith({ statusCode: 200, body: {} }), {
        "x-amazon-apigateway-gateway-responses": { DEFAULT_5XX: { responseParameters: parameters } },
      });
      expect((await server.call("/")).headers.get("access-control-allow-origin")).to.equal("*");
      expect(server.lines.join("\n")).to.include("Malformed Lambda proxy response of main: its body is not text");
    });

    it("with one media type when it returns several", async () => {
      const headers = { "Content-Type": "text/a", "content-type": "text/b" };
      const server = await startFunction(answerWith({ statusCode: 200, headers, body: "" }));
      expect((await server.call("/")).headers.get("content-type")).to.equal("text/b");
    });

    it("with 413 when the event exceeds Lambda's limit", async () => {
      const server = await startFunction(answerWith({ statusCode: 200, body: "" }));
      const response = await server.call("/", { method: "POST", body: "x".repeat(6 * 2 ** 20) });
      expect([response.status, await response.text()]).to.deep.equal([413, '{"message":"Request Too Long"}']);
    });

    it("with 504 when it exceeds the integration's timeout", async () => {
      const integration = proxy("main") as { "x-amazon-apigateway-integration": object };
      const slow = { ...integration["x-amazon-apigateway-integration"], timeoutInMillis: 50 };
      const server = await startApi(
        { paths: { "/": { get: { "x-amazon-apigateway-integration": slow } } } },
        { main: "exports.handler = () => new Promise(r => setTimeout(r, 400))" },
      );
      const response = await server.call("/");
      expect([response.status, await response.text()]).to.deep.equal([504, '{"message":"Endpoint request timed out"}']);
    });
  });
});
