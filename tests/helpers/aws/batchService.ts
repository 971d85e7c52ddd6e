import { Batch } from "../../../offline/cloud/batch/batch";
import type { Job } from "../../../offline/cloud/batch/job";
import { batch } from "../../../offline/cloud/batch/operations";
import { Logs } from "../../../offline/cloud/logs/logs";
import { computeEnvironment, jobDefinition, jobQueue } from "../offline/batch";
import { graphOf } from "../offline/graph";
import { temporaryFolder } from "../temporaryFolder";
import { type FaultyServices, startFaultyServices } from "./faultyServices";

const ARN = "arn:aws:batch:eu-west-1:123456789012";
export const QUEUE = `${ARN}:job-queue/queue`;
/** A queue with fair share, which requires a share identifier. */
export const FAIR_QUEUE = `${ARN}:job-queue/fair`;
export const OTHER_QUEUE = `${ARN}:job-queue/other`;
/** Revision 1; revision 2 exists too. */
export const DEFINITION = `${ARN}:job-definition/work:1`;

export interface FaultyBatch extends FaultyServices {
  service: Batch;
  /** All jobs, in the order in which they were submitted. */
  readonly jobs: Job[];
}

/** The offline cloud's AWS Batch, which runs no jobs: each stays SUBMITTED until a test changes it. */
export async function startBatchService(): Promise<FaultyBatch> {
  const service = batch.serve(
    new Batch({
      endpoint: "",
      credentials: { accessKeyId: "", secretAccessKey: "" },
      docker: false,
      logs: new Logs(),
      log: () => undefined,
    }),
  );
  const definition = (revision: number) => jobDefinition("work", {}, { schedulingPriority: 1 }, revision);
  const graph = graphOf(
    temporaryFolder(),
    computeEnvironment("spot"),
    jobQueue("queue", "spot"),
    jobQueue("fair", "spot", { schedulingPolicyArn: `${ARN}:scheduling-policy/fair` }),
    jobQueue("other", "spot"),
    definition(1),
    definition(2),
  );
  const served = await startFaultyServices(graph, service);
  // A closed service still answers requests, but runs no jobs.
  await service.close();
  return {
    ...served,
    service,
    get jobs() {
      return service.jobs.all;
    },
  };
}
