import type * as pulumi from "@pulumi/pulumi";
import type { Workload } from "../graviton/workload";
import type { LogRetentionDays } from "../observability/retention";
import type { JobArgs } from "./jobArgs";

/** What a compute environment's machines are. */
export const ComputeType = {
  /** EC2 instances at the full price. */
  Ec2: "EC2",
  /** EC2 instances that AWS may take back with two minutes' notice, for a third of the price or so. */
  Spot: "SPOT",
  /** Fargate tasks: no instances to look after. */
  Fargate: "FARGATE",
  /** Fargate tasks that AWS may take back with two minutes' notice. */
  FargateSpot: "FARGATE_SPOT",
} as const;
export type ComputeType = (typeof ComputeType)[keyof typeof ComputeType];

/** How Batch chooses among instance types. `BEST_FIT` is left out: Batch cannot update what uses it. */
export const AllocationStrategy = {
  /** The cheapest types that are large enough, and the next ones where those have run out. */
  BestFitProgressive: "BEST_FIT_PROGRESSIVE",
  /** On Spot: cheap, and unlikely to be taken back. */
  SpotPriceCapacityOptimized: "SPOT_PRICE_CAPACITY_OPTIMIZED",
  /** On Spot: the least likely to be taken back, at any price. */
  SpotCapacityOptimized: "SPOT_CAPACITY_OPTIMIZED",
} as const;
export type AllocationStrategy = (typeof AllocationStrategy)[keyof typeof AllocationStrategy];

/** What becomes of running jobs when Batch replaces an environment's instances, as it does to update most of it. */
export interface InstanceUpdateArgs {
  /** End the jobs at once; their retry rules decide what follows. @default false */
  terminateJobs?: boolean;
  /** Minutes that jobs are left to run on the old instances, 1–360. @minimum 1 @maximum 360 @unit minutes @default 30 */
  timeoutMinutes?: number;
}

/** Machines that run jobs. What speaks of instances is for `EC2` and `SPOT` alone. */
export interface ComputeEnvironmentArgs {
  /** What the machines are. */
  type: ComputeType;
  /**
   * The most vCPUs at a time, 1–1,000,000; a job that needs more waits until the queue cancels it.
   * @minimum 1 @maximum 1000000 @unit vCPUs
   */
  maxVcpus: number;
  /** Tells environments of one type apart in resource names. @default the type: "ec2", "spot", "fargate" or "fargate-spot" */
  name?: string;
  /**
   * vCPUs that are kept running without jobs, 0–1,000,000; they cost all day. @minimum 0 @maximum 1000000 @unit vCPUs
   * @default 0
   */
  minVcpus?: number;
  /** What the jobs need most, which chooses the instances. @default "general" */
  workload?: Workload;
  /**
   * Graviton types or families in place of those of the workload, or Batch's own choice, `default_arm64`.
   * @minItems 1 @write an array of types or families, such as ["m7g"], or leave it out
   * @default those of `workload`
   */
  instanceTypes?: string[];
  /** How Batch chooses among the types. @default "BEST_FIT_PROGRESSIVE"; on Spot "SPOT_PRICE_CAPACITY_OPTIMIZED" */
  allocationStrategy?: AllocationStrategy;
  /**
   * The most that a Spot instance may cost, in percent of the full price, 1–100. @minimum 1 @maximum 100 @unit percent
   * @default 100
   */
  bidPercentage?: number;
  /** A machine image for arm64 with the ECS agent; g5g needs one. @default Amazon Linux 2023, as Batch chooses it */
  imageId?: pulumi.Input<string>;
  /**
   * Size of an instance's encrypted disk, for images and what jobs write, 30–16,384 GiB.
   * @minimum 30 @maximum 16384 @unit GiB @default 30
   */
  volumeSize?: number;
  /** The placement group of the instances, for multi-node jobs that talk a lot. @default none */
  placementGroup?: pulumi.Input<string>;
  /** What becomes of running jobs when the instances are replaced. @default they may run for 30 minutes more */
  instanceUpdate?: InstanceUpdateArgs;
}

