import { expect } from "chai";
import { recordedByLocalstack, testFacts } from "../../../../helpers/facts";
import { ECHO, messageIn, startApi } from "../../../../helpers/offline/api";
import { graphOf, lambda, proxy, resource, restApi } from "../../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../../helpers/offline/served";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

const JSON_TYPE = { "Content-Type": "application/json" };

/** An API that validates the requests of its operations. */
function validating(paths: object, more: object = {}): Promise<Served> {
  return startApi({
    paths,
    "x-amazon-apigateway-request-validator": "all",
    "x-amazon-apigateway-request-validators": {
      all: { validateRequestParameters: true, validateRequestBody: true },
      none: { validateRequestParameters: false, validateRequestBody: false },
    },
    ...more,
  });
}

const withBody = (schema: object, more: object = {}) =>
  proxy("echo", { ...more, requestBody: { content: { "application/json": { schema } } } });

const RECORDED = { service: "API Gateway", source: recordedByLocalstack("2024-02 to 2025-05") };

describe("A request validator", () => {
  describe("of parameters and a body", () => {
    let server: Served;
    before(async () => {
      const numbers = {
        $schema: "http://json-schema.org/draft-04/schema#",
        type: "object",
        properties: { a: { type: "number" }, b: { type: "number" } },
        required: ["a", "b"],
      };
      const parameters = [
        { name: "test", in: "path", required: true },
        { name: "qs1", in: "query", required: true },
        { name: "x-header-param", in: "header", required: true },
        { name: "session", in: "cookie", required: true },
      ];
      const issuer = { name: "issuer", in: "path", required: true };
      server = await validating({
        "/nested/{test}": { get: withBody(numbers, { parameters }), post: withBody(numbers, { parameters }) },
        "/other/{test}": { post: withBody(numbers, { parameters: [...parameters.slice(1), issuer] }) },
        "/unchecked/{test}": {
          post: withBody(numbers, { parameters, "x-amazon-apigateway-request-validator": "none" }),
        },
      });
    });
    after(closeServers);

    const all = { "x-header-param": "test", ...JSON_TYPE };
    const missing = (names: string) => `Missing required request parameters: [${names}]`;
    const cases: [method: string, path: string, headers: Record<string, string>, body?: string, message?: string][] = [
      ["POST", "/nested/value?qs1=test", all, '{"a":1,"b":2}'],
      ["POST", "/other/value", JSON_TYPE, '{"test":"test"}', missing("x-header-param, issuer, qs1")],
      ["GET", "/nested/value?qs1=test", {}, undefined, missing("x-header-param")],
      ["GET", "/nested/value", { "x-header-param": "test" }, undefined, missing("qs1")],
      ["GET", "/nested/value?qs1=", { "x-header-param": " " }, undefined, missing("x-header-param, qs1")],
      ["POST", "/nested/value?qs1=test", all, '{"test":"test"}', "Invalid request body"],
      ["POST", "/nested/value?qs1=test", all, "{", "Invalid request body"],
      ["GET", "/nested/value?qs1=test", { "x-header-param": "test" }, undefined, "Invalid request body"],
      ["GET", "/nested/value?qs1=test", all, undefined, "Invalid request body"],
      ["POST", "/nested/value?qs1=test", { ...all, "Content-Type": "text/xml" }, "<a/>"],
      ["POST", "/unchecked/value", JSON_TYPE, '{"test":"test"}'],
    ];
    testFacts(
      {
        ...RECORDED,
        facts: cases.map(([method, path, headers, body, message]) => ({
          fact: `answers ${message ?? 200} to ${method} ${path} with ${JSON.stringify(headers)} and ${body}`,
          method,
          path,
          headers,
          body,
          message,
        })),
      },
      async ({ method, path, headers, body, message }) => {
        const response = await server.call(path, { method, headers, body });
        expect(response.status).to.equal(message === undefined ? 200 : 400);
        if (message === undefined) return;
        expect(await messageIn(response)).to.equal(message);
        expect(response.headers.get("x-amzn-errortype")).to.equal("BadRequestException");
      },
    );
  });

  describe("of a body whose model refers to others", () => {
    let server: Served;
    const model = (name: string) => ({ $ref: `https://apigateway.amazonaws.com/restapis/api0id/models/${name}` });
    const schema = (name: string) => ({ $ref: `#/components/schemas/${name}` });
    before(async () => {
      const person = (other: object) => ({
        type: "object",
        required: ["name", "b"],
        properties: { name: { type: "string" }, b: { type: "number" }, house: other },
      });
      server = await validating(
        {
          "/list": { post: withBody(schema("List")) },
          "/status": { post: withBody(schema("OneOf")) },
          "/person": { post: withBody(schema("Person")) },
          "/lost": { post: withBody(model("Nowhere")) },
        },
        {
          components: {
            schemas: {
              Numbers: {
                type: "object",
                required: ["a"],
                properties: { a: { type: "number", exclusiveMinimum: true, minimum: 0 } },
              },
              List: { type: "array", items: model("Numbers") },
              Status: { type: "object", required: ["Order"], properties: { Order: { type: "integer" } } },
              OneOf: {
                type: "object",
                required: ["status"],
                properties: { status: { oneOf: [{ type: "null" }, model("Status")] } },
              },
              Person: person(schema("House")),
              House: {
                type: "object",
                required: ["contains"],
                properties: { contains: { type: "array", items: schema("Person") } },
              },
            },
          },
        },
      );
    });
    after(closeServers);

    const house = (contains: object) => ({ name: "1", b: 2, house: { more: "x", contains: [contains] } });
    const cases: [path: string, body: unknown, status: number][] = [
      ["/list", [{ a: 1 }], 200],
      ["/list", [{ a: 0 }], 400],
      ["/list", [{ a: "text" }], 400],
      ["/list", undefined, 400],
      ["/status", { status: null }, 200],
      ["/status", { status: { Order: 1 } }, 200],
      ["/status", { badFormat: "bla" }, 400],
      ["/status", { status: { Order: "first" } }, 400],
      ["/status", undefined, 400],
      ["/person", house({ name: "2", b: 3 }), 200],
      ["/person", { random: "bla" }, 400],
      ["/person", house({ random: "bla" }), 400],
      ["/lost", {}, 500],
    ];
    testFacts(
      {
        ...RECORDED,
        facts: cases.map(([path, body, status]) => ({
          fact: `answers ${status} to ${JSON.stringify(body)} at ${path}`,
          path,
          body,
          status,
        })),
      },
      async ({ path, body, status }) => {
        const sent = body === undefined ? undefined : JSON.stringify(body);
        const response = await server.call(path, { method: "POST", headers: JSON_TYPE, body: sent });
        expect(response.status).to.equal(status);
        if (status === 400) expect(await messageIn(response)).to.equal("Invalid request body");
        if (status === 500)
          expect(server.lines.join("\n")).to.match(/POST \/lost \| the schema of the body is not valid/);
      },
    );
  });

  it("checks the body that Swagger 2.0 has among the parameters", async () => {
    const body = { name: "New", in: "body", required: true, schema: { $ref: "#/definitions/New" } };
    const definitions = {
      New: { type: "object", required: ["of"], properties: { of: { $ref: "#/definitions/Kind" } } },
      Kind: { enum: ["a"] },
    };
    const server = await validating(
      { "/": { post: proxy("echo", { parameters: [body] }) } },
      { swagger: "2.0", definitions },
    );
    const statusOf = async (sent: object) =>
      (await server.call("/", { method: "POST", headers: JSON_TYPE, body: JSON.stringify(sent) })).status;
    expect([await statusOf({ of: "a" }), await statusOf({ of: "b" }), await statusOf({})]).to.deep.equal([
      200, 400, 400,
    ]);
    await closeServers();
  });

  it("finds the models of a Swagger 2.0 document to which resources add", async () => {
    const $ref = "https://apigateway.amazonaws.com/restapis/api0id/models/Kind";
    const document = {
      swagger: "2.0",
      paths: { "/": { post: proxy("echo", { parameters: [{ name: "Kind", in: "body", schema: { $ref } }] }) } },
      definitions: { Kind: { enum: ["a"] } },
      "x-amazon-apigateway-request-validator": "body",
      "x-amazon-apigateway-request-validators": { body: { validateRequestBody: true } },
    };
    const settings = { restApiId: "api0id", responseType: "DEFAULT_4XX" };
    const added = resource("aws:apigateway/response:Response", "api", settings);
    const server = await serveGraph(
      graphOf(temporaryFolder(), lambda("echo", ECHO), ...restApi("api", document), added),
    );
    const statusOf = async (body: string) =>
      (await server.call("/", { method: "POST", headers: JSON_TYPE, body })).status;
    expect([await statusOf('"a"'), await statusOf('"b"')]).to.deep.equal([200, 400]);
    await closeServers();
  });
});
