import type { Graph } from "../../engine/graph";
import {
  asList,
  asMap,
  asNumber,
  asStrings,
  asText,
  asTexts,
  ownResources,
  type PlainResource,
  type Settings,
} from "../core/resources";
import { findImage, type Image } from "./image";

export interface ComputeEnvironment {
  name: string;
  arn: string;
  enabled: boolean;
  /** Absent if only AWS knows it: for unmanaged environments, and for those of other programs. */
  platform?: "EC2" | "FARGATE";
  maxVcpus?: number;
  /** In MiB. */
  maxMemory?: number;
}

/** What happens to a job that blocks a queue. */
export interface StateLimit {
  /** Such as `MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE`. */
  reason: string;
  seconds: number;
}

export interface JobQueue {
  name: string;
  arn: string;
  enabled: boolean;
  priority: number;
  /** True when it has a scheduling policy. */
  fairShare: boolean;
  /** In the order in which they are tried. */
  environments: ComputeEnvironment[];
  limits: StateLimit[];
}

/** A rule of a retry strategy: all of its patterns must match. */
export interface RetryRule {
  action: "RETRY" | "EXIT";
  onStatusReason?: string;
  onReason?: string;
  onExitCode?: string;
}

export interface RetryStrategy {
  attempts: number;
  evaluateOnExit: RetryRule[];
}

export interface JobDefinition {
  name: string;
  revision: number;
  arn: string;
  region: string;
  platforms: string[];
  /** The container properties, as the API names them. */
  container: Settings;
  parameters: Record<string, string>;
  retry: RetryStrategy;
  timeoutSeconds?: number;
  schedulingPriority?: number;
  propagateTags?: boolean;
  tags: Record<string, string>;
  /** Absent when the program does not build the image. */
  image?: Image;
  /** The kind of job, if that kind does not run offline. */
  unsupported?: string;
}

export interface BatchModel {
  queues: JobQueue[];
  definitions: JobDefinition[];
}

/** Reads a program's AWS Batch resources. Settings are not validated: the components and policies do that. */
export function readBatch(graph: Graph): BatchModel {
  const environments = ownResources(graph, "aws:batch/computeEnvironment:ComputeEnvironment").map(readEnvironment);
  return {
    queues: ownResources(graph, "aws:batch/jobQueue:JobQueue").map((queue) => readQueue(queue, environments)),
    definitions: ownResources(graph, "aws:batch/jobDefinition:JobDefinition").map((one) => readDefinition(one, graph)),
  };
}

/** Finds a queue by name or ARN. */
export function findQueue({ queues }: BatchModel, reference: string): JobQueue | undefined {
  return queues.find(({ name, arn }) => reference === name || reference === arn);
}

/** Finds a job definition by name or ARN; without a revision, the latest. */
export function findDefinition({ definitions }: BatchModel, reference: string): JobDefinition | undefined {
  return definitions
    .filter(({ name, revision, arn }) => {
      const withoutRevision = arn.replace(/:\d+$/, "");
      return [name, `${name}:${revision}`, arn, withoutRevision].includes(reference);
    })
    .sort((one, other) => other.revision - one.revision)[0];
}

function readEnvironment({ name, settings }: PlainResource): ComputeEnvironment {
  const resources = asMap(settings.computeResources);
  const maxVcpus = asNumber(resources.maxVcpus);
  const type = asText(resources.type);
  const platform = type ? (type.startsWith("FARGATE") ? "FARGATE" : "EC2") : undefined;
  const ratio = platform === "FARGATE" ? 8 : mostMemory(asTexts(resources.instanceTypes));
  return {
    name: asText(settings.name) ?? name,
    arn: asText(settings.arn) ?? "",
    enabled: settings.state !== "DISABLED",
    platform,
    maxVcpus,
    maxMemory: maxVcpus !== undefined && ratio ? maxVcpus * ratio * 1024 : undefined,
  };
}

