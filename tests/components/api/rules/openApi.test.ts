import { expect } from "chai";
import * as fc from "fast-check";
import { accessLogFormat } from "../../../../components/api/rules/accessLog";
import type { Api, Route } from "../../../../components/api/rules/document";
import { deployedBody } from "../../../../components/api/rules/openApi";
import type { OperationArgs } from "../../../../components/api/rules/operation";
import { documentTemplate, publicDocument } from "../../../../components/api/rules/publicDocument";
import { parseRoute } from "../../../../components/api/rules/routes";

function route(name: string, operation: Partial<OperationArgs> = {}, more: Partial<Route> = {}): Route {
  const key = parseRoute(name);
  if (typeof key === "string") throw new Error(key);
  return { ...key, operation: { operationId: name, ...operation }, auth: "none", validation: "none", ...more };
}

function api(routes: Route[], more: Partial<Api> = {}): Api {
  const about = { title: "Items", version: "1.0.0", tagDescriptions: {} };
  return { ...about, stageName: "Prod", auth: "none", routes, ...more };
}

// biome-ignore lint/suspicious/noExplicitAny: a document is any JSON; tests check single values of it.
function deployed(description: Api): any {
  const arns = description.routes.map(({ operation }) => `arn:${operation.operationId}`);
  return JSON.parse(JSON.stringify(deployedBody(description, arns)));
}

const item = { type: "object", required: ["name"], properties: { name: { type: "string", pattern: "^#[a-z$]+$" } } };
const requestBody = { required: true, content: { "application/json": { schema: item } } };

describe("publicDocument", () => {
  const description = api([
    route("GET /items/{id}", { summary: "Read", parameters: { limit: { in: "query", schema: { type: "integer" } } } }),
    route("PUT /items/{id}", { requestBody, responses: { "200": { description: "ok" } } }, { auth: "iam" }),
    route("ANY /items/{id}"),
  ]);
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  const document: any = JSON.parse(JSON.stringify(publicDocument(description)));

  it("has each route's operation, including its path parameters", () => {
    const { get, put } = document.paths["/items/{id}"];
    expect(get.summary).to.equal("Read");
    expect(get.parameters).to.deep.equal([
      { name: "id", in: "path", required: true, schema: { type: "string" } },
      { name: "limit", in: "query", required: false, schema: { type: "integer" } },
    ]);
    expect(get.responses).to.have.property("default");
    expect(put.requestBody).to.deep.equal(requestBody);
    expect(put.responses["200"]).to.deep.equal({ description: "ok" });
  });

  it("leaves out the operation for all other methods, and every extension", () => {
    expect(Object.keys(document.paths["/items/{id}"])).to.deep.equal(["get", "put"]);
    expect(JSON.stringify(document)).to.not.contain("x-amazon");
  });

  it("names a parameter that matches the rest of the path in OpenAPI's syntax", () => {
    const { paths } = JSON.parse(JSON.stringify(publicDocument(api([route("GET /files/{path+}")]))));
    expect(paths["/files/{path}"].get.parameters[0].name).to.equal("path");
  });

  it("says which operations require a signature, and where the API is", () => {
    expect(document.paths["/items/{id}"].get.security).to.deep.equal([]);
    expect(document.paths["/items/{id}"].put.security).to.deep.equal([{ sigv4: [] }]);
    expect(document.components.securitySchemes.sigv4).to.deep.equal({
      type: "apiKey",
      name: "Authorization",
      in: "header",
    });
    expect(document.servers).to.deep.equal([{ url: "/Prod" }]);
  });
});

