import type { Graph } from "../../engine/graph";
import { asMap, asNumber, asStrings, asText, asTexts, ownResources } from "../core/resources";
import type { StreamSettings } from "./state";

/** A stream as the program defines it. */
export interface Definition {
  name: string;
  arn: string;
  settings: StreamSettings;
  /** @default 4 for a stream on demand, which ignores any other */
  shardCount: number;
  consumers: { name: string; arn: string; tags: Record<string, string> }[];
  /** By the ARN of the stream or the consumer. */
  policies: Record<string, string>;
}

/** The shards of a new stream on demand. */
export const ON_DEMAND_SHARDS = 4;

export const DEFAULT_SETTINGS: Omit<StreamSettings, "mode"> = {
  retentionHours: 24,
  metrics: [],
  maxRecordKiB: 1024,
  distribution: "USER_PARTITION_KEY",
  tags: {},
};

/** @see https://www.pulumi.com/registry/packages/aws/api-docs/kinesis/stream/ */
export function definitionsIn(graph: Graph): Definition[] {
  const consumers = ownResources(graph, "aws:kinesis/streamConsumer:StreamConsumer").map(({ name, settings }) => ({
    streamArn: asText(settings.streamArn),
    consumer: { name: asText(settings.name) ?? name, arn: asText(settings.arn) ?? "", tags: tagsOf(settings) },
  }));
  const policies = ownResources(graph, "aws:kinesis/resourcePolicy:ResourcePolicy").map(({ settings }) => ({
    arn: asText(settings.resourceArn) ?? "",
    policy: asText(settings.policy) ?? "{}",
  }));
  return ownResources(graph, "aws:kinesis/stream:Stream").map(({ name, settings }) => {
    const arn = asText(settings.arn) ?? "";
    const isOnDemand = asMap(settings.streamModeDetails).streamMode === "ON_DEMAND";
    return {
      name: asText(settings.name) ?? name,
      arn,
      shardCount: isOnDemand ? ON_DEMAND_SHARDS : asNumber(settings.shardCount) || 1,
      settings: {
        ...DEFAULT_SETTINGS,
        mode: isOnDemand ? "ON_DEMAND" : "PROVISIONED",
        retentionHours: asNumber(settings.retentionPeriod) || DEFAULT_SETTINGS.retentionHours,
        keyId: settings.encryptionType === "KMS" ? asText(settings.kmsKeyId) || "alias/aws/kinesis" : undefined,
        metrics: asTexts(settings.shardLevelMetrics),
        maxRecordKiB: asNumber(settings.maxRecordSizeInKib) || DEFAULT_SETTINGS.maxRecordKiB,
        tags: tagsOf(settings),
      },
      consumers: consumers.filter(({ streamArn }) => streamArn === arn).map(({ consumer }) => consumer),
      policies: Object.fromEntries(
        policies.filter((one) => one.arn === arn || one.arn.startsWith(`${arn}/`)).map((one) => [one.arn, one.policy]),
      ),
    };
  });
}

function tagsOf(settings: Record<string, unknown>): Record<string, string> {
  return asStrings(settings.tagsAll ?? settings.tags);
}
