import type * as pulumi from "@pulumi/pulumi";
import type { AccessArgs } from "../../access";
import type { Workload } from "../../graviton/workload";
import type { BoundaryArn, ReleaseLabel, S3Folder } from "../formats";
import type { EmrScalingArgs, EmrVolumeArgs } from "./capacityArgs";
import type { EmrSecurityArgs } from "./securityArgs";
import type { EmrBootstrapActionArgs, EmrStepArgs } from "./stepArgs";

/** How a cluster's machines are described to EMR; changing it replaces the cluster. */
export const InstanceCollection = {
  /** Each role has one type, On-Demand only. */
  Groups: "INSTANCE_GROUP",
  /** Each role has several types and may mix On-Demand and Spot: EMR takes what is available. */
  Fleets: "INSTANCE_FLEET",
} as const;
export type InstanceCollection = (typeof InstanceCollection)[keyof typeof InstanceCollection];

/** What happens to a starting cluster whose Spot instances are not available in time. */
export const SpotTimeoutAction = {
  /** Use On-Demand instances. */
  SwitchToOnDemand: "SWITCH_TO_ON_DEMAND",
  /** Terminate the cluster. */
  TerminateCluster: "TERMINATE_CLUSTER",
} as const;
export type SpotTimeoutAction = (typeof SpotTimeoutAction)[keyof typeof SpotTimeoutAction];

/** How EMR chooses among the types of a fleet on Spot. */
export const SpotAllocationStrategy = {
  /** Cheap, and unlikely to be reclaimed. */
  PriceCapacityOptimized: "price-capacity-optimized",
  /** The least likely to be reclaimed, at any price. */
  CapacityOptimized: "capacity-optimized",
  /** The cheapest. */
  LowestPrice: "lowest-price",
  /** From all the types, so that not all are reclaimed at once. */
  Diversified: "diversified",
} as const;
export type SpotAllocationStrategy = (typeof SpotAllocationStrategy)[keyof typeof SpotAllocationStrategy];

/** Units, up to more than any quota allows. @minimum 0 @maximum 10000 @unit units */
export type EmrUnits = number;

/** The machines of one role: primary, core or task. */
export interface EmrNodesArgs {
  /**
   * On-Demand units, 0–10,000. In groups, and in fleets of one size, a unit is an instance; in fleets of several sizes
   * it is one of the smallest size, and larger ones count by their vCPUs; a primary node is always one.
   * @default primary 1, or 3 with `highAvailability`, core 1, task 0; 0 with `spot`
   */
  onDemand?: EmrUnits;
  /** Spot units, 0–10,000; for fleets only, as a group would need a price in dollars. @default 0 */
  spot?: EmrUnits;
  /**
   * What the work needs most, which determines the Graviton families among those that the release supports.
   * @default the cluster's
   */
  workload?: Workload;
  /** The size of the types that `workload` chooses, from `xlarge` up. @default "xlarge" */
  size?: string;
  /**
   * Graviton types instead of those of `workload`: one for a group, 1–30 for a fleet. @default those of `workload`
   * @minItems 1 @maxItems 30 @write 1 to 30 types, such as ["m7g.xlarge"]
   * @see Amazon EMR Management Guide, "Planning and configuring instance fleets"
   */
  instanceTypes?: string[];
  /**
   * The most that a Spot instance may cost, in percent of the On-Demand price, 1–100.
   * @minimum 1 @maximum 100 @unit percent
   * @default 100
   */
  bidPercentage?: number;
  /** How EMR chooses Spot types. @default "price-capacity-optimized" */
  spotAllocationStrategy?: SpotAllocationStrategy;
  /** Minutes that a new cluster waits for Spot instances, 5–1440. @minimum 5 @maximum 1440 @unit minutes @default 30 */
  spotTimeoutMinutes?: number;
  /** What happens then. @default "SWITCH_TO_ON_DEMAND" */
  spotTimeoutAction?: SpotTimeoutAction;
  /**
   * Disks of each instance; one kind for a fleet. @default none if the type has its own, otherwise one of 64 GiB, gp3
   */
  volumes?: EmrVolumeArgs[];
}

