import type { Invoker } from "../../core/invoker";
import { demandAllow, effectOfGrant, invocationOf, invokedArn } from "../authorizers/access";
import { admit, askAuthorizer, grantIn } from "../authorizers/grant";
import type { SignatureCheck } from "../authorizers/signature";
import type { GatewayRequest } from "../request/request";
import { Rejection } from "../responses/responses";
import { authorizerEvent, type Connected, type Occurrence } from "./event";
import { functionIn } from "./integrations";
import type { AuthorizerModel, RouteModel } from "./model";

interface Means {
  functions: Invoker;
  checkSignature: SignatureCheck;
}

/**
 * Checks who connects, and records it in the request. @throws Rejection if they may not
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-control-access-iam.html
 */
export async function authorize(
  { auth, authorizer }: RouteModel,
  connection: Connected,
  occurrence: Occurrence,
  { functions, checkSignature }: Means,
): Promise<void> {
  const { request } = connection;
  const arn = invokedArn(request, occurrence.routeKey);
  if (auth === "iam") {
    request.caller = checkSignature(request);
    demandAllow(request.caller.effectOn(invocationOf(request, arn, request.caller)), arn, request.caller);
  }
  if (auth !== "authorizer") return;
  if (!authorizer)
    throw new Rejection("AUTHORIZER_CONFIGURATION_ERROR", "", undefined, "the program has no such authorizer");
  if (!authorizer.identitySources.every((source) => identityIn(source, request))) {
    throw new Rejection("UNAUTHORIZED", "Unauthorized");
  }
  await ask(authorizer, connection, occurrence, functions);
}

/** API Gateway does not cache the answers of a WebSocket API's authorizer. */
async function ask({ uri }: AuthorizerModel, connection: Connected, occurrence: Occurrence, functions: Invoker) {
  const { request } = connection;
  const target = functionIn(uri, functions, request.stage.variables);
  if (!target)
    throw new Rejection("AUTHORIZER_CONFIGURATION_ERROR", "", undefined, `the program has no function ${uri}`);
  const methodArn = invokedArn(request, occurrence.routeKey);
  const event = authorizerEvent(connection, occurrence, methodArn);
  const grant = grantIn(await askAuthorizer(functions, target, event), target.name);
  admit(request, grant, effectOfGrant(grant.policyDocument, request, methodArn));
}

/** @see https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers.html (identitySource) */
function identityIn(source: string, { headers, query, stage }: GatewayRequest): unknown {
  const [, place, name = ""] =
    /^(route\.request\.header|route\.request\.querystring|stageVariables|context)\.(.+)$/.exec(source) ?? [];
  if (place === "route.request.header") return headers[name.toLowerCase()];
  if (place === "route.request.querystring") return query.get(name);
  return place === "stageVariables" ? stage.variables[name] : place;
}
