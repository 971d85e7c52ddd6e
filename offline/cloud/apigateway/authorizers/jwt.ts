import type * as jose from "jose";
import type { GatewayRequest } from "../request/request";
import { Rejection } from "../responses/responses";
import { Answers } from "./answers";
import type { KeySets } from "./keySets";
import type { JwtIssuer } from "./tokens";

/** What a JWT authorizer demands of a token. */
export interface JwtAuthorizer {
  issuers: JwtIssuer[];
  /** Such as `RS256`. */
  algorithms: string[];
  /** One of them is enough. @default none is needed */
  scopes?: string[];
  /** `method.request.header.NAME`, `$request.header.NAME` or `$request.querystring.NAME`. */
  identitySource: string;
}

/** What a token says of its bearer. */
export interface Identity {
  claims: jose.JWTPayload;
  scopes: string[];
}

/** Why a token is refused: for the log, not for its bearer. */
class Refusal extends Error {
  constructor(
    message: string,
    readonly told?: keyof Words,
  ) {
    super(message);
  }
}

/** What a bearer is told whose token has expired, or is for another audience. @default "Unauthorized" */
interface Words {
  expired?: string;
  audience?: string;
}

/**
 * Verifies the token of a request. A token that has passed is not verified again, as keys may be kept for an hour, too.
 * @returns a function that throws a Rejection: UNAUTHORIZED if the token is missing or not valid, ACCESS_DENIED if it lacks the
 * route's scopes
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-jwt-authorizer.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function compileJwtAuthorizer(
  authorizer: JwtAuthorizer,
  keySets: KeySets,
  words: Words = {},
): (request: GatewayRequest) => Promise<Identity> {
  const { scopes = [] } = authorizer;
  const read = tokenIn(authorizer.identitySource);
  const passed = new Answers<Identity>();
  const identify = async (token: string, now: number): Promise<Identity> => {
    const known = passed.get(token, now);
    if (known) return known;
    const claims = await verify(token, authorizer, keySets, now);
    const identity = { claims, scopes: scopesIn(claims) };
    passed.set(token, identity, Math.min(Number(claims.exp) * 1000, now + HOUR));
    return identity;
  };
  return async (request) => {
    const token = read(request);
    if (token === undefined) throw new Rejection("UNAUTHORIZED", "Unauthorized");
    const identity = await identify(token, request.time).catch((error: Error): never => {
      if (!(error instanceof Refusal)) throw error;
      const message = (error.told && words[error.told]) ?? "Unauthorized";
      throw new Rejection("UNAUTHORIZED", message, undefined, `token refused: ${error.message}`);
    });
    if (scopes.length === 0 || scopes.some((scope) => identity.scopes.includes(scope))) return identity;
    const explanation = `token refused: it has the scopes ${quote(identity.scopes)}, not one of ${quote(scopes)}`;
    throw new Rejection("ACCESS_DENIED", "User is not authorized to access this resource", undefined, explanation);
  };
}

const HOUR = 3_600_000;

function tokenIn(identitySource: string): (request: GatewayRequest) => string | undefined {
  const [, place, name = ""] = /^(?:method\.|\$)request\.(header|querystring)\.(.+)$/.exec(identitySource) ?? [];
  const valueIn = ({ headers, query }: GatewayRequest) =>
    place === "querystring" ? query.get(name) : headers[name.toLowerCase()];
  return (request) => /^(?:Bearer +)?(\S+)$/i.exec(String(valueIn(request) ?? ""))?.[1];
}

/** @throws Refusal */
async function verify(
  token: string,
  { issuers, algorithms }: JwtAuthorizer,
  keySets: KeySets,
  now: number,
): Promise<jose.JWTPayload> {
  // With the first token: a start without one does not need it.
  const { decodeJwt, decodeProtectedHeader, errors, jwtVerify } = require("jose") as typeof jose;
  try {
    const { kid } = decodeProtectedHeader(token);
    const { iss } = decodeJwt(token);
    const issuer = issuers.find((one) => one.issuer === iss);
    if (!issuer)
      throw new Refusal(`its issuer is ${quote(iss)}, not one of ${quote(issuers.map((one) => one.issuer))}`);
    if (!kid) throw new Refusal("it does not say which key signed it (kid)");
    const options = { algorithms, requiredClaims: ["exp"], currentDate: new Date(now) };
    const { payload } = await jwtVerify(token, await keySets.of(issuer.issuer), options);
    checkClaims(payload, issuer, now);
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) {
      throw new Refusal(error.message, error instanceof errors.JWTExpired ? "expired" : undefined);
    }
    // What is not even base64 or JSON is a TypeError of the library.
    if (error instanceof TypeError) throw new Refusal(error.message);
    throw error;
  }
}

/** @throws Refusal */
function checkClaims(claims: jose.JWTPayload, issuer: JwtIssuer, now: number): void {
  const { iat = 0, aud, client_id: client } = claims;
  if (iat * 1000 > now) throw new Refusal("it was issued in the future (iat)");
  const given = issuer.acceptsClientId && aud === undefined ? client : aud;
  const its = [given ?? []].flat().map(String);
  const { audiences, acceptsAudience } = issuer;
  if (audiences && !its.some((audience) => audiences.includes(audience))) {
    throw new Refusal(`its audience is ${quote(its)}, not one of ${quote(audiences)}`, "audience");
  }
  if (acceptsAudience && !its.some((audience) => acceptsAudience(audience))) {
    throw new Refusal(`its audience is ${quote(its)}, which the identityValidationExpression does not match`);
  }
  for (const { claimName, required = false, expectedValues = [] } of issuer.additionalClaims ?? []) {
    const value = Object.hasOwn(claims, claimName) ? claims[claimName] : undefined;
    if (value === undefined && !required) continue;
    const isExpected = expectedValues.length === 0 || expectedValues.includes(String(value));
    if (typeof value === "string" && isExpected) continue;
    const wanted = expectedValues.length === 0 ? "a single text" : `one of ${quote(expectedValues)}`;
    throw new Refusal(`its claim ${claimName} is ${quote(value)}, not ${wanted}`);
  }
}

/** A text in `scope`, or a list in `scp`. */
function scopesIn({ scope, scp }: jose.JWTPayload): string[] {
  return [scope ?? scp ?? []].flat().flatMap((one) => String(one).split(" ").filter(Boolean));
}

/** Whatever a token contains, on one line of the log. */
function quote(value: unknown): string {
  return JSON.stringify(value) ?? "missing";
}