describe("publicDocument, read by generators and linters,", () => {
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  const documentOf = (...args: Parameters<typeof api>): any => JSON.parse(JSON.stringify(publicDocument(api(...args))));
  const json = (schema: object) => ({ "application/json": { schema } });

  it("has a schema with a name once, wherever it is used, and leaves other titles where they are", () => {
    const price = { title: "Price", type: "number" };
    const properties = { price, title: { title: "The title", type: "string" } };
    const item = { title: "Item", type: "object", properties, example: { title: "Lamp" } };
    const { paths, components } = documentOf([
      route("GET /items", { responses: { "200": { description: "", content: json({ type: "array", items: item }) } } }),
      route("PUT /items", { requestBody: { content: json(item) } }),
      route("GET /price", { parameters: { above: { in: "query", schema: price } } }),
    ]);
    const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
    expect(components.schemas).to.deep.include({
      Price: price,
      Item: { ...item, properties: { ...properties, price: reference("Price") } },
    });
    const { content } = paths["/items"].get.responses["200"];
    expect(content["application/json"].schema).to.deep.equal({ type: "array", items: reference("Item") });
    expect(paths["/items"].put.requestBody.content["application/json"].schema).to.deep.equal(reference("Item"));
    expect(paths["/price"].get.parameters[0].schema).to.deep.equal(reference("Price"));
  });

  it("has what API Gateway itself may answer, unless the route says it", () => {
    const { paths, components } = documentOf([
      route("GET /open"),
      route("POST /signed", { requestBody }, { auth: "iam", validation: "all" }),
      route("POST /own", { requestBody, responses: { "413": { description: "Over 1 MB" } } }),
    ]);
    const statuses = (operation: { responses: object }) => Object.keys(operation.responses);
    expect(statuses(paths["/open"].get)).to.have.members(["default", "429", "431", "502", "504"]);
    expect(statuses(paths["/signed"].post)).to.include.members(["400", "403", "413"]);
    expect(paths["/own"].post.responses["413"]).to.deep.equal({ description: "Over 1 MB" });
    expect(paths["/open"].get.responses["429"]).to.deep.equal({ $ref: "#/components/responses/TooManyRequests" });
    const { headers, content } = components.responses.TooManyRequests;
    expect(headers).to.have.key("Retry-After");
    expect(content["application/problem+json"].schema).to.deep.equal({ $ref: "#/components/schemas/GatewayProblem" });
  });

  it("has the API's licence, contact, and descriptions of the tags that routes have", () => {
    const license = { name: "Apache-2.0" };
    const contact = { email: "team@shop.example" };
    const tagDescriptions = { Items: "What is sold", Orders: "What was sold" };
    const routes = [route("GET /a", { tags: ["Items", "New"] })];
    const { info, tags } = documentOf(routes, { license, contact, tagDescriptions });
    expect(info).to.deep.include({ license, contact });
    expect(tags).to.deep.equal([{ name: "Items", description: "What is sold" }, { name: "New" }]);
  });
});

