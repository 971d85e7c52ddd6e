import { notEmulated } from "../core/awsError";
import { asList, asNumber, asText, asTexts, type Settings } from "../core/resources";
import { clientException } from "./errors";
import type { Job, JobDependency, Submission } from "./job";
import {
  type BatchModel,
  findDefinition,
  findQueue,
  type JobDefinition,
  type JobQueue,
  type RetryStrategy,
  readRetry,
} from "./model";

export type SubmitJobInput = {
  jobName: string;
  jobQueue: string;
  jobDefinition: string;
  arrayProperties?: { size?: number };
  containerOverrides?: ContainerOverrides;
  dependsOn?: JobDependency[];
  parameters?: Record<string, string>;
  propagateTags?: boolean;
  retryStrategy?: { attempts?: number; evaluateOnExit?: object[] };
  schedulingPriorityOverride?: number;
  shareIdentifier?: string;
  tags?: Record<string, string>;
  timeout?: { attemptDurationSeconds?: number };
  nodeOverrides?: object;
  eksPropertiesOverride?: object;
  ecsPropertiesOverride?: object;
};

interface ContainerOverrides {
  command?: string[];
  environment?: { name: string; value?: string }[];
  resourceRequirements?: { type: string; value: string }[];
  /** Deprecated, as is memory. */
  vcpus?: number;
  memory?: number;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/**
 * Checks a SubmitJob request against the program, and merges it with the job definition. Where AWS's own sentence for a
 * mistake is known, the message begins with it.
 * @throws AwsError if the API would refuse the request
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html
 */
export function readSubmission(
  input: SubmitJobInput,
  model: BatchModel,
  findJob: (id: string) => Job | undefined,
): Submission {
  const { jobName: name, containerOverrides: overrides = {}, tags = {} } = input;
  check(
    NAME.test(name),
    `Job name should match valid pattern: "${name}" must begin with a letter or digit and have at most 128 letters, digits, - and _`,
  );
  const queue = readQueue(model, input.jobQueue);
  const definition = readDefinition(model, input.jobDefinition);
  checkPlatform(queue, definition);
  for (const other of ["nodeOverrides", "eksPropertiesOverride", "ecsPropertiesOverride"] as const) {
    check(!input[other], `${other} does not apply to container jobs: use containerOverrides`);
  }
  const parameters = { ...definition.parameters, ...input.parameters };
  const { command: given = [] } = overrides;
  check(!given.includes(""), "Command cannot be empty: leave the empty string in containerOverrides.command out");
  const command = given.length > 0 ? given : asTexts(definition.container.command);
  const resourceRequirements = readResources(definition, overrides);
  const arraySize = input.arrayProperties?.size;
  return {
    name,
    queue: { name: queue.name, arn: queue.arn },
    definition,
    command: command.length > 0 ? command.map((part) => fillIn(part, parameters)) : undefined,
    environment: { ...readEnvironment(definition.container), ...readOverrides(overrides) },
    vcpus: requirement(resourceRequirements, "VCPU") ?? asNumber(definition.container.vcpus) ?? 1,
    memory: requirement(resourceRequirements, "MEMORY") ?? asNumber(definition.container.memory) ?? 0,
    resourceRequirements,
    parameters,
    retry: readRetryStrategy(input) ?? definition.retry,
    timeoutSeconds: input.timeout?.attemptDurationSeconds ?? definition.timeoutSeconds,
    ...readShare(input, queue, definition),
    propagateTags: input.propagateTags ?? definition.propagateTags,
    tags,
    dependsOn: readDependencies(input, arraySize, findJob),
    arraySize,
  };
}

function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw clientException(message);
}

function readQueue(model: BatchModel, reference: string): JobQueue {
  const queue = findQueue(model, reference);
  const names = model.queues.map(({ name }) => name).join(", ") || "none";
  check(queue !== undefined, `The job queue "${reference}" does not exist; the program has ${names}`);
  check(queue.enabled, `The job queue ${queue.name} is DISABLED and accepts no jobs: set its state to ENABLED`);
  return queue;
}

function readDefinition(model: BatchModel, reference: string): JobDefinition {
  const definition = findDefinition(model, reference);
  const names = model.definitions.map(({ name, revision }) => `${name}:${revision}`).join(", ") || "none";
  check(
    definition !== undefined,
    `The job definition "${reference}" does not exist or is not ACTIVE; the program has ${names}`,
  );
  const { name, unsupported } = definition;
  if (!unsupported) return definition;
  throw notEmulated("batch", `The job definition ${name}`, `, as it is for ${unsupported}: only container jobs are`);
}

function checkPlatform({ name, environments }: JobQueue, definition: JobDefinition): void {
  const platforms = definition.platforms.length > 0 ? definition.platforms : ["EC2"];
  const wanted = environments.find(({ platform }) => platform)?.platform;
  const capability = platforms.join(", ");
  check(
    wanted === undefined || platforms.includes(wanted),
    `Job Queue is attached to Compute Environment that can not run Jobs with capability ${capability}. The job queue ${name} has ${wanted} compute environments: set the platformCapabilities of the job definition ${definition.name}`,
  );
}