/**
 * GiB per vCPU, by the first letter of an instance type.
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html
 */
const MEMORY_BY_CLASS: Record<string, number> = { c: 2, m: 4, t: 4, r: 8, x: 16 };

/** The most GiB per vCPU among instance types; undefined if one of them is of another class. */
function mostMemory(types: string[]): number | undefined {
  // The defaults of AWS Batch include general purpose, compute and memory optimized types.
  const ratios = types.map((type) => (/^(optimal|default_)/.test(type) ? 8 : MEMORY_BY_CLASS[type[0] ?? ""]));
  return ratios.length > 0 && !ratios.includes(undefined) ? Math.max(...ratios.map((ratio) => ratio ?? 0)) : undefined;
}

function readQueue({ name, settings }: PlainResource, environments: ComputeEnvironment[]): JobQueue {
  const order = asList(settings.computeEnvironmentOrders).sort((a, b) => Number(a.order) - Number(b.order));
  return {
    name: asText(settings.name) ?? name,
    arn: asText(settings.arn) ?? "",
    enabled: settings.state !== "DISABLED",
    priority: asNumber(settings.priority) ?? 0,
    fairShare: Boolean(settings.schedulingPolicyArn),
    environments: order.map(({ computeEnvironment }) => {
      const reference = String(computeEnvironment);
      const known = environments.find(({ arn, name: own }) => arn === reference || own === reference);
      return known ?? { name: reference.replace(/^.*\//, ""), arn: reference, enabled: true };
    }),
    limits: asList(settings.jobStateTimeLimitActions).map(({ reason, maxTimeSeconds }) => ({
      reason: String(reason),
      seconds: Number(maxTimeSeconds),
    })),
  };
}

function readDefinition({ name, settings }: PlainResource, graph: Graph): JobDefinition {
  const arn = asText(settings.arn) ?? "";
  const container = readJson(settings.containerProperties);
  return {
    name: asText(settings.name) ?? name,
    revision: asNumber(settings.revision) ?? 1,
    arn,
    region: arn.split(":")[3] || graph.region,
    platforms: asTexts(settings.platformCapabilities),
    container,
    parameters: asStrings(settings.parameters),
    retry: readRetry(asMap(settings.retryStrategy), "evaluateOnExits"),
    timeoutSeconds: asNumber(asMap(settings.timeout).attemptDurationSeconds),
    schedulingPriority: asNumber(settings.schedulingPriority),
    propagateTags: typeof settings.propagateTags === "boolean" ? settings.propagateTags : undefined,
    tags: asStrings(settings.tagsAll),
    image: findImage(graph, asText(container.image)),
    unsupported: unsupportedKind(settings),
  };
}

/** The provider and the API name the rules differently. */
export function readRetry(settings: Settings, rules: "evaluateOnExit" | "evaluateOnExits"): RetryStrategy {
  const evaluateOnExit = asList(settings[rules]).map(({ action, onStatusReason, onReason, onExitCode }) => ({
    action: String(action).toUpperCase() === "EXIT" ? ("EXIT" as const) : ("RETRY" as const),
    ...(onStatusReason !== undefined && { onStatusReason: String(onStatusReason) }),
    ...(onReason !== undefined && { onReason: String(onReason) }),
    ...(onExitCode !== undefined && { onExitCode: String(onExitCode) }),
  }));
  return { attempts: asNumber(settings.attempts) ?? 1, evaluateOnExit };
}

function readJson(value: unknown): Settings {
  try {
    return asMap(JSON.parse(String(value)));
  } catch {
    return {};
  }
}

function unsupportedKind({ type, nodeProperties, eksProperties, ecsProperties }: Settings): string | undefined {
  if (type === "multinode" || nodeProperties) return "multi-node jobs";
  if (eksProperties) return "jobs on EKS";
  return ecsProperties ? "jobs with ecsProperties" : undefined;
}
