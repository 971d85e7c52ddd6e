import { createPublicKey, verify } from "node:crypto";
import { type Jwk, keyOf } from "./keys";

/** What a JSON Web Token says. */
export type Claims = Record<string, unknown>;

/** Which tokens are valid. */
export interface TokenRules {
  issuers: TrustedIssuer[];
  /** Such as `RS256`. */
  algorithms: string[];
}

interface TrustedIssuer {
  issuer: string;
  audiences: string[];
  additionalClaims?: Record<string, { expectedValues?: string[]; required?: boolean }>;
}

/** A token that must not be let in; the message is for the log, and never contains the token. */
export class InvalidToken extends Error {}

/** Longer than any token that fits in API Gateway's headers, which have 10,240 bytes together. */
const longestToken = 10_240;

/**
 * The claims of a token, after a check of its signature and its claims.
 * @throws InvalidToken if it is not valid, and other errors if the issuer's keys cannot be read
 * @see RFC 7515, 7518 and 7519
 */
export async function verifyToken(
  token: string,
  { issuers, algorithms }: TokenRules,
  now = Date.now(),
): Promise<Claims> {
  const [head, payload, signature, ...rest] = token.split(".");
  if (token.length > longestToken || !head || !payload || !signature || rest.length > 0)
    throw new InvalidToken("not a signed token");
  const { alg, kid, crit } = parsePart(head);
  const claims = parsePart(payload);
  if (typeof alg !== "string" || !algorithms.includes(alg))
    throw new InvalidToken("signed in a way that is not allowed");
  if (crit !== undefined) throw new InvalidToken("has extensions that are not understood");
  const trusted = issuers.find(({ issuer }) => issuer === claims.iss);
  if (!trusted) throw new InvalidToken("its issuer is not trusted");
  // Before the key is looked up, so that only tokens that could be valid cost a request.
  checkClaims(claims, trusted, Math.floor(now / 1000));
  const key = await keyOf(trusted.issuer, typeof kid === "string" ? kid : undefined, now);
  if (!key || !fits(key, alg)) throw new InvalidToken("the issuer has no such key");
  if (!isSignedBy(key, alg, `${head}.${payload}`, signature)) throw new InvalidToken("its signature is wrong");
  return claims;
}

function parsePart(part: string): Claims {
  try {
    if (!/^[\w-]+$/.test(part)) throw new Error("not base64url");
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Claims;
  } catch {
    // As below.
  }
  throw new InvalidToken("not a signed token");
}

function checkClaims({ aud, exp, nbf, iat, ...claims }: Claims, trusted: TrustedIssuer, now: number): void {
  const audiences = [aud].flat();
  if (!audiences.some((one) => typeof one === "string" && trusted.audiences.includes(one)))
    throw new InvalidToken("it is for somebody else");
  if (typeof exp !== "number" || exp <= now) throw new InvalidToken("it has expired, or never does");
  for (const start of [nbf, iat]) {
    if (start !== undefined && (typeof start !== "number" || start > now))
      throw new InvalidToken("it is not valid yet");
  }
  for (const [name, { expectedValues, required }] of Object.entries(trusted.additionalClaims ?? {})) {
    const value = claims[name];
    if (value === undefined && !required) continue;
    const isExpected = typeof value === "string" && (!expectedValues?.length || expectedValues.includes(value));
    if (!isExpected) throw new InvalidToken(`its claim ${name} is not as expected`);
  }
}

/** The scopes that a token grants. @see RFC 8693, section 4.2, for `scope`; some issuers write `scp` */
export function scopesOf({ scope, scp }: Claims): string[] {
  return [scope ?? scp].flat().flatMap((text) => (typeof text === "string" ? text.split(" ") : []));
}

const curves: Record<string, string> = { ES256: "P-256", ES384: "P-384", ES512: "P-521" };

/** Whether a key is for an algorithm: otherwise a public key could be taken for another kind of secret. */
function fits({ kty, crv, alg, use }: Jwk, algorithm: string): boolean {
  if ((alg !== undefined && alg !== algorithm) || (use !== undefined && use !== "sig")) return false;
  return algorithm in curves ? kty === "EC" && crv === curves[algorithm] : algorithm.startsWith("RS") && kty === "RSA";
}

function isSignedBy(jwk: Jwk, algorithm: string, text: string, signature: string): boolean {
  if (!/^[\w-]+$/.test(signature)) return false;
  const key = createPublicKey({ key: jwk, format: "jwk" });
  // Web tokens have the two numbers of an elliptic curve's signature side by side.
  const options = { key, dsaEncoding: "ieee-p1363" as const };
  return verify(`sha${algorithm.slice(2)}`, Buffer.from(text), options, Buffer.from(signature, "base64url"));
}
