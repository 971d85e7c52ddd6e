import * as pulumi from "@pulumi/pulumi";
import { type Statement, whenKnown } from "../../access";
import type { VpcArgs } from "../args";
import { type BrokerSecretArgs, brokerNetworkStatement, secretStatements } from "./broker";
import { destinationStatement } from "./destination";
import { checkKafka } from "./kafkaChecks";
import { createMapping } from "./mapping";
import { failureSettings, type RecordEventArgs, startSettings } from "./records";
import type { EventSource } from "./source";

/** How Lambda proves to brokers who it is. */
export const KafkaAuthenticationKind = {
  /** SASL/SCRAM with SHA-512. */
  Scram512: "SASL_SCRAM_512_AUTH",
  /** SASL/SCRAM with SHA-256; not for MSK. */
  Scram256: "SASL_SCRAM_256_AUTH",
  /** SASL/PLAIN; not for MSK. */
  Plain: "BASIC_AUTH",
  /** A certificate; the secret contains it and its private key. */
  Certificate: "CLIENT_CERTIFICATE_TLS_AUTH",
} as const;
export type KafkaAuthenticationKind = (typeof KafkaAuthenticationKind)[keyof typeof KafkaAuthenticationKind];

/** How Lambda proves to brokers who it is, and with which secret. */
export interface KafkaAuthenticationArgs extends BrokerSecretArgs {
  /** What the brokers demand. */
  kind: KafkaAuthenticationKind;
}

/**
 * Pollers that always read a topic. Without them (`onDemand`) Lambda does not bound retries.
 * @see AWS Lambda Developer Guide, "Provisioned mode" of Kafka event source mappings
 */
export interface KafkaPollersArgs {
  /** The fewest, 1–200. @minimum 1 @maximum 200 @unit pollers @default 1 */
  minimum?: number;
  /** The most, 1–2,000. @minimum 1 @maximum 2000 @unit pollers @default 200, or `minimum` if that is more */
  maximum?: number;
  /**
   * A name, up to 128 characters, under which mappings in one VPC share the pollers that they pay for.
   * @maxLength 128 @pattern `^[\w-]+$` @write up to 128 letters, digits, `_` and `-` @default its own
   */
  group?: string;
}

/** The records of a topic of Apache Kafka: of a cluster in Amazon MSK, or of brokers elsewhere. */
export interface KafkaEventArgs extends RecordEventArgs {
  /** ARN of the cluster in Amazon MSK. Give this or `bootstrapServers`. */
  clusterArn?: pulumi.Input<string>;
  /** Brokers elsewhere, as `host:port`. Give these or `clusterArn`. @minItems 1 @write brokers such as kafka.example.com:9092 */
  bootstrapServers?: pulumi.Input<string>[];
  /**
   * The topic's name, up to 249 characters. @maxLength 249 @pattern `^[^.][\w.-]+$`
   * @write 2 to 249 letters, digits, `_`, `.` and `-`
   */
  topic: string;
  /**
   * The consumer group that the function joins, 1–200 characters; a change replaces the mapping. @minLength 1
   * @maxLength 200 @pattern `^[ \w/*:+=.@-]+$` @default one of its own
   */
  consumerGroupId?: string;
  /** How Lambda proves who it is. @default with the function's role (IAM) for MSK, otherwise not at all */
  authentication?: KafkaAuthenticationArgs;
  /** ARN of the secret with the certificate of the authority that brokers elsewhere trust. @default a public authority */
  rootCertificateSecretArn?: pulumi.Input<string>;
  /** The network in which Lambda reaches brokers elsewhere. @default the internet */
  vpc?: VpcArgs;
  /** Seconds to wait for a full batch, 0–300. @minimum 0 @maximum 300 @unit seconds @default half a second */
  batchWindow?: number;
  /** Pollers that always read the topic; they are paid by the hour. @default 1 to 200, as the load demands */
  pollers?: KafkaPollersArgs;
  /**
   * Have Lambda start pollers as needed, at no cost. It then retries a batch until its records expire, which blocks their
   * partition: without `retries`, `maximumAge`, `bisect` and `reportBatchItemFailures`. @default false
   */
  onDemand?: boolean;
  /**
   * Records, 1–1,000,000,000, by which reading may lag behind before the function's `alarmTopicArns` are notified.
   * @minimum 1 @maximum 1000000000 @unit records @default 10000
   */
  alarmLag?: number;
}

