import type {
  ApiAuth,
  ContactArgs,
  CorsArgs,
  GatewayResponseArgs,
  LicenseArgs,
  OperationArgs,
  ResponseTransferMode,
  Validation,
} from "./operation";
import { type Method, methods, type RouteKey } from "./routes";

/** A route with all defaults applied; its position in the list identifies what it calls. */
export interface Route extends RouteKey {
  operation: OperationArgs;
  auth: ApiAuth;
  validation: Validation;
  responseTransferMode?: ResponseTransferMode;
  timeoutInMillis?: number;
  tenantId?: string;
}

/** Everything that an API's document is generated from. */
export interface Api {
  /** An HTTP API (v2) instead of a REST API. */
  isHttp?: boolean;
  title: string;
  version: string;
  description?: string;
  license?: LicenseArgs;
  contact?: ContactArgs;
  /** The descriptions of operations' tags. */
  tagDescriptions: Record<string, string>;
  stageName: string;
  /** That of a domain of its own. @default the stage's path at the API's endpoint */
  url?: string;
  /** Who may read the document at `documentPath`. */
  auth: ApiAuth;
  routes: Route[];
  cors?: CorsArgs;
  documentPath?: string;
  /** API Gateway's own responses, by type, as far as the API sets them. */
  gatewayResponses?: Record<string, GatewayResponseArgs>;
}

/** The OpenAPI key of the operation for all methods that have no route of their own. */
const anyMethod = "x-amazon-apigateway-any-method";
const signature = "sigv4";

export function header({ title, version, description }: Api) {
  return { openapi: "3.0.1", info: { title, version, description } };
}

export type Paths = Record<string, Record<string, object>>;

export function byPath<One extends Route>(routes: One[], operationOf: (route: One) => object): Paths {
  const paths: Paths = {};
  for (const route of routes) {
    const method = route.method === "ANY" ? anyMethod : route.method.toLowerCase();
    paths[route.path] = { ...paths[route.path], [method]: operationOf(route) };
  }
  return paths;
}

/** The methods that an ANY route handles: those that nothing else handles on its path. */
export function methodsOfAny({ path }: Route, { routes, cors, documentPath }: Api): Method[] {
  const others = new Set<Method>(routes.flatMap((route) => (route.path === path ? route.method : [])));
  if (path === documentPath) others.add("GET");
  if (cors) others.add("OPTIONS");
  return methods.filter((each) => !others.has(each));
}

/** The declared parameters, and path parameters that are not declared. */
export function parametersOf({ operation, parameters }: Route) {
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

/** The names of the headers that a route declares. */
export function headerParameters(route: Route): string[] {
  return parametersOf(route).flatMap((parameter) => (parameter.in === "header" ? [parameter.name] : []));
}

export function pathParameter(name: string) {
  return { name, in: "path", required: true, schema: { type: "string" } };
}

export function securityOf(auth: ApiAuth) {
  return auth === "iam" ? [{ [signature]: [] }] : undefined;
}

/** Whether any operation requires a signature. */
export function isSigned({ routes, auth, documentPath }: Api): boolean {
  return routes.some((route) => route.auth === "iam") || (documentPath !== undefined && auth === "iam");
}

export function securitySchemes(api: Api, extensions: object = {}) {
  if (!isSigned(api)) return undefined;
  return { [signature]: { type: "apiKey", name: "Authorization", in: "header", ...extensions } };
}