/** Arguments of {@link EmrCluster}. */
export interface EmrClusterArgs {
  /** The exact release, such as `emr-7.10.0`. Changing it replaces the cluster. */
  releaseLabel: ReleaseLabel;
  /**
   * The applications to install: Hadoop, Spark, Hive, Trino, Presto, HBase, Flink, Livy …
   * @default Hadoop and Spark, or Spark alone in `emr-spark-` releases
   * @minItems 1 @write some, such as ["Spark"], or leave it out
   */
  applications?: string[];
  /** What the work needs most, which determines the Graviton families. @default "general" */
  workload?: Workload;
  /** How the machines are described. @default "INSTANCE_FLEET" */
  instances?: InstanceCollection;
  /** The primary nodes. @default one */
  primary?: EmrNodesArgs;
  /** The nodes that keep HDFS. @default one */
  core?: EmrNodesArgs;
  /** Nodes that only compute, and may be lost. @default none */
  task?: EmrNodesArgs;
  /**
   * Three primary nodes, so that the cluster survives the loss of one. Hive, Hue, Oozie, Presto and Trino then need a
   * database outside the cluster, which `configurations` name. @default false
   */
  highAvailability?: boolean;
  /** Let EMR add and remove nodes according to load. @default it does not */
  scaling?: EmrScalingArgs;
  /**
   * Seconds without work after which the cluster terminates, 60–604,800; 0 lets it run.
   * @default 3600, or 0 where it cannot terminate itself: with `highAvailability`, with `terminationProtection`, with
   * Presto, Trino, HBase or Phoenix
   * @minimum 60 @maximum 604800 @or 0 @unit seconds, or 0 to let the cluster run
   */
  idleTimeout?: number;
  /**
   * Protect the cluster against termination; an update must remove the protection before another one can replace or
   * delete the cluster. @default false, or true with `highAvailability`, as in EMR
   */
  terminationProtection?: boolean;
  /** Steps at a time, 1–256. @minimum 1 @maximum 256 @unit steps at a time @default 1 */
  stepConcurrency?: number;
  /** Steps of a new cluster, at most 256. @maxItems 256 @write at most 256, with several commands in one step @default none */
  steps?: EmrStepArgs[];
  /**
   * Scripts that each node runs before the applications are installed, at most 16. @maxItems 16
   * @write at most 16, with several commands in one script
   * @default none
   */
  bootstrapActions?: EmrBootstrapActionArgs[];
  /**
   * Settings: classification → property → value, such as `{ "spark-defaults": { "spark.sql.shuffle.partitions": "64" } }`.
   * Those of `-env` classifications are exported to the programs. @default what suits Spark and YARN on these nodes
   */
  configurations?: Record<string, Record<string, string>>;
  /** Encryption, Kerberos, Lake Formation, and roles for steps. @default encrypted with a key of the cluster's own */
  security?: EmrSecurityArgs;
  /** The VPC of the subnets. @write the id of the VPC of the subnets */
  vpcId: pulumi.Input<string>;
  /**
   * Private subnets with a route to S3 and AWS services; a fleet picks one, a group uses the first. They need the tag
   * `for-use-with-amazon-emr-managed-policies` with the value `true`, which Network can set.
   * @minItems 1 @write the ids of one or more private subnets of the VPC
   */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** What the nodes use: the results of the `access()` of buckets and tables. @default nothing but EMR's own needs */
  access?: pulumi.Input<AccessArgs>[];
  /** The S3 address of the logs, `s3://BUCKET/PREFIX/`; the nodes are allowed to write there. */
  logUri: pulumi.Input<S3Folder>;
  /**
   * An AMI for arm64, based on Amazon Linux 2023, or on Amazon Linux 2 before release 7. @default EMR's own
   * @pattern `^ami-[\da-f]+$` @write the id of an AMI, such as ami-0123456789abcdef0
   */
  imageId?: pulumi.Input<string>;
  /** Size of a node's root disk, 15–100 GiB. @minimum 15 @maximum 100 @unit GiB @default 32 */
  rootVolumeSize?: number;
  /** ARN of the roles' permissions boundary. @default none */
  permissionsBoundary?: pulumi.Input<BoundaryArn>;
  /**
   * SNS topics notified of failed steps, idle clusters, lost nodes and applications that wait; an empty list is the same
   * as none. @default none
   */
  alarmTopicArns?: pulumi.Input<string>[];
  /** Tags of every resource that supports them, including the nodes. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
