import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { LambdaFunction, type RouteArgs, ServerlessApi, type ServerlessApiArgs } from "../../../components";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../../helpers/components/mocks";

const executionArn = "arn:aws:execute-api:eu-west-1:123456789012:api";
const list = { functionName: "list", invokeArn: "arn:list" };
const route = (operationId: string, more: Partial<RouteArgs> = {}): RouteArgs => ({
  function: list,
  operationId,
  ...more,
});
const twoRoutes = { "GET /items": route("list"), "GET /items/{id}": route("read") };

describe("ServerlessApi", () => {
  beforeEach(startMocks);

  async function deployed(args: Partial<ServerlessApiArgs> = {}) {
    new ServerlessApi("api", { routes: twoRoutes, ...args });
    return JSON.parse((await inputsOf("aws:apigateway/restApi:RestApi")).body);
  }

  async function all(type: string) {
    return (await resources()).filter((resource) => resource.type === type);
  }

  it("needs four resources for its routes, however many there are", async () => {
    const routes = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`GET /r${i}`, route(`get${i}`)]));
    await deployed({ routes });
    const types = (await resources()).map(({ type }) => type);
    expect(types).to.have.members([
      "graviton:index:ServerlessApi",
      "aws:apigateway/restApi:RestApi",
      "aws:apigateway/deployment:Deployment",
      "aws:apigateway/stage:Stage",
      "aws:lambda/permission:Permission",
      "aws:apigateway/methodSettings:MethodSettings",
      "aws:cloudwatch/logGroup:LogGroup",
      "aws:cloudwatch/logGroup:LogGroup",
      "aws:apigateway/account:Account",
      "aws:iam/role:Role",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    ]);
  });

  it("calls each route's function", async () => {
    const other = { functionName: "other", invokeArn: pulumi.output("arn:other") };
    const { paths } = await deployed({ routes: { ...twoRoutes, "ANY /items": route("any", { function: other }) } });
    expect(paths["/items"].get["x-amazon-apigateway-integration"]).to.deep.equal({
      type: "aws_proxy",
      httpMethod: "POST",
      uri: "arn:list",
    });
    const any = paths["/items"]["x-amazon-apigateway-any-method"];
    expect(any["x-amazon-apigateway-integration"].uri).to.equal("arn:other");
    expect(Object.keys(paths)).to.deep.equal(["/items", "/items/{id}"]);
  });

  it("calls the alias of a LambdaFunction, which has the provisioned concurrency", async () => {
    const code = new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset("exports.handler = 1") });
    const work = new LambdaFunction("work", { code, alias: { provisionedConcurrency: 2 } });
    const { paths } = await deployed({ routes: { "GET /work": route("work", { function: work }) } });
    expect(paths["/work"].get["x-amazon-apigateway-integration"].uri).to.match(/:live\/invocations$/);
    expect(await inputsOf("aws:lambda/permission:Permission")).to.include({
      function: "work-1234567",
      qualifier: "live",
    });
    const provisioned = await inputsOf("aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig");
    expect(provisioned).to.include({ functionName: "work-1234567", qualifier: "live" });
  });

  it("serves the stage Prod, traced and logged, and outputs its URL", async () => {
    const api = new ServerlessApi("api", { routes: twoRoutes });
    expect(await resolved(api.url)).to.equal("https://api.execute-api.eu-west-1.amazonaws.com/Prod");
    expect(await resolved(api.executionArn)).to.equal(executionArn);
    expect(await resolved(api.restApiId)).to.equal("api-id");
    const { accessLogSettings, ...stage } = await inputsOf("aws:apigateway/stage:Stage");
    expect(stage).to.deep.equal({
      restApi: "api-id",
      deployment: "api-id",
      stageName: "Prod",
      xrayTracingEnabled: true,
    });
    expect(accessLogSettings.destinationArn).to.match(/\/aws\/apigateway\/api-1$/);
    expect(await inputsOf("aws:apigateway/methodSettings:MethodSettings")).to.deep.equal({
      restApi: "api-id",
      stageName: "Prod",
      methodPath: "*/*",
      settings: { metricsEnabled: true, loggingLevel: "ERROR", dataTraceEnabled: false },
    });
    expect(await inputsOf("aws:cloudwatch/logGroup:LogGroup", "api")).to.include({ retentionInDays: 30 });
  });

  it("keeps the error log, which API Gateway would create itself, as long as the access log", async () => {
    await deployed({ stageName: "v1", logRetentionDays: 7, tags: { team: "a" } });
    expect(await inputsOf("aws:cloudwatch/logGroup:LogGroup", "api-execution")).to.deep.equal({
      name: "API-Gateway-Execution-Logs_api-id/v1",
      retentionInDays: 7,
      tags: { team: "a" },
    });
  });

  it("passes on the other settings", async () => {
    await deployed({
      stageName: "v1",
      tracing: false,
      logRetentionDays: 365,
      logKmsKeyArn: "key",
      tags: { team: "a" },
      description: "items",
      endpointType: "PRIVATE",
      vpcEndpointIds: ["vpce-1"],
      resourcePolicy: "{}",
      minimumCompressionSize: 1024,
      binaryMediaTypes: ["image/png"],
      disableExecuteApiEndpoint: true,
      securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09",
      endpointAccessMode: "STRICT",
      restApiArgs: { name: "mine" },
    });
    const { body: _, ...api } = await inputsOf("aws:apigateway/restApi:RestApi");
    expect(api).to.deep.equal({
      name: "mine",
      description: "items",
      endpointConfiguration: { types: "PRIVATE", vpcEndpointIds: ["vpce-1"] },
      policy: "{}",
      minimumCompressionSize: "1024",
      binaryMediaTypes: ["image/png"],
      disableExecuteApiEndpoint: true,
      securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09",
      endpointAccessMode: "STRICT",
      tags: { team: "a" },
    });
    const stage = await inputsOf("aws:apigateway/stage:Stage");
    expect(stage).to.deep.include({ stageName: "v1", xrayTracingEnabled: false, tags: { team: "a" } });
    for (const { inputs } of await all("aws:cloudwatch/logGroup:LogGroup")) {
      expect(inputs).to.include({ retentionInDays: 365, kmsKeyId: "key" });
    }
  });

  it("has the access mode that AWS demands beside the newer TLS policies", async () => {
    await deployed({ securityPolicy: "SecurityPolicy_TLS13_2025_EDGE", endpointType: "EDGE" });
    expect(await inputsOf("aws:apigateway/restApi:RestApi")).to.include({ endpointAccessMode: "BASIC" });
  });

  it("has no access mode beside the older TLS policies", async () => {
    await deployed({ securityPolicy: "TLS_1_2" });
    const { securityPolicy, endpointAccessMode } = await inputsOf("aws:apigateway/restApi:RestApi");
    expect({ securityPolicy, endpointAccessMode }).to.deep.equal({
      securityPolicy: "TLS_1_2",
      endpointAccessMode: undefined,
    });
  });

  describe("authorization", () => {
    it("requires signed requests by default", async () => {
      const { paths, components } = await deployed();
      expect(paths["/items"].get.security).to.deep.equal([{ sigv4: [] }]);
      expect(components.securitySchemes.sigv4).to.include({ "x-amazon-apigateway-authtype": "awsSigv4" });
    });

    it("can be overridden by a route", async () => {
      const { paths } = await deployed({ routes: { ...twoRoutes, "GET /open": route("open", { auth: "none" }) } });
      expect(paths["/open"].get).to.not.have.property("security");
      expect(paths["/items"].get).to.have.property("security");
    });

    it("can be turned off for the API, where a missing route is then a 404", async () => {
      const { paths, components, ...body } = await deployed({ auth: "none" });
      expect(paths["/items"].get).to.not.have.property("security");
      expect(components).to.deep.equal({});
      const responses = body["x-amazon-apigateway-gateway-responses"];
      expect(responses.MISSING_AUTHENTICATION_TOKEN.statusCode).to.equal(404);
    });
  });

  describe("permissions", () => {
    it("are one for each function by default, for this API only", async () => {
      const work = { functionName: "work", invokeArn: "arn:work", qualifier: "live" };
      await deployed({ routes: { ...twoRoutes, "POST /work": route("work", { function: work }) } });
      const permissions = (await all("aws:lambda/permission:Permission")).map(({ name, inputs }) => ({
        name,
        ...inputs,
      }));
      const shared = { action: "lambda:InvokeFunction", principal: "apigateway.amazonaws.com" };
      expect(permissions).to.have.deep.members([
        { name: "api-list", ...shared, function: "list", sourceArn: `${executionArn}/*/*` },
        { name: "api-work", ...shared, function: "work", qualifier: "live", sourceArn: `${executionArn}/*/*` },
      ]);
    });

    it("can be one for each route", async () => {
      await deployed({ permissions: "route", routes: { ...twoRoutes, "ANY /x/{proxy+}": route("any") } });
      const permissions = await all("aws:lambda/permission:Permission");
      expect(permissions.map(({ name, inputs }) => [name, inputs.sourceArn])).to.have.deep.members([
        ["api-list", `${executionArn}/*/GET/items`],
        ["api-read", `${executionArn}/*/GET/items/*`],
        ["api-any", `${executionArn}/*/*/x/*`],
      ]);
    });
  });

  describe("deployment", () => {
    async function digest(args: Partial<ServerlessApiArgs>) {
      await startMocks();
      new ServerlessApi("api", { routes: twoRoutes, ...args });
      return (await inputsOf("aws:apigateway/deployment:Deployment")).triggers.digest;
    }

    it("is repeated after every change to what a stage serves, and after no other change", async () => {
      const before = await digest({});
      expect(await digest({})).to.equal(before);
      expect(await digest({ tags: { team: "a" }, stageName: "v2" })).to.equal(before);
      const changes: Partial<ServerlessApiArgs>[] = [
        { routes: { "GET /items": route("list") } },
        { routes: { ...twoRoutes, "GET /items": route("list", { function: { ...list, invokeArn: "arn:new" } }) } },
        { auth: "none" },
        { cors: { allowOrigins: ["*"] } },
        { resourcePolicy: "{}" },
        { binaryMediaTypes: ["image/png"] },
        { minimumCompressionSize: 0 },
        { disableExecuteApiEndpoint: true },
        { restApiArgs: { policy: "{}" } },
      ];
      for (const change of changes) expect(await digest(change)).to.not.equal(before);
    });
  });

  describe("throttling", () => {
    it("applies to the stage, and to a route that sets its own", async () => {
      const throttle = { rateLimit: 5, burstLimit: 10 };
      const routes = {
        ...twoRoutes,
        "PUT /items/{id}": route("put", { throttle }),
        "GET /": route("home", { throttle }),
      };
      await deployed({ routes, throttle: { rateLimit: 100, burstLimit: 200 } });
      const stage = await inputsOf("aws:apigateway/methodSettings:MethodSettings", "api");
      expect(stage.settings).to.include({ throttlingRateLimit: 100, throttlingBurstLimit: 200 });
      const own = await inputsOf("aws:apigateway/methodSettings:MethodSettings", "api-put");
      expect(own.methodPath).to.equal("~1items~1{id}/PUT");
      const root = await inputsOf("aws:apigateway/methodSettings:MethodSettings", "api-home");
      expect(root.methodPath).to.equal("~1/GET");
      expect(own.settings).to.deep.equal({
        metricsEnabled: true,
        loggingLevel: "ERROR",
        dataTraceEnabled: false,
        throttlingRateLimit: 5,
        throttlingBurstLimit: 10,
      });
    });

    it("applies to each method that ANY handles, as AWS has no settings for ANY", async () => {
      const any = route("any", { throttle: { rateLimit: 5, burstLimit: 10 } });
      const placesWith = async (args: Partial<ServerlessApiArgs>) => {
        await startMocks();
        await deployed({ routes: { ...twoRoutes, "ANY /": any, "PUT /": route("put") }, ...args });
        const settings = (await resources()).filter(
          ({ type }) => type === "aws:apigateway/methodSettings:MethodSettings",
        );
        return settings.map(({ name, inputs }) => `${name} ${inputs.methodPath}`).sort();
      };
      const all = [
        "api */*",
        ...["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST"].map((one) => `api-any.${one} ~1/${one}`),
      ];
      expect(await placesWith({})).to.deep.equal(all);
      // Preflight requests and the document have routes of their own.
      const others = { cors: { allowOrigins: ["*"] }, documentPath: "/" };
      expect(await placesWith(others)).to.deep.equal(all.filter((place) => !/GET|OPTIONS/.test(place)));
    });
  });

  it("creates the account's role for logs, or uses the existing one", async () => {
    await deployed();
    expect(await inputsOf("aws:apigateway/account:Account")).to.have.property("cloudwatchRoleArn");
    await startMocks();
    await deployed({ cloudWatchRole: "existing" });
    expect(await all("aws:apigateway/account:Account")).to.deep.equal([]);
    expect(await all("aws:iam/role:Role")).to.deep.equal([]);
  });

  it("notifies topics of failures, slow responses, and a quarter of refused requests", async () => {
    await deployed({ alarmTopicArns: ["topic"], tags: { team: "a" } });
    const found = await all("aws:cloudwatch/metricAlarm:MetricAlarm");
    const alarms = found.filter(({ inputs }) => inputs.metricName !== undefined);
    expect(alarms.map(({ inputs }) => inputs.metricName)).to.have.members(["5XXError", "Latency"]);
    const refused = found.find(({ name }) => name === "api-refused")?.inputs;
    expect(refused).to.deep.include({ threshold: 25, evaluationPeriods: 3, alarmActions: ["topic"] });
    const metric = {
      namespace: "AWS/ApiGateway",
      dimensions: { ApiName: "api-1234567", Stage: "Prod" },
      period: 300,
      stat: "Sum",
    };
    expect(refused?.metricQueries).to.deep.equal([
      {
        id: "share",
        expression: "IF(whole >= 20, 100 * part / whole, 0)",
        label: "4XXError (%)",
        returnData: true,
      },
      { id: "part", metric: { ...metric, metricName: "4XXError" } },
      { id: "whole", metric: { ...metric, metricName: "Count" } },
    ]);
    const [alarm] = alarms;
    expect(alarm?.inputs.dimensions).to.deep.equal({ ApiName: "api-1234567", Stage: "Prod" });
    expect(alarm?.inputs.tags).to.deep.equal({ team: "a" });
  });

  it("outputs the document for callers, without API Gateway's extensions", async () => {
    const api = new ServerlessApi("api", { routes: twoRoutes, title: "Items", version: "2.0.0" });
    const text = await resolved(api.document);
    expect(text).to.not.contain("x-amazon");
    expect(JSON.parse(text)).to.deep.include({ openapi: "3.0.1", info: { title: "Items", version: "2.0.0" } });
  });

  describe("refuses", () => {
    const schema = { type: "string" };
    const body = (content: object) => ({ content: { "application/json": { schema: content } } });
    const of = (key: string, more: Partial<RouteArgs> = {}) => ({ routes: { [key]: route("one", more) } });
    const cases: [what: string, args: Partial<ServerlessApiArgs>, path: string, reason: RegExp][] = [
      ["no routes", { routes: {} }, "routes", /is empty/],
      ["a malformed route", of("items"), "routes.items", /such as "GET \/items\/\{id\}"/],
      ["an unknown method", of("FETCH /items"), 'routes["FETCH /items"]', /GET, POST/],
      [
        "one place with two names",
        { routes: { "GET /a/{id}": route("x"), "PUT /a/{name}": route("y") } },
        'routes["PUT /a/{name}"]',
        /parameter of "\/a\/\{id\}" differently/,
      ],
      ["no target", of("GET /a", { function: undefined }), 'routes["GET /a"]', /has none of `function`/],
      ["no operationId", of("GET /a", { operationId: "" }), 'routes["GET /a"].operationId', /up to 64/],
      [
        "an operationId that cannot be a statement's id",
        of("GET /a", { operationId: "items.list" }),
        'routes["GET /a"].operationId',
        /`_` and `-`$/,
      ],
      [
        "a duplicate operationId",
        { routes: { "GET /a": route("x"), "PUT /a": route("x") } },
        'routes["PUT /a"].operationId',
        /taken by "GET \/a"/,
      ],
      [
        "a parameter's name that cannot be mapped",
        of("GET /a", { parameters: { "filter[name]": { in: "query", schema } } }),
        'routes["GET /a"].parameters["filter[name]"]',
        /a name that API Gateway refuses/,
      ],
      ["an unknown auth", { auth: "key" as "iam" }, "auth", /"iam" or "none"/],
      ["a route's unknown auth", of("GET /a", { auth: "key" as "iam" }), 'routes["GET /a"].auth', /"iam" or "none"/],
      ["an unknown validation", { validation: "some" as "all" }, "validation", /"none", "parameters", "body" or "all"/],
      [
        "a path parameter that is not in the path",
        of("GET /a", { parameters: { id: { in: "path", schema } } }),
        'routes["GET /a"].parameters.id',
        /write \{id\} there/,
      ],
      [
        "a parameter in the path that is declared elsewhere",
        of("GET /a/{id}", { parameters: { id: { in: "query", schema } } }),
        'routes["GET /a/{id}"].parameters.id.in',
        /write "path"/,
      ],
      ["a GET with a body", of("GET /a", { requestBody: body({}) }), 'routes["GET /a"].requestBody', /has no body/],
      [
        "a schema that API Gateway ignores",
        of("POST /a", { validation: "body", requestBody: body({ properties: { a: { discriminator: {} } } }) }),
        'routes["POST /a"].requestBody.content["application/json"].schema.properties.a.discriminator',
        /API Gateway/,
      ],
      [
        "an invalid status",
        of("GET /a", { responses: { ok: { description: "" } } }),
        'routes["GET /a"].responses.ok',
        /such as 200/,
      ],
      ["an invalid stage", { stageName: "v.1" }, "stageName", /letters, digits, `_` and `-`/],
      ["an invalid retention", { logRetentionDays: 2 }, "logRetentionDays", /is 2; write 0, 1, 3/],
      ["an unknown endpoint", { endpointType: "GLOBAL" as "EDGE" }, "endpointType", /"REGIONAL", "EDGE" or "PRIVATE"/],
      ["a private API without a policy", { endpointType: "PRIVATE" }, "resourcePolicy", /refuses all callers/],
      ["a policy that is not JSON", { resourcePolicy: "{'Statement': []}" }, "resourcePolicy", /not an object in JSON/],
      ["a policy that is not an object", { resourcePolicy: '"*"' }, "resourcePolicy", /not an object in JSON/],
      ["VPC endpoints of a public API", { vpcEndpointIds: ["a"] }, "vpcEndpointIds", /does nothing here/],
      ["a huge compression size", { minimumCompressionSize: 2 ** 24 }, "minimumCompressionSize", /bytes/],
      ["an unknown role", { cloudWatchRole: "mine" as "managed" }, "cloudWatchRole", /"managed" or "existing"/],
      ["unknown permissions", { permissions: "all" as "api" }, "permissions", /"api" or "route"/],
      [
        "two origins",
        { cors: { allowOrigins: ["https://a.b", "https://c.d"] } },
        "cors.allowOrigins",
        /has 2; write one origin/,
      ],
      [
        "an origin with a path",
        { cors: { allowOrigins: ["https://a.b/c"] } },
        "cors.allowOrigins[0]",
        /an origin such as/,
      ],
      [
        "credentials for everybody",
        { cors: { allowOrigins: ["*"], allowCredentials: true } },
        "cors.allowCredentials",
        /name the origin/,
      ],
      ["an odd CORS method", { cors: { allowOrigins: ["*"], allowMethods: ["ANY"] } }, "cors.allowMethods[0]", /"ANY"/],
      [
        "an odd CORS header",
        { cors: { allowOrigins: ["*"], allowHeaders: ["a, b"] } },
        "cors.allowHeaders[0]",
        /one header/,
      ],
      ["a CORS age over a day", { cors: { allowOrigins: ["*"], maxAge: 1e6 } }, "cors.maxAge", /86400 seconds/],
      ["a negative rate", { throttle: { rateLimit: -1, burstLimit: 1 } }, "throttle.rateLimit", /0 or more/],
      ["a fractional burst", { throttle: { rateLimit: 1, burstLimit: 0.5 } }, "throttle.burstLimit", /whole number/],
      ["a document path with a parameter", { documentPath: "/{doc}" }, "documentPath", /fixed path/],
      ["a document path without a slash", { documentPath: "openapi.json" }, "documentPath", /is not a route/],
      ["a document path that is a route's", { documentPath: "/items" }, "documentPath", /"GET \/items" is a route too/],
      ["an unknown policy", { securityPolicy: "TLS_1_3" }, "securityPolicy", /SecurityPolicy_TLS13_1_3_2025_09/],
      [
        "an edge policy elsewhere",
        { securityPolicy: "SecurityPolicy_TLS13_2025_EDGE" },
        "securityPolicy",
        /REGIONAL; write one such as SecurityPolicy_TLS13_1_2/,
      ],
      [
        "another policy at the edge",
        { securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09", endpointType: "EDGE" },
        "securityPolicy",
        /EDGE; write one such as SecurityPolicy_TLS13_2025_EDGE/,
      ],
      [
        "an access mode with an older policy",
        { securityPolicy: "TLS_1_2", endpointAccessMode: "STRICT" },
        "endpointAccessMode",
        /begins with SecurityPolicy_/,
      ],
      ["an access mode alone", { endpointAccessMode: "BASIC" }, "endpointAccessMode", /begins with SecurityPolicy_/],
      [
        "a long wait at the edge",
        { ...of("GET /a", { timeoutInMillis: 29_001 }), endpointType: "EDGE" },
        'routes["GET /a"].timeoutInMillis',
        /REGIONAL/,
      ],
      [
        "a wait of more than five minutes without streaming",
        of("GET /a", { timeoutInMillis: 300_001 }),
        'routes["GET /a"].timeoutInMillis',
        /responseTransferMode: "STREAM"/,
      ],
      [
        "a wait of more than fifteen minutes",
        of("GET /a", { timeoutInMillis: 900_001, responseTransferMode: "STREAM" }),
        'routes["GET /a"].timeoutInMillis',
        /900000 milliseconds/,
      ],
      [
        "streaming with compression",
        { ...of("GET /a", { responseTransferMode: "STREAM" }), minimumCompressionSize: 0 },
        'routes["GET /a"].responseTransferMode',
        /leave `minimumCompressionSize` out/,
      ],
      [
        "a tenant's name in a text that says where nothing is",
        of("GET /a", { tenantId: "blue" }),
        'routes["GET /a"].tenantId',
        /such as context.identity.accountId or method.request.path.tenant/,
      ],
      [
        "a tenant in a parameter that the route lacks",
        of("GET /a", { tenantId: "method.request.querystring.tenant" }),
        'routes["GET /a"].tenantId',
        /write it in the route's `parameters`, with `in: "query"`/,
      ],
      [
        "two schemas with one title",
        of("GET /a", {
          parameters: { limit: { in: "query", schema: { title: "Number", type: "integer" } } },
          responses: { "200": { description: "", content: { "text/plain": { schema: { title: "Number" } } } } },
        }),
        "routes",
        /title "Number"/,
      ],
      [
        "a document that is too large",
        { ...of("GET /a", { description: "x".repeat(400_000) }), documentPath: "/openapi.json" },
        "documentPath",
        /returns at most 307200/,
      ],
      ["its own body", { restApiArgs: { body: "{}" } }, "restApiArgs.body", /write the component's `routes`/],
    ];
    for (const [what, args, path, reason] of cases) {
      it(what, async () => {
        const found = mistakes(() => new ServerlessApi("api", { routes: twoRoutes, ...args }));
        expect(found.map(([place]) => place)).to.include(path);
        expect(found.find(([place]) => place === path)?.[1]).to.match(reason);
        expect(await resources()).to.deep.equal([]);
      });
    }

    it("a mistake of one route or authorizer beside misspelt properties of others", () => {
      const authorizers = { callers: { jwtt: {} }, checked: { lambda: { function: list } } };
      const routes = {
        "GET /a/{id}": route("a", { atuh: "none" } as object),
        "GET /b/{id}": route("b", { auth: "nobody" }),
        "GET /b/{name}": route("c", { auth: "callers" }),
        "GET /d": route("d", { auth: "checked", scopes: ["read"] }),
      };
      const throttles = { "GET /e": { rateLimit: 1, burstLimit: 1 } };
      const usagePlans = { basic: { keys: ["shop"], methodThrottles: throttles } };
      const args = { authorizers, routes, usagePlans, apiKeyRequired: true } as ServerlessApiArgs;
      expect(mistakes(() => new ServerlessApi("api", args)).map(([path]) => path)).to.have.members([
        "authorizers.callers.jwtt",
        'routes["GET /a/{id}"].atuh',
        'routes["GET /b/{id}"].auth',
        'routes["GET /b/{name}"]',
        'routes["GET /d"].scopes',
        'usagePlans.basic.methodThrottles["GET /e"]',
      ]);
    });

    it("no tenant in a parameter of the route or in the request's context", () => {
      const parameters = { tenant: { in: "query", schema } } as const;
      const routes = {
        "GET /a": route("a", { parameters, tenantId: "method.request.querystring.tenant" }),
        "GET /b/{id}": route("b", { tenantId: "method.request.path.id" }),
        "GET /c": route("c", { tenantId: "context.identity.accountId" }),
      };
      expect(mistakes(() => new ServerlessApi("api", { routes }))).to.deep.equal([]);
    });

    it("an operationId that, with the API's name, is too long for the id of a function's statement", () => {
      const [[path, reason] = []] = mistakes(
        () => new ServerlessApi("a".repeat(28), of("GET /a", { operationId: "b".repeat(64) })),
      );
      expect(path).to.equal('routes["GET /a"].operationId');
      expect(reason).to.match(/has 93 characters; write at most 92, as AWS allows 100 and Pulumi adds 8/);
    });

    it("more permissions by route than a function's policy can hold", () => {
      const routes = (count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, index) => [`GET /route${index}`, route(`get${index}`)]));
      const create = (count: number) => new ServerlessApi("api", { permissions: "route", routes: routes(count) });
      expect(mistakes(() => create(40))).to.deep.equal([]);
      const [[path, reason] = []] = mistakes(() => create(60));
      expect(path).to.equal("permissions");
      expect(reason).to.match(/^60 routes, "GET \/route0" first, .* allows 20480: write "api"/);
    });
  });
});