describe("deployedBody", () => {
  it("gives each route the function it calls, in order", () => {
    const { paths } = deployed(api([route("GET /a"), route("POST /a"), route("ANY /b/{proxy+}")]));
    const uri = (operation: Record<string, { uri: string }>) => operation["x-amazon-apigateway-integration"]?.uri;
    expect(uri(paths["/a"].get)).to.equal("arn:GET /a");
    expect(uri(paths["/a"].post)).to.equal("arn:POST /a");
    expect(uri(paths["/b/{proxy+}"]["x-amazon-apigateway-any-method"])).to.equal("arn:ANY /b/{proxy+}");
  });

  it("has the function of a streamed route write its response piece by piece, for as long as the route says", () => {
    const lambda = "arn:aws:apigateway:eu-west-1:lambda:path";
    const arn = "arn:aws:lambda:eu-west-1:123456789012:function:reports:live";
    const description = api([
      route("GET /a", {}, { responseTransferMode: "STREAM", timeoutInMillis: 900_000 }),
      route("GET /b", {}, { responseTransferMode: "BUFFERED" }),
    ]);
    const invokeArn = `${lambda}/2015-03-31/functions/${arn}/invocations`;
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    const { paths }: any = JSON.parse(JSON.stringify(deployedBody(description, [invokeArn, invokeArn])));
    const integration = (path: string) => paths[path].get["x-amazon-apigateway-integration"];
    expect(integration("/a")).to.deep.equal({
      type: "aws_proxy",
      httpMethod: "POST",
      uri: `${lambda}/2021-11-15/functions/${arn}/response-streaming-invocations`,
      timeoutInMillis: 900_000,
      responseTransferMode: "STREAM",
    });
    expect(integration("/b")).to.deep.equal({ type: "aws_proxy", httpMethod: "POST", uri: invokeArn });
  });

  it("passes on the tenant for whom a route calls its function", () => {
    const { paths } = deployed(api([route("GET /a", {}, { tenantId: "context.identity.accountId" })]));
    expect(paths["/a"].get["x-amazon-apigateway-integration"].requestParameters).to.deep.equal({
      "integration.request.header.X-Amz-Tenant-Id": "context.identity.accountId",
    });
  });

  it("has the schemas of bodies that API Gateway checks, and no others", () => {
    const { paths, ...body } = deployed(
      api([
        route("POST /checked", { requestBody }, { validation: "all" }),
        route("POST /free", { requestBody }),
        route("PUT /free", { requestBody }, { validation: "parameters" }),
      ]),
    );
    expect(paths["/checked"].post.requestBody).to.deep.equal(requestBody);
    expect(paths["/checked"].post["x-amazon-apigateway-request-validator"]).to.equal("all");
    expect(paths["/free"].post).to.not.have.any.keys("requestBody", "x-amazon-apigateway-request-validator");
    expect(paths["/free"].put).to.not.have.property("requestBody");
    expect(body["x-amazon-apigateway-request-validators"]).to.deep.equal({
      all: { validateRequestBody: true, validateRequestParameters: true },
      parameters: { validateRequestBody: false, validateRequestParameters: true },
    });
  });

  it("leaves out keywords of a checked schema that models refuse and no check needs, and writes null as a choice", () => {
    const schema = {
      type: "object",
      required: ["example"],
      example: { a: 1 },
      properties: {
        example: { type: "string", example: "x", readOnly: true, "x-order": 1 },
        list: { type: "array", items: { enum: [{ example: 1 }], deprecated: true } },
        choice: { title: "Choice", type: "string", nullable: true },
      },
    };
    const content = { "application/json": { schema } };
    const { paths } = deployed(api([route("POST /a", { requestBody: { content } }, { validation: "body" })]));
    expect(paths["/a"].post.requestBody.content["application/json"].schema).to.deep.equal({
      type: "object",
      required: ["example"],
      properties: {
        example: { type: "string" },
        list: { type: "array", items: { enum: [{ example: 1 }] } },
        choice: { anyOf: [{ type: "string" }, { enum: [null] }] },
      },
    });
  });

  it("does not change with text that only readers see", () => {
    const words = { summary: "new", description: "new", tags: ["new"], responses: { "200": { description: "new" } } };
    expect(deployed(api([route("GET /a", words)]))).to.deep.equal(deployed(api([route("GET /a")])));
  });

  describe("for other origins", () => {
    const cors = { allowOrigins: ["https://a.example"], exposeHeaders: ["ETag"], allowCredentials: true };
    const ifMatch = { "If-Match": { in: "header" as const, schema: {} } };
    const description = api([route("PUT /a", { parameters: ifMatch }), route("ANY /b")], {
      cors,
      documentPath: "/doc",
    });
    const { paths, "x-amazon-apigateway-gateway-responses": responses } = deployed(description);
    const preflight = (path: string) =>
      paths[path].options["x-amazon-apigateway-integration"].responses.default.responseParameters;

    it("answers preflight requests on each path", () => {
      expect(preflight("/a")).to.deep.equal({
        "method.response.header.Access-Control-Allow-Origin": "'https://a.example'",
        "method.response.header.Access-Control-Allow-Credentials": "'true'",
        "method.response.header.Access-Control-Allow-Methods": "'PUT,OPTIONS'",
        "method.response.header.Access-Control-Allow-Headers":
          "'Authorization,Content-Type,X-Amz-Content-Sha256,X-Amz-Date,X-Amz-Security-Token,X-Request-Id,If-Match'",
        "method.response.header.Access-Control-Max-Age": "'600'",
      });
      expect(preflight("/b")["method.response.header.Access-Control-Allow-Methods"]).to.match(/GET.*DELETE/);
      expect(preflight("/doc")["method.response.header.Access-Control-Allow-Methods"]).to.equal("'GET,OPTIONS'");
      expect(paths["/a"].options).to.not.have.property("security");
    });

    it("declares the parameters of the path", () => {
      const { paths } = deployed(api([route("GET /a/{id}")], { cors }));
      const id = { name: "id", in: "path", required: true, schema: { type: "string" } };
      expect(paths["/a/{id}"].options.parameters).to.deep.equal([id]);
    });

    it("declares the headers that it maps", () => {
      const declared = Object.keys(paths["/a"].options.responses["204"].headers);
      expect(declared.map((name) => `method.response.header.${name}`)).to.have.members(Object.keys(preflight("/a")));
    });

    it("lets pages read API Gateway's own responses", () => {
      for (const response of Object.values<{ responseParameters: object }>(responses)) {
        expect(response.responseParameters).to.include({
          "gatewayresponse.header.Access-Control-Allow-Origin": "'https://a.example'",
          "gatewayresponse.header.Access-Control-Expose-Headers": "'ETag'",
        });
      }
    });

    it("answers 415, not 500, to a preflight request of a type without a template, and reads bytes as text", () => {
      const integration = paths["/a"].options["x-amazon-apigateway-integration"];
      expect(integration).to.include({ passthroughBehavior: "never", contentHandling: "CONVERT_TO_TEXT" });
    });

    it("leaves an OPTIONS route to its function", () => {
      const own = deployed(api([route("OPTIONS /a")], { cors }));
      expect(own.paths["/a"].options["x-amazon-apigateway-integration"].type).to.equal("aws_proxy");
    });
  });

  it("says nothing about other origins without `cors`", () => {
    const text = JSON.stringify(deployed(api([route("GET /a")])));
    expect(text).to.not.contain("Access-Control").and.to.not.contain('"options"');
  });

  it("writes API Gateway's own responses as problems whose JSON parses", () => {
    const responses = deployed(api([route("GET /a")]))["x-amazon-apigateway-gateway-responses"];
    expect(responses).to.include.keys(
      "DEFAULT_4XX",
      "DEFAULT_5XX",
      "THROTTLED",
      "BAD_REQUEST_BODY",
      "INVALID_SIGNATURE",
    );
    expect(responses.THROTTLED.responseParameters).to.include({ "gatewayresponse.header.Retry-After": "'1'" });
    for (const type of Object.keys(responses)) {
      const { statusCode, responseParameters, responseTemplates } = responses[type];
      const text: string = responseTemplates["application/json"];
      const rendered = text
        .replace("$context.error.responseType", type)
        .replace("$context.error.messageString", JSON.stringify('with "quotes"'))
        .replace("$context.requestId", "1-2");
      const problem = JSON.parse(rendered);
      expect(rendered).to.not.contain("$");
      const detail =
        type === "MISSING_AUTHENTICATION_TOKEN" ? "No operation has this method and path." : 'with "quotes"';
      expect(problem).to.include({ type: `urn:problem:gateway:${type}`, detail, requestId: "1-2" });
      expect(problem.status).to.equal(statusCode);
      expect(responseParameters["gatewayresponse.header.Content-Type"]).to.equal("'application/problem+json'");
    }
  });
});

