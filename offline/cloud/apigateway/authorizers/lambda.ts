import type { Invoker, Target } from "../../core/invoker";
import { asNumber } from "../../core/resources";
import type { SecurityScheme } from "../definition/document";
import { eventFor } from "../integrations/event";
import type { GatewayRequest } from "../request/request";
import { Rejection } from "../responses/responses";
import { methodArnOf, type ResourcePolicy } from "./access";
import type { Answers } from "./answers";
import { admit, askAuthorizer, grantIn } from "./grant";
import { compileExpression, sourceReader, tokenReader } from "./identity";

interface Surroundings {
  policy: ResourcePolicy;
  functions: Invoker;
  target: Target;
  /** Shared by the routes that have the authorizer. */
  answers: Answers<unknown>;
}

/** In seconds. */
const DEFAULT_TTL = 300;

/**
 * Calls a function that answers with a policy. Its answer is kept for each identity, and decides about every route that has
 * the authorizer.
 * @param scheme of the type `token` or `request`
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export function compileLambdaAuthorizer(scheme: SecurityScheme, { policy, functions, target, answers }: Surroundings) {
  const { "x-amazon-apigateway-authorizer": authorizer = {} } = scheme;
  const { identitySource, identityValidationExpression, authorizerResultTtlInSeconds } = authorizer;
  const isToken = authorizer.type?.toLowerCase() === "token";
  const identify = isToken ? tokenReader(scheme, authorizer) : sourceReader(identitySource ?? "");
  const isValid = compileExpression(isToken ? identityValidationExpression : undefined);
  const ttl = asNumber(authorizerResultTtlInSeconds) ?? DEFAULT_TTL;
  const ask = (request: GatewayRequest, token: string | undefined, methodArn: string): Promise<unknown> => {
    const event = isToken
      ? { type: "TOKEN", methodArn, authorizationToken: token }
      : { type: "REQUEST", methodArn, ...requestEvent(request, target) };
    request.invoked = target.name;
    return askAuthorizer(functions, target, event);
  };
  return async (request: GatewayRequest): Promise<void> => {
    policy.refuseDenied(request);
    const identity = identify(request);
    if (!identity || (isToken && !isValid(identity.join()))) throw new Rejection("UNAUTHORIZED", "Unauthorized");
    const methodArn = methodArnOf(request);
    const key = JSON.stringify(identity);
    const known = answers.get(key, request.time);
    const answer = known ?? (await ask(request, identity[0], methodArn));
    const grant = grantIn(answer, target.name);
    if (known === undefined && ttl > 0 && identity.length > 0) answers.set(key, answer, request.time + ttl * 1000);
    admit(request, grant, policy.withGrant(request, grant.policyDocument));
  };
}

/** The proxy event of the request, without its body. */
function requestEvent(request: GatewayRequest, target: Target): object {
  const { body: _, isBase64Encoded: __, ...event } = JSON.parse(eventFor(target, request, () => false));
  return event;
}
