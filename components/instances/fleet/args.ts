import type * as pulumi from "@pulumi/pulumi";
import type { AccessArgs } from "../../access";
import type { KmsKeyArn } from "../../kms/keyArn";
import type { InstanceTagArgs } from "../args";

/** How an Auto Scaling group finds out that an instance no longer works, besides its state and EC2's status checks. */
export const HealthCheck = {
  /** Only by those. */
  Ec2: "EC2",
  /** The instance's volumes cannot be reached either. */
  Ebs: "EBS",
  /** A load balancer that the group is attached to elsewhere says so. */
  Elb: "ELB",
} as const;
export type HealthCheck = (typeof HealthCheck)[keyof typeof HealthCheck];

/** An Auto Scaling group, which replaces instances that fail or are stopped. */
export interface FleetGroupArgs {
  /** Instances that run at least, 0–10,000. @minimum 0 @maximum 10000 */
  minimum: number;
  /** Instances that run at most, 1–10,000. @minimum 1 @maximum 10000 */
  maximum: number;
  /**
   * Instances that run after each update, 0–10,000. @minimum 0 @maximum 10000
   * @default `minimum` at first; later updates leave the number as it is, for whatever scales the group
   */
  desired?: number;
  /** How the group finds out that an instance no longer works. @default "EC2" */
  healthCheck?: HealthCheck;
  /**
   * Seconds, 0–7,200, that a new instance has before its health counts. @minimum 0 @maximum 7200 @unit seconds
   * @default 300
   */
  gracePeriod?: number;
  /** Replace the running instances when the launch template changes; if false, only new ones follow it. @default true */
  refresh?: boolean;
  /**
   * Percent of the instances, 0–100, that keep running meanwhile. @minimum 0 @maximum 100 @unit percent @default 90
   */
  minimumHealthy?: number;
}

/** Arguments of {@link WorkerFleet}. Give either `group` or `instances`. */
export interface WorkerFleetArgs {
  /** The tag that each instance gets: give the same to InstanceSchedule, and functions to start and stop it by. */
  tag: InstanceTagArgs;
  /** An Auto Scaling group of instances. @default none */
  group?: FleetGroupArgs;
  /**
   * That many instances without a group, 1–1,000, which can be stopped and started again. AWS applies a change of the
   * launch template by replacing them, with all that is on their volumes. @minimum 1 @maximum 1000 @default none
   */
  instances?: number;
  /**
   * Private subnets of one VPC, over which the instances are spread, with a way to the AWS services that they use.
   * @minItems 1 @write the ids of one or more private subnets
   */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** The VPC in which the component creates a security group. Give this or `securityGroupIds`. */
  vpcId?: pulumi.Input<string>;
  /**
   * Security groups of the instances.
   * @minItems 1 @write the ids of one or more security groups
   * @default one that allows no inbound traffic, and outbound only HTTPS and traffic within the VPC
   */
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Graviton types, up to 40. A group prefers the first, and on Spot picks any of them, so that several are less often
   * without capacity; `instances` needs exactly one. @minItems 1 @maxItems 40 @default ["m7g.large"]
   */
  instanceTypes?: string[];
  /**
   * Run on Spot, at about a third of the price: AWS may reclaim instances with two minutes' notice. A group replaces
   * those; others are stopped, and started again once there is capacity. @default false
   */
  spot?: boolean;
  /**
   * An AMI for arm64, or `resolve:ssm:` and the name of a parameter that contains one.
   * @default the newest Amazon Linux 2023 at the time when an instance is launched
   */
  imageId?: pulumi.Input<string>;
  /**
   * What cloud-init does at an instance's first start, as plain text of up to 16 KiB: a script that begins with `#!`, or
   * a document that begins with `#cloud-config`. Whoever can describe the launch template can read it, so it must not
   * contain secrets. @default nothing
   */
  userData?: pulumi.Input<string>;
  /**
   * What the workers use: the results of the `access()` of tables, buckets, queues and others. Only their statements
   * count; write the variables that the workers need in `userData`. @default nothing
   */
  access?: pulumi.Input<AccessArgs>[];
  /** Let Session Manager open shells on the instances, which needs neither a key pair nor an open port. @default true */
  sessionManager?: boolean;
  /**
   * Network hops, 1–64, that the instances' metadata may take: 2 lets containers with a network of their own use the
   * instance's role. @minimum 1 @maximum 64 @default 1
   */
  metadataHopLimit?: number;
  /** Size of the encrypted root volume, 8–65,536 GiB. @minimum 8 @maximum 65536 @unit GiB @default 30 */
  volumeSize?: number;
  /**
   * Customer key for the root volume. Its policy must let EBS use it for those who launch and start instances, as an
   * EncryptionKey's does with the `services` "ebs". @default the account's key for EBS
   */
  kmsKeyArn?: pulumi.Input<KmsKeyArn>;
  /** Metrics each minute, at a charge, instead of each five minutes. @default true */
  monitoring?: boolean;
  /** ARN of the role's permissions boundary. @default none */
  permissionsBoundary?: pulumi.Input<string>;
  /**
   * SNS topics notified when an instance fails EC2's status checks, or a group cannot launch one; their policies, and
   * those of their keys, must let CloudWatch and EventBridge publish, as AlarmTopic's do. An empty list is the same as
   * none. @default none
   */
  alarmTopicArns?: pulumi.Input<string>[];
  /** Tags of every resource that supports them, including the instances and their volumes. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

export const defaultTypes: string[] = ["m7g.large"];
