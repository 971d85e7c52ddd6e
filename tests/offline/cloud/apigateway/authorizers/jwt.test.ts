import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { ECHO, eventIn } from "../../../../helpers/offline/api";
import { graphOf, lambda, proxy, restApi } from "../../../../helpers/offline/graph";
import { closeServers, type Served, serveGraph } from "../../../../helpers/offline/served";
import {
  createKey,
  signToken,
  signWithText,
  startIssuer,
  type TestIssuer,
  unsignedToken,
} from "../../../../helpers/offline/tokens";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

const ISSUER = "https://login.example.com/";
const POOL = "eu-west-1_a1b2c3d4e";
const POOL_ISSUER = `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`;

const trusted = createKey("trusted");
const trustedEc = createKey("trusted-ec", "ec");
const forger = createKey("trusted");
const unknown = createKey("unknown");

const now = () => Math.floor(Date.now() / 1000);
const valid = (changes: object = {}) => ({
  iss: ISSUER,
  aud: "items",
  sub: "jane",
  iat: now() - 10,
  exp: now() + 600,
  scope: "items/read items/write",
  tenant: "blue",
  roles: ["a", "b"],
  ...changes,
});
const withoutClaim = (name: string) => Object.fromEntries(Object.entries(valid()).filter(([claim]) => claim !== name));

const authorizer = (type: string, settings: object) => ({
  type: "apiKey",
  in: "header",
  name: "Authorization",
  "x-amazon-apigateway-authorizer": { type, ...settings },
});

const jwt = (issuers: object[], settings: object = {}) =>
  authorizer("jwt", {
    identitySource: "method.request.header.Authorization",
    jwtConfiguration: { issuers, defaultAlgorithms: ["RS256", "ES256"] },
    ...settings,
  });

