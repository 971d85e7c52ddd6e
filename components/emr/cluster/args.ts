import type * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../../access";
import type { Workload } from "../../graviton/workload";
import type { BoundaryArn, ReleaseLabel, S3Folder } from "../formats";
import type { EmrScalingArgs, EmrVolumeArgs } from "./capacityArgs";
import type { EmrSecurityArgs } from "./securityArgs";
import type { EmrBootstrapActionArgs, EmrStepArgs } from "./stepArgs";

/** How a cluster's machines are described to EMR; it cannot be changed without a new cluster. */
export const InstanceCollection = {
  /** Each role has one type, at the full price. */
  Groups: "INSTANCE_GROUP",
  /** Each role has several types and may mix prices: EMR takes what there is. */
  Fleets: "INSTANCE_FLEET",
} as const;
export type InstanceCollection = (typeof InstanceCollection)[keyof typeof InstanceCollection];

/** What becomes of a cluster whose Spot instances are not there in time when it starts. */
export const SpotTimeoutAction = {
  /** Take instances at the full price. */
  SwitchToOnDemand: "SWITCH_TO_ON_DEMAND",
  /** Give up. */
  TerminateCluster: "TERMINATE_CLUSTER",
} as const;
export type SpotTimeoutAction = (typeof SpotTimeoutAction)[keyof typeof SpotTimeoutAction];

/** How EMR chooses among the types of a fleet on Spot. */
export const SpotAllocationStrategy = {
  /** Cheap, and unlikely to be taken back. */
  PriceCapacityOptimized: "price-capacity-optimized",
  /** The least likely to be taken back, at any price. */
  CapacityOptimized: "capacity-optimized",
  /** The cheapest. */
  LowestPrice: "lowest-price",
  /** From all the types, so that not all are taken back at once. */
  Diversified: "diversified",
} as const;
export type SpotAllocationStrategy = (typeof SpotAllocationStrategy)[keyof typeof SpotAllocationStrategy];

/** Units, up to more than any quota allows. @minimum 0 @maximum 10000 @unit units */
export type EmrUnits = number;

/** The machines of one role: primary, core or task. */
export interface EmrNodesArgs {
  /**
   * Units at the full price, 0–10,000. Of groups, and of fleets of one size, a unit is an instance; of fleets of several
   * sizes it is one of the smallest size, and larger ones count by their vCPUs; a primary node is always one.
   * @default primary 1, or 3 with `highAvailability`, core 1, task 0; 0 beside `spot`
   */
  onDemand?: EmrUnits;
  /** Units on Spot, 0–10,000; for fleets, as a group would need a price in dollars. @default 0 */
  spot?: EmrUnits;
  /** What the work needs most, which chooses the Graviton families that the release knows. @default the cluster's */
  workload?: Workload;
  /** The size of the types that `workload` chooses, from `xlarge` up. @default "xlarge" */
  size?: string;
  /**
   * Graviton types in place of those of `workload`: one for a group, 1–30 for a fleet. @default those of `workload`
   * @minItems 1 @maxItems 30 @write 1 to 30 types, such as ["m7g.xlarge"]
   * @see Amazon EMR Management Guide, "Planning and configuring instance fleets"
   */
  instanceTypes?: string[];
  /**
   * The most that a Spot instance may cost, in percent of the full price, 1–100. @minimum 1 @maximum 100 @unit percent
   * @default 100
   */
  bidPercentage?: number;
  /** How EMR chooses Spot types. @default "price-capacity-optimized" */
  spotAllocationStrategy?: SpotAllocationStrategy;
  /** Minutes that a new cluster waits for Spot instances, 5–1440. @minimum 5 @maximum 1440 @unit minutes @default 30 */
  spotTimeoutMinutes?: number;
  /** What happens then. @default "SWITCH_TO_ON_DEMAND" */
  spotTimeoutAction?: SpotTimeoutAction;
  /** Disks of each instance; of a fleet one kind. @default none where the type has its own, else one of 64 GiB, gp3 */
  volumes?: EmrVolumeArgs[];
}

