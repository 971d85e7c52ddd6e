import type { Batch } from "./batch";
import { clientException } from "./errors";
import type { Job, JobStatus } from "./job";
import { isLike } from "./retry";

export type ListJobsInput = {
  jobQueue?: string;
  arrayJobId?: string;
  multiNodeJobId?: string;
  jobStatus?: JobStatus;
  /** At most one. */
  filters?: { name: keyof typeof FILTERS; values: string[] }[];
};

/** The jobs that ListJobs asks for. @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ListJobs.html */
export function findJobs(batch: Batch, input: ListJobsInput): Job[] {
  const { jobQueue, arrayJobId, multiNodeJobId, jobStatus, filters = [] } = input;
  const given = Object.entries({ jobQueue, arrayJobId, multiNodeJobId }).filter(([, value]) => value);
  if (given.length !== 1) {
    const names = given.map(([name]) => name).join(" and ") || "none";
    throw clientException(`Give one of jobQueue, arrayJobId and multiNodeJobId, not ${names}`);
  }
  const [filter] = jobQueue ? filters : [];
  // Only one of the filters can be combined with a status.
  const status = !filter ? (jobStatus ?? "RUNNING") : filter.name === "SHARE_IDENTIFIER" ? jobStatus : undefined;
  const keep = (job: Job) => !filter || filter.values.some((value) => FILTERS[filter.name](job, value));
  return select(batch, input).filter((job) => job.status === (status ?? job.status) && keep(job));
}

function select(batch: Batch, { jobQueue, arrayJobId }: ListJobsInput): Job[] {
  if (arrayJobId) return batch.jobs.find(arrayJobId)?.children ?? [];
  if (!jobQueue) return [];
  const queue = batch.queueArn(jobQueue);
  if (!queue) throw clientException(`The job queue "${jobQueue}" does not exist`);
  return batch.jobs.all.filter(({ submission }) => submission.queue.arn === queue);
}

const FILTERS = {
  JOB_NAME: ({ submission }: Job, value: string) => isLike(value.toLowerCase(), submission.name.toLowerCase()),
  JOB_DEFINITION: ({ submission: { definition } }: Job, value: string) =>
    value.startsWith("arn:") ? definition.arn === value : isLike(value, definition.name),
  BEFORE_CREATED_AT: ({ createdAt }: Job, value: string) => createdAt < Number(value),
  AFTER_CREATED_AT: ({ createdAt }: Job, value: string) => createdAt > Number(value),
  SHARE_IDENTIFIER: ({ submission }: Job, value: string) => submission.shareIdentifier === value,
};
