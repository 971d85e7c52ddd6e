import type { APIGatewayProxyEventV2WithJWTAuthorizer } from "aws-lambda";
import { expect } from "chai";
import { DOCUMENTATION, testFacts } from "../../../../helpers/facts";
import { ECHO } from "../../../../helpers/offline/api";
import { resource } from "../../../../helpers/offline/graph";
import { HTTP_APIS, httpApi, httpRoute, serveHttpApi, toFunction } from "../../../../helpers/offline/httpApi";
import { closeServers, type Served } from "../../../../helpers/offline/served";
import { createKey, signToken, signWithText, startIssuer, type TestIssuer } from "../../../../helpers/offline/tokens";

const key = createKey("rsa");
const ec = createKey("ec", "ec");
const now = () => Math.floor(Date.now() / 1000);

describe("A JWT authorizer of an HTTP API", () => {
  let issuer: TestIssuer;
  let server: Served;
  before(async () => {
    issuer = await startIssuer(key, ec);
    const authorizer = (name: string, jwtConfiguration: object) =>
      resource("aws:apigatewayv2/authorizer:Authorizer", name, {
        apiId: "http0id",
        authorizerType: "JWT",
        identitySources: ["$request.header.Authorization"],
        jwtConfiguration: { ...jwtConfiguration },
      });
    const by = (authorizerId: string, authorizationScopes: string[] = []) => ({
      authorizationType: "JWT",
      authorizerId,
      authorizationScopes,
    });
    server = await serveHttpApi(
      { echo: ECHO },
      httpApi("web", { corsConfiguration: { allowOrigins: ["https://app.example.com"] } }),
      authorizer("who", { issuer: issuer.url, audiences: ["app"] }),
      authorizer("wrong", { issuer: "http://login.example.com", audiences: [] }),
      ...httpRoute("GET /any", toFunction("echo"), by("who")),
      ...httpRoute("GET /scoped", toFunction("echo"), by("who", ["read", "admin"])),
      ...httpRoute("GET /one", toFunction("echo", "1.0"), by("who", ["read"])),
      ...httpRoute("GET /wrong", toFunction("echo"), by("wrong")),
    );
  });
  after(async () => {
    issuer.close();
    await closeServers();
  });

  const claims = (changes: object = {}) => ({
    ...{ iss: issuer.url, aud: "app", sub: "jane", iat: now() - 1, exp: now() + 60 },
    ...{ scope: "read write", groups: ["a", "b"], admin: true },
    ...changes,
  });
  const call = (path: string, token: string) =>
    server.call(path, { headers: { authorization: `Bearer ${token}`, origin: "https://app.example.com" } });

  testFacts(
    {
      service: HTTP_APIS,
      source: DOCUMENTATION,
      facts: [
        {
          fact: "A function gets a token's claims as text, and its scopes where the route has scopes",
          check: async () => {
            const token = signToken(claims(), key);
            const authorizers = await Promise.all(
              ["/scoped", "/any"].map(async (path) => {
                const event = (await (await call(path, token)).json()) as APIGatewayProxyEventV2WithJWTAuthorizer;
                return event.requestContext.authorizer.jwt;
              }),
            );
            expect(authorizers[0]?.claims).to.include({ sub: "jane", groups: "[a b]", admin: "true" });
            expect(authorizers.map(({ scopes }) => scopes)).to.deep.equal([["read", "write"], null]);
            const one = (await (await call("/one", token)).json()) as { requestContext: { authorizer: object } };
            expect(one.requestContext.authorizer).to.deep.equal(authorizers[0]);
          },
        },
        {
          fact: "A token may name its audience in client_id if it has no aud",
          check: async () => {
            const statuses = await Promise.all(
              [{ aud: undefined, client_id: "app" }, { aud: "else", client_id: "app" }, { aud: undefined }].map(
                async (changes) => (await call("/any", signToken(claims(changes), key))).status,
              ),
            );
            expect(statuses).to.deep.equal([200, 401, 401]);
          },
        },
        {
          fact: "A caller without a token is told to send one, and one with a token that it is not valid, or for another audience",
          check: async () => {
            const forOthers = signToken(claims({ aud: "else" }), key);
            const answers = [await server.call("/any"), await call("/any", "a.b.c"), await call("/any", forOthers)];
            expect(answers.map(({ headers }) => headers.get("www-authenticate"))).to.deep.equal([
              "Bearer",
              'Bearer scope="" error="invalid_token"',
              'Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience"',
            ]);
          },
        },
        {
          fact: "Only RSA may sign a token",
          check: async () => {
            expect((await call("/any", signToken(claims(), ec))).status).to.equal(401);
          },
        },
        {
          fact: "A token without one of the route's scopes is 403 and Forbidden",
          check: async () => {
            const answer = await call("/scoped", signToken(claims({ scope: "write" }), key));
            expect([answer.status, await answer.json()]).to.deep.equal([403, { message: "Forbidden" }]);
          },
        },
      ],
    },
    ({ check }) => check(),
  );

  const refused: [what: string, token: () => string][] = [
    ["is not one", () => "a.b.c"],
    ["somebody else has signed", () => signToken(claims(), createKey("rsa"))],
    [
      "the public key has signed as a secret",
      () => signWithText(claims(), String(key.publicKey.export({ format: "pem", type: "spki" })), "rsa"),
    ],
    ["has expired", () => signToken(claims({ exp: now() - 1 }), key)],
    ["begins in the future", () => signToken(claims({ nbf: now() + 60 }), key)],
    ["was issued in the future", () => signToken(claims({ iat: now() + 60 }), key)],
    ["is of another issuer", () => signToken(claims({ iss: "https://login.example.com" }), key)],
    ["has no kid", () => signToken(claims(), key, { kid: undefined })],
  ];
  for (const [what, token] of refused) {
    it(`refuses a token that ${what}, with the API's CORS headers`, async () => {
      const before = server.lines.length;
      const answer = await call("/any", token());
      expect([answer.status, await answer.json()]).to.deep.equal([401, { message: "Unauthorized" }]);
      expect(answer.headers.get("access-control-allow-origin")).to.equal("https://app.example.com");
      expect(server.lines.slice(before).join("\n")).to.contain("token refused").and.not.to.contain("→");
    });
  }

  it("is not served if AWS refuses it", async () => {
    expect((await server.call("/wrong")).status).to.equal(501);
    expect(server.problems.join("\n")).to.contain(
      'AWS refuses its JWT authorizer wrong: its issuer "http://login.example.com" is not an https URL without user, query and fragment; it has no audience',
    );
  });
});
