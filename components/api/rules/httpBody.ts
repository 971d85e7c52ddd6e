import { allowedHeaders, usualMaxAge } from "./cors";
import {
  type Api,
  byPath,
  header,
  methodsOfAny,
  pathParameter,
  type Route,
  requestHeaders,
  securityOf,
  securitySchemes,
} from "./document";
import type { CorsArgs } from "./operation";

/** A route as an HTTP API has it. */
interface DeployedRoute extends Route {
  /** The position in `api.routes` of the route that it comes from. */
  index: number;
  /** Only one operation may have the route's id. */
  operationId?: string;
}

/**
 * The routes of an HTTP API. With CORS it answers preflight requests itself, but not where an ANY route takes them: this
 * becomes a route for each other method.
 * @see https://arpadt.com/articles/cors-in-http-api
 */
export function deployedRoutes(api: Api): DeployedRoute[] {
  return api.routes.flatMap((route, index): DeployedRoute[] => {
    const { operationId } = route.operation;
    if (route.method !== "ANY" || !api.cors) return [{ ...route, index, operationId }];
    return methodsOfAny(route, api).map((method) => ({ ...route, method, index }));
  });
}

/** The key of a route in a stage's settings. */
export function routeKey({ method, path }: Route): string {
  return `${method} ${path}`;
}

/**
 * The document that an HTTP API is imported from: only the parts of each route that it acts on.
 * @param called what each route calls, in the order of `api.routes`: the ARN of a function, or an integration
 * @param authorizers their security schemes
 * @see "Working with OpenAPI definitions for HTTP APIs in API Gateway"
 */
export function httpBody(api: Api, called: (string | object)[], authorizers: Record<string, object> = {}): object {
  const paths = byPath(deployedRoutes(api), ({ index, operationId, timeoutInMillis, ...route }) => ({
    operationId,
    parameters: route.parameters.map(pathParameter),
    responses: { default: { description: "The function's response" } },
    security: securityOf(route),
    "x-amazon-apigateway-integration": integrationOf(called[index], timeoutInMillis),
  }));
  const extensions = { "x-amazon-apigateway-authtype": "awsSigv4" };
  return { ...header(api), paths, components: { securitySchemes: securitySchemes(api, authorizers, extensions) } };
}

function integrationOf(called: string | object | undefined, timeoutInMillis: number | undefined): object {
  if (typeof called === "object") return called;
  const type = "aws_proxy";
  return { type, httpMethod: "POST", uri: called, payloadFormatVersion: "2.0", timeoutInMillis };
}

/** The cross-origin rules of a whole HTTP API, which ignores such headers of functions. */
export function httpCors(api: Api, cors: CorsArgs) {
  const { allowOrigins, allowMethods, exposeHeaders, maxAge = usualMaxAge, allowCredentials } = cors;
  const routes = api.routes.map((route) => ({ headers: requestHeaders(route, api) }));
  return {
    allowOrigins,
    allowMethods: allowMethods ?? [...new Set(deployedRoutes(api).map(({ method }) => method))],
    allowHeaders: allowedHeaders(cors, routes),
    exposeHeaders,
    maxAge,
    allowCredentials,
  };
}
