import { expect } from "chai";
import { unknown } from "../../../helpers/policies/policies";
import { onlySaid, said, unsaid } from "../said";

const v1 = "aws:apigateway/stage:Stage";
const v2 = "aws:apigatewayv2/stage:Stage";

describe("api-access-logs", () => {
  const rule = "api-access-logs";

  it("requires access logs for both kinds of stages", async () => {
    for (const type of [v1, v2]) {
      for (const accessLogSettings of [{ destinationArn: "arn", format: "{}" }, { destinationArn: unknown }, unknown]) {
        expect(await said(rule, { type, props: { accessLogSettings } })).to.deep.equal([]);
      }
      expect(await onlySaid(rule, { type, props: {} })).to.match(/^accessLogSettings.destinationArn is missing: /);
      expect(await onlySaid(rule, { type, props: { accessLogSettings: "arn" } })).to.equal(
        "accessLogSettings must be a map, but is a string.",
      );
    }
  });
});

describe("api-authorization", () => {
  const rule = "api-authorization";
  const required = { required: true };
  const open = [
    { type: "aws:apigateway/method:Method", props: { httpMethod: "GET", authorization: "NONE" } },
    { type: "aws:apigatewayv2/route:Route", props: { routeKey: "GET /items" } },
    { type: "aws:apigatewayv2/route:Route", props: { routeKey: "$default" } },
    { type: "aws:apigatewayv2/route:Route", props: { routeKey: "$connect", authorizationType: "NONE" } },
    { type: "aws:lambda/functionUrl:FunctionUrl", props: { authorizationType: "NONE" } },
  ];

  it("is not required unless the stack asks for it", async () => {
    for (const resource of open) expect(await said(rule, resource)).to.deep.equal([]);
  });

  it("reports methods, routes and URLs that anybody may call", async () => {
    for (const resource of open) {
      expect(await onlySaid(rule, resource, required)).to.match(
        /^authorization(Type)? is NONE, so anybody may call it: /,
      );
    }
  });

  it("accepts IAM, an authorizer, a key, a preflight request and unknown values", async () => {
    for (const resource of [
      { type: "aws:apigateway/method:Method", props: { httpMethod: "GET", authorization: "AWS_IAM" } },
      { type: "aws:apigateway/method:Method", props: { httpMethod: "GET", authorization: unknown } },
      {
        type: "aws:apigateway/method:Method",
        props: { httpMethod: "GET", authorization: "NONE", apiKeyRequired: true },
      },
      { type: "aws:apigateway/method:Method", props: { httpMethod: "OPTIONS", authorization: "NONE" } },
      { type: "aws:apigatewayv2/route:Route", props: { routeKey: "OPTIONS /items" } },
      { type: "aws:apigatewayv2/route:Route", props: { routeKey: "$connect", authorizationType: "AWS_IAM" } },
      { type: "aws:apigatewayv2/route:Route", props: { routeKey: "GET /items", authorizationType: "JWT" } },
    ]) {
      expect(await said(rule, resource, required)).to.deep.equal([]);
    }
  });

  it("asks only $connect of a WebSocket API, whose other routes are for those whom it lets in", async () => {
    const type = "aws:apigatewayv2/route:Route";
    const within = "graviton:index:WebSocketApi";
    for (const resource of [
      { type, props: { routeKey: "$disconnect", authorizationType: "NONE" } },
      { type, props: { routeKey: "send", authorizationType: "NONE" } },
      { type, within, name: "chat-default", props: { routeKey: "$default", authorizationType: "NONE" } },
    ]) {
      expect(await said(rule, resource, required)).to.deep.equal([]);
    }
    const connect = { type, within, name: "chat-connect", props: { routeKey: "$connect", authorizationType: "NONE" } };
    expect(await onlySaid(rule, connect, required)).to.match(/^authorizationType is NONE, so anybody may call it: /);
  });

  const api = (document: unknown) => ({
    type: "aws:apigateway/restApi:RestApi",
    props: { body: typeof document === "string" ? document : JSON.stringify(document) },
  });
  const sigv4 = [{ sigv4: [] }];

  it("checks the operations of an OpenAPI document", async () => {
    const paths = {
      "/items": { parameters: [], get: {}, post: { security: sigv4 }, options: {} },
      "/items.json": { "x-amazon-apigateway-any-method": { security: [...sigv4, {}] } },
    };
    expect(await said(rule, api({ paths }), required)).to.deep.equal([
      "body.paths./items.get may be called by anybody: write a security scheme in its security.",
      "body.paths./items.json.x-amazon-apigateway-any-method may be called by anybody: write a security scheme in its security.",
    ]);
    expect(await said(rule, api({ paths }))).to.deep.equal([]);
  });

  it("accepts routes that are said to be meant for everybody, and no others", async () => {
    const paths = { "/health.json": { get: {}, put: {} }, "/a": { "x-amazon-apigateway-any-method": {} } };
    const settings = { required: true, open: ["GET /health.json", "ANY /a", "GET /items"] };
    expect(await onlySaid(rule, api({ paths }), settings)).to.match(/^body.paths.\/health.json.put may be called /);
    const route = (routeKey: string) => ({ type: "aws:apigatewayv2/route:Route", props: { routeKey } });
    expect(await said(rule, route("GET /items"), settings)).to.deep.equal([]);
    expect(await said(rule, route("PUT /items"), settings)).to.have.length(1);
  });

  it("checks a document that is put in the place of an API's own", async () => {
    const put = { ...api({ paths: { "/items": { get: {} } } }), type: "aws:apigateway/restApiPut:RestApiPut" };
    expect(await onlySaid(rule, put, required)).to.match(/^body.paths.\/items.get may be called by anybody: /);
  });

  it("applies the document's security to operations without their own", async () => {
    const paths = { "/items": { get: {}, put: { security: [] } } };
    expect(await onlySaid(rule, api({ security: sigv4, paths }), required)).to.match(/^body.paths.\/items.put may be /);
  });

  it("accepts a document that is unknown or missing, and reports one that is not JSON", async () => {
    const type = "aws:apigatewayv2/api:Api";
    for (const props of [{}, { body: unknown }]) expect(await said(rule, { type, props }, required)).to.deep.equal([]);
    expect(await onlySaid(rule, api("openapi: 3.0.1"), required)).to.match(/^body is not valid JSON/);
  });
});