describe("A route with a JWT or Cognito authorizer", () => {
  let local: TestIssuer;
  let server: Served;

  before(async () => {
    local = await startIssuer(createKey("first"));
    const folder = temporaryFolder();
    const keys = path.join(folder, "keys.json");
    fs.writeFileSync(keys, JSON.stringify({ keys: [trusted.jwk, trustedEc.jwk] }));
    const claims = [
      { claimName: "tenant", format: "SINGLE_STRING", required: true, expectedValues: ["blue", "green"] },
      { claimName: "plan", format: "SINGLE_STRING" },
    ];
    const document = {
      paths: {
        "/any": { get: proxy("echo", { security: [{ tokens: [] }] }) },
        "/scoped": { get: proxy("echo", { security: [{ tokens: ["items/write", "items/admin"] }] }) },
        "/several": { get: proxy("echo", { security: [{ several: [] }] }) },
        "/pool": { get: proxy("echo", { security: [{ pool: [] }] }) },
        "/pool/scoped": { get: proxy("echo", { security: [{ pool: ["items/read"] }] }) },
        "/wrong": { get: proxy("echo", { security: [{ wrong: [] }] }) },
      },
      components: {
        securitySchemes: {
          tokens: jwt([{ issuer: ISSUER, audiences: ["items", "others"], additionalClaims: claims }]),
          several: jwt([
            { issuer: ISSUER, audiences: ["items"] },
            { issuer: local.url, audiences: ["local"] },
          ]),
          pool: authorizer("cognito_user_pools", {
            providerARNs: [`arn:aws:cognito-idp:eu-west-1:123456789012:userpool/${POOL}`],
          }),
          wrong: jwt(
            [
              { issuer: "http://login.example.com?x=1", audiences: [] },
              { issuer: ISSUER, audiences: ["a"], additionalClaims: [{ claimName: "scp" }] },
              { issuer: ISSUER, audiences: ["b"] },
            ],
            { identitySource: "method.request.header.A,method.request.header.B" },
          ),
        },
      },
      "x-amazon-apigateway-gateway-responses": {
        DEFAULT_4XX: { responseParameters: { "gatewayresponse.header.Access-Control-Allow-Origin": "'*'" } },
      },
    };
    server = await serveGraph(graphOf(folder, lambda("echo", ECHO), ...restApi("api", document)), { keys });
  });
  after(async () => {
    local.close();
    await closeServers();
  });

  const call = (path: string, token?: string, prefix = "Bearer ") =>
    server.call(path, token === undefined ? {} : { headers: { authorization: `${prefix}${token}` } });

  /** What the caller gets, and what the log says of it. */
  async function refusalOf(path: string, token?: string) {
    const before = server.lines.length;
    const response = await call(path, token);
    const lines = server.lines.slice(before);
    expect(lines.join("\n")).not.to.contain("→");
    const origin = response.headers.get("access-control-allow-origin");
    return { status: response.status, origin, body: await response.text(), log: lines.join("\n") };
  }

  it("hands the claims to the function, as texts", async () => {
    for (const prefix of ["Bearer ", "bearer ", ""]) {
      const { requestContext } = await eventIn(await call("/any", signToken(valid(), trusted), prefix));
      expect(requestContext.authorizer).to.have.all.keys("claims");
      expect(requestContext.authorizer?.claims).to.include({ sub: "jane", aud: "items", roles: "a,b" });
      expect(requestContext.authorizer?.claims.exp).to.match(/^\d+$/);
    }
  });

  const accepted: [what: string, token: () => string][] = [
    ["an ECDSA signature", () => signToken(valid(), trustedEc)],
    ["several audiences, of which one is right", () => signToken(valid({ aud: ["x", "others"] }), trusted)],
    ["no iat", () => signToken(withoutClaim("iat"), trusted)],
    ["an nbf in the past", () => signToken(valid({ nbf: now() - 5 }), trusted)],
    ["an optional claim that it does not check", () => signToken(valid({ plan: "free" }), trusted)],
  ];
  for (const [what, token] of accepted) {
    it(`accepts a token with ${what}`, async () => {
      expect((await call("/any", token())).status).to.equal(200);
    });
  }

  const tampered = (token: string) => {
    const [header, , signature] = token.split(".");
    return [header, Buffer.from(JSON.stringify(valid({ sub: "root" }))).toString("base64url"), signature].join(".");
  };
  const publicPem = String(trusted.publicKey.export({ format: "pem", type: "spki" }));

  const refused: [what: string, token: () => string | undefined, reason: RegExp][] = [
    ["no token", () => undefined, /^GET/],
    ["a text that is no token", () => "abc", /token refused/],
    ["three parts that are no token", () => "a.b.c", /token refused/],
    ["a fourth part", () => `${signToken(valid(), trusted)}.e30`, /token refused/],
    ["claims that are no object", () => signToken(["a"], trusted), /token refused/],
    ["a signature of somebody else with the right kid", () => signToken(valid(), forger), /signature/],
    ["changed claims", () => tampered(signToken(valid(), trusted)), /signature/],
    ["no signature", () => signToken(valid(), trusted).replace(/[^.]+$/, ""), /token refused/],
    ["alg none", () => unsignedToken(valid(), "trusted"), /token refused/],
    ["the public key as a secret (HS256)", () => signWithText(valid(), publicPem, "trusted"), /alg/],
    ["an algorithm that is not allowed", () => signToken(valid(), trusted, { alg: "RS512" }), /alg/],
    ["an algorithm of another kind of key", () => signToken(valid(), trusted, { alg: "ES256" }), /token refused/],
    ["a critical header that is not known", () => signToken(valid(), trusted, { crit: ["x"], x: 1 }), /token refused/],
    ["a key in its own header", () => signToken(valid(), unknown, { jwk: unknown.jwk }), /no applicable key/],
    ["an unknown kid", () => signToken(valid(), unknown), /no applicable key/],
    ["no kid", () => signToken(valid(), trusted, { kid: undefined }), /kid/],
    ["an exp in the past", () => signToken(valid({ exp: now() - 1 }), trusted), /exp/],
    ["no exp", () => signToken(withoutClaim("exp"), trusted), /exp/],
    ["an exp that is a text", () => signToken(valid({ exp: "never" }), trusted), /exp/],
    ["an nbf in the future", () => signToken(valid({ nbf: now() + 60 }), trusted), /nbf/],
    ["an iat in the future", () => signToken(valid({ iat: now() + 60 }), trusted), /iat/],
    ["another audience", () => signToken(valid({ aud: "else" }), trusted), /audience is \["else"\]/],
    ["no audience", () => signToken(withoutClaim("aud"), trusted), /audience/],
    [
      "a client_id in place of the audience",
      () => signToken({ ...withoutClaim("aud"), client_id: "items" }, trusted),
      /aud/,
    ],
    ["another issuer", () => signToken(valid({ iss: "https://evil.example.com" }), trusted), /issuer/],
    ["an issuer without the slash at its end", () => signToken(valid({ iss: ISSUER.slice(0, -1) }), trusted), /issuer/],
    ["no issuer", () => signToken(withoutClaim("iss"), trusted), /issuer is missing/],
    ["another value of an additional claim", () => signToken(valid({ tenant: "Blue" }), trusted), /tenant is "Blue"/],
    ["no additional claim", () => signToken(withoutClaim("tenant"), trusted), /tenant is missing/],
    ["a list as additional claim", () => signToken(valid({ tenant: ["blue"] }), trusted), /tenant/],
    ["a list as optional claim", () => signToken(valid({ plan: ["free"] }), trusted), /plan/],
  ];
  for (const [what, token, reason] of refused) {
    it(`refuses ${what} with 401, calls no function, and tells only the log why`, async () => {
      const { status, origin, body, log } = await refusalOf("/any", token());
      expect({ status, origin, body }).to.deep.equal({ status: 401, origin: "*", body: '{"message":"Unauthorized"}' });
      expect(log).to.match(reason);
    });
  }

  it("keeps what a token contains on one line of the log", async () => {
    await refusalOf("/any", signToken(valid({ iss: "a\nGET / 200" }), trusted));
    expect(server.lines.filter((line) => line.includes("\n"))).to.deep.equal([]);
  });

  it("refuses a token that is too large for the headers", async () => {
    const { status } = await refusalOf("/any", signToken(valid({ padding: "x".repeat(9000) }), trusted));
    expect(status).to.equal(431);
  });

  it("no longer accepts a token that it has accepted, once it has expired", async () => {
    const token = signToken(valid({ exp: now() + 2 }), trusted);
    expect((await call("/any", token)).status).to.equal(200);
    const real = Date.now;
    Date.now = () => real() + 3000;
    try {
      expect((await call("/any", token)).status).to.equal(401);
    } finally {
      Date.now = real;
    }
  });

  const scopes: [claims: object, status: number][] = [
    [{ scope: "items/read items/write" }, 200],
    [{ scope: undefined, scp: ["items/admin"] }, 200],
    [{ scope: undefined, scp: "items/admin" }, 200],
    [{ scope: "items/read" }, 403],
    [{ scope: "items/writer" }, 403],
    [{ scope: undefined }, 403],
  ];
  for (const [claims, status] of scopes) {
    it(`answers ${status} to ${JSON.stringify(claims)} where items/write or items/admin is needed`, async () => {
      const token = signToken(valid(claims), trusted);
      if (status === 200) {
        expect((await call("/scoped", token)).status).to.equal(status);
        return;
      }
      const { log, ...answer } = await refusalOf("/scoped", token);
      const body = '{"message":"User is not authorized to access this resource"}';
      expect(answer).to.deep.equal({ status, origin: "*", body });
      expect(log).to.contain("items/admin");
    });
  }

  it("trusts several issuers, each with its own keys and audiences", async () => {
    const [first = trusted] = local.keys;
    const statuses = await Promise.all(
      [
        signToken(valid(), trusted),
        signToken(valid({ iss: local.url, aud: "local" }), first),
        signToken(valid({ iss: local.url, aud: "items" }), first),
        signToken(valid({ iss: local.url, aud: "local" }), trusted),
        signToken(valid(), first),
      ].map(async (token) => (await call("/several", token)).status),
    );
    expect(statuses).to.deep.equal([200, 200, 401, 401, 401]);
  });

  it("fetches the keys of an issuer of this machine once, and again for a key that it does not know", async () => {
    const token = (key = trusted, sub = "a") => signToken(valid({ iss: local.url, aud: "local", sub }), key);
    const [first] = local.keys;
    expect((await call("/several", token(first))).status).to.equal(200);
    const fetches = local.fetches;
    expect((await call("/several", token(first, "b"))).status).to.equal(200);
    expect(local.fetches).to.equal(fetches);
    const second = createKey("second");
    local.keys = [second];
    const real = Date.now;
    Date.now = () => real() + 2000;
    try {
      expect((await call("/several", token(second))).status).to.equal(200);
      expect((await call("/several", token(first, "c"))).status).to.equal(401);
    } finally {
      Date.now = real;
    }
  });

  const pool: [what: string, path: string, claims: object, status: number, message?: string][] = [
    ["an ID token", "/pool", { token_use: "id" }, 200],
    ["an access token without scopes on the route", "/pool", { token_use: "access" }, 401, "Unauthorized"],
    ["an access token with the scope", "/pool/scoped", { token_use: "access" }, 200],
    ["an ID token where a scope is needed", "/pool/scoped", { token_use: "id" }, 401, "Unauthorized"],
    ["a token that is neither", "/pool", {}, 401, "Unauthorized"],
    ["another pool's token", "/pool", { token_use: "id", iss: `${POOL_ISSUER}x` }, 401, "Unauthorized"],
    ["an expired token", "/pool", { token_use: "id", exp: 1 }, 401, "The incoming token has expired"],
    [
      "an access token with another scope",
      "/pool/scoped",
      { token_use: "access", scope: "b" },
      403,
      "User is not authorized to access this resource",
    ],
  ];
  for (const [what, path, claims, status, message] of pool) {
    it(`answers ${status} to ${what} of a user pool`, async () => {
      const token = signToken(valid({ iss: POOL_ISSUER, aud: "client", ...claims }), trusted);
      const response = await call(path, token, what.startsWith("an ID") ? "" : "Bearer ");
      expect(response.status).to.equal(status);
      if (message) expect(await response.json()).to.deep.equal({ message });
    });
  }

  it("does not serve an authorizer that AWS refuses, and names all its mistakes", async () => {
    expect((await call("/wrong")).status).to.equal(501);
    const [problem = ""] = server.problems.filter((one) => one.includes("/wrong"));
    for (const mistake of [
      'identitySource is "method.request.header.A,method.request.header.B"',
      `the issuer ${ISSUER} is given twice`,
      '"http://login.example.com?x=1" is not an https URL',
      "http://login.example.com?x=1 needs audiences",
      'must not check the claim "scp"',
    ]) {
      expect(problem).to.contain(mistake);
    }
  });
});
