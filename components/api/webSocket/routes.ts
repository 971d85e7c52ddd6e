import * as apigatewayv2 from "@pulumi/aws/apigatewayv2";
import type * as lambda from "@pulumi/aws/lambda";
import * as pulumi from "@pulumi/pulumi";
import { ApiAuth, type FunctionTarget } from "../args";
import { permitCall } from "../permissions";
import type { WebSocketApiArgs, WebSocketRouteArgs } from "./args";
import { resourceName } from "./rules/routeKeys";

type Options = pulumi.CustomResourceOptions;

/** Creates the routes of an API, and what each needs. */
export function createRoutes(
  name: string,
  args: WebSocketApiArgs,
  apiId: pulumi.Output<string>,
  opts: Options,
): pulumi.Resource[] {
  // API Gateway checks connections only; whoever has one may send any message.
  const connect = { ...createAuthorization(name, args, apiId, opts), apiKeyRequired: args.apiKeyRequired };
  return Object.entries(args.routes).flatMap(([routeKey, route]) => {
    const own = `${name}-${resourceName(routeKey)}`;
    const integration = createIntegration(own, route, apiId, opts);
    const settings = {
      apiId,
      routeKey,
      target: pulumi.interpolate`integrations/${integration.id}`,
      routeResponseSelectionExpression: route.routeResponse ? "$default" : undefined,
      ...(routeKey === "$connect" ? connect : { authorizationType: "NONE" }),
    };
    const created = new apigatewayv2.Route(own, settings, opts);
    if (!route.routeResponse) return [created];
    const response = { apiId, routeId: created.id, routeResponseKey: "$default" };
    return [created, new apigatewayv2.RouteResponse(own, response, opts)];
  });
}

function createAuthorization(
  name: string,
  { auth = ApiAuth.Iam, authorizer }: WebSocketApiArgs,
  apiId: pulumi.Output<string>,
  opts: Options,
) {
  if (!authorizer) return { authorizationType: auth === ApiAuth.Iam ? "AWS_IAM" : "NONE" };
  const { identitySources, function: target } = authorizer;
  const settings = { apiId, authorizerType: "REQUEST", authorizerUri: target.invokeArn, identitySources };
  return { authorizationType: "CUSTOM", authorizerId: new apigatewayv2.Authorizer(name, settings, opts).id };
}

function createIntegration(
  name: string,
  { function: target, timeoutInMillis }: WebSocketRouteArgs,
  apiId: pulumi.Output<string>,
  opts: Options,
) {
  return new apigatewayv2.Integration(
    name,
    {
      apiId,
      integrationType: "AWS_PROXY",
      integrationMethod: "POST",
      integrationUri: target.invokeArn,
      timeoutMilliseconds: timeoutInMillis,
    },
    opts,
  );
}

/** One permission for each function, whether routes or the authorizer call it. */
export function permitCalls(
  name: string,
  { routes, authorizer }: WebSocketApiArgs,
  executionArn: pulumi.Output<string>,
  opts: Options,
): lambda.Permission[] {
  const named = new Map<FunctionTarget, string>(authorizer ? [[authorizer.function, "authorizer"]] : []);
  for (const [key, { function: target }] of Object.entries(routes)) {
    if (!named.has(target)) named.set(target, resourceName(key));
  }
  const sourceArn = pulumi.interpolate`${executionArn}/*/*`;
  return [...named].map(([target, key]) => permitCall(`${name}-${key}`, target, sourceArn, opts));
}

/** What a deployment depends on. */
export function deployed(args: WebSocketApiArgs): object {
  const { auth, authorizer, routeSelectionExpression, description, apiArgs, apiKeyRequired, apiKeySource } = args;
  const routes = Object.entries(args.routes).map(([key, { function: target, routeResponse, timeoutInMillis }]) => {
    return { key, uri: target.invokeArn, routeResponse, timeoutInMillis };
  });
  const decides = authorizer && { uri: authorizer.function.invokeArn, sources: authorizer.identitySources };
  const api = { routes, auth, authorizer: decides, routeSelectionExpression, description, apiArgs };
  return { ...api, apiKeyRequired, apiKeySource };
}
