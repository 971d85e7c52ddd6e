import { serviceOf } from "../core/arns";
import type { Delivery } from "../core/deliveryRequests";
import type { Events } from "../core/events";
import type { Invoker } from "../core/invoker";
import { jsonOrText } from "../core/json";
import type { Outcome } from "../core/polling/batches";
import { failuresIn } from "../core/polling/itemFailures";
import { isMap } from "../core/resources";
import type { Pipe } from "./model";
import type { PipeEvent } from "./pipeEvent";
import { parameterOf, transform } from "./template";

interface TargetKind {
  /** The largest batch. */
  most: number;
  /** What the pipe's role must allow; one of them is enough. */
  actions: string[];
  /** Whether it gets all events of a batch as one list. @default false */
  takesLists?: boolean;
}

/**
 * What the targets of pipes take, by their services.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html#pipes-batchable-target
 */
export const TARGETS: Record<string, TargetKind> = {
  batch: { most: 1, actions: ["batch:SubmitJob"] },
  events: { most: 10, actions: ["events:PutEvents"] },
  firehose: { most: 500, actions: ["firehose:PutRecordBatch", "firehose:PutRecord"] },
  kinesis: { most: 500, actions: ["kinesis:PutRecords", "kinesis:PutRecord"] },
  lambda: { most: 10_000, actions: ["lambda:InvokeFunction"], takesLists: true },
  logs: { most: 10_000, actions: ["logs:PutLogEvents"] },
  sns: { most: 10, actions: ["sns:Publish"] },
  sqs: { most: 10, actions: ["sqs:SendMessage"] },
  states: { most: 10_000, actions: ["states:StartExecution"], takesLists: true },
};

export interface TargetOptions {
  functions: Pick<Invoker, "find" | "invoke">;
  events: Pick<Events, "attempt">;
}

/** What became of a batch, by the numbers of its events. */
export interface Delivered extends Pick<Outcome, "throttled"> {
  failed: "all" | number[];
  /** Why something failed, unless the target's own log says so. */
  message?: string;
}

const DONE: Delivered = { failed: [] };

/**
 * Calls a target with a batch. Never rejects.
 * @param batch events, or one event that is no list
 */
export async function deliver(
  pipe: Pipe,
  batch: PipeEvent | PipeEvent[],
  ids: unknown[],
  options: TargetOptions,
): Promise<Delivered> {
  const { Target, TargetParameters } = pipe;
  const service = serviceOf(Target);
  const { most = 1, takesLists } = TARGETS[service] ?? {};
  const all = [batch].flat();
  if (all.length > most) {
    return { failed: "all", message: `a batch of ${all.length} events is too large: the target takes ${most}` };
  }
  try {
    const texts = all.map((event) => transform(event, TargetParameters.InputTemplate, pipe));
    if (!takesLists) return await deliverEach(pipe, all, texts, options);
    const payload = Array.isArray(batch) ? listOf(texts) : (texts[0] ?? "");
    const isAwaited = TargetParameters.LambdaFunctionParameters?.InvocationType !== "FIRE_AND_FORGET";
    if (service === "lambda" && isAwaited) return await invoke(pipe, payload, ids, options);
    const failure = await options.events.attempt(Target, payload, { from: `pipe ${pipe.name}` });
    return failure ? { failed: "all", message: failure.message } : DONE;
  } catch (error) {
    return { failed: "all", message: (error as Error).message };
  }
}

/** A list of texts, those that are JSON as their values. */
export function listOf(texts: string[]): string {
  return JSON.stringify(texts.map(jsonOrText));
}

async function invoke({ Target }: Pipe, payload: string, ids: unknown[], options: TargetOptions): Promise<Delivered> {
  const target = options.functions.find(Target);
  if (!target) return { failed: "all", message: "the program has no such function" };
  const result = await options.functions.invoke(target, payload);
  if (result.refusal?.status === 429) return { failed: "all", throttled: true };
  if (result.error) return { failed: "all", message: result.refusal?.message };
  const failed = failuresIn(result.payload, ids.map(String));
  if (failed === "all") return { failed, message: "it names failures that are not in the batch" };
  return { failed: ids.flatMap((id, index) => (failed.has(String(id)) ? [index] : [])) };
}

async function deliverEach(
  pipe: Pipe,
  all: PipeEvent[],
  texts: string[],
  { events }: TargetOptions,
): Promise<Delivered> {
  const failed: number[] = [];
  let message: string | undefined;
  for (const [index, event] of all.entries()) {
    const text = serviceOf(pipe.Target) === "batch" ? overridesOf(pipe, event) : (texts[index] ?? "");
    const failure = await events.attempt(pipe.Target, text, deliveryOf(pipe, event));
    if (!failure) continue;
    failed.push(index);
    message = failure.message;
  }
  return { failed, message };
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeTargetParameters.html */
function deliveryOf({ name, Source, TargetParameters }: Pipe, event: PipeEvent): Delivery {
  const parameter = (text: string | undefined) => parameterOf(text, event);
  const {
    SqsQueueParameters: queue,
    KinesisStreamParameters: stream,
    EventBridgeEventBusParameters: bus,
    CloudWatchLogsParameters: log,
    BatchJobParameters: job,
  } = TargetParameters;
  return {
    from: `pipe ${name}`,
    messageGroupId: parameter(queue?.MessageGroupId),
    messageDeduplicationId: parameter(queue?.MessageDeduplicationId),
    partitionKey: parameter(stream?.PartitionKey),
    logStream: parameter(log?.LogStreamName),
    envelope: {
      Source: parameter(bus?.Source) ?? `Pipe ${name}`,
      DetailType: parameter(bus?.DetailType) ?? `Event from aws:${serviceOf(Source)}`,
      Resources: (bus?.Resources ?? []).flatMap((one) => parameter(one) ?? []),
    },
    job: job && {
      jobDefinition: parameter(job.JobDefinition) ?? "",
      jobName: parameter(job.JobName) ?? "",
      arraySize: job.ArrayProperties?.Size,
      attempts: job.RetryStrategy?.Attempts,
    },
  };
}

/** What a job gets comes from the parameters alone, not from a template. */
function overridesOf({ TargetParameters }: Pipe, event: PipeEvent): string {
  const { Parameters, ContainerOverrides } = TargetParameters.BatchJobParameters ?? {};
  return JSON.stringify(resolved({ Parameters, ContainerOverrides }, event));
}

function resolved(value: unknown, event: PipeEvent): unknown {
  if (typeof value === "string") return parameterOf(value, event);
  if (Array.isArray(value)) return value.map((one) => resolved(one, event));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolved(one, event)]));
}
