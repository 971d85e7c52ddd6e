import { account } from "../../../engine/context";
import type { Graph } from "../../../engine/graph";
import { statementsIn } from "../../core/iam/policy";
import {
  asMap,
  asNumber,
  asStrings,
  asText,
  asTexts,
  ownResources,
  type PlainResource,
  type Settings,
} from "../../core/resources";
import type * as component from "./component";
import { type Document, disablesEndpoint, importOf, parseDocument, withBasePath } from "./document";
import type * as refusals from "./refusals";
import type * as resources from "./resources";
import { type ApiKey, readApiKeys } from "./usagePlans";

/** An API of the program, with everything that is needed to serve its stages. */
export interface ApiModel {
  name: string;
  id: string;
  account: string;
  region: string;
  document: Document;
  binaryMediaTypes: string[];
  /** From how many bytes on responses are compressed. @default never */
  minimumCompressionSize?: number;
  /** `HEADER` or `AUTHORIZER`; the document's if absent. */
  apiKeySource?: string;
  /** Whether only its domains serve it. */
  isEndpointDisabled: boolean;
  /** The statements of its resource policy, if it has one. */
  policy?: Settings[];
  /** The ids of those paths whose resources the program has. */
  resourceIds: Record<string, string>;
  stages: StageModel[];
}

export interface StageModel {
  name: string;
  variables: Record<string, string>;
  /** Absent if the program has no such resource. */
  deploymentId?: string;
  /** What gets a part of the requests. */
  canary?: CanaryModel;
  /** Whether it is such a canary; absent if the stage has none. */
  isCanary?: boolean;
  /** The inputs of the stage's `aws.apigateway.MethodSettings`. */
  methodSettings: Settings[];
  /** Those that a usage plan lets in. */
  apiKeys: ApiKey[];
}

/** All that a program says of a canary: its definition is the API's own, as a program has only one. */
interface CanaryModel {
  /** Of the requests. */
  percent: number;
  /** Those of the stage, and instead of them those of the canary. */
  variables: Record<string, string>;
  deploymentId?: string;
}

/** The type of the API that @pulumi/aws-apigateway provides, a component with its routes. */
const COMPONENT = "aws-apigateway:index:RestAPI";

const DEPLOYMENT = "aws:apigateway/deployment:Deployment";

/** The program's APIs: those that can be served, and why the others cannot. */
export function readApis(graph: Graph): { apis: ApiModel[]; problems: string[] } {
  const apis: ApiModel[] = [];
  const problems: string[] = [];
  const resources = ["aws:apigateway/restApi:RestApi", COMPONENT].flatMap((type) => ownResources(graph, type));
  for (const resource of resources) {
    const api = readApi(resource, graph, problems);
    if (typeof api === "string") problems.push(`API ${resource.name} is not served: ${api}`);
    else apis.push(api);
  }
  return { apis, problems };
}

/** @param problems gets what is wrong with the API although it can be served */
function readApi({ name, settings, resource }: PlainResource, graph: Graph, problems: string[]): ApiModel | string {
  const isComponent = resource.type === COMPONENT;
  const id = asText(isComponent ? settings.api : settings.id) ?? name;
  const document = readDocument({ name, settings, isComponent }, id, graph, problems);
  if (typeof document === "string") return document;
  const stages = readStages(graph, id);
  if (isComponent) stages.unshift(stageOf(graph, id, asText(settings.stageName) || "stage", {}));
  if (stages.length === 0) return "it has no stage; add an aws.apigateway.Stage";
  // The provider sets its own types after the import, in place of the document's.
  const ownTypes = asTexts(settings.binaryMediaTypes);
  return {
    name,
    id,
    account,
    region: asText(settings.arn)?.split(":")[3] || graph.region,
    document,
    binaryMediaTypes: ownTypes.length > 0 ? ownTypes : (document["x-amazon-apigateway-binary-media-types"] ?? []),
    minimumCompressionSize: compressionSizeOf(settings, document),
    apiKeySource: asText(settings.apiKeySource) || undefined,
    isEndpointDisabled: disablesEndpoint(settings, document),
    policy: readPolicy({ name, settings }, id, document, graph, problems),
    resourceIds: readResourceIds(graph, id, settings),
    stages,
  };
}

/** A negative size turns compression off. */
function compressionSizeOf({ minimumCompressionSize }: Settings, document: Document): number | undefined {
  const size = asNumber(minimumCompressionSize) ?? document["x-amazon-apigateway-minimum-compression-size"];
  return size !== undefined && size >= 0 ? size : undefined;
}

