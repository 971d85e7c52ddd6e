import {
  BatchClient,
  DescribeJobsCommand,
  type JobDetail,
  type JobStatus,
  type JobSummary,
  ListJobsCommand,
  SubmitJobCommand,
  type SubmitJobCommandInput,
  TerminateJobCommand,
} from "@aws-sdk/client-batch";
import { findJob } from "pulumi-graviton/batch/submission/findJob";
import { submitOnce, submitterOptions } from "pulumi-graviton/batch/submission/submitOnce";
import { clientOptions } from "../state/database";

/** Jobs of one queue. Those of other queues, which the same permissions reach, are as if they were not there. */
export class JobQueue {
  private readonly client = new BatchClient(clientOptions);

  private readonly submitter = new BatchClient(submitterOptions);

  /** @param queue the queue's ARN */
  constructor(private readonly queue: string) {}

  /**
   * Submits a job whose name is its own, and gives its id.
   * @param perhapsSubmitted look for the job first, as an earlier attempt may have submitted it
   * @see https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html
   */
  async submit(job: Omit<SubmitJobCommandInput, "jobQueue">, perhapsSubmitted: boolean): Promise<string> {
    const submission = new SubmitJobCommand({ ...job, jobQueue: this.queue });
    return submitOnce(
      perhapsSubmitted,
      () => findJob(this.client, this.queue, String(job.jobName)),
      async () => String((await this.submitter.send(submission)).jobId),
    );
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
