import type { Rule } from "../lib/rule";

type Metadata = Omit<Rule, "name" | "practice">;

/** A service that runs its own software: the change is safe, but rarely urgent. */
function managed(service: string, what: string, page: string): Metadata {
  return {
    description: `${service} ${what} Graviton.`,
    enforcementLevel: "advisory",
    severity: "medium",
    tags: ["arm64", "managed"],
    url: `https://docs.aws.amazon.com/${page}`,
    remediationSteps:
      "Write the Graviton type. AWS replaces the nodes in a maintenance window or at once, as the resource says.",
  };
}

/** The policies that the rows of the table name. */
export const architecturePolicies: Record<string, Metadata> = {
  "lambda-arm64": {
    description: "Lambda functions, layers and their capacity are arm64.",
    severity: "high",
    tags: ["arm64", "lambda"],
    url: "https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html",
    remediationSteps:
      'Write architectures: ["arm64"]. Native modules, layers and images must be built for arm64 too. Lambda@Edge has no ' +
      "arm64: exempt its functions.",
  },
  "batch-arm64": {
    description: "AWS Batch runs jobs on Graviton.",
    severity: "high",
    tags: ["arm64", "batch"],
    url: "https://docs.aws.amazon.com/batch/latest/userguide/instance-type-compute-table.html",
    remediationSteps:
      "Name Graviton families or default_arm64 in the compute environment, and ARM64 in the runtimePlatform of Fargate jobs. Images must be built for arm64.",
  },
  "emr-arm64": {
    description: "EMR clusters run on Graviton.",
    severity: "high",
    tags: ["arm64", "emr"],
    url: "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-supported-instance-types.html",
    remediationSteps:
      "Name a Graviton type, of xlarge or above, in every group and fleet that the release supports it for.",
  },
  "emr-serverless-arm64": {
    description: "EMR Serverless applications are ARM64.",
    severity: "high",
    tags: ["arm64", "emr"],
    url: "https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/architecture.html",
    remediationSteps: 'Write architecture: "ARM64". JARs with native parts and custom images must be built for arm64.',
  },
  "ec2-arm64": {
    description: "EC2 instances, fleets, templates and machine images are for Graviton.",
    severity: "high",
    tags: ["arm64", "ec2"],
    url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-types.html",
    remediationSteps: "Name a Graviton type, and an image for arm64.",
  },
  "autoscaling-arm64": {
    description: "Auto Scaling groups start Graviton instances.",
    severity: "high",
    tags: ["arm64", "ec2"],
    url: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups.html",
    remediationSteps: "Name Graviton types in the overrides, or amazon-web-services alone as the maker of processors.",
  },
  "ecs-arm64": {
    description: "ECS tasks and their capacity are ARM64.",
    severity: "high",
    tags: ["arm64", "containers"],
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-arm64.html",
    remediationSteps:
      'Write runtimePlatform: { cpuArchitecture: "ARM64" }, and build the images for arm64. Windows has no arm64: exempt its ' +
      "tasks.",
  },
  "eks-arm64": {
    description: "EKS node groups run on Graviton.",
    severity: "high",
    tags: ["arm64", "containers"],
    url: "https://docs.aws.amazon.com/eks/latest/userguide/eks-optimized-ami.html",
    remediationSteps: "Name Graviton types and an image of the kind ARM_64, such as AL2023_ARM_64_STANDARD.",
  },
  "codebuild-arm64": {
    description: "CodeBuild builds on Graviton.",
    severity: "high",
    tags: ["arm64", "containers"],
    url: "https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-compute-types.html",
    remediationSteps: "Write ARM_CONTAINER and an aarch64 image: what is built natively is then for arm64.",
  },
  "imagebuilder-arm64": {
    description: "Image Builder builds on Graviton.",
    severity: "medium",
    tags: ["arm64", "containers"],
    url: "https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-infra-config.html",
    remediationSteps: "Name Graviton types, and a parent image for arm64.",
  },
  "container-image-arm64": {
    description: "Container images are built for linux/arm64.",
    severity: "high",
    tags: ["arm64", "containers"],
    url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-multi-architecture-image.html",
    remediationSteps: "Build for linux/arm64, alone or beside others. Lambda takes images of one platform only.",
  },
  "rds-arm64": managed(
    "RDS and Aurora",
    "databases run on",
    "AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.html",
  ),
  "documentdb-arm64": managed(
    "DocumentDB",
    "clusters run on",
    "documentdb/latest/developerguide/db-instance-classes.html",
  ),
  "neptune-arm64": managed("Neptune", "clusters run on", "neptune/latest/userguide/instance-types.html"),
  "elasticache-arm64": managed(
    "ElastiCache",
    "nodes run on",
    "AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html",
  ),
  "memorydb-arm64": managed("MemoryDB", "nodes run on", "memorydb/latest/devguide/nodes.supportedtypes.html"),
  "opensearch-arm64": managed(
    "OpenSearch",
    "domains run on",
    "opensearch-service/latest/developerguide/supported-instance-types.html",
  ),
  "msk-arm64": managed("MSK", "brokers run on", "msk/latest/developerguide/broker-instance-types.html"),
  "mq-arm64": managed("Amazon MQ", "brokers run on", "amazon-mq/latest/developer-guide/broker-instance-types.html"),
  "sagemaker-arm64": managed("SageMaker", "endpoints run on", "sagemaker/latest/dg/realtime-endpoints.html"),
  "gamelift-arm64": managed("GameLift", "fleets run on", "gameliftservers/latest/developerguide/gamelift-compute.html"),
};
