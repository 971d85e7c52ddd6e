import { asList, asNumber, asText, asTexts, type Settings } from "../core/resources";
import type { Batch } from "./batch";
import { summarizeJob } from "./describe";
import { JOB_STATES, type Job } from "./job";
import { isLike } from "./pattern";
import { Refused } from "./refused";

/** @throws Refused for what the API refuses. @see https://docs.aws.amazon.com/batch/latest/APIReference/API_ListJobs.html */
export function listJobs(batch: Batch, request: Settings): object {
  const filters = asList(request.filters);
  const byStatus = readStatus(request, filters);
  const wanted = select(batch, request);
  const keep = request.jobQueue ? readFilter(filters) : () => true;
  const first = request.nextToken === undefined ? -Infinity : readToken(request.nextToken);
  const found = wanted
    .filter((job) => (byStatus === undefined || job.status === byStatus) && keep(job) && positionOf(job) > first)
    .sort((one, other) => positionOf(one) - positionOf(other));
  const most = filters.length > 0 ? 100 : 1000;
  const page = found.slice(0, Math.min(asNumber(request.maxResults) ?? most, most));
  const last = page.at(-1);
  return {
    jobSummaryList: page.map(summarizeJob),
    ...(last && page.length < found.length && { nextToken: tokenOf(positionOf(last)) }),
  };
}

/** Newest first, and an array's children by their index: jobs that come or end between two pages move none. */
function positionOf({ index, sequence }: Job): number {
  return index ?? -sequence;
}

function tokenOf(position: number): string {
  return Buffer.from(`${position}`).toString("base64url");
}

function readToken(token: unknown): number {
  const position = asNumber(Buffer.from(String(token), "base64url").toString());
  if (position !== undefined && tokenOf(position) === token) return position;
  throw new Refused(`nextToken is "${token}", which is not one of ListJobs: begin without it`);
}

function select(batch: Batch, request: Settings): Job[] {
  const given = ["jobQueue", "arrayJobId", "multiNodeJobId"].filter((name) => request[name]);
  if (given.length !== 1) {
    throw new Refused(`Give one of jobQueue, arrayJobId and multiNodeJobId, not ${given.join(" and ") || "none"}`);
  }
  if (request.maxResults !== undefined && (asNumber(request.maxResults) ?? 0) < 1) {
    throw new Refused(`maxResults is ${request.maxResults}, but must be at least 1`);
  }
  if (request.arrayJobId) return batch.find(String(request.arrayJobId))?.children ?? [];
  if (!request.jobQueue) return [];
  const queue = batch.queueArn(String(request.jobQueue));
  if (!queue) throw new Refused(`The job queue "${request.jobQueue}" does not exist`);
  return batch.all.filter(({ submission }) => submission.queue.arn === queue);
}

/** Only one filter goes together with a status. */
function readStatus({ jobStatus, jobQueue }: Settings, filters: Settings[]): string | undefined {
  if (jobStatus !== undefined && !JOB_STATES.some((status) => status === jobStatus)) {
    throw new Refused(`jobStatus is "${jobStatus}", but there is ${JOB_STATES.join(", ")}`);
  }
  const [filter] = jobQueue ? filters : [];
  if (!filter) return asText(jobStatus) ?? "RUNNING";
  return filter.name === "SHARE_IDENTIFIER" ? asText(jobStatus) : undefined;
}

function readFilter(filters: Settings[]): (job: Job) => boolean {
  if (filters.length > 1) throw new Refused(`filters has ${filters.length} filters, but one goes`);
  const [filter] = filters;
  if (!filter) return () => true;
  const name = String(filter.name);
  const test = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
  if (!test) throw new Refused(`There is no filter "${name}", only ${Object.keys(FILTERS).join(", ")}`);
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
