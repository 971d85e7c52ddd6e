import { expect } from "chai";
import { DOCUMENTATION, testFact, testFacts } from "../../../../helpers/facts";
import { ECHO, send } from "../../../../helpers/offline/api";
import { graphOf, lambda, proxy, resource, restApi } from "../../../../helpers/offline/graph";
import { allowInvoke, denyInvoke, keyOf, policy, user } from "../../../../helpers/offline/iam";
import { closeServers, type Served, serveGraph } from "../../../../helpers/offline/served";
import { signed } from "../../../../helpers/offline/signed";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

/** Answers with the policy that the token names, and notes that it was asked. */
const JUDGE = `exports.handler = async ({ authorizationToken: token, methodArn }) => {
  console.log("asked for " + token);
  const Resource = token === "silent" ? "arn:aws:execute-api:eu-west-1:123456789012:other/*" : methodArn;
  const Statement = [{ Effect: token === "denies" ? "Deny" : "Allow", Action: "execute-api:Invoke", Resource }];
  const policyDocument = { Version: "2012-10-17", Statement };
  return { principalId: "caller", policyDocument: token === "text" ? JSON.stringify(policyDocument) : policyDocument };
}`;

const document = {
  paths: {
    "/open": { get: proxy("echo") },
    "/signed": { get: proxy("echo", { security: [{ sigv4: [] }] }) },
    "/judged": { get: proxy("echo", { security: [{ judge: [] }] }) },
  },
  components: {
    securitySchemes: {
      sigv4: { type: "apiKey", "x-amazon-apigateway-authtype": "awsSigv4" },
      judge: {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        "x-amazon-apigateway-authorizer": {
          type: "token",
          authorizerUri: (proxy("judge") as { "x-amazon-apigateway-integration": { uri: string } })[
            "x-amazon-apigateway-integration"
          ].uri,
        },
      },
    },
  },
};

type Says = "allows" | "denies" | "silent";
const EFFECTS: Says[] = ["allows", "denies", "silent"];

const forAll = { Principal: "*" };
const STATEMENTS: Record<Says, object> = {
  allows: { ...allowInvoke("execute-api:/*"), ...forAll },
  denies: { ...denyInvoke("execute-api:/*"), ...forAll },
  silent: { ...allowInvoke("execute-api:/Other/*"), ...forAll },
};

/** What comes of a call, by what the caller's own policy and the resource policy say. */
const OUTCOMES: Record<Says, Record<Says, number>> = {
  allows: { allows: 200, denies: 403, silent: 200 },
  denies: { allows: 403, denies: 403, silent: 403 },
  silent: { allows: 200, denies: 403, silent: 403 },
};

const DOCUMENTED = { service: "API Gateway", source: DOCUMENTATION };