describe("documentTemplate", () => {
  it("is the public document, without anything that the template language would evaluate", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (description, pattern) => {
        const described = api([
          route("POST /a", {
            description: `$input ${description} #if`,
            requestBody: {
              content: { "application/json": { schema: { type: "string", pattern: `^#[${pattern}]$` } } },
            },
          }),
        ]);
        const template = documentTemplate(described);
        expect(template).to.not.match(/[$#]/);
        expect(JSON.parse(template)).to.deep.equal(JSON.parse(JSON.stringify(publicDocument(described))));
      }),
    );
  });

  it("is returned without a function, to the callers that the API allows by default", () => {
    const { paths } = deployed(api([route("GET /a")], { documentPath: "/openapi.json", auth: "iam" }));
    const { get } = paths["/openapi.json"];
    const integration = get["x-amazon-apigateway-integration"];
    expect(integration.type).to.equal("mock");
    expect(JSON.parse(integration.requestTemplates["application/json"])).to.deep.equal({ statusCode: 200 });
    expect(JSON.parse(integration.responses.default.responseTemplates["application/json"]).info.title).to.equal(
      "Items",
    );
    expect(get.security).to.deep.equal([{ sigv4: [] }]);
  });
});

describe("accessLogFormat", () => {
  it("is one line of JSON, without values that callers can choose", () => {
    expect(accessLogFormat).to.not.contain("\n");
    const values = Object.values<string>(JSON.parse(accessLogFormat));
    const worded =
      /\.(path|userAgent|user|message|messageString|validationErrorString|authorizer|domainName|header)\b|Message/;
    for (const value of values)
      expect(value)
        .to.match(/^\$context\./)
        .and.not.to.match(worded);
  });
});
