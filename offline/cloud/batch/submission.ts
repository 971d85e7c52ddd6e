import { notEmulated } from "../core/awsError";
import { asList, asMap, asNumber, asStrings, asText, asTexts, type Settings } from "../core/resources";
import type { Input } from "../core/types";
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

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
const SHARE = /^[A-Za-z0-9]{1,255}\*?$/;

/**
 * Validates a SubmitJob request and merges it with the job definition.
 * @throws AwsError if the API would refuse the request
 * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html
 */
export function readSubmission(input: Input, model: BatchModel, findJob: (id: string) => Job | undefined): Submission {
  const name = asText(input.jobName) ?? "";
  check(
    NAME.test(name),
    `jobName is "${name}", but must begin with a letter or digit and have at most 128 letters, digits, - and _`,
  );
  const queue = readQueue(model, asText(input.jobQueue) ?? "");
  const definition = readDefinition(model, asText(input.jobDefinition) ?? "");
  checkPlatform(queue, definition);
  for (const other of ["nodeOverrides", "eksPropertiesOverride", "ecsPropertiesOverride"]) {
    check(!input[other], `${other} does not apply to container jobs: use containerOverrides`);
  }
  const overrides = asMap(input.containerOverrides);
  const parameters = { ...definition.parameters, ...asStrings(input.parameters) };
  const command = [overrides.command, definition.container.command].map(asTexts).find((one) => one.length > 0);
  const resourceRequirements = readResources(definition, overrides);
  const arraySize = readArraySize(input);
  const propagateTags = input.propagateTags ?? definition.propagateTags;
  const tags = asStrings(input.tags);
  check(Object.keys(tags).length <= 50, "tags has more than 50 tags");
  return {
    name,
    queue: { name: queue.name, arn: queue.arn },
    definition,
    command: command?.map((part) => fillIn(part, parameters)),
    environment: { ...readEnvironment(definition.container), ...checkedEnvironment(overrides) },
    vcpus: requirement(resourceRequirements, "VCPU") ?? asNumber(definition.container.vcpus) ?? 1,
    memory: requirement(resourceRequirements, "MEMORY") ?? asNumber(definition.container.memory) ?? 0,
    resourceRequirements,
    parameters,
    retry: readRetryStrategy(input) ?? definition.retry,
    timeoutSeconds: readTimeout(input) ?? definition.timeoutSeconds,
    ...readShare(input, queue, definition),
    propagateTags: typeof propagateTags === "boolean" ? propagateTags : undefined,
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
  check(
    wanted === undefined || platforms.includes(wanted),
    `The job queue ${name} has ${wanted} compute environments, but the job definition ${definition.name} is for ${platforms.join(", ")}: set its platformCapabilities`,
  );
}

function readInteger(value: unknown, path: string, least: number, most: number): number | undefined {
  if (value === undefined || value === null) return undefined;
  const inRange = Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
  check(inRange, `${path} is ${JSON.stringify(value)}, but must be a whole number from ${least} to ${most}`);
  return Number(value);
}

function readArraySize({ arrayProperties }: Input): number | undefined {
  return readInteger(asMap(arrayProperties).size, "arrayProperties.size", 2, 10_000);
}

function readTimeout({ timeout }: Input): number | undefined {
  return readInteger(asMap(timeout).attemptDurationSeconds, "timeout.attemptDurationSeconds", 60, 2 ** 31 - 1);
}

function readRetryStrategy({ retryStrategy }: Input): RetryStrategy | undefined {
  if (!retryStrategy) return undefined;
  const settings = asMap(retryStrategy);
  const attempts = readInteger(settings.attempts, "retryStrategy.attempts", 1, 10);
  const rules = asList(settings.evaluateOnExit);
  const path = "retryStrategy.evaluateOnExit";
  check(rules.length <= 5, `${path} has ${rules.length} rules, but at most 5 are allowed`);
  check(rules.length === 0 || attempts !== undefined, `${path} also needs retryStrategy.attempts`);
  for (const [index, { action, onStatusReason, onReason, onExitCode }] of rules.entries()) {
    check(/^(retry|exit)$/i.test(String(action)), `${path}[${index}].action is "${action}", but must be RETRY or EXIT`);
    check(
      (onStatusReason ?? onReason ?? onExitCode) !== undefined,
      `${path}[${index}] has no condition: give onStatusReason, onReason or onExitCode`,
    );
  }
  return readRetry(settings, "evaluateOnExit");
}

/** A job's requirements override its definition's, by type; the deprecated vcpus and memory never do. */
function readResources({ platforms, container }: JobDefinition, overrides: Input): Settings[] {
  const deprecated = ["vcpus", "memory"].find((key) => overrides[key] !== undefined);
  check(
    !deprecated || !platforms.includes("FARGATE"),
    `containerOverrides.${deprecated} does not apply to Fargate jobs: use resourceRequirements`,
  );
  const byType = new Map<string, Settings>();
  const add = (type: string, value: unknown) => value !== undefined && byType.set(type, { type, value: String(value) });
  add("VCPU", overrides.vcpus);
  add("MEMORY", overrides.memory);
  for (const { type, value } of asList(container.resourceRequirements)) add(String(type), value);
  for (const { type, value } of asList(overrides.resourceRequirements)) {
    check(
      ["VCPU", "MEMORY", "GPU"].includes(String(type)),
      `The resource requirement "${type}" must be of type VCPU, MEMORY or GPU`,
    );
    check((asNumber(value) ?? 0) > 0, `The resource requirement ${type} is "${value}", but must be a number above 0`);
    add(String(type), value);
  }
  return [...byType.values()];
}

function requirement(requirements: Settings[], wanted: string): number | undefined {
  return asNumber(requirements.find(({ type }) => type === wanted)?.value);
}

function readEnvironment({ environment }: Input): Record<string, string> {
  return Object.fromEntries(asList(environment).map(({ name, value }) => [String(name), asText(value) ?? ""]));
}

function checkedEnvironment(overrides: Input): Record<string, string> {
  const nameless = asList(overrides.environment).some(({ name }) => !name);
  check(!nameless, "containerOverrides.environment has a variable without a name: give it one");
  const environment = readEnvironment(overrides);
  const reserved = Object.keys(environment).find((name) => name.startsWith("AWS_BATCH"));
  check(
    !reserved,
    `The environment variable ${reserved} begins with AWS_BATCH, which is reserved for AWS Batch: rename it`,
  );
  check(!asTexts(overrides.command).includes(""), "containerOverrides.command has an empty string: leave it out");
  return environment;
}

function readShare(input: Input, { name, fairShare }: JobQueue, definition: JobDefinition) {
  const shareIdentifier = asText(input.shareIdentifier);
  const override = readInteger(input.schedulingPriorityOverride, "schedulingPriorityOverride", 0, 9999);
  const priority = override ?? definition.schedulingPriority;
  if (!fairShare) {
    check(!shareIdentifier, `The job queue ${name} has no scheduling policy: leave shareIdentifier out`);
    return { schedulingPriority: priority ?? 0 };
  }
  check(
    shareIdentifier !== undefined && SHARE.test(shareIdentifier),
    `The job queue ${name} has a scheduling policy: give a shareIdentifier of 1 to 255 letters and digits`,
  );
  check(
    priority !== undefined,
    `The job queue ${name} has a scheduling policy: give a schedulingPriorityOverride from 0 to 9999`,
  );
  return { shareIdentifier, schedulingPriority: priority };
}

function readDependencies(
  { dependsOn }: Input,
  arraySize: number | undefined,
  findJob: (id: string) => Job | undefined,
): JobDependency[] {
  const list = asList(dependsOn);
  check(list.length <= 20, `dependsOn has ${list.length} jobs, but at most 20 are allowed`);
  return list.map(({ jobId, type }) => {
    const id = asText(jobId);
    const other = id === undefined ? undefined : findJob(id);
    check(id !== undefined || type === "SEQUENTIAL", "dependsOn needs a jobId, unless its type is SEQUENTIAL");
    check(id === undefined || other !== undefined, `dependsOn names the job ${id}, which does not exist`);
    check(
      type === undefined || type === "N_TO_N" || type === "SEQUENTIAL",
      `dependsOn has the type "${type}", but must have N_TO_N or SEQUENTIAL`,
    );
    check(!type || arraySize !== undefined, `dependsOn of type ${type} is for array jobs: give arrayProperties`);
    check(
      type !== "N_TO_N" || other?.children.length === arraySize,
      `dependsOn of type N_TO_N needs an array job of the same size, ${arraySize}; ${id} has ${other?.children.length}`,
    );
    return { jobId: id, type: type || undefined };
  });
}

/** Placeholders without a parameter are kept. */
function fillIn(part: string, parameters: Record<string, string>): string {
  return part.replace(/Ref::([\w-]+)/g, (placeholder, name: string) => parameters[name] ?? placeholder);
}
