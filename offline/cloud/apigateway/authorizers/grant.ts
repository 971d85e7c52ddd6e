import type { Effect } from "../../core/iam/policy";
import type { Invoker, Target } from "../../core/invoker";
import { asMap, asText } from "../../core/resources";
import type { GatewayRequest } from "../request/request";
import { Rejection } from "../responses/responses";

/** What an authorizer grants to a caller, on the routes that its policy allows. */
interface Grant {
  principalId: string;
  policyDocument: unknown;
  context: Record<string, string>;
  usageIdentifierKey?: string;
}

/** What the function of an authorizer answers to an event: a grant, if it is valid. @throws Rejection if it fails */
export async function askAuthorizer(functions: Invoker, target: Target, event: object): Promise<unknown> {
  const { payload, error } = await functions.invoke(target, JSON.stringify(event));
  if (asMap(error).errorMessage === "Unauthorized") throw new Rejection("UNAUTHORIZED", "Unauthorized");
  if (error) throw new Rejection("AUTHORIZER_FAILURE", "", undefined, `the authorizer ${target.name} failed`);
  return parse(payload);
}

function parse(payload = ""): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

/** @throws Rejection if what the function of a name answers is not valid */
export function grantIn(answer: unknown, name: string): Grant {
  const { principalId, policyDocument, context = {}, usageIdentifierKey } = asMap(answer);
  const values = Object.entries(asMap(context));
  const isPlain = values.every(([, value]) => value === null || typeof value !== "object");
  if (typeof principalId !== "string" || !policyDocument || !isPlain) {
    const wrong = isPlain ? "it needs principalId and policyDocument" : "its context has a value that is not plain";
    const explanation = `the authorizer ${name} returned an invalid answer: ${wrong}`;
    throw new Rejection("AUTHORIZER_CONFIGURATION_ERROR", "", undefined, explanation);
  }
  return {
    principalId,
    policyDocument,
    context: Object.fromEntries(values.map(([key, value]) => [key, String(value)])),
    usageIdentifierKey: asText(usageIdentifierKey),
  };
}

/**
 * Lets a request pass, and notes what is granted to it.
 * @param effect what policies say of the call
 * @throws Rejection if they do not allow it
 */
export function admit(request: GatewayRequest, grant: Grant, effect: Effect | undefined): void {
  const refusal = "User is not authorized to access this resource";
  if (effect === "Deny") throw new Rejection("ACCESS_DENIED", `${refusal} with an explicit deny`);
  if (effect === undefined) throw new Rejection("ACCESS_DENIED", refusal);
  request.usageIdentifierKey = grant.usageIdentifierKey;
  request.authorizer = { ...grant.context, principalId: grant.principalId };
}
