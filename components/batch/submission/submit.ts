import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  BatchClient,
  DescribeJobsCommand,
  type JobDetail,
  type JobSummary,
  SubmitJobCommand,
} from "@aws-sdk/client-batch";
import { findJob } from "./findJob";
import { submitOnce, submitterOptions } from "./submitOnce";

/** The input with which JobSubmission calls its function. */
export interface Submission {
  /** The job's name, to which a digest of everything that identifies this submission is added. */
  name: string;
  environment: Record<string, string>;
  parameters: Record<string, string>;
  triggers: Record<string, string>;
}

/** The function's result. */
export interface Submitted {
  jobId: string;
  jobName: string;
  /** SUCCEEDED, or SUBMITTED without waiting. */
  status: string;
}

const client = new BatchClient({});
const submitter = new BatchClient(submitterOptions);

const tries = 6;
const clockSkew = 5_000;
/** How long after a job's end, in ms, the deployment may still repeat a call whose response was lost. */
const answerLost = 300_000;

/**
 * Submits the job unless an earlier call for the same submission has, and waits for its end.
 * @throws Error that names the job and its reason when it fails or does not end in time
 */
export async function handler(submission: Submission): Promise<Submitted> {
  const jobName = nameOf(submission);
  const jobId = await findOrSubmit(jobName, submission);
  const waitSeconds = Number(process.env.WAIT_SECONDS);
  if (waitSeconds === 0) return { jobId, jobName, status: "SUBMITTED" };
  await waitFor(jobId, waitSeconds);
  return { jobId, jobName, status: "SUCCEEDED" };
}

function nameOf(submission: Submission): string {
  const { JOB_QUEUE, JOB_DEFINITION } = process.env;
  const identity = JSON.stringify([JOB_QUEUE, JOB_DEFINITION, submission]);
  return `${submission.name}-${createHash("sha256").update(identity).digest("hex").slice(0, 16)}`;
}

async function findOrSubmit(jobName: string, submission: Submission): Promise<string> {
  const start = Date.now();
  const find = () => findJob(client, String(process.env.JOB_QUEUE), jobName, (job) => isSameSubmission(job, start));
  for (let attempt = 1; ; attempt++) {
    try {
      return await submitOnce(true, find, () => submit(jobName, submission));
    } catch (error) {
      if (attempt === tries || !mayPass(error)) throw error;
      await sleep(250 * 2 ** attempt);
    }
  }
}

/**
 * Whether a job of this name came from this call or from one whose response was lost. A job that failed before did not:
 * the deployment was started again to submit another.
 */
function isSameSubmission({ status, createdAt = 0, stoppedAt = 0 }: JobSummary, start: number): boolean {
  if (createdAt >= start - clockSkew) return true;
  if (status === "SUCCEEDED") return stoppedAt >= start - answerLost;
  return status !== "FAILED";
}

async function submit(jobName: string, { environment, parameters }: Submission): Promise<string> {
  const { JOB_QUEUE, JOB_DEFINITION, JOB_SHARE_IDENTIFIER, JOB_ARRAY_SIZE } = process.env;
  const variables = Object.entries(environment).map(([name, value]) => ({ name, value }));
  const { jobId } = await submitter.send(
    new SubmitJobCommand({
      jobName,
      jobQueue: JOB_QUEUE,
      jobDefinition: JOB_DEFINITION,
      shareIdentifier: JOB_SHARE_IDENTIFIER,
      arrayProperties: JOB_ARRAY_SIZE ? { size: Number(JOB_ARRAY_SIZE) } : undefined,
      containerOverrides: variables.length > 0 ? { environment: variables } : undefined,
      parameters,
    }),
  );
  if (!jobId) throw new Error(`Batch accepted the job ${jobName} but returned no id`);
  return jobId;
}

/**
 * Lost connections, throttling, Batch's own failures, and permissions that a role created a moment ago does not have
 * yet.
 */
function mayPass(error: unknown): boolean {
  if (!(error instanceof Error) || !("$metadata" in error)) return false;
  const { httpStatusCode: status } = error.$metadata as { httpStatusCode?: number };
  return status === undefined || status === 429 || status >= 500 || error.name === "AccessDeniedException";
}

async function waitFor(jobId: string, seconds: number): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (let delay = 200; ; delay = Math.min(delay * 1.5, 10_000)) {
    const { jobs: [job] = [] } = await client.send(new DescribeJobsCommand({ jobs: [jobId] }));
    if (job?.status === "SUCCEEDED") return;
    if (job?.status === "FAILED") throw new Error(`The job ${job.jobName} (${jobId}) failed: ${reasonOf(job)}`);
    if (Date.now() + delay > deadline) {
      const state = `${job?.status ?? "unknown"} after ${seconds} seconds${job?.statusReason ? ` (${job.statusReason})` : ""}`;
      throw new Error(`The job ${jobId} is ${state}; write a longer \`timeout\`, or \`wait: false\` to only start it`);
    }
    await sleep(delay);
  }
}

function reasonOf({ statusReason, container }: JobDetail): string {
  const { reason, exitCode, logStreamName } = container ?? {};
  const parts = [
    statusReason,
    reason,
    exitCode !== undefined && `exit code ${exitCode}`,
    logStreamName && `log stream ${logStreamName}`,
  ];
  return parts.filter(Boolean).join("; ") || "Batch gives no reason";
}
