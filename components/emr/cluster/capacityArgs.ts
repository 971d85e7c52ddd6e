/** The unit in which managed scaling counts; fleets are counted in their own units. */
export const ScalingUnit = {
  /** Instances, for groups. */
  Instances: "Instances",
  /** vCPUs, for groups. */
  Vcpus: "VCPU",
} as const;
export type ScalingUnit = (typeof ScalingUnit)[keyof typeof ScalingUnit];

/** How far EMR may grow and shrink a cluster's core and task nodes; for applications on YARN. */
export interface EmrScalingArgs {
  /** The minimum, 1–10,000. @minimum 1 @maximum 10000 @unit units */
  minimum: number;
  /** The maximum, 1–10,000. @minimum 1 @maximum 10000 @unit units */
  maximum: number;
  /**
   * The most core nodes, 1–10,000, which EMR adds first; the rest are task nodes. @minimum 1 @maximum 10000 @unit units
   * @default maximum
   */
  maximumCore?: number;
  /**
   * The most On-Demand units, 0–10,000, which EMR takes first; only the rest is Spot.
   * @default maximum; if core or task nodes are on Spot, as many as at first
   * @minimum 0 @maximum 10000 @unit units
   */
  maximumOnDemand?: number;
  /** What is counted for groups; fleets are counted in their own units. @default "Instances" */
  unit?: ScalingUnit;
}

/** Kinds of EBS volumes. */
export const VolumeType = {
  /** SSD, with 3,000 operations a second at any size. */
  Gp3: "gp3",
  /** SSD for databases. */
  Io1: "io1",
  /** HDD, for sequential reads of large files, 125 GiB or more. */
  St1: "st1",
} as const;
export type VolumeType = (typeof VolumeType)[keyof typeof VolumeType];

/** An EBS volume of each node. */
export interface EmrVolumeArgs {
  /** GiB, 5–65,536 for gp3, 5–16,384 for io1, 125–16,384 for st1. @minimum 5 @maximum 65536 @unit GiB */
  size: number;
  /** The kind. @default "gp3" */
  type?: VolumeType;
  /**
   * Operations a second: 3,000–80,000 for gp3, 100–64,000 for io1.
   * @minimum 100 @maximum 80000 @unit operations a second
   * @default 3,000
   */
  iops?: number;
  /** How many such volumes, 1–25. @minimum 1 @maximum 25 @unit volumes @default 1 */
  count?: number;
}
