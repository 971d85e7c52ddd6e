import { expect } from "chai";
import type { Resource } from "../../../../../offline/engine/graph";
import type { Properties } from "../../../../../offline/engine/values";
import { DOCUMENTATION, testFact } from "../../../../helpers/facts";
import { ECHO, messageIn, send } from "../../../../helpers/offline/api";
import { graphOf, lambda, resource } from "../../../../helpers/offline/graph";
import {
  functionArn,
  HTTP_APIS,
  httpApi,
  httpRoute,
  httpStage,
  serveHttpApi,
  toFunction,
} from "../../../../helpers/offline/httpApi";
import { closeServers, type Served, serveGraph } from "../../../../helpers/offline/served";
import { signed } from "../../../../helpers/offline/signed";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

const DOCUMENTED = { service: HTTP_APIS, source: DOCUMENTATION };

/** Lets those in whose header `x-who` is `friend`, and says how often it has been asked. */
const DOORMAN = `let calls = 0;
exports.handler = async (event) => {
  const who = event.headers["x-who"];
  if (who === "ghost") throw new Error("boo");
  if (who === "riddle") return { perhaps: true };
  const isAuthorized = who === "friend";
  const context = { calls: ++calls, list: ["a"], event };
  if (event.headers["x-policy"] === undefined) return { isAuthorized, context };
  const Resource = event.headers["x-policy"] === "own" ? event.routeArn ?? event.methodArn : event.headers["x-policy"];
  return {
    principalId: who, context,
    policyDocument: { Statement: [{ Action: "execute-api:Invoke", Effect: isAuthorized ? "Allow" : "Deny", Resource }] },
  };
}`;

