import { expect } from "chai";
import type { Graph } from "../../../../../offline/engine/graph";
import { find } from "../../../../../offline/engine/query";
import { ECHO, eventIn, messageIn } from "../../../../helpers/offline/api";
import { graphOf, lambda, proxy, resource, restApi } from "../../../../helpers/offline/graph";
import { runScript } from "../../../../helpers/offline/program";
import { closeServers, type Served, serveGraph } from "../../../../helpers/offline/served";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

/** A REST API as it is written without a document, and one that adds to a document. */
const program = `
const aws = require("@pulumi/aws");
const { asset } = require("@pulumi/pulumi");
const { apigateway } = aws;

const fn = (name, code) => new aws.lambda.Function(name, {
  runtime: "nodejs22.x",
  handler: "index.handler",
  role: "arn:aws:iam::123456789012:role/role",
  code: new asset.AssetArchive({ "index.js": new asset.StringAsset("exports.handler = async (event) => " + code) }),
});
const echo = fn("echo", "({ statusCode: 200, body: JSON.stringify(event) })");
const doorman = fn("doorman", \`({
  principalId: "caller",
  policyDocument: { Statement: { Action: "execute-api:*", Effect: event.headers["x-who"] === "friend" ? "Allow" : "Deny", Resource: "*" } },
})\`);

const api = new apigateway.RestApi("shop", { binaryMediaTypes: ["image/*"] });
const items = new apigateway.Resource("items", { restApi: api.id, parentId: api.rootResourceId, pathPart: "items" });
const item = new apigateway.Resource("item", { restApi: api, parentId: items.id, pathPart: "{id}" });
const rest = new apigateway.Resource("rest", { restApi: api, parentId: api.rootResourceId, pathPart: "{proxy+}" });
const model = new apigateway.Model("item", {
  restApi: api.id, name: "Item", contentType: "application/json",
  schema: JSON.stringify({
    type: "object", required: ["size"],
    properties: { size: { $ref: "#/definitions/size" } }, definitions: { size: { type: "integer" } },
  }),
});
const order = new apigateway.Model("order", {
  restApi: api.id, name: "Order", contentType: "application/json",
  schema: api.id.apply((id) => JSON.stringify({
    type: "array", items: { $ref: "https://apigateway.amazonaws.com/restapis/" + id + "/models/Item" },
  })),
});
const validator = new apigateway.RequestValidator("all", {
  restApi: api.id, validateRequestBody: true, validateRequestParameters: true,
});
const authorizer = new apigateway.Authorizer("who", {
  restApi: api.id, type: "REQUEST", authorizerUri: doorman.invokeArn, identitySource: "method.request.header.x-who",
});
new apigateway.Response("unknown", {
  restApiId: api.id, responseType: "MISSING_AUTHENTICATION_TOKEN", statusCode: "404",
  responseTemplates: { "application/json": '{"message":"no such route"}' },
});

const route = (name, resourceId, httpMethod, method, integration, restApi = api.id) => {
  const made = new apigateway.Method(name, { restApi, resourceId, httpMethod, authorization: "NONE", ...method });
  return new apigateway.Integration(name, {
    restApi, resourceId, httpMethod: made.httpMethod, integrationHttpMethod: "POST", type: "AWS_PROXY", uri: echo.invokeArn, ...integration,
  });
};
route("root", api.rootResourceId, "GET", { apiKeyRequired: true });
route("list", items.id, "GET", { requestParameters: { "method.request.querystring.page": true, "method.request.header.x-any": false }, requestValidatorId: validator.id });
route("create", items.id, "POST", { requestModels: { "application/json": model.name }, requestValidatorId: validator.id });
route("createAll", items.id, "PUT", { requestModels: { "application/json": order.name }, requestValidatorId: validator.id });
route("read", item.id, "GET", { requestParameters: { "method.request.path.id": true } }, {
  uri: aws.getRegionOutput().name.apply((region) => "arn:aws:apigateway:" + region + ":lambda:path/2015-03-31/functions/\${stageVariables.fn}/invocations"),
});
route("change", item.id, "PATCH", { authorization: "AWS_IAM" });
route("remove", item.id, "DELETE", { authorization: "CUSTOM", authorizerId: authorizer.id });
route("pool", item.id, "PUT", { authorization: "COGNITO_USER_POOLS", authorizerId: new apigateway.Authorizer("pool", {
  restApi: api.id, type: "COGNITO_USER_POOLS", providerArns: ["arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_1"],
}).id });
route("any", rest.id, "ANY", {});
const preflight = route("preflight", items.id, "OPTIONS", {}, {
  type: "MOCK", integrationHttpMethod: undefined, uri: undefined, requestTemplates: { "application/json": '{"statusCode": 200}' },
});
new apigateway.IntegrationResponse("preflight", {
  restApi: api.id, resourceId: items.id, httpMethod: preflight.httpMethod, statusCode: "200",
  responseParameters: { "method.response.header.Access-Control-Allow-Origin": "'*'" },
  responseTemplates: { "text/plain": "stage $context.stage" },
});
route("service", items.id, "DELETE", {}, { type: "AWS", uri: "arn:aws:apigateway:eu-west-1:states:action/StartExecution" });

const deployment = new apigateway.Deployment("shop", { restApi: api.id });
new apigateway.Stage("live", { restApi: api.id, deployment: deployment.id, stageName: "live", variables: { fn: echo.name } });

const described = new apigateway.RestApi("described", { putRestApiMode: "merge", body: JSON.stringify({
  openapi: "3.0.1", info: { title: "described" },
  paths: { "/": { get: { "x-amazon-apigateway-integration": { type: "mock", requestTemplates: { "application/json": '{"statusCode": 200}' }, responses: { default: { statusCode: 204 } } } } } },
}) });
route("added", described.rootResourceId, "POST", {}, {}, described.id);
new apigateway.Stage("described", { restApi: described.id, deployment: new apigateway.Deployment("described", { restApi: described.id }).id, stageName: "v1" });
`;

