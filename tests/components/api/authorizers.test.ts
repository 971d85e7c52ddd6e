import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import {
  type AuthorizerArgs,
  HttpApi,
  type JwtAuthorizerArgs,
  type LambdaAuthorizerArgs,
  type RouteArgs,
  ServerlessApi,
  type ServerlessApiArgs,
} from "../../../components";
import { inputsOf, mistakes, resolved, resources, startMocks } from "../../helpers/components/mocks";

const items = { functionName: "items", invokeArn: "arn:items" };
const checker = { functionName: "checker", invokeArn: "arn:checker", qualifier: "live" };
const issuer = "https://login.example.com";
const jwt = { issuers: [{ issuer, audiences: ["items"] }] };
const route = (operationId: string, more: Partial<RouteArgs> = {}): RouteArgs => ({
  function: items,
  operationId,
  ...more,
});

describe("the authorizers of an API", () => {
  beforeEach(startMocks);

  const rest = (authorizer: AuthorizerArgs, more: Partial<ServerlessApiArgs> = {}) =>
    new ServerlessApi("api", {
      routes: { "GET /items": route("list"), "GET /open": route("open", { auth: "none" }) },
      auth: "callers",
      authorizers: { callers: authorizer },
      ...more,
    });
  const http = (authorizer: AuthorizerArgs, more: Partial<ServerlessApiArgs> = {}) =>
    new HttpApi("api", {
      routes: { "GET /items": route("list") },
      auth: "callers",
      authorizers: { callers: authorizer },
      ...more,
    });
  const bodyOf = async (type = "aws:apigateway/restApi:RestApi") => JSON.parse((await inputsOf(type)).body);
  const httpBody = () => bodyOf("aws:apigatewayv2/api:Api");
  const document = async (api: { document: pulumi.Output<string> }) => JSON.parse(await resolved(api.document));

  describe("jwt", () => {
    const full: JwtAuthorizerArgs = {
      issuers: [
        { issuer, audiences: ["items"], additionalClaims: { tenant: { expectedValues: ["a"], required: true } } },
        { issuer: pulumi.output("https://other.example.com"), audiences: [pulumi.output("shop")] },
      ],
      algorithms: ["ES256"],
      header: "X-Token",
    };

    it("is verified by a REST API itself, or the deployment fails", async () => {
      rest({ jwt: full });
      const { paths, components } = await bodyOf();
      expect(components.securitySchemes).to.deep.equal({
        callers: {
          type: "apiKey",
          name: "X-Token",
          in: "header",
          "x-amazon-apigateway-authtype": "jwt",
          "x-amazon-apigateway-authorizer": {
            type: "jwt",
            identitySource: "method.request.header.X-Token",
            jwtConfiguration: {
              issuers: [
                {
                  issuer,
                  audiences: ["items"],
                  additionalClaims: [
                    { claimName: "tenant", format: "SINGLE_STRING", required: true, expectedValues: ["a"] },
                  ],
                },
                { issuer: "https://other.example.com", audiences: ["shop"], additionalClaims: [] },
              ],
              defaultAlgorithms: ["ES256"],
            },
          },
        },
      });
      expect(paths["/items"].get.security).to.deep.equal([{ callers: [] }]);
      expect(paths["/open"].get).to.not.have.property("security");
      expect(await inputsOf("aws:apigateway/restApi:RestApi")).to.include({ failOnWarnings: true });
    });

    it("is verified by a function instead, which answers afresh each time", async () => {
      const routes = { "GET /items": route("list", { scopes: ["items/read"] }), "ANY /open": route("open") };
      rest({ jwt: { ...jwt, native: false } }, { routes });
      const { components } = await bodyOf();
      expect(components.securitySchemes.callers["x-amazon-apigateway-authorizer"]).to.deep.include({
        type: "request",
        identitySource: "method.request.header.Authorization",
        authorizerResultTtlInSeconds: 0,
      });
      expect(components.securitySchemes.callers["x-amazon-apigateway-authorizer"].authorizerUri).to.contain(
        "lambda:path",
      );
      const { environment } = await inputsOf("aws:lambda/function:Function");
      expect(JSON.parse(environment.variables.VERIFICATION)).to.deep.equal({
        ...jwt,
        algorithms: ["RS256"],
        header: "Authorization",
        scopes: { "GET /items": ["items/read"] },
      });
      expect(await inputsOf("aws:lambda/permission:Permission", "api-authorizer-callers")).to.include({
        sourceArn: "arn:aws:execute-api:eu-west-1:123456789012:api/authorizers/*",
      });
    });

    it("is verified by an HTTP API", async () => {
      http({ jwt }, { routes: { "GET /items": route("list", { scopes: ["items/read"] }) } });
      const { paths, components } = await httpBody();
      expect(components.securitySchemes).to.deep.equal({
        callers: {
          type: "oauth2",
          "x-amazon-apigateway-authorizer": {
            type: "jwt",
            identitySource: "$request.header.Authorization",
            jwtConfiguration: { issuer, audience: ["items"] },
          },
        },
      });
      expect(paths["/items"].get.security).to.deep.equal([{ callers: ["items/read"] }]);
    });

    const schemes: [string, AuthorizerArgs, object, string[]][] = [
      [
        "one issuer as OpenID Connect, with scopes",
        { jwt },
        { type: "openIdConnect", openIdConnectUrl: `${issuer}/.well-known/openid-configuration` },
        ["items/read"],
      ],
      [
        "an issuer that is not known yet as a bearer token",
        { jwt: { issuers: [{ issuer: pulumi.output(issuer), audiences: ["items"] }] } },
        { type: "http", scheme: "bearer", bearerFormat: "JWT" },
        [],
      ],
      ["another header as a key", { jwt: full }, { type: "apiKey", in: "header", name: "X-Token" }, []],
      [
        "Cognito's pools as a bearer token",
        { cognito: { userPoolArns: [pulumi.output("arn")] } },
        { type: "http", scheme: "bearer", bearerFormat: "JWT" },
        [],
      ],
    ];
    for (const [name, authorizer, scheme, scopes] of schemes) {
      it(`describes to callers ${name}`, async () => {
        const routes = { "GET /items": route("list", { scopes: ["items/read"] }) };
        const { paths, components } = await document(rest(authorizer, { routes }));
        expect(components.securitySchemes).to.deep.equal({ callers: scheme });
        expect(paths["/items"].get.security).to.deep.equal([{ callers: scopes }]);
        expect(Object.keys(paths["/items"].get.responses)).to.include.members(["401", "403"]);
      });
    }
  });

  it("lets in the users of Cognito's pools", async () => {
    rest({ cognito: { userPoolArns: [pulumi.output("arn:pool")] } });
    const { components } = await bodyOf();
    expect(components.securitySchemes.callers).to.deep.equal({
      type: "apiKey",
      name: "Authorization",
      in: "header",
      "x-amazon-apigateway-authtype": "cognito_user_pools",
      "x-amazon-apigateway-authorizer": {
        type: "cognito_user_pools",
        identitySource: "method.request.header.Authorization",
        providerARNs: ["arn:pool"],
      },
    });
  });

  describe("lambda", () => {
    const args: LambdaAuthorizerArgs = {
      function: checker,
      identitySources: ["method.request.querystring.user", "context.httpMethod"],
      resultTtlInSeconds: 60,
    };

    it("asks a function, which the API may then call", async () => {
      rest({ lambda: args });
      const { components } = await bodyOf();
      expect(components.securitySchemes.callers).to.deep.equal({
        type: "apiKey",
        name: "Unused",
        in: "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
          type: "request",
          authorizerUri: "arn:checker",
          identitySource: "method.request.querystring.user, context.httpMethod",
          authorizerResultTtlInSeconds: 60,
        },
      });
      expect(await inputsOf("aws:lambda/permission:Permission", "api-authorizer-callers")).to.include({
        function: "checker",
        qualifier: "live",
        sourceArn: "arn:aws:execute-api:eu-west-1:123456789012:api/authorizers/*",
      });
    });

    it("asks about one header, if it is plausible", async () => {
      const source = "method.request.header.X-Token";
      rest({ lambda: { function: checker, type: "token", identitySources: [source], validationExpression: "a+" } });
      const { callers } = (await bodyOf()).components.securitySchemes;
      expect(callers.name).to.equal("X-Token");
      expect(callers["x-amazon-apigateway-authorizer"]).to.deep.equal({
        type: "token",
        authorizerUri: "arn:checker",
        identitySource: source,
        identityValidationExpression: "a+",
        authorizerResultTtlInSeconds: 300,
      });
    });

    it("is asked by an HTTP API in its own words", async () => {
      http({ lambda: { ...args, payloadVersion: "2.0", simpleResponses: true } });
      const { callers } = (await httpBody()).components.securitySchemes;
      expect(callers["x-amazon-apigateway-authorizer"]).to.deep.equal({
        type: "request",
        authorizerUri: "arn:checker",
        identitySource: "$request.querystring.user, $context.httpMethod",
        authorizerPayloadFormatVersion: "2.0",
        authorizerResultTtlInSeconds: 60,
        enableSimpleResponses: true,
      });
      expect(await inputsOf("aws:lambda/permission:Permission", "api-authorizer-callers")).to.include({
        function: "checker",
      });
    });
  });

  it("lets pages of other origins send what it reads", async () => {
    rest({ jwt: { ...jwt, header: "X-Token" } }, { cors: { allowOrigins: ["https://example.com"] } });
    const { options } = (await bodyOf()).paths["/items"];
    const { responseParameters } = options["x-amazon-apigateway-integration"].responses.default;
    expect(responseParameters["method.response.header.Access-Control-Allow-Headers"]).to.contain(",X-Token'");
  });

  it("can leave the API's document open to everybody", async () => {
    rest({ jwt }, { documentPath: "/openapi.json", documentAuth: "none" });
    const { paths } = await bodyOf();
    expect(paths["/openapi.json"].get).to.not.have.property("security");
  });

  it("are not part of an API without them", async () => {
    new ServerlessApi("api", { routes: { "GET /items": route("list") } });
    expect(Object.keys((await bodyOf()).components.securitySchemes)).to.deep.equal(["sigv4"]);
    expect(await inputsOf("aws:apigateway/restApi:RestApi")).to.not.have.property("failOnWarnings");
    expect((await resources()).filter(({ type }) => type === "aws:lambda/permission:Permission")).to.have.length(1);
  });

  describe("refuses all at once", () => {
    it("what a REST API cannot have", () => {
      const claims = Object.fromEntries(["iss", "scp", "tenant"].map((name) => [name, { expectedValues: [""] }]));
      const found = mistakes(
        () =>
          new ServerlessApi("api", {
            auth: "caller",
            authorizers: {
              callers: {
                jwt: {
                  issuers: [
                    { issuer: "http://login.example.com", audiences: ["a"] },
                    { issuer: `${issuer}?a`, audiences: ["a"] },
                    { issuer: `${issuer}#a`, audiences: ["a"] },
                    { issuer: "https://me@login.example.com", audiences: ["a"] },
                    { issuer, audiences: [""], additionalClaims: claims },
                    { issuer, audiences: ["b"] },
                  ],
                },
              },
              checker: {
                lambda: {
                  function: checker,
                  type: "token",
                  identitySources: ["method.request.header.A", "method.request.header.B"],
                  validationExpression: "(",
                  payloadVersion: "2.0",
                  simpleResponses: false,
                },
              },
              patient: { lambda: { function: checker, identitySources: [], validationExpression: "a" } },
              pool: { cognito: { userPoolArns: ["pool"] } },
              both: { jwt, lambda: { function: checker, identitySources: [], resultTtlInSeconds: 0 } },
              neither: {},
              iam: { jwt },
            },
            routes: {
              "GET /a": route("a", { auth: "nonne" }),
              "GET /b": route("authorizer-callers", { auth: "none", scopes: ["read"] }),
              "GET /c": route("c", { auth: "checker", scopes: ["read"] }),
              "GET /d": route("d", { auth: "callers", scopes: ["two scopes"] }),
            },
          }),
      );
      const only = found.map(([path, reason]) => `${path}: ${reason.slice(0, 60)}`);
      expect(found.map(([path]) => path)).to.have.members(
        [
          "auth",
          "authorizers.callers.jwt.issuers[0].issuer",
          "authorizers.callers.jwt.issuers[1].issuer",
          "authorizers.callers.jwt.issuers[2].issuer",
          "authorizers.callers.jwt.issuers[3].issuer",
          "authorizers.callers.jwt.issuers[4].audiences[0]",
          "authorizers.callers.jwt.issuers[4].additionalClaims.iss",
          "authorizers.callers.jwt.issuers[4].additionalClaims.iss.expectedValues[0]",
          "authorizers.callers.jwt.issuers[4].additionalClaims.scp",
          "authorizers.callers.jwt.issuers[4].additionalClaims.scp.expectedValues[0]",
          "authorizers.callers.jwt.issuers[4].additionalClaims.tenant.expectedValues[0]",
          "authorizers.callers.jwt.issuers[5].issuer",
          "authorizers.checker.lambda.identitySources",
          "authorizers.checker.lambda.validationExpression",
          "authorizers.checker.lambda.payloadVersion",
          "authorizers.checker.lambda.simpleResponses",
          "authorizers.patient.lambda.identitySources",
          "authorizers.patient.lambda.validationExpression",
          "authorizers.pool.cognito.userPoolArns[0]",
          "authorizers.both.lambda",
          "authorizers.neither",
          "authorizers.iam",
          'routes["GET /a"].auth',
          'routes["GET /b"].operationId',
          'routes["GET /b"].scopes',
          'routes["GET /c"].scopes',
          'routes["GET /d"].scopes[0]',
        ],
        only.join("\n"),
      );
      expect(found).to.deep.include([
        "auth",
        'is "caller", which is not one of the API\'s `authorizers`; did you mean "callers"?',
      ]);
    });

    it("what an HTTP API cannot have", () => {
      const found = mistakes(
        () =>
          new HttpApi("api", {
            auth: "callers",
            authorizers: {
              callers: {
                jwt: {
                  issuers: [
                    { issuer, audiences: ["a"], additionalClaims: { tenant: {} } },
                    { issuer: `${issuer}/b`, audiences: ["a"] },
                  ],
                  algorithms: ["RS256"],
                  native: false,
                },
              },
              checker: { lambda: { function: checker, type: "token", simpleResponses: true } },
              pool: { cognito: { userPoolArns: ["arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a"] } },
            },
            routes: { "GET /a": route("a") },
          }),
      );
      expect(found.map(([path]) => path)).to.have.members([
        "authorizers.callers.jwt.issuers[0].additionalClaims",
        "authorizers.callers.jwt.issuers",
        "authorizers.callers.jwt.native",
        "authorizers.callers.jwt.algorithms",
        "authorizers.checker.lambda.type",
        "authorizers.checker.lambda.simpleResponses",
        "authorizers.pool.cognito",
      ]);
    });
  });
});
