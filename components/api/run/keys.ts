import type { JsonWebKey } from "node:crypto";

/** A public key as issuers publish it. @see RFC 7517 */
export interface Jwk extends JsonWebKey {
  kid?: string;
  alg?: string;
  use?: string;
}

interface KeySet {
  keys: Jwk[];
  readAt: number;
}

/** As long as API Gateway keeps an issuer's keys. */
const lifetime = 3_600_000;
/** How soon an unknown key makes the function ask again, so that made-up names do not flood the issuer. */
const patience = 60_000;
const timeout = 5_000;

/** By issuer, for as long as the function's environment lives. */
const keySets = new Map<string, KeySet>();

/**
 * The key of an issuer with an id, or its only one if the token names none. Keys that are old are read again, and so is
 * a set that lacks the id.
 * @throws Error if the issuer does not publish its keys
 */
export async function keyOf(issuer: string, id: string | undefined, now: number): Promise<Jwk | undefined> {
  const known = keySets.get(issuer);
  const found = known && now - known.readAt < lifetime ? find(known.keys, id) : undefined;
  if (found) return found;
  if (known && now - known.readAt < patience) return undefined;
  const keys = await readKeys(issuer);
  keySets.set(issuer, { keys, readAt: now });
  return find(keys, id);
}

function find(keys: Jwk[], id: string | undefined): Jwk | undefined {
  if (id !== undefined) return keys.find(({ kid }) => kid === id);
  return keys.length === 1 ? keys[0] : undefined;
}

/** @see OpenID Connect Discovery 1.0, sections 3 and 4 */
async function readKeys(issuer: string): Promise<Jwk[]> {
  const { issuer: named, jwks_uri: location } = await readJson(
    `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
  );
  if (named !== issuer) throw new Error(`the discovery document of ${issuer} names another issuer`);
  const { keys } = await readJson(String(location));
  if (!Array.isArray(keys)) throw new Error(`${issuer} publishes no keys`);
  return keys;
}

async function readJson(url: string): Promise<Record<string, unknown>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeout) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return (await response.json()) as Record<string, unknown>;
}