/** How much of the machines a share of the jobs has. */
export interface ShareArgs {
  /**
   * Letters and digits; with a `*` at the end, all identifiers that begin so.
   * @pattern `^[A-Za-z0-9]{1,255}\*?$`
   * @write 1 to 255 letters and digits, and a `*` at the end for all that begin so
   */
  identifier: string;
  /**
   * The lower, the more: a share of weight 0.5 has twice what one of weight 1 has; 0.0001–999.9999.
   * @fractional @minimum 0.0001 @maximum 999.9999 @default 1
   */
  weight?: number;
}

/** Jobs of several users share the machines, in place of first come, first served. */
export interface FairShareArgs {
  /** The shares. Identifiers that are not here have weight 1. @minItems 1 @write the shares, such as [{ identifier: "default" }] */
  shares: ShareArgs[];
  /**
   * Seconds that a share's past use counts against it, 0–604,800; 0 is Batch's least, 600.
   * @minimum 0 @maximum 604800 @unit seconds @default 3600
   */
  decaySeconds?: number;
  /**
   * Percent of the vCPUs kept for shares without jobs, taken once for each active share, 0–99.
   * @minimum 0 @maximum 99 @unit percent @default 0
   */
  computeReservation?: number;
}

/**
 * Seconds until a job is cancelled that blocks the head of the queue, 600–86,400; 0 lets such a job wait.
 * @minimum 600 @maximum 86400 @or 0 @unit seconds, or 0 to let such jobs wait
 */
export type StuckJobSeconds = number;

/** Seconds until a job is cancelled that blocks the head of the queue, 600–86,400 each; 0 lets such a job wait. */
export interface StuckJobArgs {
  /** AWS has no instances left to give; 600–86,400 seconds, or 0. @default 14,400 */
  noCapacity?: StuckJobSeconds;
  /** The job needs more than any environment may have; 600–86,400 seconds, or 0. @default 600 */
  tooLarge?: StuckJobSeconds;
  /** No instance type of the environments has what the job needs; 600–86,400 seconds, or 0. @default 600 */
  impossible?: StuckJobSeconds;
}

/** Arguments of {@link GravitonBatch}. */
export interface GravitonBatchArgs {
  /**
   * The machines, in the order in which the queue tries them: 1 to 3, either on EC2 (`EC2`, `SPOT`) or on Fargate
   * (`FARGATE`, `FARGATE_SPOT`). Changing between these two replaces the queue.
   * @minItems 1 @maxItems 3 @write 1 to 3 environments, and another GravitonBatch for more of them
   */
  environments: ComputeEnvironmentArgs[];
  /** Job definitions by name. */
  jobs: Record<string, JobArgs>;
  /**
   * Subnets of one VPC, private ones with a NAT gateway or endpoints for ECR, CloudWatch Logs and ECS.
   * @minItems 1 @write the ids of one or more private subnets
   */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** The VPC, for a security group of the component's own. Give this or `securityGroupIds`. */
  vpcId?: pulumi.Input<string>;
  /**
   * Security groups of the machines. Multi-node jobs need one that lets its members talk.
   * @minItems 1 @write the ids of one or more security groups
   * @default one that lets nothing in, and out HTTPS and what stays inside the VPC
   */
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Queues with a higher number go first where they share environments, 0–1,000. @minimum 0 @maximum 1000 @default 1 */
  priority?: number;
  /**
   * Share the machines among users; each submit then names its share. Changing between this and first come, first
   * served replaces the queue. @default first come, first served
   */
  fairShare?: FairShareArgs;
  /** When jobs are cancelled that block the queue. @default after 4 hours without capacity, else after 10 minutes */
  stuckJobs?: StuckJobArgs;
  /** Days that jobs' logs are kept, one of CloudWatch's choices; 0 keeps them for ever. @default 30 */
  logRetentionDays?: LogRetentionDays;
  /** Customer key for the logs; its policy must allow CloudWatch Logs. @default AWS's own key */
  kmsKeyArn?: pulumi.Input<string>;
  /** ARN of the policy that limits what the roles can ever be allowed. @default none */
  permissionsBoundary?: pulumi.Input<string>;
  /**
   * SNS topics told of failed jobs and blocked queues; their policies, and those of their keys, must let EventBridge
   * publish, as AlarmTopic's do. An empty list is the same as none. @default none
   */
  alarmTopicArns?: pulumi.Input<string>[];
  /** Tags of every resource that has them, the instances and the jobs' tasks included. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
