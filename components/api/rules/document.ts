import { type Authorizer, publicScheme } from "./authorizer";
import type {
  ContactArgs,
  CorsArgs,
  GatewayResponseArgs,
  LicenseArgs,
  OperationArgs,
  ResponseTransferMode,
  RouteCacheArgs,
  Validation,
} from "./operation";
import { type Method, methods, type RouteKey } from "./routes";

/** A route with all defaults applied; its position in the list identifies what it calls. */
export interface Route extends RouteKey {
  operation: OperationArgs;
  /** `iam`, `none` or the name of an authorizer. */
  auth: string;
  /** One of which a caller's token must have. @default none is asked for */
  scopes?: string[];
  /** @default false */
  apiKeyRequired?: boolean;
  validation: Validation;
  responseTransferMode?: ResponseTransferMode;
  timeoutInMillis?: number;
  tenantId?: string;
  cache?: RouteCacheArgs;
}

/** What decides who may call a route. */
type Secured = Pick<Route, "auth" | "scopes" | "apiKeyRequired">;

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
  auth: string;
  /** @default "HEADER" */
  apiKeySource?: string;
  /** By the names that `auth` may be besides `iam` and `none`. @default none */
  authorizers?: Record<string, Authorizer>;
  routes: Route[];
  cors?: CorsArgs;
  documentPath?: string;
  /** API Gateway's own responses, by type, as far as the API sets them. */
  gatewayResponses?: Record<string, GatewayResponseArgs>;
}

/** The OpenAPI key of the operation for all methods that have no route of their own. */
const anyMethod = "x-amazon-apigateway-any-method";
const signature = "sigv4";
const apiKey = "api_key";
const keyHeader = "x-api-key";

/** Names that an authorizer cannot have, because they mean something else. */
export const reservedAuths = ["iam", "none", signature, apiKey];

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

/** The names of the headers that callers of a route may send: those it declares, and those that authorize them. */
export function requestHeaders(route: Route, { authorizers = {} }: Api): string[] {
  const declared = parametersOf(route).flatMap((parameter) => (parameter.in === "header" ? [parameter.name] : []));
  const authorizer = authorizers[route.auth];
  return [...declared, ...(authorizer?.headers ?? []), ...(route.apiKeyRequired ? [keyHeader] : [])];
}

export function pathParameter(name: string) {
  return { name, in: "path", required: true, schema: { type: "string" } };
}

/** What a caller must present: all of these, each in a requirement of its own, as API Gateway's documents have them. */
export function securityOf({ auth, scopes = [], apiKeyRequired }: Secured): Record<string, string[]>[] | undefined {
  const requirements: Record<string, string[]>[] = [];
  if (auth === "iam") requirements.push({ [signature]: [] });
  else if (auth !== "none") requirements.push({ [auth]: scopes });
  if (apiKeyRequired) requirements.push({ [apiKey]: [] });
  return requirements.length > 0 ? requirements : undefined;
}

/** Whether any operation requires a signature. */
export function isSigned({ routes, auth, documentPath }: Api): boolean {
  return routes.some((route) => route.auth === "iam") || (documentPath !== undefined && auth === "iam");
}

/**
 * @param authorizers the authorizers' schemes
 * @param extensions of the scheme of signatures
 */
export function securitySchemes(api: Api, authorizers: Record<string, object>, extensions: object = {}) {
  const schemes = {
    ...authorizers,
    ...(isSigned(api) && { [signature]: { type: "apiKey", name: "Authorization", in: "header", ...extensions } }),
    ...(api.routes.some((route) => route.apiKeyRequired) && {
      [apiKey]: { type: "apiKey", name: keyHeader, in: "header" },
    }),
  };
  return Object.keys(schemes).length > 0 ? schemes : undefined;
}

export function publicSchemes({ authorizers = {} }: Api): Record<string, object> {
  return Object.fromEntries(Object.entries(authorizers).map(([name, authorizer]) => [name, publicScheme(authorizer)]));
}
