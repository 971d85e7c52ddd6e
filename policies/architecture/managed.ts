import { type ArchitectureRule, type ArchitectureRuleArgs, architectureRule, ofKind, type Paths } from "./rule";

const docs = "https://docs.aws.amazon.com";
const kind = "managedInstanceType";

/**
 * A rule for a service that runs AWS's software, so that the change is safe, but rarely urgent.
 * @param properties Paths alone if their values are instance types that the page `url` lists.
 */
function managed(
  name: string,
  description: string,
  url: string,
  properties: Paths | ArchitectureRuleArgs["properties"],
): ArchitectureRule {
  return architectureRule({
    name,
    description,
    enforcementLevel: "advisory",
    severity: "medium",
    tags: ["arm64", "managed"],
    url,
    remediationSteps:
      "Write the Graviton type. AWS replaces the nodes in a maintenance window, or immediately if the resource says so.",
    properties: Array.isArray(properties) ? properties : [ofKind(kind, url, properties)],
  });
}

/**
 * Databases, caches, search, message brokers, inference and game servers. Services that do not offer Graviton are left
 * out, because nobody could fix a violation there.
 */
export const managedRules = [
  managed(
    "rds-arm64",
    "RDS and Aurora databases run on Graviton.",
    `${docs}/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.html`,
    [
      ofKind(kind, `${docs}/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html`, {
        "aws:rds/instance:Instance": [
          { path: "instanceClass", except: { path: "engine", prefixes: ["custom-", "db2-", "oracle-", "sqlserver-"] } },
        ],
        "aws:rds/cluster:Cluster": ["dbClusterInstanceClass"],
      }),
      ofKind(kind, `${docs}/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.Types.html`, {
        "aws:rds/clusterInstance:ClusterInstance": ["instanceClass"],
      }),
    ],
  ),
  managed(
    "documentdb-arm64",
    "DocumentDB clusters run on Graviton.",
    `${docs}/documentdb/latest/developerguide/db-instance-classes.html`,
    { "aws:docdb/clusterInstance:ClusterInstance": ["instanceClass"] },
  ),
  managed(
    "neptune-arm64",
    "Neptune clusters run on Graviton.",
    `${docs}/neptune/latest/userguide/instance-types.html`,
    { "aws:neptune/clusterInstance:ClusterInstance": ["instanceClass"] },
  ),
  managed(
    "elasticache-arm64",
    "ElastiCache nodes run on Graviton.",
    `${docs}/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html`,
    // A replica without a type takes that of its replication group.
    {
      "aws:elasticache/cluster:Cluster": ["nodeType"],
      "aws:elasticache/replicationGroup:ReplicationGroup": ["nodeType"],
      "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": ["cacheNodeType"],
    },
  ),
  managed(
    "memorydb-arm64",
    "MemoryDB nodes run on Graviton.",
    `${docs}/memorydb/latest/devguide/nodes.supportedtypes.html`,
    {
      "aws:memorydb/cluster:Cluster": ["nodeType"],
      "aws:memorydb/multiRegionCluster:MultiRegionCluster": ["nodeType"],
    },
  ),
  managed(
    "opensearch-arm64",
    "OpenSearch domains run on Graviton.",
    `${docs}/opensearch-service/latest/developerguide/supported-instance-types.html`,
    // The provider's default for data nodes is m3.medium.
    {
      "aws:opensearch/domain:Domain": [
        { path: "clusterConfig.instanceType", missing: { write: "a type such as m7g.large.search" } },
        "clusterConfig.dedicatedMasterType",
        "clusterConfig.nodeOptions[].nodeConfig.type",
      ],
      "aws:elasticsearch/domain:Domain": [
        { path: "clusterConfig.instanceType", missing: { write: "a type such as m6g.large.elasticsearch" } },
        "clusterConfig.dedicatedMasterType",
      ],
    },
  ),
  managed("msk-arm64", "MSK brokers run on Graviton.", `${docs}/msk/latest/developerguide/broker-instance-types.html`, {
    "aws:msk/cluster:Cluster": ["brokerNodeGroupInfo.instanceType"],
  }),
  managed(
    "mq-arm64",
    "Amazon MQ brokers run on Graviton.",
    `${docs}/amazon-mq/latest/developer-guide/broker-instance-types.html`,
    {
      "aws:mq/broker:Broker": [{ path: "hostInstanceType", except: { path: "engineType", prefixes: ["activemq"] } }],
    },
  ),
  managed(
    "sagemaker-arm64",
    "SageMaker endpoints run on Graviton.",
    `${docs}/sagemaker/latest/dg/realtime-endpoints.html`,
    [
      // A serverless variant has no instance type, so its processor cannot be chosen.
      ofKind(kind, `${docs}/sagemaker/latest/APIReference/API_ProductionVariant.html`, {
        "aws:sagemaker/endpointConfiguration:EndpointConfiguration": [
          "productionVariants[].instanceType",
          "shadowProductionVariants[].instanceType",
        ],
      }),
    ],
  ),
  managed(
    "gamelift-arm64",
    "GameLift fleets run on Graviton.",
    `${docs}/gameliftservers/latest/developerguide/gamelift-compute.html`,
    [
      ofKind("instanceType", `${docs}/gamelift/latest/developerguide/gamelift-ec2-instances.html`, {
        "aws:gamelift/fleet:Fleet": ["ec2InstanceType"],
        "aws:gamelift/gameServerGroup:GameServerGroup": ["instanceDefinitions[].instanceType"],
      }),
    ],
  ),
];