function authorizer(name: string, inputs: Properties): Resource {
  return resource("aws:apigatewayv2/authorizer:Authorizer", name, {
    apiId: "http0id",
    authorizerType: "REQUEST",
    authorizerUri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${functionArn("doorman")}/invocations`,
    ...inputs,
  });
}

const guarded = (key: string, authorizerId: string, format = "2.0") =>
  httpRoute(key, toFunction("echo", format), { authorizationType: "CUSTOM", authorizerId });

const resources = [
  httpApi("web"),
  httpStage("$default"),
  authorizer("simple", {
    authorizerPayloadFormatVersion: "2.0",
    enableSimpleResponses: true,
    identitySources: ["$request.header.X-Who", "$request.querystring.key"],
    authorizerResultTtlInSeconds: 0,
  }),
  authorizer("policy", { authorizerPayloadFormatVersion: "2.0" }),
  authorizer("old", { authorizerPayloadFormatVersion: "1.0", identitySources: ["$request.header.x-who"] }),
  authorizer("jwt", {
    authorizerType: "JWT",
    jwtConfiguration: { issuer: "https://issuer.example", audiences: ["web"] },
  }),
  ...guarded("GET /simple", "simple"),
  ...guarded("GET /policy", "policy"),
  ...guarded("GET /old", "old"),
  ...guarded("GET /older", "old", "1.0"),
  ...httpRoute("GET /iam", toFunction("echo"), { authorizationType: "AWS_IAM" }),
  ...httpRoute("GET /iam1", toFunction("echo", "1.0"), { authorizationType: "AWS_IAM" }),
  ...httpRoute("GET /jwt", toFunction("echo"), { authorizationType: "JWT", authorizerId: "jwt" }),
  ...httpRoute("GET /lost", toFunction("echo"), { authorizationType: "CUSTOM" }),
];

describe("The authorizers of an HTTP API", () => {
  let server: Served;
  beforeEach(async () => {
    server = await serveHttpApi({ echo: ECHO, doorman: DOORMAN }, ...resources);
  });
  afterEach(closeServers);

  const ask = (path: string, headers: Record<string, string> = {}) => server.call(path, { headers });
  const authorizerOf = async (answer: Response) =>
    ((await answer.json()) as { requestContext: { authorizer: Record<string, Record<string, unknown>> } })
      .requestContext.authorizer;
  const refusal = async (answer: Response) => [answer.status, await messageIn(answer)];

  describe("that are functions with simple responses", () => {
    testFact(DOCUMENTED, "let requests pass with their context, or forbid them", async () => {
      const { lambda: context } = await authorizerOf(await ask("/simple?key=1", { "x-who": "friend" }));
      expect(context).to.deep.include({ calls: 1, list: ["a"] });
      expect(await refusal(await ask("/simple?key=1", { "x-who": "foe" }))).to.deep.equal([403, "Forbidden"]);
    });

    testFact(DOCUMENTED, "are not asked without all identity sources", async () => {
      expect(await refusal(await ask("/simple", { "x-who": "friend" }))).to.deep.equal([401, "Unauthorized"]);
      expect(await refusal(await ask("/simple?key=1"))).to.deep.equal([401, "Unauthorized"]);
    });

    testFact(DOCUMENTED, "get the request in format 2.0, without its body", async () => {
      const { lambda: context } = await authorizerOf(await ask("/simple?key=1", { "x-who": "friend" }));
      const { requestContext, headers, ...event } = (context?.event ?? {}) as Record<string, object>;
      expect(event).to.deep.equal({
        version: "2.0",
        type: "REQUEST",
        routeArn: "arn:aws:execute-api:eu-west-1:123456789012:http0id/$default/GET/simple",
        identitySource: ["friend", "1"],
        routeKey: "GET /simple",
        rawPath: "/simple",
        rawQueryString: "key=1",
        queryStringParameters: { key: "1" },
      });
      expect(headers).to.include({ "x-who": "friend" });
      expect(requestContext).to.include({ apiId: "http0id", stage: "$default" });
    });

    testFact(DOCUMENTED, "are a 500 when they fail or answer in another form", async () => {
      for (const who of ["ghost", "riddle"]) {
        expect(await refusal(await ask("/simple?key=1", { "x-who": who }))).to.deep.equal([
          500,
          "Internal Server Error",
        ]);
      }
      expect(server.lines.join("\n"))
        .to.include("the authorizer doorman failed")
        .and.include("returned no isAuthorized");
    });
  });

  describe("that are functions with policies", () => {
    testFact(DOCUMENTED, "let those requests pass that the policy allows", async () => {
      const friend = { "x-who": "friend" };
      const { lambda: context } = await authorizerOf(await ask("/policy", { ...friend, "x-policy": "own" }));
      expect(context).to.deep.include({ calls: 1, list: ["a"] });
      const elsewhere = { ...friend, "x-policy": "arn:aws:execute-api:*:*:*/*/POST/*" };
      expect(await refusal(await ask("/policy", elsewhere))).to.deep.equal([403, "Forbidden"]);
      expect(await refusal(await ask("/policy", { "x-who": "foe", "x-policy": "*" }))).to.deep.equal([
        403,
        "Forbidden",
      ]);
      expect(await refusal(await ask("/policy", friend))).to.deep.equal([500, "Internal Server Error"]);
    });

    testFact(DOCUMENTED, "get the request in format 1.0", async () => {
      const { lambda: context } = await authorizerOf(await ask("/old", { "x-who": "friend", "x-policy": "*" }));
      const event = context?.event as Record<string, unknown>;
      expect(event).to.include({
        version: "1.0",
        type: "REQUEST",
        methodArn: "arn:aws:execute-api:eu-west-1:123456789012:http0id/$default/GET/old",
        identitySource: "friend",
        authorizationToken: "friend",
        resource: "/old",
        path: "/old",
        httpMethod: "GET",
      });
      expect(event).not.to.have.any.keys("body", "isBase64Encoded", "multiValueHeaders");
    });

    it("hand their context and principal to functions of format 1.0", async () => {
      const context = await authorizerOf(await ask("/older", { "x-who": "friend", "x-policy": "*" }));
      expect(context).to.deep.include({ principalId: "friend", calls: 1, list: ["a"] });
    });
  });

  describe("whose answers are kept", () => {
    const callsOf = async (path: string, headers: Record<string, string>) =>
      (await authorizerOf(await ask(path, headers))).lambda?.calls;

    testFact(DOCUMENTED, "are asked once for the same identity, on all routes", async () => {
      const friend = { "x-who": "friend", "x-policy": "*" };
      expect([await callsOf("/old", friend), await callsOf("/old", friend)]).to.deep.equal([1, 1]);
      expect(await authorizerOf(await ask("/older", friend))).to.include({ calls: 1 });
      expect(await refusal(await ask("/old", { "x-who": "foe", "x-policy": "*" }))).to.deep.equal([403, "Forbidden"]);
    });

    testFact(DOCUMENTED, "are held to the policy on each route", async () => {
      const friend = { "x-who": "friend", "x-policy": "own" };
      expect(await callsOf("/old", friend)).to.equal(1);
      expect(await refusal(await ask("/older", friend))).to.deep.equal([403, "Forbidden"]);
    });

    it("are asked each time with a TTL of 0, or without identity sources", async () => {
      const friend = { "x-who": "friend", "x-policy": "*" };
      expect([await callsOf("/policy", friend), await callsOf("/policy", friend)]).to.deep.equal([1, 2]);
      expect([await callsOf("/simple?key=1", { "x-who": "friend" })]).to.deep.equal([3]);
      expect([await callsOf("/simple?key=1", { "x-who": "friend" })]).to.deep.equal([4]);
    });

    it("are asked again when the program has changed, so that an edit of the function counts at once", async () => {
      const functions = (code: string) => [lambda("echo", ECHO), lambda("doorman", code)];
      const folder = temporaryFolder();
      const own = await serveGraph(graphOf(folder, ...functions(DOORMAN), ...resources));
      const friend = { headers: { "x-who": "friend", "x-policy": "*" } };
      expect((await own.call("/old", friend)).status).to.equal(200);
      await own.reconcile(graphOf(folder, ...functions(DOORMAN.replace('=== "friend"', '=== "foe"')), ...resources));
      expect((await own.call("/old", friend)).status).to.equal(403);
    });
  });

  describe("that are IAM", () => {
    const get = async (path: string, options: object = {}) => {
      const { url = "" } = server.apis[0] ?? {};
      return send(
        url,
        await signed(
          { endpoint: url, credentials: server.credentials },
          { service: "execute-api", method: "GET", path, ...options },
        ),
      );
    };

    testFact(DOCUMENTED, "let signed requests pass, and say who signed them", async () => {
      const { accessKeyId } = server.credentials;
      const { requestContext } = JSON.parse((await get("/iam")).body);
      expect(requestContext.authorizer.iam).to.deep.equal({
        accessKey: accessKeyId,
        accountId: "123456789012",
        callerId: accessKeyId,
        cognitoIdentity: null,
        principalOrgId: null,
        userArn: requestContext.authorizer.iam.userArn,
        userId: accessKeyId,
      });
      expect(JSON.parse((await get("/iam1")).body).requestContext.identity).to.include({ caller: accessKeyId });
    });

    testFact(DOCUMENTED, "forbid requests that are not signed, or not for them", async () => {
      expect(await refusal(await ask("/iam"))).to.deep.equal([403, "Forbidden"]);
      expect((await get("/iam", { region: "us-east-1" })).status).to.equal(403);
      expect((await get("/iam", { service: "lambda" })).body).to.equal('{"message":"Forbidden"}');
    });
  });

  it("that are not emulated or missing answer 501, and the start says so", async () => {
    expect((await ask("/jwt")).status).to.equal(501);
    expect(server.problems).to.deep.equal([
      'GET /jwt answers 501: AWS refuses its JWT authorizer jwt: it has the identity sources "", not one such as $request.header.Authorization',
      "GET /lost answers 501: its authorizationType CUSTOM needs an authorizerId of the same API",
    ]);
  });
});