function readRetryStrategy({ retryStrategy }: SubmitJobInput): RetryStrategy | undefined {
  if (!retryStrategy) return undefined;
  const { attempts, evaluateOnExit = [] } = retryStrategy;
  check(
    attempts !== undefined,
    "RetryAttempts must be provided with retry strategy: give retryStrategy.attempts, from 1 to 10",
  );
  for (const [index, { onStatusReason, onReason, onExitCode }] of asList(evaluateOnExit).entries()) {
    check(
      (onStatusReason ?? onReason ?? onExitCode) !== undefined,
      `retryStrategy.evaluateOnExit[${index}] has no condition: give onStatusReason, onReason or onExitCode`,
    );
  }
  return readRetry(retryStrategy, "evaluateOnExit");
}

/** A job's requirements override its definition's, by type; the deprecated vcpus and memory never do. */
function readResources({ platforms, container }: JobDefinition, overrides: ContainerOverrides): Settings[] {
  const deprecated = (["vcpus", "memory"] as const).find((key) => overrides[key] !== undefined);
  check(
    !deprecated || !platforms.includes("FARGATE"),
    `containerOverrides.${deprecated} does not apply to Fargate jobs: use resourceRequirements`,
  );
  const { vcpus, memory, resourceRequirements = [] } = overrides;
  for (const { type, value } of resourceRequirements) {
    check(
      (asNumber(value) ?? 0) > 0,
      `Value ${value} for type ${type} in resourceRequirement is not valid. Please provide a numeric value above 0.`,
    );
  }
  const byType = new Map<string, Settings>();
  const add = (type: string, value: unknown) => value !== undefined && byType.set(type, { type, value: String(value) });
  add("VCPU", vcpus);
  add("MEMORY", memory);
  for (const { type, value } of asList(container.resourceRequirements)) add(String(type), value);
  for (const { type, value } of resourceRequirements) add(type, value);
  return [...byType.values()];
}

function requirement(requirements: Settings[], wanted: string): number | undefined {
  return asNumber(requirements.find(({ type }) => type === wanted)?.value);
}

function readEnvironment({ environment }: { environment?: unknown }): Record<string, string> {
  return Object.fromEntries(asList(environment).map(({ name, value }) => [String(name), asText(value) ?? ""]));
}

function readOverrides(overrides: ContainerOverrides): Record<string, string> {
  const environment = readEnvironment(overrides);
  const reserved = Object.keys(environment).find((name) => name.startsWith("AWS_BATCH"));
  check(
    !reserved,
    `The environment variable ${reserved} begins with AWS_BATCH, which is reserved for AWS Batch: rename it`,
  );
  return environment;
}

function readShare(input: SubmitJobInput, { name, fairShare }: JobQueue, definition: JobDefinition) {
  const { shareIdentifier, schedulingPriorityOverride: priority = definition.schedulingPriority } = input;
  if (!fairShare) {
    check(
      !shareIdentifier,
      `Job with shareIdentifier or schedulingPriority can onlybe submitted to job queue with fair share scheduling policy. The job queue ${name} has none: leave shareIdentifier out`,
    );
    return { schedulingPriority: priority ?? 0 };
  }
  check(
    shareIdentifier !== undefined,
    `The job queue ${name} has a scheduling policy: give a shareIdentifier of 1 to 255 letters and digits`,
  );
  check(
    priority !== undefined,
    `The job queue ${name} has a scheduling policy: give a schedulingPriorityOverride from 0 to 9999`,
  );
  return { shareIdentifier, schedulingPriority: priority };
}

function readDependencies(
  { dependsOn = [] }: SubmitJobInput,
  arraySize: number | undefined,
  findJob: (id: string) => Job | undefined,
): JobDependency[] {
  for (const { jobId, type } of dependsOn) {
    const other = jobId === undefined ? undefined : findJob(jobId);
    check(jobId !== undefined || type === "SEQUENTIAL", "dependsOn needs a jobId, unless its type is SEQUENTIAL");
    check(jobId === undefined || other !== undefined, `dependsOn names the job ${jobId}, which does not exist`);
    check(!type || arraySize !== undefined, `dependsOn of type ${type} is for array jobs: give arrayProperties`);
    check(
      type !== "N_TO_N" || other?.children.length === arraySize,
      `dependsOn of type N_TO_N needs an array job of the same size, ${arraySize}; ${jobId} has ${other?.children.length}`,
    );
  }
  return dependsOn;
}

/** Puts the parameters in the place of their references, such as `Ref::day`. */
function fillIn(part: string, parameters: Record<string, string>): string {
  return part.replace(/Ref::([\w-]+)/g, (_, name: string) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    check(
      value !== undefined,
      `Unable to substitute value. No parameter found for reference ${name}: give it in parameters`,
    );
    return value;
  });
}
