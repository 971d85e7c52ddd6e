import type * as pulumi from "@pulumi/pulumi";
import type { Workload } from "../graviton/workload";
import type { LogRetentionDays } from "../observability/retention";
import type { JobArgs } from "./jobArgs";

/** The kind of machines in a compute environment. */
export const ComputeType = {
  /** EC2 On-Demand instances. */
  Ec2: "EC2",
  /** EC2 Spot instances, which AWS may reclaim with two minutes' notice, at about a third of the price. */
  Spot: "SPOT",
  /** Fargate tasks, without instances to manage. */
  Fargate: "FARGATE",
  /** Fargate Spot tasks, which AWS may reclaim with two minutes' notice. */
  FargateSpot: "FARGATE_SPOT",
} as const;
export type ComputeType = (typeof ComputeType)[keyof typeof ComputeType];

/**
 * How Batch chooses among instance types. `BEST_FIT` is left out because Batch cannot update environments that use it.
 */
export const AllocationStrategy = {
  /** The cheapest types that are large enough, and the next cheapest when those have run out. */
  BestFitProgressive: "BEST_FIT_PROGRESSIVE",
  /**
   * On EC2: in the order of `instanceTypes`. The AWS provider keeps these as a set, so Batch gets several in an order of
   * the provider's own.
   */
  BestFitProgressiveOrdered: "BEST_FIT_PROGRESSIVE_ORDERED",
  /** On Spot: cheap, and unlikely to be reclaimed. */
  SpotPriceCapacityOptimized: "SPOT_PRICE_CAPACITY_OPTIMIZED",
  /** On Spot: the least likely to be reclaimed, at any price. */
  SpotCapacityOptimized: "SPOT_CAPACITY_OPTIMIZED",
  /**
   * On Spot: the least likely to be reclaimed and, among equals, in the order of `instanceTypes`, which the AWS provider
   * loses as above.
   */
  SpotCapacityOptimizedPrioritized: "SPOT_CAPACITY_OPTIMIZED_PRIORITIZED",
} as const;
export type AllocationStrategy = (typeof AllocationStrategy)[keyof typeof AllocationStrategy];

/** What happens to running jobs when Batch replaces an environment's instances, as most updates require. */
export interface InstanceUpdateArgs {
  /** Terminate the jobs at once; their retry rules decide what happens next. @default false */
  terminateJobs?: boolean;
  /**
   * Minutes that jobs may keep running on the old instances, 1–7,200. AWS accepts all of these; the AWS provider may
   * refuse more than 360.
   * @minimum 1 @maximum 7200 @unit minutes @default 30
   * @see https://github.com/hashicorp/terraform-provider-aws/issues/48709
   */
  timeoutMinutes?: number;
}

/** Machines that run jobs. Properties about instances are for `EC2` and `SPOT` only. */
export interface ComputeEnvironmentArgs {
  /** The kind of machines. */
  type: ComputeType;
  /**
   * The most vCPUs at a time, 1–1,000,000; a job that needs more waits until the queue cancels it.
   * @minimum 1 @maximum 1000000 @unit vCPUs
   */
  maxVcpus: number;
  /**
   * Distinguishes environments of one type in resource names.
   * @default the type: "ec2", "spot", "fargate" or "fargate-spot"
   */
  name?: string;
  /**
   * vCPUs that keep running without jobs, 0–1,000,000; they are charged all day.
   * @minimum 0 @maximum 1000000 @unit vCPUs
   * @default 0
   */
  minVcpus?: number;
  /** What the jobs need most, which determines the instances. @default "general" */
  workload?: Workload;
  /**
   * Run on Graviton5 only: m9g, c9g or r9g, or for "storage" m9gd, c9gd and r9gd. The region must have them.
   * @default false: on Graviton4 and older
   */
  graviton5?: boolean;
  /**
   * Graviton types or families instead of the workload's, or `default_arm64` for Batch's own choice.
   * @minItems 1 @write an array of types or families, such as ["m7g"], or leave it out
   * @default those of `workload`
   */
  instanceTypes?: string[];
  /** How Batch chooses among the types. @default "BEST_FIT_PROGRESSIVE"; on Spot "SPOT_PRICE_CAPACITY_OPTIMIZED" */
  allocationStrategy?: AllocationStrategy;
  /**
   * The most that a Spot instance may cost, in percent of the On-Demand price, 1–100.
   * @minimum 1 @maximum 100 @unit percent
   * @default 100
   */
  bidPercentage?: number;
  /** An AMI for arm64 with the ECS agent; g5g needs one. @default Amazon Linux 2023, as Batch chooses it */
  imageId?: pulumi.Input<string>;
  /**
   * Size of an instance's encrypted disk, for images and the jobs' files, 30–65,536 GiB.
   * @minimum 30 @maximum 65536 @unit GiB @default 30
   */
  volumeSize?: number;
  /** The placement group of the instances, for multi-node jobs that communicate a lot. @default none */
  placementGroup?: pulumi.Input<string>;
  /** What happens to running jobs when the instances are replaced. @default they may run for 30 minutes more */
  instanceUpdate?: InstanceUpdateArgs;
}

