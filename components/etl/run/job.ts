import { BatchClient, type JobDetail, type JobStatus, SubmitJobCommand } from "@aws-sdk/client-batch";
import { findJob } from "../../batch/submission/findJob";
import { submitOnce, submitterOptions } from "../../batch/submission/submitOnce";
import { pipeline } from "./pipeline";
import { clientOptions, type Progress, type Submission, settingsFor, variable } from "./platform";
import type { RunState } from "./runs";

const client = new BatchClient(clientOptions);
const submitter = new BatchClient(submitterOptions);
const queue = variable("JOB_QUEUE");

const states: Record<JobStatus, RunState> = {
  SUBMITTED: "PENDING",
  PENDING: "PENDING",
  RUNNABLE: "PENDING",
  STARTING: "PENDING",
  RUNNING: "RUNNING",
  SUCCEEDED: "SUCCEEDED",
  FAILED: "FAILED",
};

/** Runs a Batch job for each object. */
export const handler = pipeline({ submit, read });

async function submit({ name, run, perhapsSubmitted }: Submission): Promise<string> {
  const { JOB_DEFINITION, JOB_SHARE_IDENTIFIER, JOB_ARRAY_SIZE } = process.env;
  const { environment, parameters } = settingsFor(run);
  const { id, bucket, key, version } = run;
  const object = { BUCKET_NAME: bucket, OBJECT_KEY: key, ...(version && { OBJECT_VERSION: version }), RUN_ID: id };
  const variables = Object.entries({ ...object, ...environment });
  const command = new SubmitJobCommand({
    jobName: name,
    jobQueue: queue,
    jobDefinition: JOB_DEFINITION,
    shareIdentifier: JOB_SHARE_IDENTIFIER,
    arrayProperties: JOB_ARRAY_SIZE ? { size: Number(JOB_ARRAY_SIZE) } : undefined,
    containerOverrides: { environment: variables.map(([variable, value]) => ({ name: variable, value })) },
    parameters,
  });
  return submitOnce(
    perhapsSubmitted,
    () => findJob(client, queue, name),
    async () => String((await submitter.send(command)).jobId),
  );
}

/** @see https://docs.aws.amazon.com/batch/latest/userguide/batch_job_events.html */
async function read(detail: Partial<JobDetail>): Promise<Progress | undefined> {
  const { jobName: name, jobId: submissionId, status } = detail;
  // The children of an array and the nodes of a job have its name, and an index after its id.
  if (!name || !submissionId || !status || /[:#]\d+$/.test(submissionId)) return undefined;
  return { name, submissionId, state: states[status], reason: status === "FAILED" ? reasonOf(detail) : undefined };
}

function reasonOf({ statusReason, container }: Partial<JobDetail>): string | undefined {
  const { reason, exitCode } = container ?? {};
  const parts = [statusReason, reason, exitCode === undefined ? undefined : `exit code ${exitCode}`];
  return parts.filter(Boolean).join("; ") || undefined;
}
