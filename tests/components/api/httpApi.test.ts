import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { HttpApi, type HttpApiArgs, LambdaFunction, type RouteArgs, type ServerlessApiArgs } from "../../../components";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../../helpers/components/mocks";

const executionArn = "arn:aws:execute-api:eu-west-1:123456789012:api";
const list = { functionName: "list", invokeArn: "arn:list" };
const route = (operationId: string, more: Partial<RouteArgs> = {}): RouteArgs => ({
  function: list,
  operationId,
  ...more,
});
const twoRoutes = { "GET /items": route("list"), "GET /items/{id}": route("read") };
const throttle = { rateLimit: 5, burstLimit: 10 };
const cors = { allowOrigins: ["https://a.example", "https://b.example"] };

describe("HttpApi", () => {
  beforeEach(startMocks);

  async function deployed(args: Partial<HttpApiArgs> = {}) {
    new HttpApi("api", { routes: twoRoutes, ...args });
    const { body, ...api } = await inputsOf("aws:apigatewayv2/api:Api");
    return { body: JSON.parse(body), api };
  }

  async function all(type: string) {
    return (await resources()).filter((resource) => resource.type === type);
  }

  it("needs four resources for its routes, however many there are, and the log", async () => {
    const routes = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`GET /r${i}`, route(`get${i}`)]));
    await deployed({ routes });
    expect((await resources()).map(({ type }) => type)).to.have.members([
      "graviton:index:HttpApi",
      "aws:apigatewayv2/api:Api",
      "aws:apigatewayv2/deployment:Deployment",
      "aws:apigatewayv2/stage:Stage",
      "aws:lambda/permission:Permission",
      "aws:cloudwatch/logGroup:LogGroup",
    ]);
  });

  it("is imported from one document, whose integrations send payload 2.0, and not if a part of it would be ignored", async () => {
    const { body, api } = await deployed({
      routes: { ...twoRoutes, "POST /open": route("open", { auth: "none", timeoutInMillis: 30_000 }) },
      description: "What is stored",
      disableExecuteApiEndpoint: true,
      tags: { team: "a" },
      httpApiArgs: { ipAddressType: "dualstack" },
    });
    expect(api).to.deep.equal({
      protocolType: "HTTP",
      name: "api",
      description: "What is stored",
      version: "1.0.0",
      disableExecuteApiEndpoint: true,
      failOnWarnings: true,
      ipAddressType: "dualstack",
      tags: { team: "a" },
    });
    const responses = { default: { description: "The function's response" } };
    const integration = { type: "aws_proxy", httpMethod: "POST", uri: "arn:list", payloadFormatVersion: "2.0" };
    const own = { responses, "x-amazon-apigateway-integration": integration };
    const id = { name: "id", in: "path", required: true, schema: { type: "string" } };
    expect(body).to.deep.equal({
      openapi: "3.0.1",
      info: { title: "api", version: "1.0.0", description: "What is stored" },
      paths: {
        "/items": { get: { operationId: "list", parameters: [], security: [{ sigv4: [] }], ...own } },
        "/items/{id}": { get: { operationId: "read", parameters: [id], security: [{ sigv4: [] }], ...own } },
        "/open": {
          post: {
            operationId: "open",
            parameters: [],
            responses,
            "x-amazon-apigateway-integration": { ...integration, timeoutInMillis: 30_000 },
          },
        },
      },
      components: {
        securitySchemes: {
          sigv4: {
            type: "apiKey",
            name: "Authorization",
            in: "header",
            "x-amazon-apigateway-authtype": "awsSigv4",
          },
        },
      },
    });
  });

  it("serves the stage Prod, throttled and logged, and outputs its URL", async () => {
    const api = new HttpApi("api", { routes: twoRoutes, logRetentionDays: 7, logKmsKeyArn: "key" });
    expect(await resolved(api.url)).to.equal("https://api.execute-api.eu-west-1.amazonaws.com/Prod");
    expect(await resolved(api.executionArn)).to.equal(executionArn);
    expect(await resolved(api.apiId)).to.equal("api-id");
    expect(await resolved(api.stageName)).to.equal("Prod");
    const { accessLogSettings, ...stage } = await inputsOf("aws:apigatewayv2/stage:Stage");
    expect(stage).to.deep.equal({
      apiId: "api-id",
      name: "Prod",
      deploymentId: "api-id",
      // The provider would send limits that are left out as 0.
      defaultRouteSettings: {
        detailedMetricsEnabled: true,
        throttlingRateLimit: 10_000,
        throttlingBurstLimit: 5_000,
      },
      routeSettings: [],
    });
    expect(accessLogSettings.destinationArn).to.match(/\/aws\/apigateway\/api-1$/);
    expect(JSON.parse(accessLogSettings.format)).to.include({ routeKey: "$context.routeKey" });
    expect(await inputsOf("aws:cloudwatch/logGroup:LogGroup")).to.include({ retentionInDays: 7, kmsKeyId: "key" });
  });

  it("serves the default stage without a path, and logs in a format of one's own", async () => {
    const accessLogFormat = "$context.requestId $context.status";
    const api = new HttpApi("api", { routes: twoRoutes, stageName: "$default", accessLogFormat });
    expect(await resolved(api.url)).to.equal("https://api.execute-api.eu-west-1.amazonaws.com");
    expect(JSON.parse(await resolved(api.document)).servers).to.deep.equal([{ url: "/" }]);
    expect((await inputsOf("aws:apigatewayv2/stage:Stage")).accessLogSettings.format).to.equal(accessLogFormat);
  });

  it("accepts a LambdaFunction directly, including its alias, and lets the API call it", async () => {
    const code = new pulumi.asset.StringAsset("exports.handler = 1");
    const work = new LambdaFunction("work", { code, alias: {} });
    const { body } = await deployed({ routes: { "GET /work": route("work", { function: work }) } });
    expect(body.paths["/work"].get["x-amazon-apigateway-integration"].uri).to.match(/:live\/invocations$/);
    expect(await inputsOf("aws:lambda/permission:Permission")).to.include({
      function: "work-1234567",
      qualifier: "live",
      sourceArn: `${executionArn}/*/*`,
    });
  });

  it("can have a permission for each route", async () => {
    await deployed({ permissions: "route", routes: { ...twoRoutes, "ANY /x/{proxy+}": route("any") } });
    const permissions = await all("aws:lambda/permission:Permission");
    expect(permissions.map(({ name, inputs }) => [name, inputs.sourceArn])).to.have.deep.members([
      ["api-list", `${executionArn}/*/GET/items`],
      ["api-read", `${executionArn}/*/GET/items/*`],
      ["api-any", `${executionArn}/*/*/x/*`],
    ]);
  });

  it("is deployed again after every change to what a stage serves, and after no other change", async () => {
    const digest = async (args: Partial<HttpApiArgs>) => {
      await startMocks();
      await deployed(args);
      return (await inputsOf("aws:apigatewayv2/deployment:Deployment")).triggers.digest;
    };
    const before = await digest({});
    expect(await digest({ tags: { team: "a" }, stageName: "v2", throttle })).to.equal(before);
    const changes: Partial<HttpApiArgs>[] = [
      { routes: { "GET /items": route("list") } },
      { auth: "none" },
      { cors },
      { disableExecuteApiEndpoint: true },
      { httpApiArgs: { ipAddressType: "dualstack" } },
    ];
    for (const change of changes) expect(await digest(change)).to.not.equal(before);
  });

  describe("with pages of several origins", () => {
    it("answers their preflight requests by itself, with rules for the whole API", async () => {
      const parameters = { "If-Match": { in: "header" as const, schema: { type: "string" } } };
      const routes = { ...twoRoutes, "PUT /items/{id}": route("put", { parameters }) };
      const more = { exposeHeaders: ["ETag"], allowCredentials: true };
      const { api, body } = await deployed({ routes, cors: { ...cors, ...more } });
      const { allowHeaders, ...rules } = api.corsConfiguration;
      expect(rules).to.deep.equal({ ...cors, ...more, allowMethods: ["GET", "PUT"], maxAge: 600 });
      expect(allowHeaders).to.include.members(["Authorization", "Content-Type", "If-Match"]);
      expect(body.paths["/items"]).to.have.keys("get");
    });

    it("leaves no preflight request to an ANY route, which would demand a signature", async () => {
      const routes = { ...twoRoutes, "ANY /items": route("any", { throttle }) };
      const { api, body } = await deployed({ routes, cors });
      expect(body.paths["/items"]).to.have.keys("get", "post", "put", "patch", "delete", "head");
      expect(body.paths["/items"].get.operationId).to.equal("list");
      expect(body.paths["/items"].put).to.not.have.property("operationId");
      const others = ["POST", "PUT", "PATCH", "DELETE", "HEAD"];
      expect(api.corsConfiguration.allowMethods).to.have.members(["GET", ...others]);
      const { routeSettings } = await inputsOf("aws:apigatewayv2/stage:Stage");
      const keys = routeSettings.map((settings: { routeKey: string }) => settings.routeKey);
      expect(keys).to.have.members(others.map((method) => `${method} /items`));
    });
  });

  it("has an ANY route as it is without pages of other origins, and its own limits", async () => {
    const routes = { ...twoRoutes, "ANY /items": route("any", { throttle }) };
    const { api, body } = await deployed({ routes, throttle: { rateLimit: 100, burstLimit: 200 } });
    expect(body.paths["/items"]).to.have.keys("get", "x-amazon-apigateway-any-method");
    expect(api).to.not.have.property("corsConfiguration");
    const { defaultRouteSettings, routeSettings } = await inputsOf("aws:apigatewayv2/stage:Stage");
    const own = { detailedMetricsEnabled: true, throttlingRateLimit: 5, throttlingBurstLimit: 10 };
    expect(routeSettings).to.deep.equal([{ routeKey: "ANY /items", ...own }]);
    expect(defaultRouteSettings).to.deep.equal({ ...own, throttlingRateLimit: 100, throttlingBurstLimit: 200 });
  });

  it("notifies topics of failures, slow responses, and a quarter of refused requests", async () => {
    await deployed({ alarmTopicArns: ["topic"], tags: { team: "a" } });
    const found = await all("aws:cloudwatch/metricAlarm:MetricAlarm");
    const alarms = found.filter(({ inputs }) => inputs.metricName !== undefined);
    expect(alarms.map(({ inputs }) => inputs.metricName)).to.have.members(["5xx", "Latency"]);
    const refused = found.find(({ name }) => name === "api-refused")?.inputs;
    expect(refused).to.deep.include({ threshold: 25, evaluationPeriods: 3, alarmActions: ["topic"] });
    const metric = {
      namespace: "AWS/ApiGateway",
      dimensions: { ApiId: "api-id", Stage: "Prod" },
      period: 300,
      stat: "Sum",
    };
    expect(refused?.metricQueries).to.deep.equal([
      {
        id: "share",
        expression: "IF(whole >= 20, 100 * part / whole, 0)",
        label: "4xx (%)",
        returnData: true,
      },
      { id: "part", metric: { ...metric, metricName: "4xx" } },
      { id: "whole", metric: { ...metric, metricName: "Count" } },
    ]);
    for (const { inputs } of alarms) {
      expect(inputs.dimensions).to.deep.equal({ ApiId: "api-id", Stage: "Prod" });
      expect(inputs.tags).to.deep.equal({ team: "a" });
    }
  });

  it("outputs the document for callers, with what an HTTP API itself answers", async () => {
    const routes = { "PUT /items/{id}": route("put", { requestBody: { content: { "text/plain": { schema: {} } } } }) };
    const text = await resolved(new HttpApi("api", { routes, title: "Items" }).document);
    expect(text).to.not.contain("x-amazon");
    const { info, servers, paths, components } = JSON.parse(text);
    expect({ info, servers }).to.deep.equal({
      info: { title: "Items", version: "1.0.0" },
      servers: [{ url: "/Prod" }],
    });
    const { default: _, ...own } = paths["/items/{id}"].put.responses;
    expect(Object.keys(own)).to.deep.equal(["403", "413", "429", "431", "500", "503"]);
    expect(components.schemas.GatewayMessage.required).to.deep.equal(["message"]);
  });

  describe("refuses what only REST APIs have, all at once, and says what to write instead", () => {
    const other: Partial<ServerlessApiArgs> = {
      validation: "all",
      documentPath: "/openapi.json",
      tracing: true,
      cloudWatchRole: "existing",
      endpointType: "EDGE",
      securityPolicy: "TLS_1_2",
      endpointAccessMode: "STRICT",
      vpcEndpointIds: ["vpce-1"],
      resourcePolicy: "{}",
      minimumCompressionSize: 0,
      binaryMediaTypes: ["image/png"],
      cacheSize: "0.5",
      clientCertificateId: "cert",
      restApiArgs: {},
    };
    const routeOnly: Partial<RouteArgs> = {
      validation: "parameters",
      responseTransferMode: "STREAM",
      timeoutInMillis: 30_001,
      tenantId: "context.identity.accountId",
      cache: {},
    };
    const found = () => mistakes(() => new HttpApi("api", { routes: { "GET /": route("one", routeOnly) }, ...other }));

    it("in the API and in a route", () => {
      const inRoute = Object.keys(routeOnly).map((name) => `routes["GET /"].${name}`);
      expect(found().map(([path]) => path)).to.have.members([...Object.keys(other), ...inRoute]);
      for (const [, reason] of found()) expect(reason).to.match(/: .*(write|leave|let|serve|set) /);
    });

    it("but not what an HTTP API does anyway", () => {
      const same: Partial<HttpApiArgs> = { validation: "none", tracing: false, endpointType: "REGIONAL" };
      const routes = { "GET /": route("one", { validation: "none", responseTransferMode: "BUFFERED" }) };
      expect(mistakes(() => new HttpApi("api", { routes, ...same }))).to.deep.equal([]);
    });

    const cases: [what: string, args: Partial<HttpApiArgs>, path: string, reason: RegExp][] = [
      ["a body", { httpApiArgs: { body: "{}" } }, "httpApiArgs.body", /write the component's `routes`/],
      ["a name beside the title", { httpApiArgs: { name: "mine" } }, "httpApiArgs.name", /write .* `title` instead/],
      ["a log without ids", { accessLogFormat: "$context.path" }, "accessLogFormat", /contains \$context.requestId/],
      ["another stage", { stageName: "$other" }, "stageName", /or \$default/],
      ["an empty version", { version: "" }, "version", /is empty/],
      ["a long description", { description: "d".repeat(1025) }, "description", /has 1025 characters/],
      [
        "credentials for everybody",
        { cors: { allowOrigins: ["*"], allowCredentials: true } },
        "cors.allowCredentials",
        /name the origin/,
      ],
      [
        "two names in one place",
        { routes: { "GET /{a}": route("a"), "PUT /{b}": route("b") } },
        'routes["PUT /{b}"]',
        /"\/\{a\}"/,
      ],
      [
        "more routes than integrations",
        {
          cors,
          routes: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`ANY /r${i}`, route(`any${i}`)])),
        },
        "routes",
        /become 306 routes .* at most 300: write several APIs/,
      ],
    ];
    for (const [what, args, path, reason] of cases) {
      it(what, () => {
        const [[place, why] = [], ...others] = mistakes(() => new HttpApi("api", { routes: twoRoutes, ...args }));
        expect(others).to.deep.equal([]);
        expect(place).to.equal(path);
        expect(why).to.match(reason);
      });
    }
  });
});