/** How much of the machines' capacity a share of the jobs gets. */
export interface ShareArgs {
  /**
   * Letters and digits; with a `*` at the end, all identifiers with that prefix.
   * @pattern `^[A-Za-z0-9]{1,255}\*?$`
   * @write 1 to 255 letters and digits, and a `*` at the end to match a prefix
   */
  identifier: string;
  /**
   * The lower, the more: a share of weight 0.5 gets twice as much as one of weight 1; 0.0001–999.9999.
   * @fractional @minimum 0.0001 @maximum 999.9999 @default 1
   */
  weight?: number;
}

/** Lets jobs of several users share the machines, instead of first come, first served. */
export interface FairShareArgs {
  /**
   * The shares. Identifiers that are not listed have weight 1.
   * @minItems 1 @write the shares, such as [{ identifier: "default" }]
   */
  shares: ShareArgs[];
  /**
   * Seconds that a share's past use counts against it, 0–604,800; 0 means Batch's minimum, 600.
   * @minimum 0 @maximum 604800 @unit seconds @default 3600
   */
  decaySeconds?: number;
  /**
   * Percent of the vCPUs reserved for shares without jobs, applied once for each active share, 0–99.
   * @minimum 0 @maximum 99 @unit percent @default 0
   */
  computeReservation?: number;
}

/**
 * Seconds until a job that blocks the head of the queue is cancelled, 600–86,400; 0 lets such a job wait.
 * @minimum 600 @maximum 86400 @or 0 @unit seconds, or 0 to let such jobs wait
 */
export type StuckJobSeconds = number;

/** Seconds until a job that blocks the head of the queue is cancelled, 600–86,400 each; 0 lets such a job wait. */
export interface StuckJobArgs {
  /** AWS has no capacity left; 600–86,400 seconds, or 0. @default 14,400 */
  noCapacity?: StuckJobSeconds;
  /** The job needs more than any environment allows; 600–86,400 seconds, or 0. @default 600 */
  tooLarge?: StuckJobSeconds;
  /** No instance type in the environments meets the job's needs; 600–86,400 seconds, or 0. @default 600 */
  impossible?: StuckJobSeconds;
}

/** Arguments of {@link GravitonBatch}. */
export interface GravitonBatchArgs {
  /**
   * The machines, in the order in which the queue tries them: 1 to 3, either on EC2 (`EC2`, `SPOT`) or on Fargate
   * (`FARGATE`, `FARGATE_SPOT`). Changing between these two replaces the queue.
   * @minItems 1 @maxItems 3 @write 1 to 3 environments, and another GravitonBatch for any more
   */
  environments: ComputeEnvironmentArgs[];
  /** Job definitions by name. */
  jobs: Record<string, JobArgs>;
  /**
   * Subnets of one VPC, private ones with a NAT gateway or endpoints for ECR, CloudWatch Logs and ECS.
   * @minItems 1 @write the ids of one or more private subnets
   */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** The VPC in which the component creates a security group. Give this or `securityGroupIds`. */
  vpcId?: pulumi.Input<string>;
  /**
   * Security groups of the machines. Multi-node jobs need one that lets its members communicate.
   * @minItems 1 @write the ids of one or more security groups
   * @default one that allows no inbound traffic, and outbound only HTTPS and traffic within the VPC
   */
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Queues with a higher number take precedence where they share environments, 0–1,000. @minimum 0 @maximum 1000
   * @default 1
   */
  priority?: number;
  /**
   * Share the machines among users; each submission then names its share. Changing between this and first come, first
   * served replaces the queue. @default first come, first served
   */
  fairShare?: FairShareArgs;
  /**
   * When jobs that block the queue are cancelled. @default after 4 hours without capacity, otherwise after 10 minutes
   */
  stuckJobs?: StuckJobArgs;
  /** Days that jobs' logs are kept, one of CloudWatch's choices; 0 keeps them for ever. @default 30 */
  logRetentionDays?: LogRetentionDays;
  /** Customer key for the logs; its policy must allow CloudWatch Logs. @default AWS's own key */
  kmsKeyArn?: pulumi.Input<string>;
  /** ARN of the roles' permissions boundary. @default none */
  permissionsBoundary?: pulumi.Input<string>;
  /**
   * SNS topics notified of failed jobs and blocked queues; their policies, and those of their keys, must let
   * EventBridge publish, as AlarmTopic's do. An empty list is the same as none. @default none
   */
  alarmTopicArns?: pulumi.Input<string>[];
  /** Tags of every resource that supports them, including the instances and the jobs' tasks. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
