import type { JobDetail, ListJobsRequest, SubmitJobRequest } from "@aws-sdk/client-batch";
import { startWireService, type WireService } from "./wireService";

export const QUEUE = "arn:aws:batch:eu-west-1:123456789012:job-queue/queue";

type Operation = "submitjob" | "describejobs" | "listjobs" | "terminatejob";

export interface BatchService extends WireService<Operation> {
  /** Every job, by id; a test may change them. */
  jobs: Map<string, JobDetail>;
}

/** An AWS Batch that keeps jobs and runs none, over the real wire protocol. */
export async function startBatchService(): Promise<BatchService> {
  const jobs: BatchService["jobs"] = new Map();
  const service = await startWireService<Operation>(
    ({ url }, input) => ({ operation: url?.split("/").at(-1) as Operation, input }),
    operationsOn(jobs),
  );
  return { ...service, jobs };
}

const operationsOn = (jobs: BatchService["jobs"]) => ({
  submitjob({ jobName, jobQueue, jobDefinition }: SubmitJobRequest) {
    const jobId = `00000000-0000-4000-8000-${String(jobs.size).padStart(12, "0")}`;
    const createdAt = Date.UTC(2026, 0, 1) + jobs.size;
    jobs.set(jobId, { jobId, jobName, jobQueue, jobDefinition, status: "SUBMITTED", createdAt, startedAt: 0 });
    return { jobId, jobName };
  },
  describejobs({ jobs: ids }: { jobs: string[] }) {
    return { jobs: ids.flatMap((id) => jobs.get(id) ?? []) };
  },
  listjobs({ jobQueue, jobStatus = "RUNNING", filters, maxResults = 100, nextToken = "0" }: ListJobsRequest) {
    const [filter] = filters ?? [];
    const name = filter?.name === "JOB_NAME" ? filter.values?.[0]?.toLowerCase() : undefined;
    const found = [...jobs.values()]
      .filter((job) => job.jobQueue === jobQueue && (filter !== undefined || job.status === jobStatus))
      .filter((job) => name === undefined || job.jobName?.toLowerCase() === name)
      .reverse();
    const end = Number(nextToken) + maxResults;
    const next = end < found.length ? { nextToken: String(end) } : {};
    return { jobSummaryList: found.slice(Number(nextToken), end), ...next };
  },
  terminatejob({ jobId, reason }: { jobId: string; reason: string }) {
    const job = jobs.get(jobId);
    if (job) jobs.set(jobId, { ...job, status: "FAILED", statusReason: reason });
    return {};
  },
});