/** Arguments of {@link EmrCluster}. */
export interface EmrClusterArgs {
  /** The exact release, such as `emr-7.10.0`. Changing it replaces the cluster. */
  releaseLabel: ReleaseLabel;
  /**
   * What is installed: Hadoop, Spark, Hive, Trino, Presto, HBase, Flink, Livy …
   * @default Hadoop and Spark, or Spark alone in `emr-spark-` releases
   * @minItems 1 @write some, such as ["Spark"], or leave it out
   */
  applications?: string[];
  /** What the work needs most, which chooses the Graviton families. @default "general" */
  workload?: Workload;
  /** How the machines are described. @default "INSTANCE_FLEET" */
  instances?: InstanceCollection;
  /** The nodes that lead. @default one */
  primary?: EmrNodesArgs;
  /** The nodes that keep HDFS. @default one */
  core?: EmrNodesArgs;
  /** Nodes that only compute, and may be lost. @default none */
  task?: EmrNodesArgs;
  /**
   * Three primary nodes, so that the cluster outlives one. Hive, Hue, Oozie, Presto and Trino then need a database
   * outside of the cluster, which `configurations` name. @default false
   */
  highAvailability?: boolean;
  /** Let EMR add and remove nodes by load. @default it does not */
  scaling?: EmrScalingArgs;
  /**
   * Seconds without work after which the cluster ends, 60–604,800; 0 lets it run. @default 3600, or 0 where it cannot
   * end itself: with `highAvailability`, with `terminationProtection`, with Presto, Trino, HBase or Phoenix
   * @minimum 60 @maximum 604800 @or 0 @unit seconds, or 0 to let the cluster run
   */
  idleTimeout?: number;
  /**
   * Guard the cluster against being ended; an update must take the guard away before another one can replace or delete
   * the cluster. @default false, or true with `highAvailability`, as EMR has it
   */
  terminationProtection?: boolean;
  /** Steps at a time, 1–256. @minimum 1 @maximum 256 @unit steps at a time @default 1 */
  stepConcurrency?: number;
  /** Steps of a new cluster, at most 256. @maxItems 256 @write at most 256, with several commands in one step @default none */
  steps?: EmrStepArgs[];
  /**
   * Scripts that each node runs before the applications are there, at most 16. @maxItems 16
   * @write at most 16, with several commands in one script
   * @default none
   */
  bootstrapActions?: EmrBootstrapActionArgs[];
  /**
   * Settings: classification → property → value, such as `{ "spark-defaults": { "spark.sql.shuffle.partitions": "64" } }`.
   * Those of `-env` classifications are exported to the programs. @default what suits Spark and YARN on these nodes
   */
  configurations?: Record<string, Record<string, string>>;
  /** Encryption, Kerberos, Lake Formation, roles of steps. @default encrypted with a key of the cluster's own */
  security?: EmrSecurityArgs;
  /** The VPC of the subnets. @write the id of the VPC of the subnets */
  vpcId: pulumi.Input<string>;
  /**
   * Private subnets with a way to S3 and AWS's services; a fleet picks one, a group has the first. They need the tag
   * `for-use-with-amazon-emr-managed-policies` with the value `true`, as Network's can have.
   * @minItems 1 @write the ids of one or more private subnets of the VPC
   */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** What the nodes use: what `access()` of buckets and tables gives. @default nothing but EMR's own needs */
  access?: FunctionAccess[];
  /** Where logs go in S3, `s3://BUCKET/PREFIX/`; the nodes are allowed to write there. */
  logUri: pulumi.Input<S3Folder>;
  /**
   * A machine image for arm64, made of Amazon Linux 2023, or of Amazon Linux 2 before release 7. @default EMR's own
   * @pattern `^ami-[\da-f]+$` @write the id of a machine image, such as ami-0123456789abcdef0
   */
  imageId?: pulumi.Input<string>;
  /** Size of a node's root disk, 15–100 GiB. @minimum 15 @maximum 100 @unit GiB @default 32 */
  rootVolumeSize?: number;
  /** ARN of the policy that limits what the roles can ever be allowed. @default none */
  permissionsBoundary?: pulumi.Input<BoundaryArn>;
  /** SNS topics told of failed steps, idle clusters and lost nodes; an empty list is the same as none. @default none */
  alarmTopicArns?: pulumi.Input<string>[];
  /** Tags of every resource that has them, the nodes included. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
