/** What callers need to know of an authorizer. */
export interface Authorizer {
  /** Where callers write what identifies them, first of all. */
  in: "header" | "query";
  name: string;
  /** All headers that it reads. */
  headers: string[];
  /** Whether it reads JSON Web Tokens. */
  isJwt: boolean;
  /** Who issues the tokens, if there is one issuer and its URL is known. */
  issuer?: string;
}

/** The security scheme for callers. */
export function publicScheme({ in: place, name, isJwt, issuer }: Authorizer): object {
  if (!isJwt || name.toLowerCase() !== "authorization") return { type: "apiKey", in: place, name };
  if (issuer === undefined) return { type: "http", scheme: "bearer", bearerFormat: "JWT" };
  return { type: "openIdConnect", openIdConnectUrl: `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration` };
}

/** Whether an OpenAPI 3.0 document may name scopes beside a scheme. */
export function hasScopes(scheme: object | undefined): boolean {
  return scheme !== undefined && "type" in scheme && scheme.type === "openIdConnect";
}

const inHeader = "method.request.header.";
const inQuery = "method.request.querystring.";

/** The names of the headers among the sources of an identity. */
export function headersOf(sources: string[]): string[] {
  return sources.filter((source) => source.startsWith(inHeader)).map((source) => source.slice(inHeader.length));
}

/** Where callers write what identifies them, as far as they write it. */
export function placeOf(sources: string[]): Pick<Authorizer, "in" | "name"> {
  const [header] = headersOf(sources);
  const query = sources.find((source) => source.startsWith(inQuery));
  if (header === undefined && query !== undefined) return { in: "query", name: query.slice(inQuery.length) };
  return { in: "header", name: header ?? "Authorization" };
}

export function headerSource(header: string): string {
  return `${inHeader}${header}`;
}

/** A source of an identity as HTTP APIs write it. @see "Lambda authorizers for HTTP APIs, Identity sources" */
export function httpSource(source: string): string {
  return `$${source.replace(/^method\./, "")}`;
}

/** Claims that the authorizer checks anyway, or that mean scopes. @see `JwtAdditionalClaim` of API Gateway's API */
export const reservedClaims = ["iss", "aud", "exp", "nbf", "iat", "scope", "scp"];

/** What is wrong with an issuer's URL. @see `JwtIssuerInput` of API Gateway's API */
export function issuerMistake(issuer: string): string | undefined {
  if (!/^https:\/\/[^/?#]/.test(issuer) || !URL.canParse(issuer))
    return "is no https URL; write one such as https://login.example.com";
  const { username, password } = new URL(issuer);
  const extra =
    username || password
      ? "a user"
      : issuer.includes("?")
        ? "a query"
        : issuer.includes("#")
          ? "a fragment"
          : undefined;
  return extra && `has ${extra}; write the issuer exactly as tokens have it in \`iss\`, which has none`;
}
