import type { Graph } from "../../engine/graph";
import { serviceOf } from "../core/arns";
import type { Events } from "../core/events";
import { READING } from "../core/iam/managed";
import type { Invoker } from "../core/invoker";
import { modelOf } from "../core/model";
import { listNames } from "../core/names";
import { missingActions } from "../core/permissions";
import { filterMistake } from "../core/polling/filters";
import type { EventSource } from "../core/sources";
import { mistakesOf } from "../core/validate";
import { type Pipe, readingOf } from "./model";
import { TARGETS } from "./target";
import { templateMistake } from "./template";

export interface Surroundings {
  graph: Graph;
  functions: Pick<Invoker, "find" | "names">;
  events: Pick<Events, "whyUnsupported">;
  endpoints: Record<string, string>;
  source: EventSource | undefined;
}

/** Why a pipe does not run, and what to do; undefined if it can. All mistakes are named at once. */
export function problemOf(pipe: Pipe, surroundings: Surroundings): string | undefined {
  const problems = [
    ...sourceProblems(pipe, surroundings),
    ...functionProblems(pipe, surroundings),
    ...targetProblems(pipe, surroundings),
    ...mistakesIn(pipe),
    ...roleProblems(pipe, surroundings.graph),
  ];
  return problems.length > 0 ? problems.join("; ") : undefined;
}

function sourceProblems({ Source }: Pipe, { source, endpoints }: Surroundings): string[] {
  const kind = serviceOf(Source);
  if (!isKind(kind)) {
    return [`its source ${Source} is not polled offline: only Kinesis, DynamoDB streams and SQS are`];
  }
  if (Object.hasOwn(endpoints, kind)) return [`${kind} is at ${endpoints[kind]}, which is not polled`];
  return source ? [] : [`the program has no source ${Source}`];
}

function functionProblems({ Enrichment, Target }: Pipe, { functions }: Surroundings): string[] {
  if (Enrichment && serviceOf(Enrichment) !== "lambda") {
    return [`its enrichment by ${serviceOf(Enrichment)} is not emulated: only Lambda functions are`];
  }
  const called = [Enrichment, Target].filter((arn) => arn !== undefined && serviceOf(arn) === "lambda");
  const unknown = called.filter((arn = "") => !functions.find(arn));
  const has = listNames(functions.names) || "none";
  return unknown.map((arn) => `the program has no function ${arn}; it has ${has}`);
}

function targetProblems(pipe: Pipe, { events }: Surroundings): string[] {
  const { Target } = pipe;
  const service = serviceOf(Target);
  const kind = Object.hasOwn(TARGETS, service) ? TARGETS[service] : undefined;
  if (!kind) return [`its target ${service} is not emulated: only ${Object.keys(TARGETS).join(", ")} are`];
  const why = events.whyUnsupported(Target);
  if (why) return [why];
  const { BatchSize = 1 } = readingOf(pipe);
  return BatchSize > kind.most
    ? [`AWS refuses a batchSize of ${BatchSize}: the target ${service} takes at most ${kind.most}`]
    : [];
}

/** The mistakes in the pipe itself. */
function mistakesIn({ SourceParameters, TargetParameters, EnrichmentParameters }: Pipe): string[] {
  const filter = filterMistake(SourceParameters.FilterCriteria);
  const templates = Object.entries({ target: TargetParameters, enrichment: EnrichmentParameters }).flatMap(
    ([whose, parameters]) => {
      const mistake = parameters?.InputTemplate !== undefined && templateMistake(parameters.InputTemplate);
      return mistake ? [`the inputTemplate of its ${whose}: ${mistake}`] : [];
    },
  );
  const parameters = { SourceParameters, TargetParameters, EnrichmentParameters };
  const refusal = mistakesOf(modelOf("pipes"), { shape: "DescribePipeResponse" }, parameters);
  return [
    ...(filter ? [`AWS refuses its filter: ${filter}`] : []),
    ...templates,
    ...(refusal ? [`AWS refuses it: ${refusal}`] : []),
  ];
}

function roleProblems({ Source, Enrichment, Target, RoleArn }: Pipe, graph: Graph): string[] {
  const kind = serviceOf(Source);
  const { actions = [] } = TARGETS[serviceOf(Target)] ?? {};
  const needs: [arn: string, actions: string[][]][] = [
    [Source, isKind(kind) ? READING[kind] : []],
    [Enrichment ?? "", Enrichment ? [["lambda:InvokeFunction"]] : []],
    [Target, actions.length > 0 ? [actions] : []],
  ];
  return needs.flatMap(([arn, needed]) => {
    // Events go into log streams of the group.
    const resource = serviceOf(arn) === "logs" ? `${arn.replace(/:\*$/, "")}:log-stream:events` : arn;
    const lacking = missingActions(graph, RoleArn, needed, resource);
    return lacking.length > 0 ? [`its role does not allow ${lacking.join(", ")} on ${arn}`] : [];
  });
}

function isKind(service: string): service is EventSource["kind"] {
  return Object.hasOwn(READING, service);
}
