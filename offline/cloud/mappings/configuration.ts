import type { FilterCriteria } from "../core/polling/filters";
import { asList, asMap, asNumber, asText, asTexts, isGiven, type PlainResource } from "../core/resources";

/** What a mapping reads, if it is something that is read here. */
export type Kind = "sqs" | "kinesis" | "dynamodb";

/** A mapping as the API takes it, without what is not read here. */
export type MappingInput = {
  /** A name, an ARN or a part of one. */
  FunctionName: string;
  EventSourceArn?: string;
  /** @default true */
  Enabled?: boolean;
  BatchSize?: number;
  MaximumBatchingWindowInSeconds?: number;
  FilterCriteria?: FilterCriteria;
  FunctionResponseTypes?: string[];
  ScalingConfig?: { MaximumConcurrency?: number };
  StartingPosition?: string;
  /** In milliseconds since 1970. */
  StartingPositionTimestamp?: number;
  DestinationConfig?: { OnFailure?: { Destination?: string }; OnSuccess?: { Destination?: string } };
  MaximumRecordAgeInSeconds?: number;
  MaximumRetryAttempts?: number;
  BisectBatchOnFunctionError?: boolean;
  ParallelizationFactor?: number;
  TumblingWindowInSeconds?: number;
};

/** A mapping with all defaults, as the API describes it. */
export type Configuration = MappingInput &
  Required<Pick<MappingInput, "Enabled" | "BatchSize" | "MaximumBatchingWindowInSeconds" | "FunctionResponseTypes">>;

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
const STREAM_DEFAULTS = {
  BatchSize: 100,
  BisectBatchOnFunctionError: false,
  MaximumRecordAgeInSeconds: -1,
  MaximumRetryAttempts: -1,
  ParallelizationFactor: 1,
  TumblingWindowInSeconds: 0,
};

export function kindOf(arn = ""): Kind | undefined {
  return /^arn:[\w-]+:(sqs|kinesis|dynamodb):/.exec(arn)?.[1] as Kind | undefined;
}

/** Numbers that the provider computes where a program leaves them out; what it computed may mean something else here. */
const COMPUTED = ["maximumRecordAgeInSeconds", "maximumRetryAttempts", "parallelizationFactor"];

/** A mapping as a program's resource has it. */
export function inputOf({ settings: known, resource }: PlainResource): MappingInput {
  const settings = { ...known, ...Object.fromEntries(COMPUTED.map((name) => [name, resource.inputs[name]])) };
  const { onFailure } = asMap(settings.destinationConfig);
  const { destinationArn } = asMap(onFailure);
  const MaximumConcurrency = asNumber(asMap(settings.scalingConfig).maximumConcurrency);
  const Filters = asList(asMap(settings.filterCriteria).filters).map(({ pattern }) => ({ Pattern: asText(pattern) }));
  const types = asTexts(settings.functionResponseTypes);
  return withoutUndefined({
    FunctionName: asText(settings.functionName) ?? "",
    EventSourceArn: asText(settings.eventSourceArn) || undefined,
    Enabled: settings.enabled !== false,
    BatchSize: asNumber(settings.batchSize),
    MaximumBatchingWindowInSeconds: asNumber(settings.maximumBatchingWindowInSeconds),
    FilterCriteria: isGiven(settings.filterCriteria) ? { Filters } : undefined,
    FunctionResponseTypes: types.length > 0 ? types : undefined,
    ScalingConfig: MaximumConcurrency === undefined ? undefined : { MaximumConcurrency },
    StartingPosition: asText(settings.startingPosition) || undefined,
    StartingPositionTimestamp: timeOf(settings.startingPositionTimestamp),
    DestinationConfig: destinationArn ? { OnFailure: { Destination: String(destinationArn) } } : undefined,
    MaximumRecordAgeInSeconds: asNumber(settings.maximumRecordAgeInSeconds),
    MaximumRetryAttempts: asNumber(settings.maximumRetryAttempts),
    BisectBatchOnFunctionError: settings.bisectBatchOnFunctionError === true || undefined,
    ParallelizationFactor: asNumber(settings.parallelizationFactor),
    TumblingWindowInSeconds: asNumber(settings.tumblingWindowInSeconds),
  });
}

function timeOf(value: unknown): number | undefined {
  return typeof value === "string" && value !== "" ? Date.parse(value) : undefined;
}

/** Fills in the defaults. */
export function complete(input: MappingInput): Configuration {
  const isStream = kindOf(input.EventSourceArn) !== "sqs";
  const { Destination } = input.DestinationConfig?.OnFailure ?? {};
  return {
    BatchSize: 10,
    ...(isStream && STREAM_DEFAULTS),
    Enabled: true,
    FunctionResponseTypes: [],
    MaximumBatchingWindowInSeconds: 0,
    ...withoutUndefined({
      ...input,
      FilterCriteria: input.FilterCriteria?.Filters?.length ? input.FilterCriteria : undefined,
    }),
    ...(isStream && { DestinationConfig: { OnFailure: Destination ? { Destination } : {} } }),
  };
}

export function withoutUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
