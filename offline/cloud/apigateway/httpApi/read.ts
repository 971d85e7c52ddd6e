import { account } from "../../../engine/context";
import type { Graph } from "../../../engine/graph";
import { readCors } from "../../core/payload/cors";
import {
  asList,
  asMap,
  asNumber,
  asStrings,
  asText,
  ownResources,
  type PlainResource,
  type Settings,
} from "../../core/resources";
import { disablesEndpoint } from "../definition/document";
import { readDocument } from "./document";
import {
  DEFAULT_TIMEOUT,
  type HttpApiModel,
  type HttpIntegration,
  type HttpStageModel,
  type Throttling,
} from "./model";
import { routesOfResources } from "./resources";

const API = "aws:apigatewayv2/api:Api";

/** The program's HTTP APIs: those that can be served, and why the others cannot. */
export function readHttpApis(graph: Graph): { apis: HttpApiModel[]; problems: string[] } {
  const apis: HttpApiModel[] = [];
  const problems: string[] = [];
  for (const resource of ownResources(graph, API)) {
    if (resource.settings.protocolType !== "HTTP") continue;
    const api = readApi(resource, graph, problems);
    if (typeof api === "string") problems.push(`API ${resource.name} is not served: ${api}`);
    else apis.push(api);
  }
  return { apis, problems };
}

function readApi({ name, settings }: PlainResource, graph: Graph, problems: string[]): HttpApiModel | string {
  const id = asText(settings.id) ?? name;
  const declared = readDocument(asText(settings.body));
  if (typeof declared === "string") return declared;
  const quick = quickCreated(settings);
  const all = [...declared.routes, ...quick.routes, ...routesOfResources(graph, id)];
  const routes = [...new Map(all.map((route) => [route.key, route])).values()];
  const stages = [...quick.stages, ...readStages(graph, id, problems)];
  if (stages.length === 0) return "it has no stage; add an aws.apigatewayv2.Stage";
  if (routes.length === 0) return "it has no routes; give it a body, a target or aws.apigatewayv2.Route resources";
  const cors = readCors(settings.corsConfiguration) ?? declared.cors;
  if (cors?.allowCredentials && cors.allowOrigins.includes("*")) {
    problems.push(
      `AWS refuses API ${name}: its CORS settings allow credentials, and so must name the origins, not "*"`,
    );
  }
  return {
    name,
    id,
    account,
    region: asText(settings.arn)?.split(":")[3] || graph.region,
    isEndpointDisabled: disablesEndpoint(settings, declared.document),
    cors,
    routes,
    stages: stages.sort((one, other) => Number(other.name === "$default") - Number(one.name === "$default")),
  };
}

/**
 * The route and the stage that an API gets with its `target`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop.html#http-api-examples.cli.quick-create
 */
function quickCreated({ target, routeKey }: Settings): Pick<HttpApiModel, "routes" | "stages"> {
  const uri = asText(target);
  if (!uri) return { routes: [], stages: [] };
  const integration: HttpIntegration = {
    type: /^https?:/.test(uri) ? "HTTP_PROXY" : "AWS_PROXY",
    uri,
    payloadVersion: "2.0",
    timeout: DEFAULT_TIMEOUT,
    requestParameters: {},
    responseParameters: {},
  };
  const authorization = { type: "NONE", scopes: [] };
  return {
    routes: [{ key: asText(routeKey) || "$default", authorization, integration }],
    stages: [{ name: "$default", variables: {}, throttling: {}, throttlingOf: {} }],
  };
}

function readStages(graph: Graph, api: string, problems: string[]): HttpStageModel[] {
  return ownResources(graph, "aws:apigatewayv2/stage:Stage")
    .filter(({ settings }) => settings.apiId === api)
    .map(({ name: resource, settings }) => {
      const { autoDeploy, deploymentId, stageVariables, defaultRouteSettings, routeSettings } = settings;
      const name = asText(settings.name) ?? resource;
      if (autoDeploy !== true && !asText(deploymentId)) {
        problems.push(`stage ${resource} serves nothing on AWS: set its autoDeploy, or give it a deploymentId`);
      }
      return {
        name,
        variables: asStrings(stageVariables),
        throttling: throttlingIn(asMap(defaultRouteSettings)),
        throttlingOf: Object.fromEntries(
          asList(routeSettings).map((route) => [String(route.routeKey), throttlingIn(route)]),
        ),
      };
    });
}

function throttlingIn({ throttlingRateLimit, throttlingBurstLimit }: Settings): Throttling {
  return { rate: asNumber(throttlingRateLimit) || undefined, burst: asNumber(throttlingBurstLimit) || undefined };
}
