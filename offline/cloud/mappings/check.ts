import { filterMistake } from "../core/polling/filters";
import type { EventSource } from "../core/sources";
import { type Configuration, kindOf } from "./configuration";

/** What is known of the other resources of a mapping. */
export interface Surroundings {
  source: EventSource | undefined;
  /** The function's timeout, in seconds. */
  timeout: number;
}

const NOT_FOUND_QUEUE =
  "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.";

/**
 * Why AWS refuses a mapping, in its words; undefined if it does not.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 */
export function refusalOf(configuration: Configuration, { source, timeout }: Surroundings): string | undefined {
  const { EventSourceArn: arn = "", FilterCriteria, DestinationConfig } = configuration;
  const kind = kindOf(arn);
  if (!kind) return "Unrecognized event source.";
  if (kind === "sqs" && DestinationConfig) {
    return "Unsupported DestinationConfig parameter for given event source mapping type.";
  }
  if (!source) return kind === "sqs" ? NOT_FOUND_QUEUE : `Stream not found: ${arn}`;
  const refusal =
    source.kind === "sqs" ? queueRefusal(configuration, source, timeout) : startRefusal(configuration, kind);
  return refusal ?? (filterMistake(FilterCriteria) && "Invalid filter pattern definition.");
}

function queueRefusal(
  { BatchSize, MaximumBatchingWindowInSeconds: window }: Configuration,
  { isFifo, visibilityTimeout }: { isFifo: boolean; visibilityTimeout: number },
  timeout: number,
): string | undefined {
  if (isFifo && window > 0) return "Batching window is not supported for FIFO queues";
  if (isFifo && BatchSize > 10) return "Maximum batch size of a FIFO queue is 10";
  if (BatchSize > 10 && window === 0) {
    return "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10";
  }
  if (visibilityTimeout >= timeout) return undefined;
  return `Queue visibility timeout: ${visibilityTimeout} seconds is less than Function timeout: ${timeout} seconds`;
}

function startRefusal(configuration: Configuration, kind: string): string | undefined {
  const { EventSourceArn, StartingPosition, StartingPositionTimestamp } = configuration;
  if (!StartingPosition) {
    return "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.";
  }
  if (StartingPosition !== "AT_TIMESTAMP") return undefined;
  if (kind === "dynamodb") return `Unsupported starting position for arn type: ${EventSourceArn}`;
  return StartingPositionTimestamp === undefined ? "StartingPositionTimestamp is required for AT_TIMESTAMP" : undefined;
}

type Bound = [name: keyof Configuration, property: string, min: number, max: number, also?: number];
const BOUNDS: Bound[] = [
  ["BatchSize", "batchSize", 1, 10_000],
  ["MaximumBatchingWindowInSeconds", "maximumBatchingWindowInSeconds", 0, 300],
  ["MaximumRetryAttempts", "maximumRetryAttempts", -1, 10_000],
  ["MaximumRecordAgeInSeconds", "maximumRecordAgeInSeconds", 60, 604_800, -1],
  ["ParallelizationFactor", "parallelizationFactor", 1, 10],
  ["TumblingWindowInSeconds", "tumblingWindowInSeconds", 0, 900],
];

/** The settings of a program's mapping that AWS refuses, and what to write; requests are checked against AWS's model. */
export function outOfBounds(configuration: Configuration): string[] {
  const concurrency = configuration.ScalingConfig?.MaximumConcurrency;
  const bad = (property: string, value: unknown, use: string) =>
    `${property} is ${value}, which AWS refuses: use ${use}`;
  const mistakes = BOUNDS.flatMap(([name, property, min, max, also]) => {
    const value = configuration[name];
    const isGood = value === undefined || value === also || (Number(value) >= min && Number(value) <= max);
    return isGood ? [] : [bad(property, value, `${min} to ${max}${also === undefined ? "" : `, or ${also}`}`)];
  });
  if (concurrency !== undefined && (concurrency < 2 || concurrency > 1000)) {
    mistakes.push(bad("scalingConfig.maximumConcurrency", concurrency, "2 to 1000"));
  }
  return mistakes;
}