/** An API's document: its OpenAPI body or the routes of a component, with the resources that add to it. */
function readDocument(
  { name, settings, isComponent }: Pick<PlainResource, "name" | "settings"> & { isComponent: boolean },
  id: string,
  graph: Graph,
  problems: string[],
): Document | string {
  const declared = isComponent ? readComponent(name, settings, graph, problems) : readBody(importOf(settings, graph));
  if (typeof declared === "string") return declared;
  const whole = hasResources(graph) ? addResources(declared, id, settings, graph, problems) : declared;
  return Object.keys(whole.paths ?? {}).length > 0 ? whole : "it has neither an OpenAPI body nor Method resources";
}

function readBody(settings: Settings): Document | string {
  const body = asText(settings.body);
  const document = body ? parseDocument(body) : {};
  return typeof document === "string" ? document : withBasePath(document, settings);
}

/** The statements of an API's resource policy: of a resource of its own, or else of its settings or its body. */
function readPolicy(
  { name, settings }: Pick<PlainResource, "name" | "settings">,
  id: string,
  document: Document,
  graph: Graph,
  problems: string[],
): Settings[] | undefined {
  const own = ownResources(graph, "aws:apigateway/restApiPolicy:RestApiPolicy").findLast(
    ({ settings: { restApiId } }) => restApiId === id,
  );
  const policy = own?.settings.policy ?? (settings.policy || document["x-amazon-apigateway-policy"]);
  const statements = statementsIn(policy);
  const { types } = asMap(settings.endpointConfiguration);
  if (policy === undefined && asTexts([types ?? []].flat()).includes("PRIVATE")) {
    problems.push(
      `AWS does not deploy API ${name}: it is private, and so needs a resource policy that allows its callers`,
    );
  }
  if (policy !== undefined && !statements) {
    problems.push(`AWS refuses the resource policy of API ${name}, which is ignored: it has no Statement`);
  }
  return statements;
}

function readComponent(name: string, settings: Settings, graph: Graph, problems: string[]): Document | string {
  const { documentOfComponent } = require("./component") as typeof component;
  return documentOfComponent(name, settings, graph, problems);
}

/** Whether the program may add to the documents of its APIs with resources of their own. */
function hasResources({ resources }: Graph): boolean {
  return resources.some(({ type }) => /^aws:apigateway\/(?:method|model|response):/.test(type));
}

function addResources(
  document: Document,
  id: string,
  { rootResourceId }: Settings,
  graph: Graph,
  problems: string[],
): Document {
  const { BUILT_IN_MODELS, documentOfResources, mergeDocuments } = require("./resources") as typeof resources;
  const { refusalsOf } = require("./refusals") as typeof refusals;
  const models = { components: { schemas: BUILT_IN_MODELS } };
  const whole = [document, documentOfResources(graph, id, rootResourceId)].reduce(mergeDocuments, models);
  problems.push(...refusalsOf(graph, id, whole));
  return whole;
}

function readResourceIds(graph: Graph, api: string, { rootResourceId }: Settings): Record<string, string> {
  if (!hasResources(graph)) return asText(rootResourceId) ? { "/": String(rootResourceId) } : {};
  const { pathsOf } = require("./resources") as typeof resources;
  const paths = [...pathsOf(graph, api, rootResourceId)].filter(([id]) => asText(id));
  return Object.fromEntries(paths.map(([id, path]) => [path, String(id)]));
}

/** The stages of an API. Earlier versions of the AWS provider created one with a deployment that had a `stageName`. */
function readStages(graph: Graph, api: string): StageModel[] {
  const own = ownResources(graph, "aws:apigateway/stage:Stage");
  const implied = ownResources(graph, DEPLOYMENT).filter(({ settings }) => asText(settings.stageName));
  return [...own, ...implied]
    .filter(({ settings }) => settings.restApi === api)
    .map(({ name, settings, resource }) => ({
      ...stageOf(graph, api, asText(settings.stageName) ?? name, asStrings(settings.variables)),
      deploymentId: asText(resource.type === DEPLOYMENT ? settings.id : settings.deployment) || undefined,
      canary: canaryOf(settings),
    }));
}

function canaryOf({ canarySettings, variables }: Settings): CanaryModel | undefined {
  const canary = asMap(canarySettings);
  if (Object.keys(canary).length === 0) return undefined;
  const { percentTraffic, stageVariableOverrides, deploymentId } = canary;
  const percent = asNumber(percentTraffic) ?? 0;
  const own = { ...asStrings(variables), ...asStrings(stageVariableOverrides) };
  return { percent, variables: own, deploymentId: asText(deploymentId) || undefined };
}

function stageOf(graph: Graph, api: string, name: string, variables: Record<string, string>): StageModel {
  const settings = ownResources(graph, "aws:apigateway/methodSettings:MethodSettings").map((each) => each.settings);
  return {
    name,
    variables,
    methodSettings: settings.filter(({ restApi, stageName }) => restApi === api && stageName === name),
    apiKeys: readApiKeys(graph, api, name),
  };
}
