import { corsHeaders, mappedHeaders, preflightHeaders } from "./cors";
import { gatewayResponses } from "./gatewayResponses";
import { modelOf } from "./jsonSchema";
import type { ApiAuth, CorsArgs, OperationArgs, RequestBodyArgs, Validation } from "./operation";
import type { RouteKey } from "./routes";

/** A route with all defaults applied; its position in the list identifies what it calls. */
export interface Route extends RouteKey {
  operation: OperationArgs;
  auth: ApiAuth;
  validation: Validation;
}

/** Everything that an API's document is generated from. */
export interface Api {
  title: string;
  version: string;
  description?: string;
  stageName: string;
  /** Who may read the document at `documentPath`. */
  auth: ApiAuth;
  routes: Route[];
  cors?: CorsArgs;
  documentPath?: string;
}

/** The OpenAPI key of the operation for all methods that have no route of their own. */
const anyMethod = "x-amazon-apigateway-any-method";
const signature = "sigv4";

/** The document for callers, without API Gateway's extensions. */
export function publicDocument(api: Api): object {
  const named = api.routes
    .filter(({ method }) => method !== "ANY")
    // The plus of a greedy parameter is API Gateway's own syntax.
    .map((route) => ({ ...route, path: route.path.replace("+}", "}") }));
  return {
    ...header(api),
    servers: [{ url: `/${api.stageName}` }],
    paths: byPath(named, (route) => ({
      responses: { default: { description: "The response" } },
      ...route.operation,
      parameters: parametersOf(route),
      security: securityOf(route.auth),
    })),
    components: { securitySchemes: securitySchemes(api) },
  };
}

/**
 * The document that is deployed: only the parts of each route that API Gateway acts on. Descriptions and schemas that
 * it would only store are left out: they would hit its limits on models and keywords, and changing them would redeploy
 * the API.
 * @param invokeArns the ARN that each route calls, in the order of `api.routes`
 * @see "OpenAPI extensions for API Gateway"
 */
export function deployedBody(api: Api, invokeArns: string[]): object {
  const arns = new Map(api.routes.map((route, index) => [route, invokeArns[index]]));
  const paths = byPath(api.routes, (route) => ({
    operationId: route.operation.operationId,
    parameters: parametersOf(route).map(({ name, in: place, required }) => ({
      name,
      in: place,
      required,
      schema: { type: "string" },
    })),
    requestBody: validatesBody(route) ? modelBody(route.operation.requestBody) : undefined,
    responses: { default: { description: "The function's response" } },
    security: securityOf(route.auth),
    "x-amazon-apigateway-request-validator": route.validation === "none" ? undefined : route.validation,
    "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri: arns.get(route) },
  }));
  if (api.documentPath) paths[api.documentPath] = { ...paths[api.documentPath], get: documentOperation(api) };
  if (api.cors) addPreflights(api, api.cors, paths);
  return {
    ...header(api),
    paths,
    components: { securitySchemes: securitySchemes(api, { "x-amazon-apigateway-authtype": "awsSigv4" }) },
    "x-amazon-apigateway-request-validators": requestValidators(api.routes),
    "x-amazon-apigateway-gateway-responses": gatewayResponses(api.cors, isSigned(api)),
  };
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

function header({ title, version, description }: Api) {
  return { openapi: "3.0.1", info: { title, version, description } };
}

type Paths = Record<string, Record<string, object>>;

function byPath(routes: Route[], operationOf: (route: Route) => object): Paths {
  const paths: Paths = {};
  for (const route of routes) {
    const method = route.method === "ANY" ? anyMethod : route.method.toLowerCase();
    paths[route.path] = { ...paths[route.path], [method]: operationOf(route) };
  }
  return paths;
}

/** The declared parameters, and path parameters that are not declared. */
function parametersOf({ operation, parameters }: Route) {
  const implied = parameters.filter((name) => operation.parameters?.[name] === undefined);
  return [
    ...implied.map(pathParameter),
    ...Object.entries(operation.parameters ?? {}).map(([name, parameter]) => ({
      name,
      ...parameter,
      required: parameter.in === "path" || parameter.required === true,
    })),
  ];
}

function pathParameter(name: string) {
  return { name, in: "path", required: true, schema: { type: "string" } };
}

function securityOf(auth: ApiAuth) {
  return auth === "iam" ? [{ [signature]: [] }] : undefined;
}

/** Whether any operation requires a signature. */
function isSigned({ routes, auth, documentPath }: Api): boolean {
  return routes.some((route) => route.auth === "iam") || (documentPath !== undefined && auth === "iam");
}

function securitySchemes(api: Api, extensions: object = {}) {
  if (!isSigned(api)) return undefined;
  return { [signature]: { type: "apiKey", name: "Authorization", in: "header", ...extensions } };
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
  const headers = api.cors ? corsHeaders(api.cors) : {};
  return {
    ...mock("200", headers, { "application/json": documentTemplate(api) }),
    security: securityOf(api.auth),
  };
}

/**
 * The document as a Velocity template. `$` and `#` have a meaning there, and as JSON contains them only in strings,
 * they can be written as JSON escapes.
 */
export function documentTemplate(api: Api): string {
  return JSON.stringify(publicDocument(api)).replace(/\$/g, "\\u0024").replace(/#/g, "\\u0023");
}

function addPreflights({ routes, documentPath }: Api, cors: CorsArgs, paths: Paths): void {
  for (const [path, item] of Object.entries(paths)) {
    if (item.options) continue;
    const own = routes.filter((route) => route.path === path);
    const rules = own.map((route) => ({
      method: route.method,
      headers: parametersOf(route).flatMap((parameter) => (parameter.in === "header" ? [parameter.name] : [])),
    }));
    if (path === documentPath) rules.push({ method: "GET", headers: [] });
    const parameters = own[0]?.parameters.map(pathParameter);
    paths[path] = { ...item, options: { parameters, ...mock("204", preflightHeaders(cors, rules)) } };
  }
}

/**
 * A response that API Gateway returns without calling anything. @see "Mock integrations for REST APIs in API Gateway"
 */
function mock(statusCode: string, headers: Record<string, string>, responseTemplates?: Record<string, string>) {
  const declared = Object.keys(headers).map((name) => [name, { schema: { type: "string" } }]);
  return {
    responses: { [statusCode]: { description: "Returned by API Gateway", headers: Object.fromEntries(declared) } },
    "x-amazon-apigateway-integration": {
      type: "mock",
      // If the request's type has no template the response is 415; passing the body through would make it 500.
      passthroughBehavior: "never",
      // A body that `binaryMediaTypes` turns into bytes has no template. @see
      // https://github.com/aws/chalice/issues/1310
      contentHandling: "CONVERT_TO_TEXT",
      requestTemplates: { "application/json": `{"statusCode": ${statusCode}}` },
      responses: {
        default: {
          statusCode,
          responseParameters: mappedHeaders("method.response.header", headers),
          responseTemplates,
        },
      },
    },
  };
}
