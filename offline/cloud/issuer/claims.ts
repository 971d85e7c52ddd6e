import type { JWTPayload } from "jose";
import { AwsError } from "../core/awsError";

/** The tokens that an authorizer of the program accepts. */
export interface Accepted {
  /** The name of the API. */
  api: string;
  /** The name of the authorizer. */
  name: string;
  type: "jwt" | "cognito";
  issuers: {
    issuer: string;
    audiences?: string[];
    additionalClaims?: { claimName: string; required?: boolean; expectedValues?: string[] }[];
  }[];
}

/** What is asked of a token. */
export interface TokenRequest {
  sub: string;
  scopes: string[];
  /** @default the first that the authorizer accepts */
  audience?: string;
  /** @default the authorizer's first */
  issuer?: string;
  /** Added to the others, which they may replace. */
  claims: Record<string, unknown>;
  /** In seconds; below zero, the token has already expired. */
  expiresIn: number;
  /** The name of the API. @default the only one that accepts tokens */
  api?: string;
  /** An ID token of a user pool, even with scopes. */
  idToken: boolean;
}

/** Who a user pool's tokens are for, if nobody says so. */
const CLIENT = "offline-client";

/**
 * The claims of a token that an authorizer of the program accepts.
 * @param now in milliseconds since 1970
 * @throws AwsError that says what there is, if it is not clear which authorizer is meant
 */
export function claimsFor(request: TokenRequest, accepted: Accepted[], now: number): JWTPayload {
  const { type, issuer } = choose(request, accepted);
  const { sub, scopes, claims, expiresIn } = request;
  const seconds = Math.floor(now / 1000);
  const audience = request.audience ?? issuer.audiences?.[0] ?? CLIENT;
  const common = { iss: issuer.issuer, sub, iat: seconds + Math.min(expiresIn - 1, 0), exp: seconds + expiresIn };
  const scope = scopes.length > 0 ? { scope: scopes.join(" ") } : {};
  if (type === "jwt") return { ...common, aud: audience, ...scope, ...demanded(issuer, claims), ...claims };
  const isId = request.idToken || scopes.length === 0;
  const own = isId
    ? { token_use: "id", aud: audience, "cognito:username": sub }
    : { token_use: "access", client_id: audience, username: sub, ...scope };
  return { ...common, auth_time: common.iat, ...own, ...claims };
}

type Issuer = Accepted["issuers"][number];

function choose({ api, issuer }: TokenRequest, accepted: Accepted[]): Pick<Accepted, "type"> & { issuer: Issuer } {
  if (accepted.length === 0) throw refusal("No API of the program has a JWT or Cognito authorizer.");
  const ofApi = accepted.filter((one) => api === undefined || one.api === api);
  if (ofApi.length === 0) throw refusal(`No API ${api} accepts tokens. These do:${listOf(accepted)}`);
  const all = ofApi.flatMap(({ type, issuers, ...one }) =>
    issuers.map((its) => ({ ...one, type, issuers, issuer: its })),
  );
  const found = issuer === undefined ? all : all.filter((one) => one.issuer.issuer === issuer);
  const [first] = found;
  if (!first) throw refusal(`No authorizer trusts the issuer ${issuer}. These do accept tokens:${listOf(ofApi)}`);
  const isOfOne = found.every(({ issuers }) => issuers === first.issuers);
  const isSame = found.every((one) => JSON.stringify(one.issuer) === JSON.stringify(first.issuer));
  if (!isOfOne && !isSame) throw refusal(`Choose one with --api or --issuer:${listOf(ofApi)}`);
  if (!first.issuer.issuer.startsWith("https:")) {
    throw refusal(`The issuer ${first.issuer.issuer} runs on this machine: only it can sign its tokens.`);
  }
  return first;
}

function listOf(accepted: Accepted[]): string {
  return accepted
    .flatMap(({ api, name, issuers }) => issuers.map(({ issuer }) => `\n  API ${api}, authorizer ${name}: ${issuer}`))
    .join("");
}

/** What the authorizer demands besides. @throws AwsError that names what only the caller can know */
function demanded({ additionalClaims = [] }: Issuer, given: Record<string, unknown>): Record<string, string> {
  const needed = additionalClaims.filter(({ claimName, required }) => required && !Object.hasOwn(given, claimName));
  const open = needed.filter(({ expectedValues = [] }) => expectedValues.length === 0);
  if (open.length > 0) {
    const options = open.map(({ claimName }) => `--claim ${claimName}=VALUE`);
    throw refusal(`The authorizer demands more claims: add ${options.join(" ")}`);
  }
  return Object.fromEntries(needed.map(({ claimName, expectedValues: [value = ""] = [] }) => [claimName, value]));
}

function refusal(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
