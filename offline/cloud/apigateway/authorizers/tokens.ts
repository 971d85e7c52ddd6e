import type { JwtAuthorizer } from "./jwt";

/** What tokens an authorizer accepts. */
export interface Tokens extends Pick<JwtAuthorizer, "issuers" | "scopes"> {
  /** The name of the authorizer. */
  name: string;
  type: "jwt" | "cognito";
}

/** Claims as texts, as they reach functions. The kinds of APIs differ in how they write lists. */
export function textsOf(claims: object, listOf: (texts: string[]) => string): Record<string, string> {
  const textOf = (value: unknown): string => {
    if (Array.isArray(value)) return listOf(value.map(textOf));
    return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
  };
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, textOf(value)]));
}
