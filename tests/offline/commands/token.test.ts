import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { begin } from "../../helpers/offline/cli";
import { writeProgram } from "../../helpers/offline/program";
import { type Started, startOffline } from "../../helpers/offline/start";
import { temporaryFolder } from "../../helpers/temporaryFolder";

/** An API with tokens of an OpenID provider, and one with those of a user pool. */
const program = `
  const aws = require("@pulumi/aws");
  const pool = new aws.cognito.UserPool("users");
  const mock = {
    type: "mock", requestTemplates: { "application/json": '{"statusCode": 200}' }, responses: { default: { statusCode: "200" } },
  };
  const route = (scopes) => ({ get: { security: [{ who: scopes }], "x-amazon-apigateway-integration": mock } });
  function api(name, authorizer) {
    const who = { type: "apiKey", in: "header", name: "Authorization", "x-amazon-apigateway-authorizer": authorizer };
    const document = { paths: { "/": route([]), "/scoped": route(["read"]) }, components: { securitySchemes: { who } } };
    const rest = new aws.apigateway.RestApi(name, { body: JSON.stringify(document) });
    const deployment = new aws.apigateway.Deployment(name, { restApi: rest.id });
    new aws.apigateway.Stage(name, { restApi: rest.id, deployment: deployment.id, stageName: "v1" });
  }
  api("shop", {
    type: "jwt",
    identitySource: "method.request.header.Authorization",
    jwtConfiguration: {
      issuers: [
        { issuer: "https://a.example.com", audiences: ["shop"] },
        { issuer: "https://b.example.com", audiences: ["b"], additionalClaims: [
          { claimName: "tenant", format: "SINGLE_STRING", required: true },
          { claimName: "tier", format: "SINGLE_STRING", required: true, expectedValues: ["gold"] },
        ] },
      ],
      defaultAlgorithms: ["RS256"],
    },
  });
  pool.arn.apply((arn) => api("club", { type: "cognito_user_pools", providerARNs: [arn] }));
`;

const claimsIn = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

