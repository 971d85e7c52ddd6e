import type { Resource } from "../../../offline/engine/graph";
import type { Properties } from "../../../offline/engine/values";
import { temporaryFolder } from "../temporaryFolder";
import { graphOf, lambda, resource } from "./graph";
import { type Served, serveGraph } from "./served";

const REGION = "eu-west-1";
const API_ID = "http0id";

export function functionArn(name: string): string {
  return `arn:aws:lambda:${REGION}:123456789012:function:${name}`;
}

/** An HTTP API. */
export function httpApi(name: string, inputs: Properties = {}, id = API_ID): Resource {
  const arn = `arn:aws:apigateway:${REGION}::/apis/${id}`;
  return resource("aws:apigatewayv2/api:Api", name, { protocolType: "HTTP", ...inputs }, { id, arn });
}

export function httpStage(name: string, inputs: Properties = {}): Resource {
  const all = { apiId: API_ID, autoDeploy: true, name, ...inputs };
  return resource("aws:apigatewayv2/stage:Stage", name.replace("$", ""), all);
}

/** An integration, and a route with it. */
export function httpRoute(routeKey: string, integration: Properties, route: Properties = {}): Resource[] {
  const name = routeKey.replace(/\W+/g, "-");
  return [
    resource("aws:apigatewayv2/integration:Integration", name, { apiId: API_ID, ...integration }),
    resource("aws:apigatewayv2/route:Route", name, {
      apiId: API_ID,
      routeKey,
      target: `integrations/${name}`,
      ...route,
    }),
  ];
}

/** An integration with a function. */
export function toFunction(name: string, payloadFormatVersion = "2.0"): Properties {
  return { integrationType: "AWS_PROXY", integrationUri: functionArn(name), payloadFormatVersion };
}

/** Serves an HTTP API with the stage `$default`, and functions by their code. */
export async function serveHttpApi(functions: Record<string, string>, ...resources: Resource[]): Promise<Served> {
  const lambdas = Object.entries(functions).map(([name, code]) => lambda(name, code));
  const isStaged = resources.some(({ type }) => type.includes("/stage:"));
  const stages = isStaged ? [] : [httpStage("$default")];
  const apis = resources.some(({ type }) => type.includes("/api:")) ? [] : [httpApi("web")];
  return serveGraph(graphOf(temporaryFolder(), ...lambdas, ...apis, ...stages, ...resources));
}

export const HTTP_APIS = "API Gateway (HTTP APIs)";
/** The requests and responses with which AWS checks its emulation for .NET against API Gateway. */
export const RECORDED_HTTP = {
  service: HTTP_APIS,
  source: "answers recorded from AWS by its Lambda Test Tool for .NET, 2025-04",
};
