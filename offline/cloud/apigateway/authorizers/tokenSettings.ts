import { partitionOf } from "../../../engine/partition";
import { asList, asMap, asText, asTexts } from "../../core/resources";
import { type Authorizer, NotServable, type SecurityScheme } from "../definition/document";
import { compileExpression } from "./identity";
import type { JwtAuthorizer } from "./jwt";
import { isLoopback } from "./keySets";
import type { JwtClaim, JwtIssuer } from "./tokens";

const ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"];
const RESERVED = ["iss", "aud", "exp", "nbf", "iat", "scope", "scp"];

/**
 * What an authorizer of the type `jwt` demands.
 * @throws NotServable that names everything that AWS refuses of it
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html
 */
export function jwtSettings(name: string, authorizer: Authorizer, scopes: string[]): JwtAuthorizer {
  const { issuers, defaultAlgorithms } = asMap(authorizer.jwtConfiguration);
  const algorithms = asTexts(defaultAlgorithms);
  const { identitySource = "" } = authorizer;
  const trusted = asList(issuers).map((one): JwtIssuer => {
    const { issuer, audiences, additionalClaims } = one;
    return {
      issuer: asText(issuer) ?? "",
      audiences: asTexts(audiences),
      additionalClaims: asList(additionalClaims).map((claim) => claimOf(claim)),
    };
  });
  const urls = trusted.map(({ issuer }) => issuer);
  const mistakes = [
    ...(trusted.length === 0 ? ["jwtConfiguration.issuers is empty"] : []),
    ...(algorithms.length === 0 ? [`defaultAlgorithms is empty; it takes ${ALGORITHMS.join(", ")}`] : []),
    ...algorithms
      .filter((one) => !ALGORITHMS.includes(one))
      .map((one) => `defaultAlgorithms has ${one}; it takes ${ALGORITHMS.join(", ")}`),
    ...(/^method\.request\.header\.[^,\s]+$/.test(identitySource)
      ? []
      : [`its identitySource is "${identitySource}", not one header such as method.request.header.Authorization`]),
    ...urls.filter((url, index) => urls.indexOf(url) < index).map((url) => `the issuer ${url} is given twice`),
    ...trusted.flatMap(mistakesIn),
  ];
  if (mistakes.length > 0) throw new NotServable(`AWS refuses its authorizer ${name}: ${mistakes.join("; ")}`);
  return { issuers: trusted, algorithms, scopes, identitySource };
}

function claimOf({ claimName, required, expectedValues }: Record<string, unknown>): JwtClaim {
  return { claimName: asText(claimName) ?? "", required: required === true, expectedValues: asTexts(expectedValues) };
}

function mistakesIn({ issuer, audiences = [], additionalClaims = [] }: JwtIssuer): string[] {
  const names = additionalClaims.map(({ claimName }) => claimName);
  const unusable = names.filter((name, index) => RESERVED.includes(name) || !name || names.indexOf(name) < index);
  return [
    ...(isIssuer(issuer) ? [] : [`the issuer "${issuer}" is not an https URL without user, query and fragment`]),
    ...(audiences.length === 0 || audiences.includes("") ? [`the issuer ${issuer} needs audiences`] : []),
    ...unusable.map((name) => `the issuer ${issuer} must not check the claim "${name}" as an additional one`),
  ];
}

/** Whether a text may be an issuer. AWS only takes https; here, an issuer may also run on this machine. */
export function isIssuer(text: string): boolean {
  if (!URL.canParse(text) || /[?#]/.test(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === "https:" || isLoopback(text)) && !username && !password;
}

/**
 * What an authorizer of the type `cognito_user_pools` demands: an access token where the route has scopes, and otherwise an ID
 * token.
 * @throws NotServable
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html
 */
export function cognitoSettings(scheme: SecurityScheme, authorizer: Authorizer, scopes: string[]): JwtAuthorizer {
  const pools = asTexts(authorizer.providerARNs);
  const use = scopes.length > 0 ? "access" : "id";
  const accepts = compileExpression(authorizer.identityValidationExpression);
  const issuers = pools.map((arn): JwtIssuer => {
    const issuer = issuerOfPool(arn);
    if (!issuer) throw new NotServable(`its authorizer has the provider "${arn}", not the ARN of a user pool`);
    return {
      issuer,
      ...(authorizer.identityValidationExpression && { acceptsAudience: accepts }),
      additionalClaims: [{ claimName: "token_use", required: true, expectedValues: [use] }],
    };
  });
  const identitySource = authorizer.identitySource || `method.request.header.${scheme.name ?? "Authorization"}`;
  return { issuers, algorithms: ["RS256"], scopes, identitySource };
}

/** Such as `https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1b2c3d4e`. */
function issuerOfPool(arn: string): string | undefined {
  const [, region, pool] = /^arn:[\w-]+:cognito-idp:([\w-]+):\d*:userpool\/([\w-]+)$/.exec(arn) ?? [];
  return region && `https://cognito-idp.${region}.${partitionOf(region).dnsSuffix}/${pool}`;
}