describe("The resource policy of a REST API", function () {
  this.timeout(30_000);
  let server: Served;

  const from = (address: string) => ({ IpAddress: { "aws:SourceIp": address } });
  const apis: Record<string, object[]> = {
    ...Object.fromEntries(EFFECTS.map((says) => [says, [STATEMENTS[says]]])),
    here: [{ ...STATEMENTS.allows, Condition: from("127.0.0.0/8") }],
    elsewhere: [{ ...STATEMENTS.allows, Condition: from("203.0.113.0/24") }],
    ann: [{ ...allowInvoke("execute-api:/*"), Principal: { AWS: "arn:aws:iam::123456789012:user/silent" } }],
    vpc: [STATEMENTS.allows, { ...STATEMENTS.denies, Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1" } } }],
  };

  before(async () => {
    const body = { ...document, "x-amazon-apigateway-policy": JSON.parse(policy(STATEMENTS.denies)) };
    server = await serveGraph(
      graphOf(
        temporaryFolder(),
        lambda("echo", ECHO),
        lambda("judge", JUDGE),
        ...user("allows", [allowInvoke()]),
        ...user("denies", [denyInvoke()]),
        ...user("silent"),
        ...Object.entries(apis).flatMap(([name, statements]) => {
          return restApi(name, document, {}, { policy: policy(...statements) });
        }),
        ...restApi("body", body),
        ...restApi("apart", body),
        resource("aws:apigateway/restApiPolicy:RestApiPolicy", "apart", {
          restApiId: "apart0id",
          policy: policy(STATEMENTS.allows),
        }),
        ...restApi("private", document, {}, { endpointConfiguration: { types: "PRIVATE" } }),
        ...restApi("broken", document, {}, { policy: "{}" }),
        ...restApi("customized", {
          ...body,
          "x-amazon-apigateway-gateway-responses": {
            ACCESS_DENIED: { statusCode: 404, responseTemplates: { "application/json": "{}" } },
          },
        }),
      ),
    );
  });
  after(closeServers);

  const urlOf = (api: string) => server.apis.find(({ name }) => name === api)?.url ?? "";
  const open = (api: string) => fetch(`${urlOf(api)}/open`);
  const judged = (api: string, token: string) => fetch(`${urlOf(api)}/judged`, { headers: { Authorization: token } });
  const call = async (api: string, credentials = server.credentials) => {
    const url = urlOf(api);
    const path = `${new URL(url).pathname}/signed`;
    return send(url, await signed({ endpoint: url, credentials }, { service: "execute-api", method: "GET", path }));
  };

  const pairs = EFFECTS.flatMap((own) => EFFECTS.map((other) => ({ own, other, status: OUTCOMES[own][other] })));
  const words = (who: string, own: Says, other: Says, status: number) =>
    `Where ${who} ${own === "silent" ? "says nothing" : own} and the resource policy ${other === "silent" ? "says nothing" : other}, the answer is a ${status}`;
  testFacts(
    {
      ...DOCUMENTED,
      facts: pairs.map((pair) => ({ ...pair, fact: words("an identity's policy", pair.own, pair.other, pair.status) })),
    },
    async ({ own, other, status }) => {
      expect((await call(other, keyOf(own))).status).to.equal(status);
    },
  );
  testFacts(
    {
      ...DOCUMENTED,
      facts: pairs.map((pair) => ({ ...pair, fact: words("a Lambda authorizer", pair.own, pair.other, pair.status) })),
    },
    async ({ own, other, status }) => {
      expect((await judged(other, own)).status).to.equal(status);
    },
  );

  testFact(DOCUMENTED, "a route without authorization needs a resource policy that allows it", async () => {
    const statuses = await Promise.all(EFFECTS.map(async (says) => (await open(says)).status));
    expect(statuses).to.deep.equal([200, 403, 403]);
  });

  testFact(DOCUMENTED, "what it denies to everybody never reaches a Lambda authorizer", async () => {
    expect((await judged("denies", "unseen")).status).to.equal(403);
    expect(server.lines.join()).not.to.contain("asked for unseen");
    expect((await judged("silent", "seen")).status).to.equal(200);
    expect(server.lines.join()).to.contain("asked for seen");
  });

  it("is all that counts if an authorizer returns a policy that is a text", async () => {
    const statuses = await Promise.all(["allows", "silent"].map(async (api) => (await judged(api, "text")).status));
    expect(statuses).to.deep.equal([200, 403]);
  });

  it("refuses in AWS's words", async () => {
    const message = "User: anonymous is not authorized to perform: execute-api:Invoke on resource: ";
    const arn = (api: string) => `arn:aws:execute-api:eu-west-1:********9012:${api}0id/Prod/GET/open`;
    const silent = await open("silent");
    expect(await silent.json()).to.deep.equal({ Message: message + arn("silent") });
    expect(silent.headers.get("x-amzn-errortype")).to.equal("AccessDeniedException");
    expect(await (await open("denies")).json()).to.deep.equal({
      Message: `${message}${arn("denies")} with an explicit deny`,
    });
  });

  it("also counts in the body and in a resource of its own, which takes precedence", async () => {
    expect([(await open("body")).status, (await open("apart")).status]).to.deep.equal([403, 200]);
  });

  it("denies the developer, too, but allows others only what it names", async () => {
    expect([(await call("denies")).status, (await call("silent")).status]).to.deep.equal([403, 200]);
    expect([(await call("ann", keyOf("silent"))).status, (await open("ann")).status]).to.deep.equal([200, 403]);
  });

  it("tells callers by their address, which here is this machine's", async () => {
    expect([(await open("here")).status, (await open("elsewhere")).status]).to.deep.equal([200, 403]);
  });

  it("does not refuse calls for want of a VPC", async () => {
    expect((await open("vpc")).status).to.equal(200);
  });

  it("does not exempt the gateway's own answers from their definition", async () => {
    const response = await open("customized");
    expect([response.status, await response.text()]).to.deep.equal([404, "{}"]);
  });

  it("must be there for a private API, and must have a statement", async () => {
    expect([(await open("private")).status, (await open("broken")).status]).to.deep.equal([200, 200]);
    expect(server.problems).to.include.members([
      "AWS does not deploy API private: it is private, and so needs a resource policy that allows its callers",
      "AWS refuses the resource policy of API broken, which is ignored: it has no Statement",
    ]);
  });
});
