import { setTimeout } from "node:timers/promises";
import {
  BatchClient,
  DescribeJobsCommand,
  type JobDetail,
  type JobStatus,
  type JobSummary,
  ListJobsCommand,
  paginateListJobs,
  SubmitJobCommand,
  type SubmitJobCommandInput,
  TerminateJobCommand,
} from "@aws-sdk/client-batch";
import { clientOptions } from "./database";
import { errorFields } from "./problem";

/** Milliseconds before each look for a job after the answer to its submission was lost. */
const lookDelays = [200, 500, 1000];

/** Codes of a request that was never sent. */
const unsent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

/** Node's agents close a connection after its request only where their number has no limit, too. */
const singleUse = { keepAlive: false, maxSockets: Number.POSITIVE_INFINITY };

/** Jobs of one queue. Those of other queues, which the same permissions reach, are as if they were not there. */
export class JobQueue {
  private readonly client = new BatchClient(clientOptions);

  /**
   * SubmitJob has no client token, so the SDK must not send it again; and each submission has a connection of its own,
   * as on one kept open since an earlier request nobody may be listening any more.
   */
  private readonly submitter = new BatchClient({
    maxAttempts: 1,
    requestHandler: {
      ...clientOptions.requestHandler,
      httpAgent: singleUse,
      httpsAgent: singleUse,
    },
  });

  /** @param queue the queue's ARN */
  constructor(private readonly queue: string) {}

  /**
   * Submits a job whose name is its own, and gives its id.
   * @param perhapsSubmitted look for the job first, as an earlier attempt may have submitted it
   * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html
   */
  async submit(job: Omit<SubmitJobCommandInput, "jobQueue">, perhapsSubmitted: boolean): Promise<string> {
    const earlier = perhapsSubmitted ? await this.find(job.jobName) : undefined;
    if (earlier) return earlier;
    try {
      const { jobId } = await this.submitter.send(new SubmitJobCommand({ ...job, jobQueue: this.queue }));
      return String(jobId);
    } catch (error) {
      const submitted = mayBeDone(error) && (await this.findSoon(job.jobName).catch(() => undefined));
      if (submitted) return submitted;
      throw error;
    }
  }

  private async findSoon(name: string | undefined): Promise<string | undefined> {
    for (const delay of lookDelays) {
      await setTimeout(delay);
      const found = await this.find(name);
      if (found) return found;
    }
    return undefined;
  }

  /** The id of the job with this very name; Batch compares names without regard to case. */
  private async find(name = ""): Promise<string | undefined> {
    const query = { jobQueue: this.queue, filters: [{ name: "JOB_NAME", values: [name] }] };
    for await (const { jobSummaryList = [] } of paginateListJobs({ client: this.client }, query)) {
      const found = jobSummaryList.find(({ jobName }) => jobName === name);
      if (found) return found.jobId;
    }
    return undefined;
  }

  /** The jobs that are there, of at most 100 ids. Batch forgets a job some days after its end. */
  async describe(...ids: string[]): Promise<JobDetail[]> {
    const { jobs = [] } = await this.client.send(new DescribeJobsCommand({ jobs: ids }));
    return jobs.filter(({ jobQueue }) => jobQueue === this.queue);
  }

  /**
   * A page of jobs, of any status unless one is given, the newest first then; children of arrays are left out.
   * @param limit 1–100
   */
  async list(limit: number, status?: string, token?: string): Promise<{ jobs: JobSummary[]; next?: string }> {
    // Without a status ListJobs gives the running jobs only; with a filter it gives all.
    const all = { filters: [{ name: "AFTER_CREATED_AT", values: ["0"] }] };
    const { jobSummaryList = [], nextToken } = await this.client.send(
      new ListJobsCommand({
        jobQueue: this.queue,
        maxResults: limit,
        nextToken: token,
        ...(status ? { jobStatus: status as JobStatus } : all),
      }),
    );
    return { jobs: jobSummaryList, next: nextToken };
  }

  /** Stops a job, or keeps it from starting; one that is over stays as it is. */
  async terminate(id: string, reason: string): Promise<void> {
    await this.client.send(new TerminateJobCommand({ jobId: id, reason }));
  }
}

/** Whether what a failed call asked for may have been done all the same: it was neither refused nor left unsent. */
export function mayBeDone(error: unknown): boolean {
  const { $metadata } = Object(error) as { $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  return status === undefined ? !unsent.has(errorFields(error).code) : status < 400 || status >= 500;
}
