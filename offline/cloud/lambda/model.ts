import { account } from "../../engine/context";
import type { Graph } from "../../engine/graph";
import { partitionOf } from "../../engine/partition";
import { Archive } from "../../engine/values";
import { asMap, asNumber, asText, ownResources, type PlainResource, type Settings } from "../core/resources";
import { type Code, findCode } from "./code";
import { type Qualifiers, readQualifiers } from "./qualifiers";

/** A Lambda function of the program, with all that is needed to run it. */
export interface FunctionModel extends Qualifiers {
  name: string;
  arn: string;
  region: string;
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
  /** Absent if the function cannot run offline; `problem` then says why. */
  code?: Code;
  problem?: string;
}

/** The functions of a program. Never rejects: a function that cannot run says so when it is invoked. */
export async function readFunctions(graph: Graph): Promise<FunctionModel[]> {
  const qualifiersOf = readQualifiers(graph);
  const functions = ownResources(graph, "aws:lambda/function:Function");
  return Promise.all(functions.map((resource) => readFunction(resource, qualifiersOf, graph)));
}

async function readFunction(
  plain: PlainResource,
  qualifiersOf: (name: string) => Qualifiers,
  graph: Graph,
): Promise<FunctionModel> {
  const { settings } = plain;
  const name = asText(settings.name) ?? plain.name;
  const arn =
    asText(settings.arn) ??
    `arn:${partitionOf(graph.region).partition}:lambda:${graph.region}:${account}:function:${name}`;
  const reserved = asNumber(settings.reservedConcurrentExecutions);
  return {
    name,
    arn,
    region: arn.split(":")[3] || graph.region,
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
    ...(await readCode(settings, plain, graph)),
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

async function readCode(
  settings: Settings,
  { resource }: PlainResource,
  graph: Graph,
): Promise<Pick<FunctionModel, "code" | "problem">> {
  const runtime = asText(settings.runtime);
  if (settings.packageType === "Image" || settings.imageUri)
    return { problem: "it is a container image; only Node.js code runs offline" };
  if (!runtime?.startsWith("nodejs"))
    return { problem: `its runtime is ${runtime}; only Node.js runtimes run offline` };
  const archive = resource.inputs.code;
  if (!(archive instanceof Archive))
    return { problem: "its code is in S3 or unknown; only code given as an archive runs offline" };
  try {
    return { code: await findCode(archive, graph.workingDirectory) };
  } catch (error) {
    return { problem: `its code cannot be read: ${(error as Error).message}` };
  }
}
