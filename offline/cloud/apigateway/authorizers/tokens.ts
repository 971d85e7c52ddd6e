/** What tokens an authorizer accepts. */
export interface Tokens {
  /** The name of the authorizer. */
  name: string;
  type: "jwt" | "cognito";
  issuers: JwtIssuer[];
  /** One of them is enough. @default none is needed */
  scopes?: string[];
}

/** An issuer whose tokens are trusted. */
export interface JwtIssuer {
  /** Exactly as in the claim `iss`. */
  issuer: string;
  /** The token's `aud` contains one of them. @default any audience */
  audiences?: string[];
  /** Whether a token without `aud` may name its audience in `client_id`, as in HTTP APIs. @default false */
  acceptsClientId?: boolean;
  /** Decides about each audience. @default accepts all */
  acceptsAudience?(audience: string): boolean;
  additionalClaims?: JwtClaim[];
}

/** A demand on a claim whose value is a single text. */
export interface JwtClaim {
  claimName: string;
  /** @default false */
  required?: boolean;
  /** @default any value */
  expectedValues?: string[];
}

/** Claims as texts, as they reach functions. The kinds of APIs differ in how they write lists. */
export function textsOf(claims: object, listOf: (texts: string[]) => string): Record<string, string> {
  const textOf = (value: unknown): string => {
    if (Array.isArray(value)) return listOf(value.map(textOf));
    return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
  };
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, textOf(value)]));
}
