import { AwsError } from "../core/awsError";
import { jsonIn } from "../core/json";
import { invalid } from "./errors";
import type { StreamSettings } from "./state";
import type { Reference, Streams } from "./streams";

type RetentionInput = Reference & { RetentionPeriodHours: number };
type MetricsInput = Reference & { ShardLevelMetrics: string[] };

const MIN_HOURS = 24;
const MAX_HOURS = 365 * 24;
const METRICS = [
  ...["IncomingBytes", "IncomingRecords", "OutgoingBytes", "OutgoingRecords", "WriteProvisionedThroughputExceeded"],
  ...["ReadProvisionedThroughputExceeded", "IteratorAgeMilliseconds"],
];

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_IncreaseStreamRetentionPeriod.html */
export function increaseRetention(streams: Streams, input: RetentionInput): void {
  setRetention(streams, input, "increase", (hours, current) => hours >= current);
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DecreaseStreamRetentionPeriod.html */
export function decreaseRetention(streams: Streams, input: RetentionInput): void {
  setRetention(streams, input, "decrease", (hours, current) => hours <= current);
}

function setRetention(
  streams: Streams,
  input: RetentionInput,
  verb: string,
  isAllowed: (hours: number, current: number) => boolean,
): void {
  const stream = streams.find(input);
  const { RetentionPeriodHours: retentionHours } = input;
  const { retentionHours: current } = stream.settings;
  if (retentionHours < MIN_HOURS || retentionHours > MAX_HOURS) {
    throw invalid(`The retention period must be from ${MIN_HOURS} to ${MAX_HOURS} hours, not ${retentionHours}.`);
  }
  if (!isAllowed(retentionHours, current)) {
    const message = `Requested retention period (${retentionHours} hours) for stream ${stream.name} cannot ${verb} the existing one (${current} hours).`;
    throw invalid(message);
  }
  stream.change({ settings: { retentionHours } });
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_StartStreamEncryption.html */
export function startEncryption(streams: Streams, input: Reference & { KeyId: string; EncryptionType: string }): void {
  const stream = streams.find(input);
  if (input.EncryptionType !== "KMS") throw invalid("EncryptionType must be KMS.");
  stream.change({ settings: { keyId: input.KeyId } });
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_StopStreamEncryption.html */
export function stopEncryption(streams: Streams, input: Reference): void {
  streams.find(input).change({ settings: { keyId: undefined } });
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamMode.html */
export function updateMode(
  streams: Streams,
  input: Reference & { StreamModeDetails: { StreamMode: StreamSettings["mode"] } },
): void {
  streams.find(input).change({ settings: { mode: input.StreamModeDetails.StreamMode } });
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateMaxRecordSize.html */
export function updateMaxRecordSize(streams: Streams, input: Reference & { MaxRecordSizeInKiB: number }): void {
  streams.find(input).change({ settings: { maxRecordKiB: input.MaxRecordSizeInKiB } });
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamRecordDistributionStrategy.html */
export function updateDistribution(
  streams: Streams,
  input: Reference & { RecordDistributionStrategy: StreamSettings["distribution"] },
): void {
  streams.find(input).change({ settings: { distribution: input.RecordDistributionStrategy } });
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_EnableEnhancedMonitoring.html */
export function enableMonitoring(streams: Streams, input: MetricsInput): object {
  return setMetrics(streams, input, (current, wanted) =>
    METRICS.filter((one) => [...current, ...wanted].includes(one)),
  );
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DisableEnhancedMonitoring.html */
export function disableMonitoring(streams: Streams, input: MetricsInput): object {
  return setMetrics(streams, input, (current, unwanted) => current.filter((one) => !unwanted.includes(one)));
}

function setMetrics(
  streams: Streams,
  input: MetricsInput,
  change: (current: string[], given: string[]) => string[],
): object {
  const stream = streams.find(input);
  const { metrics: current } = stream.settings;
  const given = input.ShardLevelMetrics.includes("ALL") ? METRICS : input.ShardLevelMetrics;
  const metrics = change(current, given);
  stream.change({ settings: { metrics } });
  const { name: StreamName, arn: StreamARN } = stream;
  return { StreamName, StreamARN, CurrentShardLevelMetrics: current, DesiredShardLevelMetrics: metrics };
}

const SHARD_LIMIT = 20_000;
const ON_DEMAND_LIMIT = 50;

/** The quotas of the larger regions. @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeLimits.html */
export function describeLimits(streams: Streams): object {
  const [onDemand, others] = ["ON_DEMAND", "PROVISIONED"].map((mode) =>
    streams.all.filter(({ settings }) => settings.mode === mode),
  );
  return {
    ShardLimit: SHARD_LIMIT,
    OpenShardCount: others?.reduce((sum, { openShards }) => sum + openShards.length, 0),
    OnDemandStreamCount: onDemand?.length,
    OnDemandStreamCountLimit: ON_DEMAND_LIMIT,
  };
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutResourcePolicy.html */
export function putPolicy(streams: Streams, { ResourceARN, Policy }: { ResourceARN: string; Policy: string }): void {
  const { stream } = streams.findResource(ResourceARN);
  if (jsonIn(Policy) === undefined) throw invalid("The resource policy is not valid JSON.");
  stream.change({ policies: { ...stream.state.policies, [ResourceARN]: Policy } });
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetResourcePolicy.html */
export function getPolicy(streams: Streams, { ResourceARN }: { ResourceARN: string }): object {
  return { Policy: streams.findResource(ResourceARN).stream.state.policies[ResourceARN] ?? "{}" };
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeleteResourcePolicy.html */
export function deletePolicy(streams: Streams, { ResourceARN }: { ResourceARN: string }): void {
  const { stream } = streams.findResource(ResourceARN);
  const { [ResourceARN]: policy, ...policies } = stream.state.policies;
  if (policy === undefined) {
    throw new AwsError("ResourceNotFoundException", `No resource policy found for resource ARN ${ResourceARN}`);
  }
  stream.change({ policies });
}
