import { defineService } from "../core/defineService";
import type { Batch } from "./batch";
import { describeJob, summarizeJob } from "./describe";
import { clientException } from "./errors";
import { findJobs, type ListJobsInput } from "./list";
import type { SubmitJobInput } from "./submission";

/** @see https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html */
const MAX_BYTES = 30 * 1024;
/** In one DescribeJobs. */
const MAX_JOBS = 100;

type EndInput = { jobId: string; reason: string };

/** The operations of AWS Batch on the jobs of the program's queues. */
export const batch = defineService<Batch>(
  "batch",
  {
    SubmitJob: (batch, input: SubmitJobInput) => {
      const { id, arn, submission } = batch.submit(input);
      return { jobId: id, jobArn: arn, jobName: submission.name };
    },
    DescribeJobs: ({ jobs }, { jobs: ids }: { jobs: string[] }) => {
      if (ids.length > MAX_JOBS) throw clientException(`Maximum number of jobs supported is ${MAX_JOBS}`);
      return { jobs: ids.flatMap((id) => jobs.find(id) ?? []).map(describeJob) };
    },
    ListJobs: (batch, input: ListJobsInput, { page }) =>
      page(findJobs(batch, input), {
        most: input.filters?.length ? 100 : 1000,
        show: summarizeJob,
        // Newest first, and an array's children by their index.
        positionOf: ({ index, sequence }) => index ?? -sequence,
      }),
    // As in AWS, ending an unknown job succeeds.
    CancelJob: ({ jobs }, { jobId, reason }: EndInput) => jobs.cancel(jobs.find(jobId), reason),
    TerminateJob: ({ jobs }, { jobId, reason }: EndInput) => jobs.terminate(jobs.find(jobId), reason),
  },
  {
    invalid: "ClientException",
    limit: {
      bytes: MAX_BYTES,
      error: clientException(`The request has more than ${MAX_BYTES} bytes: put the job's data into S3 or a table`),
    },
  },
);
