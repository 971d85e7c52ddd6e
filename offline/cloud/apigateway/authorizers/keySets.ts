import type * as jose from "jose";
import type { LocalKeys } from "./localKeys";

type KeySet = jose.JWTVerifyGetKey;

/** How long keys that were fetched are used. An unknown `kid` fetches them again, at most once in the second time. */
const KEPT = { cacheMaxAge: 3_600_000, cooldownDuration: 1000 };
const TIMEOUT = 5000;

/** The public keys of issuers. Those of an issuer that is not on this machine are the local ones: nothing leaves it. */
export class KeySets {
  private readonly fetched = new Map<string, Promise<KeySet>>();
  private local: Promise<KeySet> | undefined;

  constructor(private readonly keys: LocalKeys) {}

  async of(issuer: string): Promise<KeySet> {
    if (!isLoopback(issuer)) return this.ofThisMachine();
    const known = this.fetched.get(issuer) ?? discover(issuer);
    this.fetched.set(issuer, known);
    try {
      return await known;
    } catch (error) {
      this.fetched.delete(issuer);
      throw error;
    }
  }

  private ofThisMachine(): Promise<KeySet> {
    const { createLocalJWKSet } = require("jose") as typeof jose;
    this.local ??= this.keys.keySet().then((keys) => createLocalJWKSet(keys));
    return this.local;
  }
}

/** Whether a URL leads to this machine without TLS. */
export function isLoopback(url: string): boolean {
  return /^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)(?::\d+)?(?:\/|$)/i.test(url);
}

/** @throws errors.JOSEError if the issuer does not answer as OpenID Connect demands */
async function discover(issuer: string): Promise<KeySet> {
  const { createRemoteJWKSet, errors } = require("jose") as typeof jose;
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  try {
    const answer = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT) });
    const { issuer: named, jwks_uri: keys } = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
    if (named !== issuer) throw new Error(`it names the issuer ${JSON.stringify(named)}`);
    if (typeof keys !== "string" || !isLoopback(keys)) throw new Error("its jwks_uri is not on this machine");
    return createRemoteJWKSet(new URL(keys), { ...KEPT, timeoutDuration: TIMEOUT });
  } catch (error) {
    throw new errors.JWKSInvalid(`${url} cannot be used: ${(error as Error).message}`);
  }
}
