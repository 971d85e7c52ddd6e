import { type ArchitectureProperty, Kind } from "../property";
import { rows } from "./rows";

const kind = Kind.ManagedInstanceType;

/**
 * Databases, caches, search, warehouses, message brokers and inference. Only services that offer Graviton are here: elsewhere a
 * violation would have no cure.
 */
export const dataProperties: ArchitectureProperty[] = [
  ...rows(
    {
      policy: "rds-arm64",
      kind,
      source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html",
    },
    {
      "aws:rds/instance:Instance": [
        { path: "instanceClass", except: { path: "engine", prefixes: ["custom-", "db2-", "oracle-", "sqlserver-"] } },
      ],
      "aws:rds/cluster:Cluster": ["dbClusterInstanceClass"],
    },
  ),
  ...rows(
    {
      policy: "rds-arm64",
      kind,
      source: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.Types.html",
    },
    { "aws:rds/clusterInstance:ClusterInstance": ["instanceClass"] },
  ),
  ...rows(
    {
      policy: "documentdb-arm64",
      kind,
      source: "https://docs.aws.amazon.com/documentdb/latest/developerguide/db-instance-classes.html",
    },
    { "aws:docdb/clusterInstance:ClusterInstance": ["instanceClass"] },
  ),
  ...rows(
    {
      policy: "neptune-arm64",
      kind,
      source: "https://docs.aws.amazon.com/neptune/latest/userguide/instance-types.html",
    },
    { "aws:neptune/clusterInstance:ClusterInstance": ["instanceClass"] },
  ),
  ...rows(
    {
      policy: "elasticache-arm64",
      kind,
      source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html",
    },
    // A replica takes the type of the group that it belongs to when it names none.
    {
      "aws:elasticache/cluster:Cluster": ["nodeType"],
      "aws:elasticache/replicationGroup:ReplicationGroup": ["nodeType"],
      "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": ["cacheNodeType"],
    },
  ),
  ...rows(
    {
      policy: "memorydb-arm64",
      kind,
      source: "https://docs.aws.amazon.com/memorydb/latest/devguide/nodes.supportedtypes.html",
    },
    {
      "aws:memorydb/cluster:Cluster": ["nodeType"],
      "aws:memorydb/multiRegionCluster:MultiRegionCluster": ["nodeType"],
    },
  ),
  ...rows(
    {
      policy: "opensearch-arm64",
      kind,
      source: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/supported-instance-types.html",
    },
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
  ...rows(
    {
      policy: "msk-arm64",
      kind,
      source: "https://docs.aws.amazon.com/msk/latest/developerguide/broker-instance-types.html",
    },
    { "aws:msk/cluster:Cluster": ["brokerNodeGroupInfo.instanceType"] },
  ),
  ...rows(
    {
      policy: "mq-arm64",
      kind,
      source: "https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/broker-instance-types.html",
    },
    {
      "aws:mq/broker:Broker": [{ path: "hostInstanceType", except: { path: "engineType", prefixes: ["activemq"] } }],
    },
  ),
  ...rows(
    {
      policy: "sagemaker-arm64",
      kind,
      source: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html",
    },
    // A serverless variant has no instance type, and no choice of processor.
    {
      "aws:sagemaker/endpointConfiguration:EndpointConfiguration": [
        "productionVariants[].instanceType",
        "shadowProductionVariants[].instanceType",
      ],
    },
  ),
];
