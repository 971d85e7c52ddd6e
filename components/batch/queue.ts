import * as batch from "@pulumi/aws/batch";
import type * as pulumi from "@pulumi/pulumi";
import type { FairShareArgs, GravitonBatchArgs, StuckJobArgs } from "./args";
import { runsOnFargate } from "./environments";

/** The queue, with its environments in order. */
export function createQueue(
  name: string,
  args: GravitonBatchArgs,
  environments: batch.ComputeEnvironment[],
  opts: pulumi.CustomResourceOptions,
): batch.JobQueue {
  const { fairShare, priority = 1, stuckJobs = {}, tags } = args;
  return new batch.JobQueue(
    queueName(name, args),
    {
      state: "ENABLED",
      priority,
      computeEnvironmentOrders: environments.map(({ arn }, index) => ({ order: index + 1, computeEnvironment: arn })),
      schedulingPolicyArn: fairShare && createSchedulingPolicy(name, fairShare, tags, { parent: opts.parent }).arn,
      jobStateTimeLimitActions: timeLimits(stuckJobs),
      tags,
    },
    opts,
  );
}

/**
 * Batch cannot switch a queue between instances and Fargate, or between first come, first served and fair share:
 * another name makes Pulumi replace it. @see AWS Batch API, CreateJobQueue, jobQueueType; UpdateJobQueue
 */
function queueName(name: string, args: GravitonBatchArgs): string {
  const kind = [runsOnFargate(args) ? "-fargate" : "", args.fairShare ? "-fair-share" : ""];
  return name + kind.join("");
}

function createSchedulingPolicy(
  name: string,
  { shares, decaySeconds = 3600, computeReservation = 0 }: FairShareArgs,
  tags: GravitonBatchArgs["tags"],
  opts: pulumi.CustomResourceOptions,
): batch.SchedulingPolicy {
  const shareDistributions = shares.map(({ identifier, weight = 1 }) => ({
    shareIdentifier: identifier,
    weightFactor: weight,
  }));
  const fairSharePolicy = { shareDistributions, shareDecaySeconds: decaySeconds, computeReservation };
  return new batch.SchedulingPolicy(name, { fairSharePolicy, tags }, opts);
}

/** @see AWS Batch User Guide, "Jobs stuck in a RUNNABLE status" */
function timeLimits({ noCapacity = 14_400, tooLarge = 600, impossible = 600 }: StuckJobArgs) {
  const secondsByReason = {
    "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY": noCapacity,
    "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE": tooLarge,
    "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT": impossible,
  };
  return Object.entries(secondsByReason)
    .filter(([, seconds]) => seconds > 0)
    .map(([reason, maxTimeSeconds]) => ({ reason, maxTimeSeconds, state: "RUNNABLE", action: "CANCEL" }));
}
