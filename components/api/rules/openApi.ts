import { corsHeaders, preflightHeaders, quoted } from "./cors";
import {
  type Api,
  byPath,
  header,
  isSigned,
  type Paths,
  parametersOf,
  pathParameter,
  type Route,
  requestHeaders,
  securityOf,
  securitySchemes,
} from "./document";
import { gatewayResponses } from "./gatewayResponses";
import { type Called, mock } from "./integration";
import { modelOf } from "./jsonSchema";
import type { CorsArgs, RequestBodyArgs } from "./operation";
import { documentTemplate } from "./publicDocument";

/**
 * The document that is deployed: only the parts of each route that API Gateway acts on. Descriptions and schemas that
 * it would only store are left out: they would hit its limits on models and keywords, and changing them would redeploy
 * the API.
 * @param called what each route calls, in the order of `api.routes`: the ARN of a function, or something else
 * @param authorizers their security schemes
 * @see "OpenAPI extensions for API Gateway"
 */
export function deployedBody(api: Api, called: (string | Called)[], authorizers: Record<string, object> = {}): object {
  const targets = new Map(api.routes.map((route, index) => [route, called[index]]));
  const paths = byPath(api.routes, (route) => {
    const target = calledBy(route, targets.get(route));
    return {
      operationId: route.operation.operationId,
      parameters: parametersOf(route).map(({ name, in: place, required }) => ({
        name,
        in: place,
        required,
        schema: { type: "string" },
      })),
      requestBody: validatesBody(route) ? modelBody(route.operation.requestBody) : undefined,
      responses: target.responses,
      security: securityOf(route),
      "x-amazon-apigateway-request-validator": route.validation === "none" ? undefined : route.validation,
      "x-amazon-apigateway-integration": { ...target["x-amazon-apigateway-integration"], ...cacheKeysOf(route) },
    };
  });
  if (api.documentPath) paths[api.documentPath] = { ...paths[api.documentPath], get: documentOperation(api) };
  if (api.cors) addPreflights(api, api.cors, paths);
  return {
    ...header(api),
    paths,
    components: { securitySchemes: securitySchemes(api, authorizers, { "x-amazon-apigateway-authtype": "awsSigv4" }) },
    "x-amazon-apigateway-api-key-source": api.apiKeySource,
    "x-amazon-apigateway-request-validators": requestValidators(api.routes),
    "x-amazon-apigateway-gateway-responses": gatewayResponses(api.cors, isSigned(api), api.gatewayResponses),
  };
}

function calledBy(route: Route, called: string | Called = ""): Called {
  if (typeof called !== "string") return called;
  const responses = { default: { description: "The function's response" } };
  return { responses, "x-amazon-apigateway-integration": integrationOf(route, called) };
}

/** Without its parameters as keys, a route would have one response for all of their values. */
function cacheKeysOf(route: Route): { cacheKeyParameters?: string[] } {
  if (!route.cache) return {};
  const { keys } = route.cache;
  const parameters = parametersOf(route).filter(({ name }) => keys?.includes(name) ?? true);
  const placeOf = (place: string) => (place === "query" ? "querystring" : place);
  return { cacheKeyParameters: parameters.map((one) => `method.request.${placeOf(one.in)}.${one.name}`) };
}

/** Leaves out what has its default, because a new member would deploy the API again. */
function integrationOf({ responseTransferMode, timeoutInMillis, tenantId }: Route, invokeArn: string) {
  const streams = responseTransferMode === "STREAM";
  const uri = streams ? streamingArn(invokeArn) : invokeArn;
  const mode = streams ? { responseTransferMode } : {};
  const requestParameters = tenantId && { "integration.request.header.X-Amz-Tenant-Id": tenantId };
  return { type: "aws_proxy", httpMethod: "POST", uri, timeoutInMillis, ...mode, requestParameters };
}

/** @see "Set up a Lambda proxy integration with response streaming in API Gateway" */
function streamingArn(invokeArn: string): string {
  return invokeArn.replace(
    /\/2015-03-31\/functions\/(.*)\/invocations$/,
    "/2021-11-15/functions/$1/response-streaming-invocations",
  );
}

export function validatesBody({ validation }: Route): boolean {
  return validation === "body" || validation === "all";
}

function modelBody(body: RequestBodyArgs | undefined): RequestBodyArgs | undefined {
  if (!body) return undefined;
  const content = Object.entries(body.content).map(([mediaType, { schema }]) => [
    mediaType,
    { schema: modelOf(schema) },
  ]);
  return { ...body, content: Object.fromEntries(content) };
}

function requestValidators(routes: Route[]) {
  const used = new Set(routes.map(({ validation }) => validation));
  used.delete("none");
  const validators = [...used].map((validation) => [
    validation,
    { validateRequestBody: validation !== "parameters", validateRequestParameters: validation !== "body" },
  ]);
  return used.size > 0 ? Object.fromEntries(validators) : undefined;
}

/** An operation that returns the document from an integration without a backend. */
function documentOperation(api: Api): object {
  const headers = api.cors ? quoted(corsHeaders(api.cors)) : {};
  return {
    ...mock(200, headers, { "application/json": documentTemplate(api) }),
    security: securityOf(api),
  };
}

function addPreflights(api: Api, cors: CorsArgs, paths: Paths): void {
  const { routes, documentPath } = api;
  for (const [path, item] of Object.entries(paths)) {
    if (item.options) continue;
    const own = routes.filter((route) => route.path === path);
    const rules = own.map((route) => ({
      method: route.method,
      headers: requestHeaders(route, api),
    }));
    if (path === documentPath) rules.push({ method: "GET", headers: [] });
    const parameters = own[0]?.parameters.map(pathParameter);
    paths[path] = { ...item, options: { parameters, ...mock(204, quoted(preflightHeaders(cors, rules))) } };
  }
}
