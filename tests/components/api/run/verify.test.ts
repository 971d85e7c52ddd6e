import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { APIGatewayRequestAuthorizerEvent } from "aws-lambda";
import { expect } from "chai";
import { InvalidToken, type TokenRules, verifyToken } from "../../../../components/api/run/tokens";

type Verify = typeof import("../../../../components/api/run/verify");

const encode = (value: object | string) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

function signed(claims: object, key: KeyObject, head: { alg: string; kid?: string }): string {
  const text = `${encode(head)}.${encode(claims)}`;
  const signature = sign(`sha${head.alg.slice(2)}`, Buffer.from(text), { key, dsaEncoding: "ieee-p1363" });
  return `${text}.${signature.toString("base64url")}`;
}

describe("the function that verifies tokens", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keys = [
    { ...rsa.publicKey.export({ format: "jwk" }), kid: "rsa", alg: "RS256", use: "sig" },
    { ...ec.publicKey.export({ format: "jwk" }), kid: "ec" },
  ];
  let server: http.Server;
  let issuer: string;
  let rules: TokenRules;
  let reads = 0;

  before(async () => {
    server = http.createServer((request, response) => {
      const isDiscovery = request.url === "/.well-known/openid-configuration";
      if (!isDiscovery) reads += 1;
      response.end(JSON.stringify(isDiscovery ? { issuer, jwks_uri: `${issuer}/keys` } : { keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const additionalClaims = { tenant: { expectedValues: ["a"], required: true }, note: {} };
    rules = { issuers: [{ issuer, audiences: ["items"], additionalClaims }], algorithms: ["RS256", "ES256"] };
    process.env.VERIFICATION = JSON.stringify({
      ...rules,
      header: "Authorization",
      scopes: { "GET /items": ["read", "all"] },
    });
  });

  after(() => {
    delete process.env.VERIFICATION;
    server.close();
  });

  const now = Math.floor(Date.now() / 1000);
  const claims = (more: object = {}) => ({
    iss: issuer,
    aud: "items",
    sub: "ann",
    exp: now + 3600,
    tenant: "a",
    ...more,
  });
  const rs = { alg: "RS256", kid: "rsa" };
  const valid = (more: object = {}) => signed(claims(more), rsa.privateKey, rs);

  const accepted: [string, () => string][] = [
    ["RSA", () => valid()],
    ["elliptic curves", () => signed(claims(), ec.privateKey, { alg: "ES256", kid: "ec" })],
    ["one of several audiences", () => valid({ aud: ["shop", "items"] })],
    ["a start that has passed", () => valid({ nbf: now - 1, iat: now - 1 })],
  ];
  for (const [name, token] of accepted) {
    it(`accepts ${name}`, async () => expect(await verifyToken(token(), rules)).to.include({ sub: "ann" }));
  }

  const refused: [string, () => string][] = [
    ["no token", () => ""],
    ["two parts", () => "a.b"],
    ["four parts", () => `${valid()}.a`],
    ["what is not JSON", () => `a.${valid().split(".").slice(1).join(".")}`],
    ["characters that are not base64url", () => `${valid()}=`],
    ["an oversized token", () => valid({ note: "a".repeat(10_240) })],
    ["a forged signature", () => signed(claims(), other.privateKey, rs)],
    ["changed claims", () => [encode(rs), encode(claims({ sub: "bob" })), valid().split(".")[2]].join(".")],
    ["no signature", () => `${encode({ alg: "none" })}.${encode(claims())}.`],
    ["alg none with a signature", () => `${encode({ alg: "none" })}.${encode(claims())}.${valid().split(".")[2]}`],
    [
      "a public key used as an HMAC's secret",
      () => {
        const text = `${encode({ alg: "HS256", kid: "rsa" })}.${encode(claims())}`;
        const secret = rsa.publicKey.export({ type: "spki", format: "pem" });
        return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
      },
    ],
    ["an algorithm that is not allowed", () => signed(claims(), rsa.privateKey, { alg: "RS512", kid: "rsa" })],
    ["an algorithm that is not the key's", () => signed(claims(), ec.privateKey, { alg: "ES256", kid: "rsa" })],
    ["an unknown key", () => signed(claims(), rsa.privateKey, { alg: "RS256", kid: "new" })],
    ["no key's name where there are several keys", () => signed(claims(), rsa.privateKey, { alg: "RS256" })],
    ["critical extensions", () => signed(claims(), rsa.privateKey, { ...rs, crit: ["b64"] } as typeof rs)],
    ["another issuer", () => valid({ iss: "https://other.example.com" })],
    ["another audience", () => valid({ aud: "shop" })],
    ["no audience", () => valid({ aud: undefined })],
    ["an expired token", () => valid({ exp: now - 1 })],
    ["a token that never expires", () => valid({ exp: undefined })],
    ["an expiry that is text", () => valid({ exp: String(now + 3600) })],
    ["a start in the future", () => valid({ nbf: now + 3600 })],
    ["an issue in the future", () => valid({ iat: now + 3600 })],
    ["no required claim", () => valid({ tenant: undefined })],
    ["a claim with another value", () => valid({ tenant: "A" })],
    ["a claim that is not text", () => valid({ note: ["a"] })],
  ];
  for (const [name, token] of refused) {
    it(`refuses ${name}`, async () => {
      const outcome = await verifyToken(token(), rules).catch((error: unknown) => error);
      expect(outcome).to.be.instanceOf(InvalidToken);
    });
  }

  it("asks an issuer again for an unknown key, but not each time", async () => {
    const token = signed(claims(), rsa.privateKey, { alg: "RS256", kid: "rotated" });
    const later = Date.now() + 10_000_000;
    const fresh = signed(claims({ exp: now + 20_000 }), rsa.privateKey, { alg: "RS256", kid: "rotated" });
    await verifyToken(token, rules).catch(() => undefined);
    const before = reads;
    await verifyToken(token, rules).catch(() => undefined);
    expect(reads).to.equal(before);
    keys.push({ ...rsa.publicKey.export({ format: "jwk" }), kid: "rotated" });
    expect(await verifyToken(fresh, rules, later)).to.include({ sub: "ann" });
  });

  describe("answers API Gateway", () => {
    const methodArn = "arn:aws:execute-api:eu-west-1:123456789012:api/Prod/GET/items";
    const call = async (token: string, resource = "/items") => {
      // The module reads its settings when it is loaded.
      const { handler }: Verify = require("../../../../components/api/run/verify");
      const event = { headers: { authorization: `Bearer ${token}` }, httpMethod: "GET", resource, methodArn };
      return handler(event as unknown as APIGatewayRequestAuthorizerEvent);
    };
    const effect = async (...args: Parameters<typeof call>) =>
      (await call(...args)).policyDocument.Statement[0]?.Effect;

    it("with the caller and the claims", async () => {
      const { principalId, context } = await call(valid({ scope: "read write", groups: ["a"] }));
      expect(principalId).to.equal("ann");
      expect(context).to.include({ sub: "ann", scope: "read write", groups: '["a"]', exp: now + 3600 });
    });

    it("by the scopes of the route", async () => {
      expect(await effect(valid({ scope: "write all" }))).to.equal("Allow");
      expect(await effect(valid({ scp: ["read"] }))).to.equal("Allow");
      expect(await effect(valid({ scope: "readers" }))).to.equal("Deny");
      expect(await effect(valid())).to.equal("Deny");
      expect(await effect(valid(), "/open")).to.equal("Allow");
    });

    it("without the reason", async () => {
      const outcome = await call("a.b.c").catch((error: Error) => error.message);
      expect(outcome).to.equal("Unauthorized");
    });
  });
});
