import {
  type Document,
  importOf,
  type Operation,
  operationsOf,
  parseDocument,
  withBasePath,
} from "../cloud/apigateway/definition/document";
import {
  asList,
  asMap,
  asText,
  asTexts,
  ownResources,
  type PlainResource,
  type Settings,
} from "../cloud/core/resources";
import type { Graph } from "../engine/graph";

/** Something with routes: a REST, HTTP or WebSocket API, or a function URL. */
export interface Api {
  urn: string;
  name: string;
  /** True when a path without the method of a request leaves it to a less specific path, as in HTTP APIs. */
  fallsBack: boolean;
  routes: Route[];
}

export interface Route {
  /** Upper case, or `ANY`; empty for a route of a WebSocket API. */
  method: string;
  path: string;
  /** Who may call it: `none` for anyone, `AWS_IAM`, the name of a security scheme, … */
  auth: string;
}

/** The APIs of a program with their routes, whether an OpenAPI document or single resources declare them. */
export function readApis(graph: Graph): Api[] {
  const authorizers = new Map(
    ["aws:apigateway/authorizer:Authorizer", "aws:apigatewayv2/authorizer:Authorizer"]
      .flatMap((type) => ownResources(graph, type))
      .map(({ settings, name }) => [settings.id, name]),
  );
  const methods = ownResources(graph, "aws:apigateway/method:Method");
  const resources = ownResources(graph, "aws:apigateway/resource:Resource");
  const routes = ownResources(graph, "aws:apigatewayv2/route:Route");
  const apis = (type: string, fallsBack: boolean, routesOf: (api: Settings) => Route[]) =>
    ownResources(graph, type).map(
      ({ urn, name, settings }: PlainResource): Api => ({ urn, name, fallsBack, routes: routesOf(settings) }),
    );
  return [
    ...apis("aws:apigateway/restApi:RestApi", false, (api) => [
      ...routesOfBody(importOf(api, graph)),
      ...methods
        .filter(({ settings }) => settings.restApi === api.id)
        .map(({ settings }) => ({
          method: String(settings.httpMethod).toUpperCase(),
          path: pathOf(settings.resourceId, resources) || "/",
          auth: authOf(settings, settings.authorization, authorizers),
        })),
    ]),
    ...apis("aws:apigatewayv2/api:Api", true, (api) => [
      ...routesOfBody(api),
      ...(asText(api.target) ? [{ ...splitKey(asText(api.routeKey) || "$default"), auth: "none" }] : []),
      ...routes
        .filter(({ settings }) => settings.apiId === api.id)
        .map(({ settings }) => ({
          ...splitKey(settings.routeKey),
          auth: authOf(settings, settings.authorizationType, authorizers),
        })),
    ]),
    ...apis("aws:lambda/functionUrl:FunctionUrl", false, ({ authorizationType }) => [
      { method: "ANY", path: "/{proxy+}", auth: asText(authorizationType) === "NONE" ? "none" : "AWS_IAM" },
    ]),
    ...apis("aws-apigateway:index:RestAPI", false, ({ routes: given }) =>
      asList(given).map(({ method = "ANY", path, authorizers: by, iamAuthEnabled, apiKeyRequired }) => ({
        method: String(method).toUpperCase(),
        path: asText(path) ?? "/",
        auth: both(iamAuthEnabled ? "AWS_IAM" : asList(by).length > 0 ? "CUSTOM" : "", apiKeyRequired),
      })),
    ),
  ];
}

function routesOfBody(settings: Settings): Route[] {
  const document = parseDocument(asText(settings.body) ?? "{}");
  if (typeof document === "string") return [];
  return Object.entries(withBasePath(document, settings).paths ?? {}).flatMap(([path, item]) =>
    operationsOf(item).map(([method, operation]) => ({
      ...(path === "/$default" ? splitKey("$default") : { method, path }),
      auth: authOfOperation(operation, document),
    })),
  );
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-auth.html */
function authOfOperation(operation: Operation, document: Document): string {
  const type = (operation["x-amazon-apigateway-auth"] ?? document["x-amazon-apigateway-auth"])?.type?.toUpperCase();
  if (type && type !== "NONE") return type;
  const schemes = document.components?.securitySchemes ?? document.securityDefinitions ?? {};
  const named = (name: string, scopes: string[]) => {
    const scheme = schemes[name] ?? {};
    if (scheme["x-amazon-apigateway-authtype"] === "awsSigv4") return "AWS_IAM";
    if (
      scheme.type === "apiKey" &&
      !scheme["x-amazon-apigateway-authtype"] &&
      !("x-amazon-apigateway-authorizer" in scheme)
    )
      return "API key";
    return scopes.length > 0 ? `${name} (${scopes.toSorted().join(", ")})` : name;
  };
  const alternatives = (operation.security ?? document.security ?? []).map((requirement) =>
    Object.entries(requirement)
      .map(([name, scopes]) => named(name, scopes))
      .join(" and "),
  );
  return alternatives.every(Boolean) && alternatives.length > 0 ? alternatives.join(" or ") : "none";
}

function authOf(settings: Settings, type: unknown, authorizers: Map<unknown, string>): string {
  const kind = (asText(type) ?? "NONE").toUpperCase();
  const details = [
    authorizers.get(settings.authorizerId) ?? "",
    ...asTexts(settings.authorizationScopes).toSorted(),
  ].filter(Boolean);
  const named = details.length > 0 ? `${kind} (${details.join(", ")})` : kind;
  return both(kind === "NONE" ? "" : named, settings.apiKeyRequired);
}

function both(auth: string, apiKeyRequired: unknown): string {
  return [auth, apiKeyRequired === true ? "API key" : ""].filter(Boolean).join(" and ") || "none";
}

/** A route key: `GET /items`, `$default`, or a WebSocket API's, such as `$connect`. */
function splitKey(routeKey: unknown): Pick<Route, "method" | "path"> {
  const [, method, path] = /^([A-Z]+) (\/.*)$/.exec(String(routeKey)) ?? [];
  return { method: method ?? "", path: path ?? String(routeKey) };
}

/** The path of a resource of a REST API; empty for the root. */
function pathOf(id: unknown, resources: PlainResource[]): string {
  const settings = asMap(resources.find((resource) => resource.settings.id === id)?.settings);
  return settings.pathPart === undefined ? "" : `${pathOf(settings.parentId, resources)}/${settings.pathPart}`;
}