describe("api-throttling", () => {
  const rule = "api-throttling";
  const limits = { throttlingRateLimit: 100, throttlingBurstLimit: 50 };
  const stage = { type: v1, name: "api", props: { restApi: "id", stageName: "Prod" } };
  const settings = (props: object) => ({
    type: "aws:apigateway/methodSettings:MethodSettings",
    name: "settings",
    props: { restApi: "id", stageName: "Prod", methodPath: "*/*", settings: limits, ...props },
  });

  it("accepts a REST stage with limits for all its methods, or with unknown values", async () => {
    for (const props of [
      {},
      { restApi: unknown },
      { settings: { throttlingRateLimit: 0, throttlingBurstLimit: unknown } },
    ]) {
      expect(await said(rule, [stage, settings(props)])).to.deep.equal([]);
    }
  });

  it("reports a REST stage without limits", async () => {
    for (const props of [{ restApi: "other" }, { stageName: "Dev" }, { methodPath: "items/GET" }]) {
      expect(await onlySaid(rule, [stage, settings(props)])).to.match(
        /^The stage has no aws.apigateway.MethodSettings /,
      );
    }
    expect(await onlySaid(rule, [stage, settings({ settings: { ...limits, throttlingRateLimit: -1 } })])).to.match(
      /^settings has no throttlingRateLimit: /,
    );
  });

  it("needs no unknown ids if the settings are made of the stage or its API", async () => {
    const api = { type: "aws:apigateway/restApi:RestApi", name: "api-id", props: { id: unknown } };
    const other = { ...api, name: "other" };
    const unknownIds = { restApi: unknown, stageName: unknown };
    const stages = {
      ...stage,
      props: { ...stage.props, restApi: unknown },
      propertyDependencies: { restApi: ["api-id"] },
    };
    const of = (name: string) => ({
      ...settings(unknownIds),
      propertyDependencies: { restApi: [name], stageName: ["api"] },
    });
    expect(await unsaid(rule, [api, stages, of("api-id")])).to.deep.equal([]);
    expect(await unsaid(rule, [api, other, stages, of("other")])).to.deep.equal(["restApi", "restApi"]);
  });

  it("checks the default settings of an HTTP stage", async () => {
    expect(await said(rule, { type: v2, props: { defaultRouteSettings: limits } })).to.deep.equal([]);
    expect(await onlySaid(rule, { type: v2, props: {} })).to.match(
      /^defaultRouteSettings has no throttlingRateLimit or throttlingBurstLimit: /,
    );
  });
});
