import { account } from "../../engine/context";
import type { Graph } from "../../engine/graph";
import { partitionOf } from "../../engine/partition";
import { asMap, asNumber, asText, ownResources, type PlainResource, type Settings } from "../core/resources";
import { type Code, findCode, placeCode } from "./code";
import { findPython, layerFolders, type Python } from "./python";
import { type Buckets, Sources } from "./sources";

/** A Lambda function of the program, with all that is needed to run it. */
export interface FunctionModel {
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
  /** The version that each alias stands for. */
  aliases: Record<string, string>;
  reservedConcurrency?: number;
  /** Whether calls of different tenants share no worker. */
  isolatesTenants: boolean;
  /** Of a function in Python. */
  python?: Python;
  /** What its layers contain together. */
  layers?: Code;
  /** The layers that it runs without, and why. */
  missingLayers: string[];
  /** Absent if the function cannot run offline; `problem` then says why. */
  code?: Code;
  problem?: string;
}

const SERVED = "only Node.js and Python code in archives runs offline";

/** The functions of a program. Never rejects: a function that cannot run says so when it is invoked. */
export async function readFunctions(graph: Graph, buckets: Buckets): Promise<FunctionModel[]> {
  const sources = new Sources(graph, buckets);
  const aliases = ownResources(graph, "aws:lambda/alias:Alias").map(({ settings }) => settings);
  const functions = ownResources(graph, "aws:lambda/function:Function");
  return Promise.all(functions.map((resource) => readFunction(resource, aliases, graph, sources)));
}

async function readFunction(
  plain: PlainResource,
  aliases: Settings[],
  graph: Graph,
  sources: Sources,
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
    aliases: Object.fromEntries(
      aliases
        .filter(({ functionName }) => functionName === name || functionName === arn)
        .map((alias) => [String(alias.name), asText(alias.functionVersion) ?? "$LATEST"]),
    ),
    isolatesTenants: asMap(settings.tenancyConfig).tenantIsolationMode === "PER_TENANT",
    reservedConcurrency: reserved !== undefined && reserved >= 0 ? reserved : undefined,
    missingLayers: [],
    ...(await readCode(plain, graph, sources)),
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
  plain: PlainResource,
  graph: Graph,
  sources: Sources,
): Promise<Partial<Pick<FunctionModel, "code" | "python" | "layers" | "missingLayers" | "problem">>> {
  const { packageType, imageUri, runtime: given, reservedConcurrentExecutions } = plain.settings;
  const runtime = asText(given) ?? "";
  if (packageType === "Image" || imageUri) return { problem: `it is a container image; ${SERVED}` };
  const [language] = /^nodejs|^python(?=3\.)/.exec(runtime) ?? [];
  if (!language) return { problem: `its runtime is ${runtime}; ${SERVED}` };
  if (asNumber(reservedConcurrentExecutions) === 0) {
    return { problem: "its reserved concurrency is 0, which turns it off" };
  }
  const python = language === "python" ? await findPython(runtime) : undefined;
  if (python && "problem" in python) return python;
  try {
    const files = await sources.filesOf(plain);
    const { code: layers, missing: missingLayers } = await sources.layersOf(plain);
    const { workingDirectory } = graph;
    if (python) {
      const folders = layers ? layerFolders(layers.root, runtime) : [];
      return { python: { ...python, folders }, layers, missingLayers, code: await findCode(files, workingDirectory) };
    }
    const node = runtime.replace(/^nodejs(\d+).*/, "node$1");
    const code = layers ? placeCode(files, layers, node, workingDirectory) : findCode(files, workingDirectory);
    return { code: await code, layers, missingLayers };
  } catch (error) {
    return { problem: `its code cannot be read: ${(error as Error).message}` };
  }
}
