import type { GravitonBatchArgs } from "../../../components/batch/args";
import type { JobArgs } from "../../../components/batch/jobArgs";

export const image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/summarise@sha256:0a";

/** Arguments of a queue on Spot with one job. */
export function batchArgs(changes: Partial<GravitonBatchArgs> = {}): GravitonBatchArgs {
  return {
    environments: [{ type: "SPOT", maxVcpus: 16 }],
    jobs: { summarise: { image } },
    subnetIds: ["subnet-1"],
    securityGroupIds: ["sg-1"],
    ...changes,
  };
}

/** The same with changes to the job. */
export function withJob(job: Partial<JobArgs>, changes: Partial<GravitonBatchArgs> = {}): GravitonBatchArgs {
  return batchArgs({ jobs: { summarise: { image, ...job } }, ...changes });
}

/** The same on Fargate. */
export function onFargate(job: Partial<JobArgs> = {}): GravitonBatchArgs {
  return withJob(job, { environments: [{ type: "FARGATE", maxVcpus: 16 }] });
}
