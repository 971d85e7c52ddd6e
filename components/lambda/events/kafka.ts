import * as pulumi from "@pulumi/pulumi";
import { type Statement, whenKnown } from "../../access";
import { brokerNetworkStatement, secretStatements } from "./broker";
import { destinationStatement } from "./destination";
import type { KafkaEventArgs } from "./kafkaArgs";
import { checkKafka } from "./kafkaChecks";
import { createMapping } from "./mapping";
import { failureSettings, startSettings } from "./records";
import type { EventSource } from "./source";

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