async function idsIn(response: Response): Promise<{ resourceId: string; deploymentId: string }> {
  return ((await response.json()) as { requestContext: { resourceId: string; deploymentId: string } }).requestContext;
}

describe("An API made of Resource, Method and Integration resources", () => {
  let graph: Graph;
  let server: Served;
  before(async () => {
    graph = await runScript(program, "", { config: { "aws:region": "eu-west-1" } });
    server = await serveGraph(graph);
  });
  after(closeServers);

  const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
    server.call(path, { method, headers, ...(body !== undefined && { body }) });

  it("finds the function by the path of nested resources, and by stage variables", async () => {
    const event = await eventIn(await ask("GET", "/items/7"));
    expect([event.resource, event.pathParameters]).to.deep.equal(["/items/{id}", { id: "7" }]);
    expect(event.stageVariables?.fn).to.match(/^echo-/);
  });

  it("tells the function the ids of its resource and of the stage's deployment", async () => {
    const idOf = (type: string, name: string) => find(graph, name, `aws:apigateway/${type}`)?.id;
    const item = await idsIn(await ask("GET", "/items/7"));
    expect([item.resourceId, item.deploymentId]).to.deep.equal([
      idOf("resource:Resource", "item"),
      idOf("deployment:Deployment", "shop"),
    ]);
    expect(item.resourceId).to.match(/^\w{6}$/);
    const added = server.apis.find(({ name }) => name === "described")?.url ?? "";
    const root = await idsIn(await fetch(added, { method: "POST" }));
    expect(root.resourceId).to.match(/^\w{10}$/);
    expect(root.deploymentId).to.equal(idOf("deployment:Deployment", "described"));
  });

  it("passes everything else to a greedy resource with the method ANY", async () => {
    const event = await eventIn(await ask("PATCH", "/other/things"));
    expect([event.resource, event.httpMethod, event.pathParameters?.proxy]).to.deep.equal([
      "/{proxy+}",
      "PATCH",
      "other/things",
    ]);
  });

  it("answers with a mock integration's response", async () => {
    const answer = await ask("OPTIONS", "/items");
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).to.deep.equal([200, "*"]);
    expect([answer.headers.get("content-type"), await answer.text()]).to.deep.equal(["text/plain", "stage live"]);
  });

  it("requires the parameters that a method declares as required", async () => {
    expect(await messageIn(await ask("GET", "/items"))).to.equal("Missing required request parameters: [page]");
    expect((await ask("GET", "/items?page=2")).status).to.equal(200);
  });

  it("validates bodies against models, with references inside and between them", async () => {
    const json = { "content-type": "application/json" };
    const bodies = { '{"size":1}': 200, '{"size":"x"}': 400, "{}": 400 };
    for (const [body, status] of Object.entries(bodies)) {
      expect([body, (await ask("POST", "/items", json, body)).status]).to.deep.equal([body, status]);
      expect([body, (await ask("PUT", "/items", json, `[${body}]`)).status]).to.deep.equal([body, status]);
    }
  });

  it("hands bodies of the API's binary types over as Base64", async () => {
    const event = await eventIn(await ask("POST", "/other", { "content-type": "image/png" }, "png"));
    expect([event.isBase64Encoded, event.body]).to.deep.equal([true, Buffer.from("png").toString("base64")]);
  });

  it("asks the method's authorizer", async () => {
    expect((await ask("DELETE", "/items/7")).status).to.equal(401);
    const denied = await ask("DELETE", "/items/7", { "x-who": "foe" });
    expect([denied.status, await messageIn(denied)]).to.deep.equal([
      403,
      "User is not authorized to access this resource with an explicit deny",
    ]);
    const event = await eventIn(await ask("DELETE", "/items/7", { "x-who": "friend" }));
    expect(event.requestContext.authorizer).to.deep.equal({ principalId: "caller" });
  });

  it("demands a signature, or a key that no usage plan gives", async () => {
    expect((await ask("PATCH", "/items/7")).status).to.equal(404);
    const keyless = await ask("GET", "", { "x-api-key": "any" });
    expect([keyless.status, await messageIn(keyless)]).to.deep.equal([403, "Forbidden"]);
    expect(server.lines.join("\n")).to.include("no usage plan with a key covers the stage live");
  });

  it("answers with the API's own gateway responses", async () => {
    const answer = await ask("PATCH", "");
    expect([answer.status, await messageIn(answer)]).to.deep.equal([404, "no such route"]);
  });

  it("demands a token of the method's user pool", async () => {
    const answer = await ask("PUT", "/items/7");
    expect([answer.status, await messageIn(answer)]).to.deep.equal([401, "Unauthorized"]);
  });

  it("adds to the document of an API that has one", async () => {
    const url = server.apis.find(({ name }) => name === "described")?.url ?? "";
    expect(url).to.match(/\/described\/v1$/);
    expect((await fetch(url)).status).to.equal(204);
    expect((await eventIn(await fetch(url, { method: "POST" }))).resource).to.equal("/");
  });

  it("names what it does not serve", () => {
    expect(server.problems).to.deep.equal([
      "DELETE /items answers 501: its integration calls states, which is not emulated: run it elsewhere, and give --endpoint states=URL",
    ]);
  });

  it("has the stage that a deployment of earlier versions of the provider creates", async () => {
    const [api] = restApi("old", { paths: { "/": { get: proxy("echo") } } });
    const deployment = resource("aws:apigateway/deployment:Deployment", "old", { restApi: "old0id", stageName: "dev" });
    const graph = graphOf(temporaryFolder(), lambda("echo", ECHO), ...(api ? [api, deployment] : []));
    const { apis } = await serveGraph(graph);
    expect(new URL(apis[0]?.url ?? "").pathname).to.equal("/dev");
    const ids = await idsIn(await fetch(apis[0]?.url ?? ""));
    // A document does not say what id AWS gives to a path.
    expect([ids.resourceId, ids.deploymentId]).to.deep.equal(["/", "old"]);
  });
});
