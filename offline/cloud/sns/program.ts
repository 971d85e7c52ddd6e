import { createHash } from "node:crypto";
import type { Graph } from "../../engine/graph";
import { asStrings, asText, isMap, ownResources, type PlainResource, type Settings } from "../core/resources";
import type { Attributes } from "./topic";

interface DeclaredTopic {
  name: string;
  arn: string;
  attributes: Attributes;
  tags: Record<string, string>;
}

export interface DeclaredSubscription {
  /** Of the resource. */
  name: string;
  arn: string;
  topicArn: string;
  protocol: string;
  endpoint: string;
  attributes: Attributes;
}

/** What a program declares. */
export interface Declared {
  topics: DeclaredTopic[];
  subscriptions: DeclaredSubscription[];
}

/** Settings that are attributes, by their names in the program. */
const OF_TOPICS: Record<string, string> = {
  displayName: "DisplayName",
  policy: "Policy",
  deliveryPolicy: "DeliveryPolicy",
  kmsMasterKeyId: "KmsMasterKeyId",
  contentBasedDeduplication: "ContentBasedDeduplication",
  fifoThroughputScope: "FifoThroughputScope",
  archivePolicy: "ArchivePolicy",
  tracingConfig: "TracingConfig",
  signatureVersion: "SignatureVersion",
};
const OF_SUBSCRIPTIONS: Record<string, string> = {
  deliveryPolicy: "DeliveryPolicy",
  filterPolicy: "FilterPolicy",
  filterPolicyScope: "FilterPolicyScope",
  rawMessageDelivery: "RawMessageDelivery",
  redrivePolicy: "RedrivePolicy",
  subscriptionRoleArn: "SubscriptionRoleArn",
};

export function declaredTopics(graph: Graph): Declared {
  const policies = new Map(
    ownResources(graph, "aws:sns/topicPolicy:TopicPolicy").map(({ settings }) => [settings.arn, settings.policy]),
  );
  return {
    topics: ownResources(graph, "aws:sns/topic:Topic").map((resource) =>
      readTopic(resource, policies.get(resource.settings.arn)),
    ),
    subscriptions: ownResources(graph, "aws:sns/topicSubscription:TopicSubscription").map(readSubscription),
  };
}

/** @see https://www.pulumi.com/registry/packages/aws/api-docs/sns/topic/ */
function readTopic({ name, settings }: PlainResource, policy: unknown): DeclaredTopic {
  const isFifo = settings.fifoTopic === true;
  const { contentBasedDeduplication, fifoThroughputScope, ...standard } = settings;
  const all = isFifo ? settings : standard;
  return {
    name: asText(settings.name) ?? name,
    arn: asText(settings.arn) ?? "",
    attributes: attributesIn({ ...all, ...(policy !== undefined && { policy }) }, OF_TOPICS),
    tags: asStrings(settings.tagsAll ?? settings.tags),
  };
}

/** @see https://www.pulumi.com/registry/packages/aws/api-docs/sns/topicsubscription/ */
function readSubscription({ urn, name, settings }: PlainResource): DeclaredSubscription {
  const topicArn = asText(settings.topic) ?? "";
  const arn = asText(settings.arn) ?? "";
  return {
    name,
    arn: arn.startsWith(`${topicArn}:`) ? arn : `${topicArn}:${idOf(urn)}`,
    topicArn,
    protocol: asText(settings.protocol) ?? "",
    endpoint: asText(settings.endpoint) ?? "",
    attributes: attributesIn(settings, OF_SUBSCRIPTIONS),
  };
}

/** The same in each run. */
function idOf(urn: string): string {
  const digits = createHash("sha256").update(urn).digest("hex");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5");
}

function attributesIn(settings: Settings, names: Record<string, string>): Attributes {
  const given = Object.entries(names).flatMap(([setting, attribute]): [string, string][] => {
    const value = settings[setting];
    const text = isMap(value) ? JSON.stringify(value) : typeof value === "boolean" ? String(value) : asText(value);
    return text && text !== "{}" ? [[attribute, text]] : [];
  });
  return Object.fromEntries(given);
}
