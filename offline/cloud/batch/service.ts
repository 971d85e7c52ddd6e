import type { BodyLimit } from "../core/body";
import { asText, asTexts } from "../core/resources";
import { type Service, speakJson } from "../core/service";
import type { Input } from "../core/types";
import { Batch } from "./batch";
import { describeJob } from "./describe";
import { clientException } from "./errors";
import type { Job } from "./job";
import { listJobs } from "./list";

/** @see https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html */
const MAX_BYTES = 30 * 1024;

const OPERATIONS: Record<string, (batch: Batch, input: Input) => object> = {
  SubmitJob: (batch, input) => {
    const { id, arn, submission } = batch.submit(input);
    return { jobId: id, jobArn: arn, jobName: submission.name };
  },
  DescribeJobs: (batch, input) => {
    const ids = asTexts(input.jobs);
    if (ids.length > 100) throw clientException(`jobs has ${ids.length} ids, but at most 100 are allowed`);
    return { jobs: ids.flatMap((id) => batch.jobs.find(id) ?? []).map(describeJob) };
  },
  ListJobs: listJobs,
  CancelJob: (batch, input) => end(batch, input, (job, reason) => batch.jobs.cancel(job, reason)),
  TerminateJob: (batch, input) => end(batch, input, (job, reason) => batch.jobs.terminate(job, reason)),
};

/** The job operations of AWS Batch's API. */
export class BatchService extends Batch implements Service {
  readonly signingNames = ["batch"];
  readonly limit: BodyLimit = {
    bytes: MAX_BYTES,
    error: clientException(`The request has more than ${MAX_BYTES} bytes: put the job's data into S3 or a table`),
  };
  readonly handle = speakJson<Batch>(this, {
    name: "batch",
    operations: OPERATIONS,
    read: ({ method, url = "" }) => {
      const known = Object.keys(OPERATIONS).find((name) => url === `/v1/${name.toLowerCase()}`);
      return { operation: method === "POST" && known ? known : `${method} ${url}` };
    },
    malformed: "ClientException",
  });
}

/** As in AWS, ending an unknown job succeeds. */
function end(batch: Batch, input: Input, act: (job: Job, reason: string) => void): object {
  const jobId = asText(input.jobId);
  const reason = asText(input.reason);
  if (!jobId || !reason) throw clientException("Give both jobId and reason");
  if (reason.length > 1024)
    throw clientException(`reason has ${reason.length} characters, but at most 1024 are allowed`);
  const job = batch.jobs.find(jobId);
  if (job) act(job, reason);
  return {};
}
