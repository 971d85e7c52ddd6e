import type * as pulumi from "@pulumi/pulumi";

/** How private subnets reach the Internet, for container images and AWS's own services. */
export const Nat = {
  /** Not at all: for `interfaceEndpoints`, or for machines that need no more than S3 and DynamoDB. */
  None: "None",
  /** Through one gateway for all zones: it fails with its zone. */
  Single: "Single",
  /** Through one gateway for each zone. */
  OnePerZone: "OnePerAz",
  /**
   * Through one gateway that AWS extends to each zone with machines in it, and charges for in each. A new zone may take it
   * an hour, in which that zone's traffic crosses to another one.
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
   */
  Regional: "Regional",
} as const;
export type Nat = (typeof Nat)[keyof typeof Nat];

/** A zone of a region. @pattern `^[a-z]+(?:-[a-z0-9]+)+-\d+[a-z]$` @write the name of a zone, such as "eu-west-1a" */
export type ZoneName = string;

/** Arguments of {@link Network}. */
export interface NetworkArgs {
  /**
   * An existing VPC, which also needs `subnetIds`. Interface endpoints need its DNS host names enabled.
   * @default a new one
   */
  vpcId?: pulumi.Input<string>;
  /**
   * Private subnets of that VPC, each in a different zone, with a route to the services that machines in them need.
   * @minItems 1 @write the ids of the VPC's private subnets
   */
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Route tables of that VPC to which endpoints for S3 and DynamoDB are added. @default none, as it may have them
   * @minItems 1 @write the ids of the VPC's route tables
   */
  routeTableIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Addresses of the new VPC, /16 or smaller, with a /26 or larger for each zone: half of it private, a quarter public.
   * Some AWS services use 172.17.0.0/16 for themselves.
   * @default "10.0.0.0/16"
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
   */
  cidrBlock?: string;
  /** How many zones the new VPC is in, starting with the region's first, 1–6. @minimum 1 @maximum 6 @default 2 */
  zones?: number;
  /**
   * Its zones by name instead of `zones`, 1–6, such as "eu-west-1b": not every zone has every instance type.
   * @minItems 1 @maxItems 6
   */
  zoneNames?: ZoneName[];
  /** How its private subnets reach the Internet. @default "Single" */
  nat?: Nat;
  /**
   * AWS services that get an address in each private subnet, charged by the hour: the part of the endpoint's name after
   * the region. Without NAT, Batch on Fargate needs "ecr.api", "ecr.dkr" and "logs", and on EC2 "ecs", "ecs-agent" and
   * "ecs-telemetry" too; jobs with secrets need "secretsmanager" or "ssm".
   * @default none, with a warning if there is no NAT either; S3 and DynamoDB have endpoints that cost nothing
   * @see https://docs.aws.amazon.com/batch/latest/userguide/vpc-interface-endpoints.html
   */
  interfaceEndpoints?: string[];
  /**
   * Tags of the new VPC's private subnets only, such as for-use-with-amazon-emr-managed-policies = "true". Existing
   * subnets are tagged by their owner, who would undo anybody else's tags. @default none
   * @see https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-managed-iam-policies.html
   */
  privateSubnetTags?: Record<string, string>;
  /** Tags of every resource that supports them. @default none */
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
