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

/** Jobs of one queue. Those of other queues, which the same permissions cover, are hidden. */
export class JobQueue {
  private readonly client = new BatchClient(clientOptions);

  private readonly submitter = new BatchClient(submitterOptions);

  /** @param queue the queue's ARN */
  constructor(private readonly queue: string) {}

  /**
   * Submits a job with a unique name, and returns its id.
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

  /** The existing jobs among at most 100 ids. Batch forgets a job some days after its end. */
  async describe(...ids: string[]): Promise<JobDetail[]> {
    const { jobs = [] } = await this.client.send(new DescribeJobsCommand({ jobs: ids }));
    return jobs.filter(({ jobQueue }) => jobQueue === this.queue);
  }

  /**
   * A page of jobs with the given status or, without one, of all jobs, newest first; children of arrays are left out.
   * @param limit 1–100
   */
  async list(limit: number, status?: string, token?: string): Promise<{ jobs: JobSummary[]; next?: string }> {
    // Without a status ListJobs returns only the running jobs; with a filter it returns all.
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

  /** Stops a job, or keeps it from starting; a finished one stays as it is. */
  async terminate(id: string, reason: string): Promise<void> {
    await this.client.send(new TerminateJobCommand({ jobId: id, reason }));
  }
}
