import { expect } from "chai";
import { DOCUMENTATION, recordedByLocalstack, testFacts } from "../../../../helpers/facts";
import { messageIn, send, startApi } from "../../../../helpers/offline/api";
import { closeServers } from "../../../../helpers/offline/served";

const RECORDED = { service: "API Gateway", source: recordedByLocalstack("2023-04 to 2025-05") };

const DOCUMENTED = { service: "API Gateway", source: DOCUMENTATION };

describe("A mock integration", () => {
  afterEach(closeServers);

  const mock = (integration: object) => ({
    "x-amazon-apigateway-integration": {
      type: "mock",
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      ...integration,
    },
  });

  it("with headers and templates, as for a CORS preflight", async () => {
    const server = await startApi({
      paths: {
        "/items/{id}": {
          options: mock({
            responses: {
              default: {
                statusCode: "204",
                responseParameters: { "method.response.header.Access-Control-Allow-Methods": "'GET,PUT'" },
              },
            },
          }),
          get: mock({
            responses: {
              "2\\d{2}": {
                statusCode: 200,
                responseTemplates: {
                  "application/yaml":
                    "## a comment\nid: $input.params('id')\nstage: ${context.stage}\nprice: $5, \\$context.stage\n",
                },
              },
            },
          }),
        },
      },
    });
    const preflight = await server.call("/items/1", { method: "OPTIONS" });
    expect([preflight.status, preflight.headers.get("access-control-allow-methods")]).to.deep.equal([204, "GET,PUT"]);
    const answer = await server.call("/items/7");
    expect([answer.headers.get("content-type"), await answer.text()]).to.deep.equal([
      "application/yaml",
      "id: 7\nstage: Prod\nprice: $5, $context.stage\n",
    ]);
  });

  describe("gives what AWS gives for", () => {
    const json = { "Content-Type": "application/json" };
    const withId = '{"statusCode": 200, "id": $input.params().path.id}';
    const cases: [what: string, integration: object, template: string, body: string, init?: RequestInit][] = [
      ...["when_no_match", "never", "when_no_templates"].flatMap((passthroughBehavior) =>
        ["GET", "POST"].map((method): (typeof cases)[number] => [
          `a path parameter, ${method}, ${passthroughBehavior}`,
          { passthroughBehavior },
          withId,
          '{"statusCode": 200, "id": 42}',
          { method, headers: json },
        ]),
      ),
      ["a parameter by its name", {}, '{"echo": "$input.params(\'id\')"}', '{"echo": "42"}'],
      [
        "a request template that is not JSON",
        { requestTemplates: { "application/json": "{statusCode: 200}" } },
        "",
        "",
      ],
      [
        "the body, which never reaches the response",
        {},
        "$input.body",
        "{}",
        { method: "POST", body: "{}1", headers: json },
      ],
      ["a property of the body, which is text", {}, "[$input.body.any]", "[]"],
      ["parameters that are missing", {}, "[$input.params().querystring.a$input.params().header.b]", "[]"],
      [
        "parameters elsewhere",
        {},
        "$input.params().querystring.a $input.params().header.X-B",
        "1 2",
        { headers: { "X-B": "2" } },
      ],
    ];
    testFacts(
      {
        ...RECORDED,
        facts: cases.map(([what, integration, template, body, init]) => ({
          fact: what,
          what,
          integration,
          template,
          body,
          init,
        })),
      },
      async ({ what, integration, template, body, init }) => {
        const responses = { "2\\d{2}": { statusCode: "200", responseTemplates: { "application/json": template } } };
        const server = await startApi({
          paths: { "/{id}": { "x-amazon-apigateway-any-method": mock({ responses, ...integration }) } },
        });
        const response = await server.call(what.endsWith("elsewhere") ? "/42?a=1" : "/42", init);
        expect([response.status, await response.text()]).to.deep.equal([200, body]);
        expect(response.headers.get("x-amz-apigw-id")).to.match(/^[\w-]{15}=$/);
        expect(response.headers.has("x-amzn-trace-id")).to.equal(false);
      },
    );
  });

  describe("as API Gateway does if no template matches the request:", () => {
    const preflight = (integration: object, binaryMediaTypes: string[] = []) =>
      startApi({
        paths: { "/": { options: mock({ responses: { default: { statusCode: "204" } }, ...integration }) } },
        "x-amazon-apigateway-binary-media-types": binaryMediaTypes,
      });
    const cases: [what: string, binary: string[], integration: object, type: string | undefined, status: number][] = [
      ["no type, which counts as JSON", [], {}, undefined, 204],
      ["a type with parameters", [], {}, "application/json; charset=utf-8", 204],
      ["a type without a template", [], {}, "text/plain", 500],
      ["a type without a template that must be refused", [], { passthroughBehavior: "never" }, "text/plain", 415],
      ["a type other than those with a template", [], { passthroughBehavior: "when_no_templates" }, "text/plain", 415],
      ["no templates", [], { requestTemplates: {}, passthroughBehavior: "when_no_templates" }, undefined, 500],
      ["a binary type", ["*/*"], {}, undefined, 500],
      ["a binary type converted to text", ["*/*"], { contentHandling: "CONVERT_TO_TEXT" }, undefined, 204],
      ["a type other than the binary one", ["image/png"], {}, "application/json", 204],
      ["text converted to bytes", [], { contentHandling: "CONVERT_TO_BINARY" }, undefined, 500],
    ];
    testFacts(
      {
        ...DOCUMENTED,
        facts: cases.map(([what, binary, integration, type, status]) => ({
          fact: `${status} for ${what}`,
          binary,
          integration,
          type,
          status,
        })),
      },
      async ({ binary, integration, type, status }) => {
        const server = await preflight(integration, binary);
        const headers = type === undefined ? {} : { "Content-Type": type };
        const url = new URL(server.apis[0]?.url ?? "");
        const answer = await send(url.href, { method: "OPTIONS", path: url.pathname, headers });
        expect(answer.status).to.equal(status);
        if (status === 500) expect(JSON.parse(answer.body)).to.deep.equal({ message: "Internal server error" });
      },
    );

    it("uses the body itself as the request if its type has no template", async () => {
      const server = await startApi({
        paths: { "/": { post: mock({ responses: { "201": { statusCode: 201 } } }) } },
      });
      const init = { method: "POST", headers: { "Content-Type": "text/plain" }, body: '{"statusCode": 201}' };
      expect((await server.call("/", init)).status).to.equal(201);
    });
  });

  describe("with overrides", () => {
    const overriding = (template: string, responseTemplates: Record<string, string>) =>
      startApi({
        paths: {
          "/": {
            get: mock({
              requestTemplates: { "application/json": `${template}{"statusCode": 200}` },
              responses: { default: { statusCode: "200", responseTemplates } },
            }),
          },
        },
      });

    testFacts(
      {
        ...RECORDED,
        facts: [
          {
            fact: "A request template sets the status and headers of the answer, and passes values on",
            body: "444 bar too",
          },
          { fact: "A request template sets the status of an answer without a template", body: "" },
        ],
      },
      async ({ body }) => {
        const override = "$context.responseOverride";
        const set = `#set(${override}.status = 444)#set(${override}.header.foo = "bar")#set(${override}.custom = "too")`;
        const template = { "application/json": `${override}.status ${override}.header.foo ${override}.custom` };
        const server = await overriding(set, body === "" ? {} : template);
        const answer = await server.call("/");
        expect([answer.status, answer.headers.get("foo"), await answer.text()]).to.deep.equal([444, "bar", body]);
      },
    );
  });

  testFacts(
    {
      ...RECORDED,
      facts: [
        {
          fact: "passes one value from the request's template to the response's",
          message: "path1",
          text: "path was path one",
        },
        { fact: "passes another value on", message: "path2", text: "path was path two" },
        {
          fact: "takes the last branch for a value that no other takes",
          message: "whatever",
          text: "this is the else clause",
        },
      ],
    },
    async ({ message, text }) => {
      const body =
        "#set($body = $util.base64Decode($input.params('id')))#set($context.requestOverride.path.body = $body)";
      const branch = (name: string, words: string) => `($message == "${name}"){"response": "path was path ${words}"}`;
      const server = await startApi({
        paths: {
          "/{id}": {
            get: mock({
              requestTemplates: { "application/json": `${body}\n{"statusCode": 200}` },
              responses: {
                "2\\d{2}": {
                  statusCode: "200",
                  responseTemplates: {
                    "application/json": `#set($message = $util.parseJson($context.requestOverride.path.body).message)#if${branch("path1", "one")}#elseif${branch("path2", "two")}#else{"response": "this is the else clause"}#end`,
                  },
                },
              },
            }),
          },
        },
      });
      const id = Buffer.from(JSON.stringify({ message })).toString("base64");
      expect(await (await server.call(`/${id}`)).json()).to.deep.equal({ response: text });
    },
  );

  it("answers 501 with the place of a mistake in a template", async () => {
    const server = await startApi({
      paths: {
        "/": { get: mock({ responses: { default: { responseTemplates: { "application/json": "a\n#if($b)" } } } }) },
      },
    });
    const response = await server.call("/");
    expect(response.status).to.equal(501);
    expect(await messageIn(response)).to.match(/its template has mistakes: line 2, column 1: #if is never closed/);
    expect(server.problems.join()).to.match(/^GET \/ answers 501/);
  });

  it("answers 500 if a template loops without end, or fails, and says why in the log only", async () => {
    for (const template of ["#macro(m)#m()#m()#end#m()", "$input.params('x').substring(9)"]) {
      const responses = { default: { responseTemplates: { "application/json": template } } };
      const server = await startApi({ paths: { "/": { get: mock({ responses }) } } });
      const response = await server.call("/");
      expect([response.status, await messageIn(response)]).to.deep.equal([500, "Internal server error"]);
    }
  });
});
