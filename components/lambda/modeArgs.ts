import type * as pulumi from "@pulumi/pulumi";

/** How long executions of a durable function last. */
export interface DurableArgs {
  /**
   * Seconds until an execution is stopped, with all its waits, 1–31,622,400 (366 days); a single call ends after
   * `timeout`. @minimum 1 @maximum 31622400 @unit seconds
   */
  executionTimeout: pulumi.Input<number>;
  /** Days that the record of a finished execution is kept, 1–90. @minimum 1 @maximum 90 @unit days @default 14 */
  retentionPeriod?: pulumi.Input<number>;
}

/** Whose calls share an execution environment, with its memory and its /tmp. */
export const Tenancy = {
  /** Everybody's. */
  Shared: "SHARED",
  /** Those of one tenant, whom each call names in `TenantId` (`X-Amz-Tenant-Id`). */
  PerTenant: "PER_TENANT",
} as const;
export type Tenancy = (typeof Tenancy)[keyof typeof Tenancy];

/** EC2 instances with Graviton that Lambda starts in your VPC, manages, and runs a function on. */
export interface FunctionCapacityArgs {
  /**
   * ARN of an existing capacity provider for arm64. Functions that share one must trust each other: only containers
   * separate them. @pattern `^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:capacity-provider:[\w-]+$` @write the ARN of a capacity provider
   * @default a new one for this function alone
   */
  providerArn?: pulumi.Input<string>;
  /**
   * Subnets of the new provider's instances, 1–16, in as many availability zones as possible, with a way to CloudWatch
   * Logs and to what the function calls. @minItems 1 @maxItems 16 @write the ids of 1 to 16 subnets
   */
  subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Security groups of the new provider's instances, 1–5. @minItems 1 @maxItems 5
   * @write the ids of 1 to 5 security groups
   */
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The Graviton types that the new provider may use, 1–400, such as "m8g.xlarge" or "m8g.*".
   * @minItems 1 @maxItems 400 @default all that fit
   */
  instanceTypes?: string[];
  /** Types that the new provider may not use, 1–400, instead of `instanceTypes`. @minItems 1 @maxItems 400 @default none */
  excludedInstanceTypes?: string[];
  /** The most vCPUs of the new provider's instances, 2–15,000. @minimum 2 @maximum 15000 @unit vCPUs @default 400 */
  maxVcpus?: pulumi.Input<number>;
  /**
   * The average use of the new provider's CPUs to aim at, 0–100 %. @fractional @minimum 0 @maximum 100 @unit percent
   * @default Lambda decides
   */
  targetCpuUtilization?: pulumi.Input<number>;
  /** Memory for each vCPU, 2–8 GiB. @fractional @minimum 2 @maximum 8 @unit GiB @default 2 */
  memoryPerVcpu?: pulumi.Input<number>;
  /**
   * Calls that an execution environment handles at once, 1–1,600: the code must allow for them.
   * @minimum 1 @maximum 1600 @unit calls @default Lambda's choice for the runtime
   */
  maxConcurrency?: pulumi.Input<number>;
  /** Execution environments that always run, 0–15,000. @minimum 0 @maximum 15000 @unit environments @default 3 */
  minEnvironments?: pulumi.Input<number>;
  /** The most execution environments, 0–15,000. @minimum 0 @maximum 15000 @unit environments @default no limit */
  maxEnvironments?: pulumi.Input<number>;
}
