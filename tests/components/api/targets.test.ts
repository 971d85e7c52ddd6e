import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { HttpApi, Queue, type RouteArgs, ServerlessApi, type ServerlessApiArgs } from "../../../components";
import { resolveRoutes } from "../../../components/api/routes";
import { refuseMistakes } from "../../../components/api/targetChecks";
import { inputsOf, mistakes, resources, startMocks } from "../../helpers/components/mocks";

const sending = { environment: {}, statements: [{ actions: ["sqs:SendMessage"], resources: ["arn:queue"] }] };
const integration = "x-amazon-apigateway-integration";

describe("routes of an API without a function", () => {
  beforeEach(startMocks);

  const create = (key: string, route: Omit<RouteArgs, "operationId">, more: Partial<ServerlessApiArgs> = {}) =>
    new ServerlessApi("api", { routes: { [key]: { operationId: "one", ...route } }, ...more });
  async function operation(key: string, route: Omit<RouteArgs, "operationId">, more: Partial<ServerlessApiArgs> = {}) {
    create(key, route, more);
    const { paths } = JSON.parse((await inputsOf("aws:apigateway/restApi:RestApi")).body);
    const [method = "", path = ""] = key.split(" ");
    return paths[path][method.toLowerCase()];
  }

  it("are answered by API Gateway itself", async () => {
    const { responses, ...health } = await operation("GET /health", {
      mock: { status: 202, headers: { "X-Id": "context.requestId" }, template: pulumi.output('{"ok": true}') },
    });
    expect(responses["202"].headers).to.deep.equal({ "X-Id": { schema: { type: "string" } } });
    expect(health[integration]).to.deep.include({
      type: "mock",
      requestTemplates: { "application/json": '{"statusCode": 202}' },
      responses: {
        default: {
          statusCode: "202",
          responseParameters: { "method.response.header.X-Id": "context.requestId" },
          responseTemplates: { "application/json": '{"ok": true}' },
        },
      },
    });
    expect((await resources()).some(({ type }) => type === "aws:lambda/permission:Permission")).to.equal(false);
  });

  it("are refused for a template with mistakes as soon as it is known", async () => {
    const mock = { template: pulumi.output("#if($x)") };
    const [route] = resolveRoutes({ routes: { "GET /health": { operationId: "health", mock } } });
    expect(route && (() => refuseMistakes(route, { mock: { template: "#if($x)" } }))).to.throw(
      pulumi.RunError,
      /^routes\["GET \/health"\]\.mock\.template .*#end/,
    );
  });

  it("pass requests on to a web server, with their path parameters", async () => {
    const { [integration]: passed, responses } = await operation("GET /shop/{id}", {
      http: { url: "https://example.com/items/{id}", requestParameters: { "header.X-Stage": "'prod'" } },
      responseTransferMode: "STREAM",
      timeoutInMillis: 5000,
    });
    expect(passed).to.deep.equal({
      type: "http_proxy",
      httpMethod: "GET",
      uri: "https://example.com/items/{id}",
      timeoutInMillis: 5000,
      responseTransferMode: "STREAM",
      requestParameters: {
        "integration.request.path.id": "method.request.path.id",
        "integration.request.header.X-Stage": "'prod'",
      },
      passthroughBehavior: "when_no_match",
    });
    expect(responses).to.deep.equal({ default: { description: "The server's response" } });
  });

  it("reach a load balancer through a VPC link", async () => {
    const { [integration]: passed } = await operation("GET /", {
      http: {
        url: "http://internal.example.com/",
        vpcLinkId: pulumi.output("link"),
        integrationTarget: pulumi.output("arn:alb"),
      },
    });
    expect(passed).to.include({ connectionType: "VPC_LINK", connectionId: "link", integrationTarget: "arn:alb" });
  });

  it("call an AWS service in one role with exactly what their accesses allow", async () => {
    const queue = new Queue("orders");
    const service = {
      service: "sqs",
      path: pulumi.interpolate`123456789012/${queue.queueName}`,
      requestParameters: { "header.Content-Type": "'application/x-www-form-urlencoded'" },
      requestTemplates: { "application/json": "Action=SendMessage&MessageBody=$util.urlEncode($input.body)" },
      responses: {
        "4\\d{2}": { status: 400, templates: { "application/json": '{"title": "refused"}' } },
        default: { status: 202, headers: { Location: "integration.response.body.id" } },
      },
      access: [queue.access("send"), pulumi.output(sending)],
    };
    const { responses, ...order } = await operation(
      "POST /orders",
      { service },
      { cors: { allowOrigins: ["https://example.com"] } },
    );
    const origin = { "method.response.header.Access-Control-Allow-Origin": "'https://example.com'" };
    expect(order[integration]).to.deep.equal({
      type: "aws",
      httpMethod: "POST",
      uri: "arn:aws:apigateway:eu-west-1:sqs:path/123456789012/orders-1234567",
      credentials: "arn:aws:iam:eu-west-1:123456789012:api-integrations-1234567",
      requestParameters: { "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'" },
      requestTemplates: service.requestTemplates,
      passthroughBehavior: "never",
      responses: {
        "4\\d{2}": {
          statusCode: "400",
          responseParameters: origin,
          responseTemplates: { "application/json": '{"title": "refused"}' },
        },
        default: {
          statusCode: "202",
          responseParameters: { ...origin, "method.response.header.Location": "integration.response.body.id" },
        },
      },
    });
    expect(Object.keys(responses)).to.have.members(["400", "202"]);
    expect(Object.keys(responses["202"].headers)).to.have.members(["Access-Control-Allow-Origin", "Location"]);
    const { policy } = await inputsOf("aws:iam/rolePolicy:RolePolicy", "api-integrations");
    const actions = JSON.parse(policy).Statement.flatMap(({ Action }: { Action: string[] }) => Action);
    expect(actions).to.include("sqs:SendMessage");
    expect(actions.every((action: string) => action.startsWith("sqs:"))).to.equal(true);
    const { assumeRolePolicy } = await inputsOf("aws:iam/role:Role", "api-integrations");
    expect(assumeRolePolicy).to.contain("apigateway.amazonaws.com");
  });

  it("call an operation of a service", async () => {
    const service = { service: "dynamodb", action: "GetItem", access: [sending] };
    const { [integration]: passed } = await operation("GET /items", { service });
    expect(passed.uri).to.equal("arn:aws:apigateway:eu-west-1:dynamodb:action/GetItem");
    expect(passed.passthroughBehavior).to.equal("when_no_match");
    expect(passed.responses).to.deep.equal({ default: { statusCode: "200", responseParameters: {} } });
  });

  /** What each service's route calls, and the action that its role must allow. */
  const services: [service: string, place: { action: string } | { path: string }, action: string][] = [
    ["dynamodb", { action: "UpdateItem" }, "dynamodb:UpdateItem"],
    ["sqs", { path: "123456789012/orders" }, "sqs:SendMessage"],
    ["kinesis", { action: "PutRecord" }, "kinesis:PutRecord"],
    ["events", { action: "PutEvents" }, "events:PutEvents"],
    ["batch", { path: "v1/submitjob" }, "batch:SubmitJob"],
    ["states", { action: "StartExecution" }, "states:StartExecution"],
  ];
  for (const [service, place, action] of services) {
    it(`call ${service} in a role that allows ${action} on its resource, and nothing else`, async () => {
      const access = [{ environment: {}, statements: [{ actions: [action], resources: ["arn:it"] }] }];
      const { [integration]: passed } = await operation("POST /", { service: { service, ...place, access } });
      const [[kind, target] = []] = Object.entries(place);
      expect([passed.uri, passed.credentials]).to.deep.equal([
        `arn:aws:apigateway:eu-west-1:${service}:${kind}/${target}`,
        "arn:aws:iam:eu-west-1:123456789012:api-integrations-1234567",
      ]);
      const { policy } = await inputsOf("aws:iam/rolePolicy:RolePolicy", "api-integrations");
      const statement = { Effect: "Allow", Action: [action], Resource: ["arn:it"] };
      expect(JSON.parse(policy).Statement).to.deep.equal([statement]);
    });
  }

  it("pass requests of an HTTP API on to a web server", async () => {
    const http = { url: "https://example.com", method: "POST", vpcLinkId: "link" };
    new HttpApi("api", { routes: { "GET /": { operationId: "one", http } } });
    const { paths } = JSON.parse((await inputsOf("aws:apigatewayv2/api:Api")).body);
    expect(paths["/"].get[integration]).to.deep.equal({
      type: "http_proxy",
      httpMethod: "POST",
      uri: "https://example.com",
      connectionType: "VPC_LINK",
      connectionId: "link",
      payloadFormatVersion: "1.0",
    });
  });

  it("say all that is wrong with them at once", () => {
    const routes: Record<string, RouteArgs> = {
      "GET /none": { operationId: "none" },
      "GET /two": { operationId: "two", mock: { template: "#if($a)" }, http: { url: "https://example.com" } },
      "GET /http/{id}": {
        operationId: "http",
        http: {
          url: "ftp://example.com/{name}",
          integrationTarget: "arn",
          requestTemplates: { "text/plain": "#end" },
          requestParameters: { id: "method.request.path.id", "path.name": "method.request.querystring.name" },
        },
        tenantId: "context.accountId",
      },
      "GET /service": {
        operationId: "service",
        service: {
          service: "sqs",
          action: "SendMessage",
          path: "a",
          access: [],
          responses: { "(": { status: 200 } },
        },
        responseTransferMode: "STREAM",
      },
    };
    const found = mistakes(() => new ServerlessApi("api", { routes }));
    expect(found.map(([path]) => path)).to.have.members([
      'routes["GET /none"]',
      'routes["GET /two"].http',
      'routes["GET /two"].mock.template',
      'routes["GET /http/{id}"].http.url',
      'routes["GET /http/{id}"].http.url',
      'routes["GET /http/{id}"].http.integrationTarget',
      'routes["GET /http/{id}"].http.requestTemplates',
      'routes["GET /http/{id}"].http.requestTemplates["text/plain"]',
      'routes["GET /http/{id}"].http.requestParameters.id',
      'routes["GET /http/{id}"].http.requestParameters["path.name"]',
      'routes["GET /http/{id}"].tenantId',
      'routes["GET /service"].service.access',
      'routes["GET /service"].service.path',
      'routes["GET /service"].service.responses',
      'routes["GET /service"].service.responses["("]',
      'routes["GET /service"].responseTransferMode',
    ]);
  });

  it("say what HTTP APIs cannot do", () => {
    const http = { url: "https://example.com", integrationTarget: "arn", vpcLinkId: "link", proxy: false };
    const service = { service: "sqs", action: "SendMessage", access: [sending] };
    const routes = {
      "GET /a": { operationId: "a", http },
      "GET /b": { operationId: "b", service },
      "GET /c": { operationId: "c", mock: {} },
    };
    expect(mistakes(() => new HttpApi("api", { routes })).map(([path]) => path)).to.have.members([
      'routes["GET /a"].http.integrationTarget',
      'routes["GET /a"].http.proxy',
      'routes["GET /b"].service',
      'routes["GET /c"].mock',
    ]);
  });
});