export const kafkaSource: EventSource<KafkaEventArgs> = {
  hasDeadLetters: true,
  check: checkKafka,
  statements(args, deadLetterArn) {
    const { authentication, rootCertificateSecretArn } = args;
    const own = [
      ...(authentication ? secretStatements(authentication) : []),
      ...(rootCertificateSecretArn ? secretStatements({ secretArn: rootCertificateSecretArn }) : []),
      ...(args.clusterArn !== undefined || args.vpc ? [brokerNetworkStatement] : []),
    ];
    const cluster = whenKnown(args.clusterArn ?? "", (arn) => (arn === "" ? [] : clusterStatements(arn, args)));
    return pulumi.all([cluster, destinationStatement(deadLetterArn)]).apply(([reading, sending]) => {
      return [...reading, ...own, sending];
    });
  },
  create(name, args, wiring) {
    const { clusterArn, pollers = {}, alarmLag = 10_000, onDemand = false } = args;
    const { minimum = 1, maximum = Math.max(200, minimum), group } = pollers;
    const settings = {
      ...(clusterArn === undefined ? brokersElsewhere(args) : managedCluster(args)),
      ...startSettings(args),
      ...(onDemand ? onFailure(wiring.deadLetterArn) : failureSettings(args, wiring.deadLetterArn)),
      topics: [args.topic],
      maximumBatchingWindowInSeconds: args.batchWindow,
      provisionedPollerConfig: onDemand
        ? undefined
        : { minimumPollers: minimum, maximumPollers: maximum, pollerGroupName: group },
    };
    const lag = {
      description: `${name} lags behind its topic`,
      namespace: "AWS/Lambda",
      metric: "OffsetLag",
      dimensions: { FunctionName: wiring.functionName },
      statistic: "Maximum",
      threshold: alarmLag,
    };
    return {
      connect: (ready) => createMapping(name, args, settings, wiring, ready),
      alarms: { "offset-lag": lag },
    };
  },
};

function onFailure(destinationArn: pulumi.Input<string>) {
  return { destinationConfig: { onFailure: { destinationArn } } };
}

function managedCluster({ clusterArn, consumerGroupId, authentication }: KafkaEventArgs) {
  return {
    eventSourceArn: clusterArn,
    amazonManagedKafkaEventSourceConfig: consumerGroupId === undefined ? undefined : { consumerGroupId },
    sourceAccessConfigurations: authentication && [{ type: authentication.kind, uri: authentication.secretArn }],
  };
}

function brokersElsewhere(args: KafkaEventArgs) {
  const { bootstrapServers = [], consumerGroupId, authentication, rootCertificateSecretArn, vpc } = args;
  const secrets = [
    ...(authentication ? [{ type: authentication.kind as string, uri: authentication.secretArn }] : []),
    ...(rootCertificateSecretArn ? [{ type: "SERVER_ROOT_CA_CERTIFICATE", uri: rootCertificateSecretArn }] : []),
  ];
  const network = pulumi
    .all([vpc?.subnetIds ?? [], vpc?.securityGroupIds ?? []])
    .apply(([subnets, groups]) => [
      ...subnets.map((id) => ({ type: "VPC_SUBNET", uri: `subnet:${id}` })),
      ...groups.map((id) => ({ type: "VPC_SECURITY_GROUP", uri: `security_group:${id}` })),
    ]);
  return {
    selfManagedEventSource: {
      endpoints: { KAFKA_BOOTSTRAP_SERVERS: pulumi.all(bootstrapServers).apply((servers) => servers.join(",")) },
    },
    selfManagedKafkaEventSourceConfig: consumerGroupId === undefined ? undefined : { consumerGroupId },
    sourceAccessConfigurations: pulumi.all([secrets, network]).apply((parts) => parts.flat()),
  };
}

/**
 * Reading one topic of a cluster, in one consumer group if that is known.
 * @see AWS managed policy AWSLambdaMSKExecutionRole, and Amazon MSK Developer Guide, "IAM access control"
 */
function clusterStatements(clusterArn: string, { topic, consumerGroupId = "*", authentication }: KafkaEventArgs) {
  const describing: Statement = {
    actions: ["kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"],
    resources: [clusterArn],
  };
  if (authentication) return [describing];
  const part = (kind: string, name: string) => `${clusterArn.replace(":cluster/", `:${kind}/`)}/${name}`;
  return [
    describing,
    {
      actions: ["kafka-cluster:Connect", "kafka-cluster:DescribeClusterDynamicConfiguration"],
      resources: [clusterArn],
    },
    { actions: ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"], resources: [part("topic", topic)] },
    {
      actions: ["kafka-cluster:DescribeGroup", "kafka-cluster:AlterGroup"],
      resources: [part("group", consumerGroupId)],
    },
  ];
}
