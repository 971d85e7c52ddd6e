import { type Authorizer, NotServable, type SecurityScheme } from "../definition/document";
import type { GatewayRequest } from "../request/request";
import { mapHeaders } from "../templates/template";

/** Finds what identifies a caller: the values of the identity sources, or undefined if one of them is missing. */
export type Identify = (request: GatewayRequest) => string[] | undefined;

/** The token in the one header that a `token` or `cognito_user_pools` authorizer looks at. */
export function tokenReader({ name }: SecurityScheme, authorizer: Authorizer): Identify {
  return sourceReader(authorizer.identitySource || `method.request.header.${name ?? "Authorization"}`);
}

/** @param sources expressions such as `method.request.header.Authorization`, separated by commas */
export function sourceReader(sources: string): Identify {
  const expressions = sources.split(",").flatMap((source) => source.trim() || []);
  const mappings = Object.fromEntries(expressions.map((expression) => [expression, expression]));
  return (request) => {
    const values = mapHeaders(mappings, "", request).flatMap(([, value]) => value || []);
    return values.length === Object.keys(mappings).length ? values : undefined;
  };
}

/** Whether a text matches an identityValidationExpression as a whole; every text does if there is none. */
export function compileExpression(expression: string | undefined): (text: string) => boolean {
  if (!expression) return () => true;
  try {
    const pattern = new RegExp(`^(?:${expression})$`);
    return (text) => pattern.test(text);
  } catch {
    throw new NotServable(`the identityValidationExpression ${expression} is not a regular expression`);
  }
}
