import { account } from "../../../engine/context";
import type { Graph } from "../../../engine/graph";
import { asList, asMap, asNumber, asStrings, asText, asTexts, ownResources, type Settings } from "../../core/resources";
import type { KeySource } from "../authorizers/apiKeys";
import { type ApiKey, readApiKeys } from "../definition/usagePlans";

/** In milliseconds. @see "Quotas for configuring and running a WebSocket API" */
const DEFAULT_TIMEOUT = 29_000;

/** A WebSocket API of the program, with everything that is needed to serve its stages. */
export interface SocketModel {
  name: string;
  id: string;
  account: string;
  region: string;
  /** Which part of a message is the key of its route, such as `$request.body.action`. */
  selection: string;
  /** Where the API keys of connections are. */
  keySource: KeySource;
  /** Whether only its domains serve it. */
  isEndpointDisabled: boolean;
  routes: RouteModel[];
  stages: StageModel[];
}

export interface StageModel {
  name: string;
  variables: Record<string, string>;
  /** Absent if the program has no such resource. */
  deploymentId?: string;
  /** Those that a usage plan lets in. */
  apiKeys: ApiKey[];
  /** The inputs for all routes and, with a `routeKey`, for single ones. */
  settings: Settings[];
}

export interface RouteModel {
  key: string;
  auth: "iam" | "authorizer" | "none";
  keyRequired: boolean;
  authorizer?: AuthorizerModel;
  /** Absent if the route has no target in the program. */
  integration?: IntegrationModel;
  /** Whether the integration's response is sent to the caller. */
  responds: boolean;
}

export interface AuthorizerModel {
  uri: string;
  /** Such as `route.request.header.Authorization`. */
  identitySources: string[];
}

export interface IntegrationModel {
  type: string;
  uri?: string;
  /** How long it may take, in milliseconds. @default for ever */
  timeout?: number;
  requestTemplates: Record<string, string>;
  templateSelection?: string;
  responses: { key: string; templates: Record<string, string>; templateSelection?: string }[];
}

/** The program's WebSocket APIs: those that can be served, and why the others cannot. */
export function readSockets(graph: Graph): { sockets: SocketModel[]; problems: string[] } {
  const problems: string[] = [];
  const sockets = ownResources(graph, "aws:apigatewayv2/api:Api").flatMap(({ name, settings }) => {
    if (settings.protocolType !== "WEBSOCKET") return [];
    const id = asText(settings.id) ?? name;
    const stages = readStages(graph, id);
    if (stages.length === 0) {
      problems.push(`WebSocket API ${name} is not served: it has no stage; add an aws.apigatewayv2.Stage`);
      return [];
    }
    return {
      name,
      id,
      account,
      region: asText(settings.arn)?.split(":")[3] || graph.region,
      selection: asText(settings.routeSelectionExpression) ?? "$request.body.action",
      keySource: keySourceOf(asText(settings.apiKeySelectionExpression)),
      isEndpointDisabled: settings.disableExecuteApiEndpoint === true,
      routes: readRoutes(graph, id),
      stages,
    };
  });
  return { sockets, problems };
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-selection-expressions.html */
function keySourceOf(selection = ""): KeySource {
  return selection === "$context.authorizer.usageIdentifierKey" ? "AUTHORIZER" : "HEADER";
}

function ofApi(graph: Graph, type: string, apiId: string): { name: string; settings: Settings }[] {
  const token = `aws:apigatewayv2/${type}:${type.charAt(0).toUpperCase()}${type.slice(1)}`;
  return ownResources(graph, token).filter(({ settings }) => settings.apiId === apiId);
}

function readStages(graph: Graph, apiId: string): StageModel[] {
  return ofApi(graph, "stage", apiId).map(({ name, settings }) => ({
    name: asText(settings.name) ?? name,
    variables: asStrings(settings.stageVariables),
    deploymentId: asText(settings.deploymentId) || undefined,
    apiKeys: readApiKeys(graph, apiId, asText(settings.name) ?? name),
    settings: [asMap(settings.defaultRouteSettings), ...asList(settings.routeSettings)],
  }));
}

function readRoutes(graph: Graph, apiId: string): RouteModel[] {
  const integrations = ofApi(graph, "integration", apiId);
  const authorizers = ofApi(graph, "authorizer", apiId);
  const answered = new Set(ofApi(graph, "routeResponse", apiId).map(({ settings }) => settings.routeId));
  return ofApi(graph, "route", apiId).map(({ settings }) => {
    const { routeKey, target, authorizationType, authorizerId, routeResponseSelectionExpression, id } = settings;
    const integration = integrations.find((one) => `integrations/${one.settings.id}` === target)?.settings;
    const type = asText(authorizationType)?.toUpperCase();
    const authorizer = authorizers.find((one) => one.settings.id === authorizerId)?.settings;
    return {
      key: String(routeKey),
      auth: type === "AWS_IAM" ? "iam" : type === "CUSTOM" ? "authorizer" : "none",
      keyRequired: settings.apiKeyRequired === true,
      authorizer: authorizer && {
        uri: asText(authorizer.authorizerUri) ?? "",
        identitySources: asTexts(authorizer.identitySources),
      },
      integration: integration && readIntegration(graph, apiId, integration),
      responds: Boolean(asText(routeResponseSelectionExpression)) && answered.has(id),
    };
  });
}

function readIntegration(graph: Graph, apiId: string, settings: Settings): IntegrationModel {
  const responses = ofApi(graph, "integrationResponse", apiId).filter(
    (one) => one.settings.integrationId === settings.id,
  );
  return {
    type: asText(settings.integrationType)?.toUpperCase() ?? "",
    uri: asText(settings.integrationUri),
    timeout: asNumber(settings.timeoutMilliseconds) || DEFAULT_TIMEOUT,
    requestTemplates: asStrings(settings.requestTemplates),
    templateSelection: asText(settings.templateSelectionExpression) || undefined,
    responses: responses.map(({ settings: one }) => ({
      key: String(one.integrationResponseKey),
      templates: asStrings(one.responseTemplates),
      templateSelection: asText(one.templateSelectionExpression) || undefined,
    })),
  };
}

/** The rate and the burst of a route: its own, or else the stage's; absent if there is no limit. */
export function limitsOf({ settings }: StageModel, key: string): { rate: number; burst: number } | undefined {
  const own = settings.find(({ routeKey }) => routeKey === key) ?? settings[0] ?? {};
  const rate = asNumber(own.throttlingRateLimit);
  const burst = asNumber(own.throttlingBurstLimit);
  if (rate === undefined && burst === undefined) return undefined;
  return { rate: rate ?? Number.MAX_SAFE_INTEGER, burst: burst ?? Number.MAX_SAFE_INTEGER };
}
