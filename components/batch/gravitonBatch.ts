import type * as batch from "@pulumi/aws/batch";
import type * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionAccess } from "../access";
import { ComponentResource } from "../resource";
import { type AccessTarget, type BatchAccessLevel, type BatchAccessOptions, batchAccess } from "./access";
import type { GravitonBatchArgs } from "./args";
import { checkBatch } from "./checks";
import { createDefinition } from "./definitions";
import {
  createEnvironment,
  createInstanceProfile,
  createSecurityGroup,
  familiesOf,
  runsOnFargate,
  type Surroundings,
} from "./environments";
import { createIdentity, type JobIdentity } from "./identities";
import { createBatchNotices } from "./notices";
import { createQueue } from "./queue";
import { providerWarnings } from "./rules/provider";

/** What `access()` needs; any property of the class, even a private one, would be an output in other languages. */
const targets = new WeakMap<GravitonBatch, AccessTarget>();

/**
 * AWS Batch on Graviton: one queue with one to three compute environments, on EC2 or Fargate, On-Demand or Spot, and
 * job definitions, each with a role, a log group, a timeout and retry rules.
 */
export class GravitonBatch extends ComponentResource<GravitonBatchArgs, GravitonBatch> {
  /** The queue's name. */
  declare readonly queueName: pulumi.Output<string>;
  /** The queue's ARN. */
  declare readonly queueArn: pulumi.Output<string>;
  /** The job definitions' ARNs, with their revisions, by the jobs' names. */
  declare readonly jobDefinitionArns: pulumi.Output<Record<string, string>>;
  /** What `access("submit")` returns, by the jobs' names, for other languages; absent with `fairShare`. */
  declare readonly submitAccess?: Record<string, FunctionAccess>;
  /** What `access("read")` returns, for other languages. */
  declare readonly readAccess: FunctionAccess;
  /** What `access("terminate")` returns, for other languages. */
  declare readonly terminateAccess: FunctionAccess;
  /** The queue itself. */
  declare readonly queue: batch.JobQueue;
  /** The compute environments, in the queue's order. */
  declare readonly environments: batch.ComputeEnvironment[];
  /** The job definitions by the jobs' names. */
  declare readonly definitions: Record<string, batch.JobDefinition>;
  /** The security group that it creates; absent if others were given. */
  declare readonly securityGroup?: ec2.SecurityGroup;

  /** @throws pulumi.InputPropertiesError with every mistake in the arguments, before anything is registered */
  constructor(name: string, args: GravitonBatchArgs, opts?: pulumi.ComponentResourceOptions) {
    const outputs = ["queueName", "queueArn", "jobDefinitionArns"] as const;
    super({ type: "GravitonBatch", rules: checkBatch, outputs }, name, args, opts);
  }

  protected create(name: string, args: GravitonBatchArgs): void {
    this.warnOfProvider(name, args);
    const identities = this.createIdentities(name, args);
    const opts = { parent: this };
    if (args.vpcId !== undefined) this.set({ securityGroup: createSecurityGroup(name, args.vpcId, args, opts) });
    const around = this.createSurroundings(name, args, identities);
    const environments = args.environments.map((one) => createEnvironment(name, one, args, around, opts));
    const queue = createQueue(name, args, environments, { ...this.guarded(), dependsOn: around.dependsOn });
    this.set({ environments, queue, queueName: queue.name, queueArn: queue.arn });
    const definitions = this.createDefinitions(name, args, identities);
    const arns = Object.entries(definitions).map(([job, { arn }]) => [job, arn] as const);
    this.set({ definitions, jobDefinitionArns: pulumi.output(Object.fromEntries(arns)) });
    const jobs = Object.entries(definitions).map(([job, { arn }]) => [job, { ...args.jobs[job], arn }] as const);
    targets.set(this, {
      queueArn: queue.arn,
      jobs: Object.fromEntries(jobs),
      fairShare: args.fairShare !== undefined,
    });
    const submitAccess = () => Object.keys(definitions).map((job) => [job, this.access("submit", { job })] as const);
    this.set({
      submitAccess: args.fairShare ? undefined : Object.fromEntries(submitAccess()),
      readAccess: this.access("read"),
      terminateAccess: this.access("terminate"),
    });
    createBatchNotices(name, queue.arn, args, opts);
  }

  /**
   * What a function needs to use the queue: pass it to a LambdaFunction's `access`.
   * @param levels `submit` for one kind of job, `read` to describe and list jobs, `terminate` to read, cancel and
   * terminate them; several as an array, so that a function gets the queue once
   * @throws pulumi.RunError if the job does not exist, or the share is missing, malformed or unsupported by the queue
   */
  access(levels: BatchAccessLevel | BatchAccessLevel[], options: BatchAccessOptions = {}): FunctionAccess {
    const target = targets.get(this);
    if (!target) throw new pulumi.RunError("access: call it where the queue is created, not on a reference to it");
    return batchAccess([levels].flat(), target, options);
  }

  private warnOfProvider(name: string, { environments }: GravitonBatchArgs): void {
    for (const [index, environment] of environments.entries()) {
      for (const warning of providerWarnings(environment, `environments[${index}]`, familiesOf(environment))) {
        pulumi.log.warn(`GravitonBatch "${name}": ${warning}`, this);
      }
    }
  }

  private createIdentities(name: string, args: GravitonBatchArgs): Record<string, JobIdentity> {
    const identities = Object.entries(args.jobs).map(([job, jobArgs]) => [
      job,
      createIdentity(`${name}-${job}`, jobArgs, args, { parent: this }),
    ]);
    return Object.fromEntries(identities) as Record<string, JobIdentity>;
  }

  /** The machines' roles outlive them: Batch cannot empty an environment whose roles are gone. */
  private createSurroundings(
    name: string,
    args: GravitonBatchArgs,
    identities: Record<string, JobIdentity>,
  ): Surroundings {
    const securityGroupIds = this.securityGroup ? [this.securityGroup.id] : (args.securityGroupIds ?? []);
    const policies = Object.values(identities).flatMap((identity) => identity.policies);
    if (runsOnFargate(args)) return { securityGroupIds, dependsOn: policies };
    const { instanceProfile, attachment } = createInstanceProfile(name, args, { parent: this });
    return { securityGroupIds, instanceProfile, dependsOn: [...policies, attachment, instanceProfile] };
  }

  private createDefinitions(name: string, args: GravitonBatchArgs, identities: Record<string, JobIdentity>) {
    const definitions = Object.entries(identities).flatMap(([job, identity]) => {
      const jobArgs = args.jobs[job];
      if (!jobArgs) return [];
      // Jobs are submitted as soon as their definition exists, and their roles must allow what they need by then.
      const opts = { parent: this, dependsOn: identity.policies };
      return [[job, createDefinition(`${name}-${job}`, jobArgs, args, identity, opts)] as const];
    });
    return Object.fromEntries(definitions);
  }
}
