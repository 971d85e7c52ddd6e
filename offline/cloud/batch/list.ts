import { readPage } from "../core/list";
import { asList, asNumber, asText, asTexts } from "../core/resources";
import type { Input } from "../core/types";
import type { Batch } from "./batch";
import { summarizeJob } from "./describe";
import { clientException } from "./errors";
import { JOB_STATES, type Job } from "./job";
import { isLike } from "./retry";

/** @throws AwsError if the API would refuse the request. @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ListJobs.html */
export function listJobs(batch: Batch, input: Input): object {
  const filters = asList(input.filters);
  const byStatus = readStatus(input, filters);
  const wanted = select(batch, input);
  const keep = input.jobQueue ? readFilter(filters) : () => true;
  const found = wanted.filter((job) => (byStatus === undefined || job.status === byStatus) && keep(job));
  const limit = filters.length > 0 ? 100 : 1000;
  const most = Math.min(asNumber(input.maxResults) ?? limit, limit);
  // Newest first, and an array's children by their index.
  const positionOf = ({ index, sequence }: Job) => index ?? -sequence;
  const { page, next } = readPage(found, most, input, "nextToken", clientException, positionOf);
  return { jobSummaryList: page.map(summarizeJob), ...next };
}

function select(batch: Batch, input: Input): Job[] {
  const given = ["jobQueue", "arrayJobId", "multiNodeJobId"].filter((name) => input[name]);
  if (given.length !== 1) {
    throw clientException(`Give one of jobQueue, arrayJobId and multiNodeJobId, not ${given.join(" and ") || "none"}`);
  }
  if (input.maxResults !== undefined && (asNumber(input.maxResults) ?? 0) < 1) {
    throw clientException(`maxResults is ${input.maxResults}, but must be at least 1`);
  }
  if (input.arrayJobId) return batch.jobs.find(String(input.arrayJobId))?.children ?? [];
  if (!input.jobQueue) return [];
  const queue = batch.queueArn(String(input.jobQueue));
  if (!queue) throw clientException(`The job queue "${input.jobQueue}" does not exist`);
  return batch.jobs.all.filter(({ submission }) => submission.queue.arn === queue);
}

/** Only one of the filters can be combined with a status. */
function readStatus({ jobStatus, jobQueue }: Input, filters: Input[]): string | undefined {
  if (jobStatus !== undefined && !JOB_STATES.some((status) => status === jobStatus)) {
    throw clientException(`jobStatus is "${jobStatus}", but must be one of ${JOB_STATES.join(", ")}`);
  }
  const [filter] = jobQueue ? filters : [];
  if (!filter) return asText(jobStatus) ?? "RUNNING";
  return filter.name === "SHARE_IDENTIFIER" ? asText(jobStatus) : undefined;
}

function readFilter(filters: Input[]): (job: Job) => boolean {
  if (filters.length > 1) throw clientException(`filters has ${filters.length} filters, but only one is allowed`);
  const [filter] = filters;
  if (!filter) return () => true;
  const name = String(filter.name);
  const test = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
  if (!test)
    throw clientException(`The filter "${name}" does not exist; use one of ${Object.keys(FILTERS).join(", ")}`);
  return (job) => asTexts(filter.values).some((value) => test(job, value));
}

const FILTERS: Record<string, (job: Job, value: string) => boolean> = {
  JOB_NAME: ({ submission }, value) => isLike(value.toLowerCase(), submission.name.toLowerCase()),
  JOB_DEFINITION: ({ submission: { definition } }, value) =>
    value.startsWith("arn:") ? definition.arn === value : isLike(value, definition.name),
  BEFORE_CREATED_AT: ({ createdAt }, value) => createdAt < Number(value),
  AFTER_CREATED_AT: ({ createdAt }, value) => createdAt > Number(value),
  SHARE_IDENTIFIER: ({ submission }, value) => submission.shareIdentifier === value,
};
