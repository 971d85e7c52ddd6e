import { account } from "../../engine/context";
import type { Graph } from "../../engine/graph";
import { asMap, asText, asTexts, ownResources, type PlainResource, type Settings } from "../core/resources";
import { bodyOf, type Document, parseDocument } from "./document";

/** An API of the program, with everything that is needed to serve its stages. */
export interface ApiModel {
  name: string;
  id: string;
  account: string;
  region: string;
  document: Document;
  binaryMediaTypes: string[];
  stages: StageModel[];
}

export interface StageModel {
  name: string;
  variables: Record<string, string>;
  /** The inputs of the stage's `aws.apigateway.MethodSettings`. */
  methodSettings: Settings[];
}

/** The program's APIs: those that can be served, and why the others cannot. */
export function readApis(graph: Graph): { apis: ApiModel[]; problems: string[] } {
  const apis: ApiModel[] = [];
  const problems: string[] = [];
  for (const resource of ownResources(graph, "aws:apigateway/restApi:RestApi")) {
    const api = readApi(resource, graph);
    if (typeof api === "string") problems.push(`API ${resource.name} is not served: ${api}`);
    else if (apis.some(({ name }) => name === api.name))
      problems.push(`API ${api.name} is not served: another API has the same name`);
    else apis.push(api);
  }
  return { apis, problems };
}

function readApi({ name, settings }: PlainResource, graph: Graph): ApiModel | string {
  const body = bodyOf(settings, graph);
  if (!body) {
    return "it has no OpenAPI body; routes made of Resource, Method and Integration resources are not emulated";
  }
  const document = parseDocument(body);
  if (typeof document === "string") return document;
  const id = asText(settings.id) ?? name;
  const stages = readStages(graph, id);
  if (stages.length === 0) return "it has no stage; add an aws.apigateway.Stage";
  return {
    name,
    id,
    account,
    region: asText(settings.arn)?.split(":")[3] || graph.region,
    document,
    binaryMediaTypes: [
      ...asTexts(settings.binaryMediaTypes),
      ...(document["x-amazon-apigateway-binary-media-types"] ?? []),
    ],
    stages,
  };
}

function readStages(graph: Graph, api: string): StageModel[] {
  const settings = ownResources(graph, "aws:apigateway/methodSettings:MethodSettings").map((each) => each.settings);
  return ownResources(graph, "aws:apigateway/stage:Stage")
    .filter((stage) => stage.settings.restApi === api)
    .map((stage) => {
      const name = asText(stage.settings.stageName) ?? stage.name;
      const variables = Object.entries(asMap(stage.settings.variables));
      return {
        name,
        variables: Object.fromEntries(variables.map(([key, value]) => [key, String(value)])),
        methodSettings: settings.filter(({ restApi, stageName }) => restApi === api && stageName === name),
      };
    });
}
