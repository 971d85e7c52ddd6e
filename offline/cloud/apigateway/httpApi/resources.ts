import type { Graph } from "../../../engine/graph";
import { asList, asMap, asNumber, asStrings, asText, asTexts, ownResources, type Settings } from "../../core/resources";
import { DEFAULT_TIMEOUT, type HttpAuthorizer, type HttpIntegration, type HttpRoute } from "./model";

/** How long the answers of a Lambda authorizer are kept, in seconds, unless its resource says otherwise. */
const DEFAULT_TTL = 300;

/** The routes of an API that `Route`, `Integration` and `Authorizer` resources declare. */
export function routesOfResources(graph: Graph, api: string): HttpRoute[] {
  const of = (type: string) =>
    ownResources(graph, `aws:apigatewayv2/${type}`).filter(({ settings }) => settings.apiId === api);
  const integrations = new Map(of("integration:Integration").map(({ settings }) => [settings.id, settings]));
  const authorizers = new Map(
    of("authorizer:Authorizer").map(({ name, settings }) => [settings.id, authorizerOf(name, settings)]),
  );
  return of("route:Route").map(({ settings }) => {
    const { routeKey, target, authorizationType, authorizerId, authorizationScopes } = settings;
    const integration = integrations.get(asText(target)?.replace(/^integrations\//, ""));
    return {
      key: String(routeKey),
      authorization: {
        type: (asText(authorizationType) || "NONE").toUpperCase(),
        authorizer: authorizers.get(authorizerId),
        scopes: asTexts(authorizationScopes),
      },
      integration: integration && integrationOf(integration),
    };
  });
}

function integrationOf(settings: Settings): HttpIntegration {
  return {
    type: (asText(settings.integrationType) ?? "").toUpperCase(),
    subtype: asText(settings.integrationSubtype) || undefined,
    uri: asText(settings.integrationUri) || undefined,
    method: asText(settings.integrationMethod) || undefined,
    payloadVersion: asText(settings.payloadFormatVersion) || "1.0",
    connectionType: asText(settings.connectionType) || undefined,
    timeout: asNumber(settings.timeoutMilliseconds) || DEFAULT_TIMEOUT,
    requestParameters: asStrings(settings.requestParameters),
    responseParameters: Object.fromEntries(
      asList(settings.responseParameters).map(({ statusCode, mappings }) => [String(statusCode), asStrings(mappings)]),
    ),
  };
}

function authorizerOf(name: string, settings: Settings): HttpAuthorizer {
  const { issuer, audiences } = asMap(settings.jwtConfiguration);
  const sources = asTexts(settings.identitySources);
  return {
    name,
    type: (asText(settings.authorizerType) ?? "").toUpperCase(),
    uri: asText(settings.authorizerUri) || undefined,
    payloadVersion: asText(settings.authorizerPayloadFormatVersion) || "1.0",
    simple: settings.enableSimpleResponses === true,
    sources,
    ttl: asNumber(settings.authorizerResultTtlInSeconds) ?? (sources.length > 0 ? DEFAULT_TTL : 0),
    issuer: asText(issuer),
    audiences: asTexts(audiences),
  };
}
