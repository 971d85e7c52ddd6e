import type { Graph } from "../../engine/graph";
import { serviceOf } from "../core/arns";
import { READING } from "../core/iam/managed";
import type { Target } from "../core/invoker";
import { listNames } from "../core/names";
import { missingActions } from "../core/permissions";
import { filterMistake, patternsOf, unmatchableFilter } from "../core/polling/filters";
import { isGiven, type Settings } from "../core/resources";
import type { EventSource } from "../core/sources";
import type { Functions } from "../lambda/functions";
import { readReference } from "../lambda/reference";
import { outOfBounds, refusalOf } from "./check";
import { kindOf } from "./configuration";
import { type Entry, roleArnOf } from "./entry";

export interface Surroundings {
  functions: Pick<Functions, "modelOf" | "names">;
  endpoints: Record<string, string>;
  graph: Graph | undefined;
  source: EventSource | undefined;
  target: Target | undefined;
  /** The name of another mapping of the same source and function. */
  duplicate: string | undefined;
}

const SOURCES: Record<string, string> = {
  kafka: "MSK topics",
  mq: "Amazon MQ queues",
  rds: "DocumentDB change streams",
};

/** Why a mapping does not poll, and what to do; undefined if it can. All mistakes are named at once. */
export function problemOf(entry: Entry, surroundings: Surroundings): string | undefined {
  const { configuration, functionArn } = entry;
  const { functions, endpoints, target } = surroundings;
  const { EventSourceArn: arn = "" } = configuration;
  const { name } = readReference(functionArn);
  const kind = kindOf(arn);
  if (!kind) return `${sourcesOf(arn, entry.settings)} are not polled offline: ${invokeInstead(name, target)}`;
  if (Object.hasOwn(endpoints, kind)) return `${kind} is at ${endpoints[kind]}, which is not polled`;
  const model = target && functions.modelOf(target.name);
  if (!model) return `the program has no function ${name}; it has ${listNames(functions.names) || "none"}`;
  if (model.problem) return `the function ${name} does not run offline: ${model.problem}`;
  const mistakes = mistakesOf(entry, surroundings, model.timeout, name);
  return mistakes.length > 0 ? mistakes.join("; ") : undefined;
}

/** What is wrong with a mapping, in one sentence; undefined if it works. */
export function describeProblem({ name, problem, configuration }: Entry): string | undefined {
  if (problem) return `event source mapping ${name} does not poll: ${problem}`;
  const kind = kindOf(configuration.EventSourceArn);
  const filter = kind && configuration.Enabled && unmatchableFilter(kind, patternsOf(configuration.FilterCriteria));
  return filter ? `event source mapping ${name} has a filter that nothing passes: ${filter}` : undefined;
}

function mistakesOf(entry: Entry, { graph, source, duplicate }: Surroundings, timeout: number, name: string): string[] {
  const { configuration } = entry;
  const { EventSourceArn: arn = "", FilterCriteria } = configuration;
  const kind = kindOf(arn);
  const filter = filterMistake(FilterCriteria);
  const refusal = filter ? `AWS refuses its filter: ${filter}` : refusalOf(configuration, { source, timeout });
  const lacking = graph && kind ? missingActions(graph, roleArnOf(graph, name), READING[kind], arn) : [];
  return [
    ...outOfBounds(configuration),
    ...(refusal ? [filter ? refusal : `AWS refuses it: ${refusal}${instead(refusal)}`] : []),
    ...(lacking.length > 0 ? [`the role of function ${name} does not allow ${lacking.join(", ")} on ${arn}`] : []),
    ...(duplicate ? [`the mapping ${duplicate} has the same source and function`] : []),
  ];
}

/** What to write instead, where AWS's words do not say. */
function instead(refusal: string): string {
  if (/visibility timeout/.test(refusal))
    return ". Give the queue a visibilityTimeoutSeconds of six times the function's timeout";
  if (/startingPosition/.test(refusal)) return " Write TRIM_HORIZON or LATEST";
  return "";
}

function sourcesOf(arn: string, settings: Settings = {}): string {
  if (isGiven(settings.selfManagedEventSource)) return "topics of self-managed Kafka";
  return SOURCES[serviceOf(arn)] ?? "sources other than Kinesis, DynamoDB streams and SQS";
}

function invokeInstead(name: string, target: Target | undefined): string {
  return target
    ? `invoke the function: npx --no pulumi-offline invoke ${name}`
    : "only Kinesis, DynamoDB streams and SQS are";
}
