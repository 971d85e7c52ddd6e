import { expect } from "chai";
import { DOCUMENTATION, testFact } from "../../../../helpers/facts";
import { ECHO, eventIn } from "../../../../helpers/offline/api";
import { resource } from "../../../../helpers/offline/graph";
import {
  functionArn,
  HTTP_APIS,
  httpApi,
  httpRoute,
  httpStage,
  serveHttpApi,
  toFunction,
} from "../../../../helpers/offline/httpApi";
import { closeServers, type Served } from "../../../../helpers/offline/served";

const DOCUMENTED = { service: HTTP_APIS, source: DOCUMENTATION };

const INVOKE = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions";
const uri = (name: string) => `${INVOKE}/${functionArn(name)}/invocations`;
const proxy = (payloadFormatVersion: string, more: object = {}) => ({
  "x-amazon-apigateway-integration": {
    type: "aws_proxy",
    httpMethod: "POST",
    uri: uri("echo"),
    payloadFormatVersion,
    ...more,
  },
});

const document = {
  openapi: "3.0.1",
  info: { title: "shop", version: "1" },
  paths: {
    "/two": { get: proxy("2.0") },
    "/one": { get: proxy("1.0") },
    "/shared": {
      get: { "x-amazon-apigateway-integration": { $ref: "#/components/x-amazon-apigateway-integrations/echo" } },
    },
    "/any/{proxy+}": { "x-amazon-apigateway-any-method": proxy("2.0") },
    "/$default": { "x-amazon-apigateway-any-method": { ...proxy("2.0"), isDefaultRoute: true } },
    "/mapped": { get: proxy("2.0", { responseParameters: { "200": { "overwrite:statuscode": "202" } } }) },
    "/iam": { get: { ...proxy("2.0"), "x-amazon-apigateway-auth": { type: "AWS_IAM" } } },
    "/sigv4": { get: { ...proxy("2.0"), security: [{ sigv4: [] }] } },
    "/lambda": { get: { ...proxy("2.0"), security: [{ doorman: [] }] } },
    "/jwt": { get: { ...proxy("2.0"), security: [{ jwt: ["items:read"] }] } },
    "/documented": { get: { ...proxy("2.0"), security: [{ bearer: [] }] } },
    "/unknown": { get: { ...proxy("2.0"), security: [{ nobody: [] }] } },
  },
  components: {
    "x-amazon-apigateway-integrations": {
      echo: { type: "AWS_PROXY", httpMethod: "POST", uri: uri("echo"), payloadFormatVersion: "2.0" },
    },
    securitySchemes: {
      sigv4: { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "awsSigv4" },
      bearer: { type: "http", scheme: "bearer" },
      doorman: {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        "x-amazon-apigateway-authorizer": {
          type: "request",
          identitySource: "$request.header.Authorization",
          authorizerUri: uri("doorman"),
          authorizerPayloadFormatVersion: "2.0",
          enableSimpleResponses: true,
        },
      },
      jwt: {
        type: "openIdConnect",
        openIdConnectUrl: "https://issuer.example/.well-known/openid-configuration",
        "x-amazon-apigateway-authorizer": { type: "jwt", jwtConfiguration: { audience: ["web"] } },
      },
    },
  },
  "x-amazon-apigateway-cors": { allowOrigins: ["https://shop.example"] },
  "x-amazon-apigateway-importexport-version": "1.0",
};

describe("The OpenAPI body of an HTTP API", () => {
  let server: Served;
  before(async () => {
    const doorman = 'exports.handler = async ({ headers }) => ({ isAuthorized: headers.authorization === "open" })';
    server = await serveHttpApi(
      { echo: ECHO, doorman },
      httpApi("shop", { body: JSON.stringify(document) }),
      httpStage("$default"),
      ...httpRoute("POST /two", toFunction("echo")),
    );
  });
  after(closeServers);

  const routeOf = async (path: string, init?: RequestInit) =>
    ((await eventIn(await server.call(path, init))) as unknown as { routeKey?: string; version: string }).routeKey;

  testFact(DOCUMENTED, "declares routes, with integrations of their own or shared ones", async () => {
    const keys = await Promise.all(["/two", "/shared", "/any/a/b", "/else"].map((path) => routeOf(path)));
    expect(keys).to.deep.equal(["GET /two", "GET /shared", "ANY /any/{proxy+}", "$default"]);
    expect((await eventIn(await server.call("/one"))).resource).to.equal("/one");
    expect((await server.call("/mapped")).status).to.equal(202);
  });

  testFact(DOCUMENTED, "declares CORS settings", async () => {
    const { headers } = await server.call("/two", { headers: { Origin: "https://shop.example" } });
    expect(headers.get("access-control-allow-origin")).to.equal("https://shop.example");
  });

  testFact(DOCUMENTED, "declares authorizers", async () => {
    const statuses = async (path: string, headers: Record<string, string> = {}) =>
      (await server.call(path, { headers })).status;
    expect([await statuses("/iam"), await statuses("/sigv4")]).to.deep.equal([403, 403]);
    expect(await statuses("/lambda")).to.equal(401);
    expect(await statuses("/lambda", { authorization: "closed" })).to.equal(403);
    expect(await statuses("/lambda", { authorization: "open" })).to.equal(200);
    expect(await statuses("/documented")).to.equal(200);
  });

  it("has routes added to it by resources", async () => {
    expect(await routeOf("/two", { method: "POST" })).to.equal("POST /two");
  });

  it("lists its routes with what they require", () => {
    const auth = Object.fromEntries(
      server.apis[0]?.routes.map((route) => [`${route.method} ${route.path}`, route.auth]) ?? [],
    );
    expect(auth).to.include({
      "GET /two": "none",
      "GET /iam": "iam",
      "GET /lambda": "authorizer",
      "ANY $default": "none",
    });
  });

  it("names what is not served", async () => {
    expect(server.problems).to.deep.equal([
      'GET /jwt answers 501: AWS refuses its JWT authorizer jwt: it has the identity sources "", not one such as $request.header.Authorization',
      "GET /unknown answers 501: the document has no authorizer nobody",
    ]);
    const refused = await serveHttpApi(
      {},
      httpApi("old", { body: JSON.stringify({ ...document, swagger: "2.0" }) }, "old0id"),
      resource("aws:apigatewayv2/api:Api", "bare", { protocolType: "HTTP" }, { id: "bare0id" }),
      httpStage("v1", { apiId: "bare0id" }),
      resource("aws:apigatewayv2/api:Api", "unstaged", { protocolType: "HTTP", body: JSON.stringify(document) }),
    );
    expect(refused.problems).to.deep.equal([
      "API old is not served: its body is Swagger 2.0; HTTP APIs take OpenAPI 3.0",
      "API bare is not served: it has no routes; give it a body, a target or aws.apigatewayv2.Route resources",
      "API unstaged is not served: it has no stage; add an aws.apigatewayv2.Stage",
    ]);
  });
});
