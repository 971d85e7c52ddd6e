import { type BatchClient, type JobSummary, paginateListJobs } from "@aws-sdk/client-batch";

/**
 * The id of the job with exactly this name: AWS Batch compares names without regard to case, so it may list others.
 * @param queue its ARN
 * @param accept selects among several jobs of the name
 */
export async function findJob(
  client: BatchClient,
  queue: string,
  name: string,
  accept: (job: JobSummary) => boolean = () => true,
): Promise<string | undefined> {
  const query = { jobQueue: queue, filters: [{ name: "JOB_NAME", values: [name] }] };
  for await (const { jobSummaryList = [] } of paginateListJobs({ client }, query)) {
    const found = jobSummaryList.find((job) => job.jobName === name && accept(job));
    if (found) return found.jobId;
  }
  return undefined;
}
