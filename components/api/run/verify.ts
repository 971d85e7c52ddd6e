import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from "aws-lambda";
import { type Claims, InvalidToken, scopesOf, type TokenRules, verifyToken } from "./tokens";

/** What the component tells the function, as JSON in its environment. */
export interface Verification extends TokenRules {
  /** The header that has the token. */
  header: string;
  /** The scopes of which a token must have one, by `METHOD /path`. */
  scopes: Record<string, string[]>;
}

const verification: Verification = JSON.parse(process.env.VERIFICATION ?? "{}");

/**
 * Lets in requests with a valid token, as API Gateway's own JWT authorizer would.
 * @throws Error "Unauthorized", which API Gateway answers with 401; any other error is a 500
 */
export async function handler(event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const claims = await claimsOf(event);
  const { httpMethod, resource, methodArn } = event;
  const needed = verification.scopes[`${httpMethod} ${resource}`] ?? verification.scopes[`ANY ${resource}`] ?? [];
  const granted = scopesOf(claims);
  const isAllowed = needed.length === 0 || needed.some((scope) => granted.includes(scope));
  return {
    principalId: typeof claims.sub === "string" ? claims.sub : "token",
    policyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: isAllowed ? "Allow" : "Deny", Action: "execute-api:Invoke", Resource: methodArn }],
    },
    context: contextOf(claims),
  };
}

async function claimsOf({ headers }: APIGatewayRequestAuthorizerEvent): Promise<Claims> {
  const wanted = verification.header.toLowerCase();
  const value = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? "";
  try {
    return await verifyToken(value.replace(/^Bearer +/i, ""), verification);
  } catch (error) {
    if (!(error instanceof InvalidToken)) throw error;
    console.log(JSON.stringify({ level: "INFO", message: "A token was refused", reason: error.message }));
    throw new Error("Unauthorized");
  }
}

/** API Gateway passes on only text, numbers and booleans. */
function contextOf(claims: Claims): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name, isPlain(value) ? value : JSON.stringify(value)]),
  );
}

function isPlain(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}