describe("pulumi-offline token", function () {
  // Each test starts the command.
  this.timeout(60_000);
  const data = path.join(temporaryFolder(), "data");
  let folder: string;
  let started: Started;

  before(async () => {
    folder = writeProgram({ "Pulumi.yaml": "name: shop\nruntime: nodejs\nmain: index.js\n", "index.js": program });
    started = await startOffline(["--data", data], folder);
  });
  after(() => started.interrupt());

  const run = (...parameters: string[]) => begin("token", "--cwd", folder, ...parameters).ended;
  async function token(...parameters: string[]): Promise<string> {
    const { code, out, error } = await run(...parameters);
    expect({ code, error }).to.deep.equal({ code: 0, error: "" });
    expect(out).to.match(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    return out.trim();
  }
  async function statusOf(api: string, at: string, authorization: string) {
    const url = started.apis.find(({ name }) => name === api)?.url;
    return (await fetch(`${url}${at}`, { headers: { authorization: `Bearer ${authorization}` } })).status;
  }

  it("prints a token that the API accepts, with the claims that are asked for", async () => {
    const [plain, other, expired] = await Promise.all([
      token("--api", "shop"),
      token(
        ...["--issuer", "https://b.example.com", "--sub", "jane", "--scope", "read write", "--expires-in", "1d"],
        ...["--claim", "tenant=blue", "--claim", 'roles=["admin"]'],
      ),
      token("--api", "shop", "--expires-in", "-1m"),
    ]);
    expect(claimsIn(plain)).to.include({ iss: "https://a.example.com", aud: "shop", sub: "offline-user" });
    const claims = claimsIn(other);
    expect(claims).to.deep.include({ aud: "b", sub: "jane", scope: "read write", tenant: "blue", tier: "gold" });
    expect(claims.roles).to.deep.equal(["admin"]);
    expect(claims.exp - claims.iat).to.equal(86_400);
    const answers = [
      await statusOf("shop", "/", plain),
      await statusOf("shop", "/scoped", plain),
      await statusOf("shop", "/scoped", other),
      await statusOf("shop", "/", expired),
      await statusOf("club", "/", plain),
    ];
    expect(answers).to.deep.equal([200, 403, 200, 401, 401]);
  });

  it("prints ID tokens and access tokens of a user pool", async () => {
    const [id, access, forced] = await Promise.all([
      token("--api", "club"),
      token("--api", "club", "--scope", "read"),
      token("--api", "club", "--scope", "read", "--id-token"),
    ]);
    expect(claimsIn(id).iss).to.match(/^https:\/\/cognito-idp\.[\w-]+\.amazonaws\.com\/[\w-]+$/);
    expect(claimsIn(access)).to.include({ token_use: "access", client_id: "offline-client", username: "offline-user" });
    const answers = [
      await statusOf("club", "/", id),
      await statusOf("club", "/scoped", id),
      await statusOf("club", "/scoped", access),
      await statusOf("club", "/", access),
      await statusOf("club", "/", forced),
    ];
    expect(answers).to.deep.equal([200, 401, 200, 401, 200]);
  });

  it("says what there is if it is not clear what is meant", async () => {
    const [several, api, issuer, claim, duration] = await Promise.all([
      run(),
      run("--api", "shops"),
      run("--api", "shop", "--issuer", "https://c.example.com"),
      run("--issuer", "https://b.example.com"),
      run("--expires-in", "soon"),
    ]);
    for (const { code, out } of [several, api, issuer, claim, duration]) expect([code, out]).to.deep.equal([1, ""]);
    expect(several.error).to.match(
      /^error: Choose one with --api or --issuer:\n {2}API shop, authorizer who: https:\/\/a/,
    );
    expect(api.error).to.contain(
      "No API shops accepts tokens. These do:\n  API shop, authorizer who: https://a.example.com",
    );
    expect(issuer.error).to.contain("No authorizer trusts the issuer https://c.example.com");
    expect(claim.error).to.contain("add --claim tenant=VALUE");
    expect(duration.error).to.contain("Write a duration such as 90s, 15m or 1d.");
  });

  it("publishes the key that it signs with, and nothing of the private one", async () => {
    const discovery = await (await fetch(`${started.endpoint}/pool/.well-known/openid-configuration`)).json();
    expect(discovery).to.include({ issuer: `${started.endpoint}/pool` });
    const published = await fetch((discovery as { jwks_uri: string }).jwks_uri);
    const { keys } = (await published.json()) as { keys: object[] };
    expect(keys).to.have.length(1);
    expect(keys[0]).to.have.all.keys("kid", "kty", "n", "e", "alg", "use");
  });

  it("keeps its key with the data, for the user only", async () => {
    const first = await token("--api", "shop");
    const file = path.join(data, "issuer.json");
    expect(fs.statSync(file).mode & 0o777).to.equal(0o600);
    expect(started.output()).not.to.contain(JSON.parse(fs.readFileSync(file, "utf8")).d);
    await started.interrupt();
    started = await startOffline(["--data", data], folder);
    expect(await statusOf("shop", "/", first)).to.equal(200);
  });

  it("does not start with keys that cannot be used", async () => {
    const keys = path.join(folder, "keys.json");
    fs.writeFileSync(
      keys,
      JSON.stringify({ keys: [{ kty: "oct", kid: "a" }, { kty: "RSA", kid: "b", d: "hush" }, {}] }),
    );
    const { code, error } = await begin("start", "--cwd", folder, "--port", "0", "--keys", keys).ended;
    expect(code).to.equal(1);
    expect(error).to.contain(
      'keys[0] has the kty "oct", not RSA or EC; keys[1] is a private key; give its public part',
    );
    expect(error).not.to.contain("hush");
  });
});
