import { type Cors, readCors } from "../../core/payload/cors";
import { asMap, asNumber, asStrings, asText, asTexts, type Settings } from "../../core/resources";
import { type Document, operationsOf, parseDocument, schemesOf } from "../definition/document";
import { DEFAULT_TIMEOUT, type HttpAuthorizer, type HttpIntegration, type HttpRoute } from "./model";

/** What an API's OpenAPI body declares. */
interface Declared {
  routes: HttpRoute[];
  cors?: Cors;
  /** The document itself, if there is one. */
  document: object;
}

/** Reads the body of an HTTP API. Returns why it cannot be served as text. */
export function readDocument(body: string | undefined): Declared | string {
  if (!body) return { routes: [], document: {} };
  const document = parseDocument(body);
  if (typeof document === "string") return document;
  if ("swagger" in document) return "its body is Swagger 2.0; HTTP APIs take OpenAPI 3.0";
  const routes = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    operationsOf(item).map(
      ([method, operation]): HttpRoute => ({
        key: path === "/$default" ? "$default" : `${method} ${path}`,
        authorization: authorizationOf(operation, document),
        integration: integrationOf(operation["x-amazon-apigateway-integration"], document),
      }),
    ),
  );
  return { routes, cors: readCors(asMap(document)["x-amazon-apigateway-cors"]), document };
}

function authorizationOf(
  operation: Pick<Document, "security" | "x-amazon-apigateway-auth">,
  document: Document,
): HttpRoute["authorization"] {
  const type = (operation["x-amazon-apigateway-auth"] ?? document["x-amazon-apigateway-auth"])?.type?.toUpperCase();
  const [[name, scopes] = []] = (operation.security ?? document.security ?? []).flatMap((one) => Object.entries(one));
  if (name === undefined) return { type: type ?? "NONE", scopes: [] };
  const scheme: Settings = { ...schemesOf(document)[name] };
  if (scheme["x-amazon-apigateway-authtype"] === "awsSigv4") return { type: "AWS_IAM", scopes: [] };
  const settings = asMap(scheme["x-amazon-apigateway-authorizer"]);
  // A scheme without an authorizer documents the API, and protects nothing.
  if (Object.keys(settings).length === 0 && name in schemesOf(document)) return { type: type ?? "NONE", scopes: [] };
  const authorizer = authorizerOf(name, settings, scheme);
  return { type: authorizer.type === "JWT" ? "JWT" : "CUSTOM", authorizer, scopes: asTexts(scopes) };
}

function authorizerOf(name: string, settings: Settings, { openIdConnectUrl }: Settings): HttpAuthorizer {
  const { issuer, audience } = asMap(settings.jwtConfiguration);
  const discovered = asText(openIdConnectUrl)?.replace(/\/\.well-known\/openid-configuration$/, "");
  const sources = Array.isArray(settings.identitySource)
    ? asTexts(settings.identitySource)
    : (asText(settings.identitySource) ?? "").split(",").flatMap((source) => source.trim() || []);
  return {
    name,
    type: (asText(settings.type) ?? "").toUpperCase(),
    uri: asText(settings.authorizerUri),
    payloadVersion: asText(settings.authorizerPayloadFormatVersion) || "1.0",
    simple: settings.enableSimpleResponses === true,
    sources,
    ttl: asNumber(settings.authorizerResultTtlInSeconds) ?? 0,
    issuer: asText(issuer) ?? discovered,
    audiences: [audience ?? []].flat().map(String),
  };
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-extensions-integrations.html */
function integrationOf(given: unknown, { components }: Document): HttpIntegration | undefined {
  const [, shared] = /^#\/components\/x-amazon-apigateway-integrations\/(.+)$/.exec(String(asMap(given).$ref)) ?? [];
  const integration = asMap(shared ? asMap(components?.["x-amazon-apigateway-integrations"])[shared] : given);
  if (Object.keys(integration).length === 0) return undefined;
  return {
    type: (asText(integration.type) ?? "").toUpperCase(),
    subtype: asText(integration.integrationSubtype),
    uri: asText(integration.uri),
    method: asText(integration.httpMethod),
    payloadVersion: asText(integration.payloadFormatVersion) || "1.0",
    connectionType: asText(integration.connectionType),
    timeout: asNumber(integration.timeoutInMillis) || DEFAULT_TIMEOUT,
    requestParameters: asStrings(integration.requestParameters),
    responseParameters: Object.fromEntries(
      Object.entries(asMap(integration.responseParameters)).map(([status, mappings]) => [status, asStrings(mappings)]),
    ),
  };
}
