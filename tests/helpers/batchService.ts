import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { JobDetail, ListJobsRequest, SubmitJobRequest } from "@aws-sdk/client-batch";

export const QUEUE = "arn:aws:batch:eu-west-1:123456789012:job-queue/queue";

type Operation = "submitjob" | "describejobs" | "listjobs" | "terminatejob";

/** Refuses with an error of Batch's, does the work and drops the connection, or drops it before any work. */
export type Mishap = { status: number; code: string; message?: string } | "answer lost" | "request lost";

export interface BatchService {
  endpoint: string;
  /** Every job, by id; a test may change them. */
  jobs: Map<string, JobDetail>;
  /** Each request that came in, whatever became of it. */
  requests: { operation: Operation; input: Record<string, unknown>; connection: string | undefined }[];
  /** What happens to the next requests of an operation, one each. */
  mishaps: Partial<Record<Operation, Mishap[]>>;
  close(): Promise<void>;
}

/** An AWS Batch that keeps jobs and runs none, over the real wire protocol. */
export async function startBatchService(): Promise<BatchService> {
  const jobs: BatchService["jobs"] = new Map();
  const requests: BatchService["requests"] = [];
  const mishaps: BatchService["mishaps"] = {};
  const server = http.createServer(async (request, response) => {
    const operation = request.url?.split("/").at(-1) as Operation;
    let text = "";
    for await (const chunk of request) text += chunk;
    const input = JSON.parse(text);
    requests.push({ operation, input, connection: request.headers.connection });
    const mishap = mishaps[operation]?.shift();
    if (mishap === "request lost") return request.socket.destroy();
    if (typeof mishap === "object") {
      response.writeHead(mishap.status, { "Content-Type": "application/json", "x-amzn-ErrorType": mishap.code });
      return response.end(JSON.stringify({ message: mishap.message ?? "no" }));
    }
    const output = operations[operation](jobs, input);
    if (mishap === "answer lost") return request.socket.destroy();
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(JSON.stringify(output));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    jobs,
    requests,
    mishaps,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const operations = {
  submitjob(jobs: BatchService["jobs"], { jobName, jobQueue, jobDefinition }: SubmitJobRequest) {
    const jobId = `00000000-0000-4000-8000-${String(jobs.size).padStart(12, "0")}`;
    const createdAt = Date.UTC(2026, 0, 1) + jobs.size;
    jobs.set(jobId, { jobId, jobName, jobQueue, jobDefinition, status: "SUBMITTED", createdAt, startedAt: 0 });
    return { jobId, jobName };
  },
  describejobs(all: BatchService["jobs"], { jobs }: { jobs: string[] }) {
    return { jobs: jobs.flatMap((id) => all.get(id) ?? []) };
  },
  listjobs(
    all: BatchService["jobs"],
    { jobQueue, jobStatus = "RUNNING", filters, maxResults = 100, nextToken = "0" }: ListJobsRequest,
  ) {
    const [filter] = filters ?? [];
    const name = filter?.name === "JOB_NAME" ? filter.values?.[0]?.toLowerCase() : undefined;
    const found = [...all.values()]
      .filter((job) => job.jobQueue === jobQueue && (filter !== undefined || job.status === jobStatus))
      .filter((job) => name === undefined || job.jobName?.toLowerCase() === name)
      .reverse();
    const end = Number(nextToken) + maxResults;
    const next = end < found.length ? { nextToken: String(end) } : {};
    return { jobSummaryList: found.slice(Number(nextToken), end), ...next };
  },
  terminatejob(jobs: BatchService["jobs"], { jobId, reason }: { jobId: string; reason: string }) {
    const job = jobs.get(jobId);
    if (job) jobs.set(jobId, { ...job, status: "FAILED", statusReason: reason });
    return {};
  },
};
