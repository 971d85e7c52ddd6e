import type { Graph } from "../../engine/graph";
import { regionOf } from "../core/arns";
import { roleArns } from "../core/iam/attached";
import { asMap, asNumber, asText, ownResources, type PlainResource, type Settings } from "../core/resources";
import { type Qualifiers, readQualifiers } from "./qualifiers";
import { arnOf } from "./reference";
import { type Buckets, type Runnable, Sources } from "./sources";

/** A Lambda function of the program, with all that is needed to run it. */
export interface FunctionModel extends Qualifiers, Runnable {
  name: string;
  arn: string;
  region: string;
  /** The ARN of its role, if the program has it. */
  role?: string;
  handler: string;
  runtime: string;
  /** In MB. */
  memorySize: number;
  /** In seconds. */
  timeout: number;
  environment: Record<string, string>;
  logGroup: string;
  /** The least level that is logged, from TRACE to FATAL, when the log format is JSON. */
  jsonLogLevel?: string;
  /** Whether it has versions besides `$LATEST`. */
  publishes: boolean;
  /** The ARN of the queue or topic that gets the events of failed asynchronous invocations. */
  deadLetters?: string;
  reservedConcurrency?: number;
  /** Whether calls of different tenants share no worker. */
  isolatesTenants: boolean;
}

/** The functions of a program. Never rejects: a function that cannot run says so when it is invoked. */
export async function readFunctions(graph: Graph, buckets: Buckets): Promise<FunctionModel[]> {
  const sources = new Sources(graph, buckets);
  const qualifiersOf = readQualifiers(graph);
  const roles = roleArns(graph);
  const functions = ownResources(graph, "aws:lambda/function:Function");
  return Promise.all(
    functions.map(async (resource) => {
      const role = asText(resource.settings.role);
      const model = await readFunction(resource, qualifiersOf, graph, sources);
      return role !== undefined && roles.has(role) ? { ...model, role } : model;
    }),
  );
}

async function readFunction(
  plain: PlainResource,
  qualifiersOf: (name: string) => Qualifiers,
  graph: Graph,
  sources: Sources,
): Promise<FunctionModel> {
  const { settings } = plain;
  const name = asText(settings.name) ?? plain.name;
  const arn = asText(settings.arn) ?? arnOf({ name }, graph.region);
  const reserved = asNumber(settings.reservedConcurrentExecutions);
  return {
    name,
    arn,
    region: regionOf(arn) || graph.region,
    handler: asText(settings.handler) ?? "",
    runtime: asText(settings.runtime) ?? "",
    memorySize: asNumber(settings.memorySize) ?? 128,
    timeout: asNumber(settings.timeout) ?? 3,
    environment: readEnvironment(settings),
    ...readLogging(name, asMap(settings.loggingConfig)),
    ...qualifiersOf(name),
    publishes: settings.publish === true,
    deadLetters: asText(asMap(settings.deadLetterConfig).targetArn) || undefined,
    isolatesTenants: asMap(settings.tenancyConfig).tenantIsolationMode === "PER_TENANT",
    reservedConcurrency: reserved !== undefined && reserved >= 0 ? reserved : undefined,
    ...(await sources.find(plain)),
  };
}

function readLogging(name: string, { logGroup, logFormat, applicationLogLevel }: Settings) {
  return {
    logGroup: asText(logGroup) ?? `/aws/lambda/${name}`,
    ...(logFormat === "JSON" && { jsonLogLevel: asText(applicationLogLevel) ?? "INFO" }),
  };
}

/** Values that only a deployment knows are left out. */
function readEnvironment(settings: Settings): Record<string, string> {
  const variables = Object.entries(asMap(asMap(settings.environment).variables));
  return Object.fromEntries(
    variables.filter(([, value]) => value !== undefined && value !== null).map(([key, value]) => [key, String(value)]),
  );
}
