import { expect } from "chai";
import { DOCUMENTATION, testFacts } from "../../../../helpers/facts";
import { ECHO, eventIn, messageIn } from "../../../../helpers/offline/api";
import { graphOf, lambda, proxy, resource, restApi } from "../../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../../helpers/offline/served";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

/** Allows what its token says, and counts how often it was asked. */
const doorman = (word: string) => `
  let asked = 0;
  exports.handler = async ({ type, methodArn, authorizationToken, headers }) => {
    asked++;
    const token = authorizationToken ?? headers["x-who"];
    if (token === "unauthorized") throw new Error("Unauthorized");
    if (token === "broken") throw new Error("secret reason");
    if (token === "odd") return { principalId: "p" };
    const own = token === "own" ? methodArn : methodArn.replace(/GET.*$/, "*");
    const Statement = [{ Effect: token === "deny" ? "Deny" : "Allow", Action: "execute-api:Invoke", Resource: own }];
    return {
      principalId: token,
      policyDocument: { Version: "2012-10-17", Statement },
      context: { asked, word: "${word}" },
      usageIdentifierKey: token === "member" ? "k".repeat(20) : undefined,
    };
  };
`;
const uri =
  "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:doorman/invocations";
const scheme = (type: string, settings: object) => ({
  type: "apiKey",
  name: "Authorization",
  in: "header",
  "x-amazon-apigateway-authtype": "custom",
  "x-amazon-apigateway-authorizer": { type, authorizerUri: uri, ...settings },
});
const by = (...names: string[]) => ({ get: proxy("echo", { security: names.map((name) => ({ [name]: [] })) }) });

const document = {
  paths: {
    "/token": by("token"),
    "/other": by("token"),
    "/fresh": by("fresh"),
    "/request": by("request"),
    "/nobody": by("nobody"),
    "/member": by("token", "key"),
  },
  components: {
    securitySchemes: {
      token: scheme("token", { identityValidationExpression: "[a-z]+" }),
      fresh: scheme("token", { authorizerResultTtlInSeconds: 0 }),
      request: scheme("request", {
        identitySource: "method.request.header.x-who, method.request.querystring.at",
        authorizerResultTtlInSeconds: 60,
      }),
      nobody: scheme("request", {}),
      key: { type: "apiKey", name: "x-api-key", in: "header" },
    },
  },
  "x-amazon-apigateway-api-key-source": "AUTHORIZER",
};

describe("A route with a Lambda authorizer", () => {
  let server: Served;
  const folder = temporaryFolder();
  const graph = (word: string) =>
    graphOf(
      folder,
      lambda("echo", ECHO),
      lambda("doorman", doorman(word)),
      ...restApi("api", document),
      resource("aws:apigateway/apiKey:ApiKey", "key", { value: "k".repeat(20) }, { id: "key0id" }),
      resource(
        "aws:apigateway/usagePlan:UsagePlan",
        "plan",
        { apiStages: [{ apiId: "api0id", stage: "Prod" }] },
        { id: "plan0id" },
      ),
      resource("aws:apigateway/usagePlanKey:UsagePlanKey", "member", { usagePlanId: "plan0id", keyId: "key0id" }),
    );
  before(async () => {
    server = await serveGraph(graph("first"));
  });
  after(closeServers);

  const call = (path: string, who?: string) =>
    server.call(path, who === undefined ? {} : { headers: { authorization: who, "x-who": who } });
  /** How often the authorizer had been asked when it admitted the caller. */
  const asked = async (path: string, who: string) =>
    Number((await eventIn(await call(path, who))).requestContext.authorizer?.asked);
  const answer = async (path: string, who?: string) => {
    const response = await call(path, who);
    return [response.status, await messageIn(response)];
  };

  const refusal = "User is not authorized to access this resource";
  testFacts(
    {
      service: "API Gateway",
      source: DOCUMENTATION,
      facts: [
        {
          fact: "The answer of a Lambda authorizer is kept for 300 seconds for the same token",
          check: async () => {
            const first = await asked("/token", "kept");
            expect(await asked("/token", "kept")).to.equal(first);
            expect(await asked("/token", "others")).to.equal(first + 1);
            const real = Date.now;
            Date.now = () => real() + 301_000;
            try {
              expect(await asked("/token", "kept")).to.equal(first + 2);
            } finally {
              Date.now = real;
            }
          },
        },
        {
          fact: "A kept policy decides about every route that has the authorizer",
          check: async () => {
            expect((await call("/token", "own")).status).to.equal(200);
            expect(await answer("/other", "own")).to.deep.equal([403, refusal]);
          },
        },
        {
          fact: "An authorizerResultTtlInSeconds of 0 keeps nothing",
          check: async () => {
            const first = await asked("/fresh", "anyone");
            expect(await asked("/fresh", "anyone")).to.equal(first + 1);
          },
        },
        {
          fact: "The answer of a request authorizer is kept for the values of all its identity sources together",
          check: async () => {
            const first = await asked("/request?at=1", "jane");
            expect(await asked("/request?at=1&more=2", "jane")).to.equal(first);
            expect(await asked("/request?at=2", "jane")).to.equal(first + 1);
          },
        },
        {
          fact: "A missing identity source is 401, and the authorizer is not asked",
          check: async () => {
            const before = server.lines.length;
            expect(await answer("/request", "jane")).to.deep.equal([401, "Unauthorized"]);
            expect(await answer("/token")).to.deep.equal([401, "Unauthorized"]);
            expect(await answer("/token", "NOT-VALID")).to.deep.equal([401, "Unauthorized"]);
            expect(server.lines.slice(before).filter((line) => line.includes("doorman"))).to.deep.equal([]);
          },
        },
        {
          fact: "An authorizer that throws Unauthorized is 401, and one that fails otherwise, or answers wrongly, is 500",
          check: async () => {
            expect(await answer("/token", "unauthorized")).to.deep.equal([401, "Unauthorized"]);
            expect(await answer("/token", "broken")).to.deep.equal([500, null]);
            expect(await answer("/token", "odd")).to.deep.equal([500, null]);
          },
        },
        {
          fact: "A policy that denies is 403, with an explicit deny",
          check: async () => {
            for (let time = 0; time < 2; time++) {
              expect(await answer("/token", "deny")).to.deep.equal([403, `${refusal} with an explicit deny`]);
            }
          },
        },
        {
          fact: "The usageIdentifierKey of a kept answer is the caller's API key",
          check: async () => {
            expect(await answer("/member", "jane")).to.deep.equal([403, "Forbidden"]);
            for (let time = 0; time < 2; time++) {
              const { requestContext } = await eventIn(await call("/member", "member"));
              expect(requestContext.identity.apiKeyId).to.equal("key0id");
            }
          },
        },
      ],
    },
    ({ check }) => check(),
  );

  it("asks again where the authorizer has no identity sources", async () => {
    const first = await asked("/nobody", "jane");
    expect(await asked("/nobody", "jane")).to.equal(first + 1);
  });

  it("asks again once the program has changed", async () => {
    const wordFor = async () => (await eventIn(await call("/token", "edited"))).requestContext.authorizer?.word;
    expect(await wordFor()).to.equal("first");
    await server.reconcile(graph("second"));
    expect(await wordFor()).to.equal("second");
  });
});
