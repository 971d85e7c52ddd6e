import { AwsError } from "../core/awsError";
import { DEFAULT_SETTINGS, ON_DEMAND_SHARDS } from "./definition";
import type { StreamSettings } from "./state";
import type { Reference, Streams } from "./streams";

type CreateInput = {
  StreamName: string;
  ShardCount?: number;
  StreamModeDetails?: { StreamMode: StreamSettings["mode"] };
  Tags?: Record<string, string>;
  MaxRecordSizeInKiB?: number;
  RecordDistributionStrategy?: StreamSettings["distribution"];
};

/** Without a mode, a stream is provisioned if it is given shards. @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html */
export function createStream(streams: Streams, input: CreateInput): void {
  const {
    StreamName,
    ShardCount,
    StreamModeDetails,
    Tags = {},
    MaxRecordSizeInKiB,
    RecordDistributionStrategy,
  } = input;
  const mode = StreamModeDetails?.StreamMode ?? (ShardCount === undefined ? "ON_DEMAND" : "PROVISIONED");
  if (mode === "PROVISIONED" && ShardCount === undefined) {
    throw new AwsError("ValidationException", "ShardCount must be provided for streams in PROVISIONED mode.");
  }
  const settings: StreamSettings = {
    ...DEFAULT_SETTINGS,
    mode,
    maxRecordKiB: MaxRecordSizeInKiB ?? DEFAULT_SETTINGS.maxRecordKiB,
    distribution: RecordDistributionStrategy ?? DEFAULT_SETTINGS.distribution,
    tags: Tags,
  };
  streams.create(StreamName, settings, mode === "ON_DEMAND" ? ON_DEMAND_SHARDS : (ShardCount ?? 1));
}

/** @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeleteStream.html */
export function deleteStream(streams: Streams, input: Reference & { EnforceConsumerDeletion?: boolean }): void {
  const { name, state } = streams.find(input);
  if (state.consumers.length > 0 && !input.EnforceConsumerDeletion) {
    const message = `Stream ${name} has registered consumers: deregister them, or set EnforceConsumerDeletion.`;
    throw new AwsError("ResourceInUseException", message);
  }
  streams.remove(name);
}
