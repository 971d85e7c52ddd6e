import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { type FunctionAccess, LambdaFunction, WebSocketApi, type WebSocketApiArgs } from "../../../components";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../../helpers/components/mocks";

const chat = { functionName: "chat", invokeArn: "arn:chat" };
const other = { functionName: "other", invokeArn: pulumi.output("arn:other"), qualifier: "live" };
const routes = { $connect: { function: chat }, $disconnect: { function: chat }, send: { function: other } };
const executionArn = "arn:aws:execute-api:eu-west-1:123456789012:api";
const address = "api.execute-api.eu-west-1.amazonaws.com/Prod";

describe("WebSocketApi", () => {
  beforeEach(startMocks);

  const create = (args: Partial<WebSocketApiArgs> = {}) => new WebSocketApi("api", { routes, ...args });

  async function all(type: string) {
    return (await resources()).filter((resource) => resource.type === `aws:apigatewayv2/${type}`);
  }

  it("has a route and an integration for each key", async () => {
    create();
    expect((await all("api:Api")).map(({ inputs }) => inputs)).to.deep.equal([
      { protocolType: "WEBSOCKET", routeSelectionExpression: "$request.body.action" },
    ]);
    expect((await all("route:Route")).map(({ name, inputs }) => [name, inputs])).to.deep.equal([
      [
        "api-connect",
        { apiId: "api-id", routeKey: "$connect", authorizationType: "AWS_IAM", target: "integrations/api-connect-id" },
      ],
      [
        "api-disconnect",
        {
          apiId: "api-id",
          routeKey: "$disconnect",
          authorizationType: "NONE",
          target: "integrations/api-disconnect-id",
        },
      ],
      [
        "api-send",
        { apiId: "api-id", routeKey: "send", authorizationType: "NONE", target: "integrations/api-send-id" },
      ],
    ]);
    expect(await inputsOf("aws:apigatewayv2/integration:Integration", "api-send")).to.deep.equal({
      apiId: "api-id",
      integrationType: "AWS_PROXY",
      integrationMethod: "POST",
      integrationUri: "arn:other",
    });
  });

  it("needs one permission for each function", async () => {
    create({ authorizer: { function: chat } });
    const permissions = (await resources()).filter(({ type }) => type === "aws:lambda/permission:Permission");
    expect(permissions.map(({ inputs }) => [inputs.function, inputs.qualifier, inputs.sourceArn])).to.deep.equal([
      ["chat", undefined, `${executionArn}/*/*`],
      ["other", "live", `${executionArn}/*/*`],
    ]);
  });

  it("lets a function decide who may connect", async () => {
    create({ authorizer: { function: other, identitySources: ["route.request.querystring.token"] } });
    expect(await inputsOf("aws:apigatewayv2/authorizer:Authorizer")).to.deep.equal({
      apiId: "api-id",
      authorizerType: "REQUEST",
      authorizerUri: "arn:other",
      identitySources: ["route.request.querystring.token"],
    });
    expect(await inputsOf("aws:apigatewayv2/route:Route", "api-connect")).to.include({
      authorizationType: "CUSTOM",
      authorizerId: "api-id",
    });
  });

  it("answers callers on the routes that ask for it", async () => {
    create({ auth: "none", routes: { ask: { function: chat, routeResponse: true, timeoutInMillis: 1000 } } });
    expect(await inputsOf("aws:apigatewayv2/route:Route")).to.include({ routeResponseSelectionExpression: "$default" });
    expect(await inputsOf("aws:apigatewayv2/routeResponse:RouteResponse")).to.deep.equal({
      apiId: "api-id",
      routeId: "api-ask-id",
      routeResponseKey: "$default",
    });
    expect(await inputsOf("aws:apigatewayv2/integration:Integration")).to.include({ timeoutMilliseconds: 1000 });
  });

  it("serves the stage Prod, logged and limited, and outputs its URLs", async () => {
    const api = create();
    expect(await resolved(api.url)).to.equal(`wss://${address}`);
    expect(await resolved(api.managementUrl)).to.equal(`https://${address}`);
    expect(await resolved(api.stageName)).to.equal("Prod");
    expect(await resolved(api.apiId)).to.equal("api-id");
    expect(await resolved(api.executionArn)).to.equal(executionArn);
    const { accessLogSettings, ...stage } = await inputsOf("aws:apigatewayv2/stage:Stage");
    const settings = { dataTraceEnabled: false, detailedMetricsEnabled: true, loggingLevel: "ERROR" };
    expect(stage).to.deep.equal({
      apiId: "api-id",
      name: "Prod",
      deploymentId: "api-id",
      defaultRouteSettings: { ...settings, throttlingRateLimit: 10_000, throttlingBurstLimit: 5000 },
      routeSettings: [],
    });
    expect(accessLogSettings.destinationArn).to.match(/\/aws\/apigateway\/api-1$/);
    expect(JSON.parse(accessLogSettings.format)).to.include({ connectionId: "$context.connectionId" });
    expect(await inputsOf("aws:cloudwatch/logGroup:LogGroup", "api-execution")).to.deep.equal({
      name: "/aws/apigateway/api-id/Prod",
      retentionInDays: 30,
    });
  });

  it("limits the API and single routes", async () => {
    const throttle = { rateLimit: 10, burstLimit: 5 };
    create({ throttle, routes: { ...routes, send: { function: chat, throttle: { rateLimit: 1, burstLimit: 2 } } } });
    const { defaultRouteSettings, routeSettings } = await inputsOf("aws:apigatewayv2/stage:Stage");
    expect(defaultRouteSettings).to.include({ throttlingRateLimit: 10, throttlingBurstLimit: 5 });
    expect(routeSettings).to.have.lengthOf(1);
    expect(routeSettings[0]).to.include({ routeKey: "send", throttlingRateLimit: 1, throttlingBurstLimit: 2 });
  });

  it("deploys again when a route changes, and only then", async () => {
    const digests: string[] = [];
    for (const args of [
      {},
      { tags: { team: "a" } },
      { routes: { ...routes, send: { function: chat } } },
      { routes: { ...routes, send: { function: other, routeResponse: true } } },
      { auth: "none" as const },
      { routeSelectionExpression: "$request.body.kind" },
    ]) {
      await startMocks();
      create(args);
      digests.push((await inputsOf("aws:apigatewayv2/deployment:Deployment")).triggers.digest);
    }
    const [first, tagged, ...changed] = digests;
    expect(tagged).to.equal(first);
    expect(new Set([first, ...changed]).size).to.equal(5);
  });

  it("alarms on failed and slow functions, and on errors of its own", async () => {
    create({ alarmTopicArns: ["arn:topic"] });
    const alarms = (await resources()).filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarms.map(({ inputs }) => inputs.metricName)).to.have.members([
      ...["ExecutionError", "IntegrationError", "IntegrationLatency"],
    ]);
    expect(alarms[0]?.inputs.dimensions).to.deep.equal({ ApiId: "api-id", Stage: "Prod" });
  });

  it("gives access to its connections: to send, or to manage them", async () => {
    const api = create();
    const send = await resolved(pulumi.output(api.access("send")));
    expect(send).to.deep.equal({
      environment: { AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: `https://${address}` },
      statements: [
        { actions: ["execute-api:ManageConnections"], resources: [`${executionArn}/Prod/POST/@connections/*`] },
      ],
    });
    const manage = await resolved(pulumi.output(api.access("manage", { environmentName: "CHAT_URL" })));
    expect(manage.environment).to.deep.equal({ CHAT_URL: `https://${address}` });
    expect(manage.statements[0]?.resources).to.deep.equal([`${executionArn}/Prod/*/@connections/*`]);
    expect(await resolved(api.sendAccess)).to.deep.equal(send);
  });

  it("creates a table for the connections, and gives access to it too", async () => {
    const api = create({ connections: {} });
    expect(await resolved(api.connectionsTableName)).to.equal("api-connections-1234567");
    expect(await inputsOf("aws:dynamodb/table:Table")).to.deep.include({
      hashKey: "connectionId",
      attributes: [{ name: "connectionId", type: "S" }],
      ttl: { attributeName: "expiresAt", enabled: true },
    });
    const { environment, statements } = await resolved(pulumi.output(api.access("send")));
    expect(environment).to.include({ CONNECTIONS_TABLE: "api-connections-1234567" });
    expect(statements.flatMap(({ actions }) => actions)).to.include.members([
      "dynamodb:PutItem",
      "dynamodb:DeleteItem",
    ]);
  });

  it("lets the function of a route send, without a cycle", async () => {
    const [access, hand] = pulumi.deferredOutput<FunctionAccess>();
    const code = new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset("exports.handler = 1") });
    const handler = new LambdaFunction("handler", { code, access: [access] });
    const api = new WebSocketApi("api", { auth: "none", connections: {}, routes: { $default: { function: handler } } });
    hand(pulumi.output(api.access("send")));
    expect((await inputsOf("aws:lambda/function:Function")).environment.variables).to.include({
      AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: `https://${address}`,
      CONNECTIONS_TABLE: "api-connections-1234567",
    });
    const { policy } = await inputsOf("aws:iam/rolePolicy:RolePolicy");
    expect(policy).to.contain(`${executionArn}/Prod/POST/@connections/*`);
  });

  it("is at a domain of its own, where functions send to connections if the stage's address is off", async () => {
    const domain = { name: "chat.example.com", zoneId: "Z1", basePath: "v1" };
    const api = create({ domain });
    expect(await resolved(api.url)).to.equal("wss://chat.example.com/v1");
    expect(await resolved(api.managementUrl)).to.equal(`https://${address}`);
    expect(await inputsOf("aws:apigatewayv2/domainName:DomainName")).to.deep.include({ domainName: domain.name });
    expect(await inputsOf("aws:apigatewayv2/apiMapping:ApiMapping")).to.deep.equal({
      apiId: "api-id",
      stage: "Prod",
      domainName: domain.name,
      apiMappingKey: "v1",
    });
    await startMocks();
    const closed = create({ domain, disableExecuteApiEndpoint: true });
    expect(await resolved(closed.managementUrl)).to.equal("https://chat.example.com/v1");
  });

  it("asks for API keys at connections, in a header or by what the authorizer returns", async () => {
    const usagePlans = { partners: { keys: ["shop"], quota: { limit: 10, period: "DAY" as const } } };
    const api = create({ apiKeyRequired: true, usagePlans });
    expect(await resolved(pulumi.output(api.apiKeyIds))).to.deep.equal({ shop: "api-shop-id" });
    const asking = (await all("route:Route")).filter(({ inputs }) => inputs.apiKeyRequired);
    expect(asking.map(({ inputs }) => inputs.routeKey)).to.deep.equal(["$connect"]);
    expect((await inputsOf("aws:apigateway/usagePlan:UsagePlan", "api-partners")).apiStages).to.deep.equal([
      { apiId: "api-id", stage: "Prod" },
    ]);
    await startMocks();
    create({ apiKeyRequired: true, usagePlans, apiKeySource: "AUTHORIZER", authorizer: { function: other } });
    expect(await inputsOf("aws:apigatewayv2/api:Api")).to.include({
      apiKeySelectionExpression: "$context.authorizer.usageIdentifierKey",
    });
  });

  const faulty: [string, Partial<WebSocketApiArgs>, ...[path: string, reason: RegExp][]][] = [
    [
      "keys that are no routes",
      {
        auth: "none",
        routes: { $conect: { function: chat }, "GET /items": { function: chat }, "a b": { function: chat } },
      },
      ["routes.$conect", /^"\$conect" is not one of API Gateway's own routes; write \$connect, /],
      ['routes["GET /items"]', /^"GET \/items" is a route of a REST API; write it in a ServerlessApi/],
      ['routes["a b"]', /^"a b" has characters that are refused here; write 1 to 128 /],
    ],
    [
      "keys that give resources the same name",
      { routes: { ...routes, connect: { function: chat } } },
      ["routes.connect", /^would share the names of its resources with "\$connect"; write another key$/],
    ],
    [
      "a connection that nothing can authorize",
      { routes: { $default: { function: chat } } },
      ["routes", /^has no "\$connect", without which anybody may connect; add it, or write `auth: "none"`$/],
    ],
    [
      "two ways to authorize, and an answer to nobody",
      {
        auth: "iam",
        authorizer: { function: chat },
        routes: { ...routes, $disconnect: { function: chat, routeResponse: true } },
      },
      ["routes.$disconnect.routeResponse", /^reaches nobody, as the caller has left; leave it out$/],
      ["auth", /^is set beside an `authorizer`; write one of them$/],
    ],
    [
      "arguments of the API that the component wires up, and expressions of another form",
      {
        apiArgs: { protocolType: "HTTP" },
        routeSelectionExpression: "$request.path",
        authorizer: { function: chat, identitySources: ["method.request.header.Authorization"] },
      },
      ["apiArgs.protocolType", /^write the component's /],
      ["routeSelectionExpression", /write where messages have the route's key, such as \$request\.body\.action$/],
      ["authorizer.identitySources[0]", /write such as route\.request\.querystring\.token or /],
    ],
    [
      "what only the domains and the plans of other APIs can have, and a key that nothing gives",
      {
        domain: { name: "chat.example.com", securityPolicy: "TLS_1_0", mutualTls: { truststoreUri: "s3://a/b" } },
        apiKeySource: "AUTHORIZER",
        usagePlans: { all: { keys: ["shop"], methodThrottles: { send: { rateLimit: 1, burstLimit: 1 } } } },
      },
      ["domain.certificateArn", /^is missing; write one, or the `zoneId`/],
      ["domain.securityPolicy", /^is not for WebSocket APIs: write TLS_1_2, or leave it out$/],
      ["domain.mutualTls", /^is not for WebSocket APIs: leave it out/],
      ["apiKeySource", /^is "AUTHORIZER", but there is no `authorizer` that would give the key; write one$/],
      ["usagePlans", /^count only requests with a key, which no route asks for; write `apiKeyRequired: true`$/],
      ["usagePlans.all.methodThrottles", /^is not for WebSocket APIs: keys are checked at connections only; write /],
    ],
    [
      "keys that nothing checks",
      {
        auth: "none",
        apiKeyRequired: true,
        usagePlans: { all: { keys: ["shop"] } },
        routes: { $default: { function: chat } },
      },
      ["apiKeyRequired", /^needs a "\$connect" route, which is where keys are checked; add it to `routes`$/],
    ],
    ["keys without a plan", { apiKeyRequired: true }, ["apiKeyRequired", /^lets nobody in without a usage plan/]],
  ];
  for (const [what, args, ...expected] of faulty) {
    it(`reports ${what}, all at once`, () => {
      const found = mistakes(() => create(args));
      expect(found.map(([path]) => path)).to.have.members(expected.map(([path]) => path));
      const reasons = new Map(found);
      for (const [path, reason] of expected) expect(reasons.get(path)).to.match(reason);
    });
  }
});
