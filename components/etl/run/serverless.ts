import {
  EMRServerlessClient,
  GetJobRunCommand,
  type JobRunState,
  StartJobRunCommand,
} from "@aws-sdk/client-emr-serverless";
import { pipeline } from "./pipeline";
import { clientOptions, type Progress, type Submission, settingsFor, variable } from "./platform";
import type { RunState } from "./runs";

const client = new EMRServerlessClient(clientOptions);
const applicationId = variable("APPLICATION_ID");

const states: Record<JobRunState, RunState> = {
  SUBMITTED: "PENDING",
  QUEUED: "PENDING",
  PENDING: "PENDING",
  SCHEDULED: "PENDING",
  RUNNING: "RUNNING",
  CANCELLING: "RUNNING",
  SUCCESS: "SUCCEEDED",
  FAILED: "FAILED",
  CANCELLED: "FAILED",
};

/** Runs a job of an EMR Serverless application for each object. */
export const handler = pipeline({ submit, read });

async function submit({ name, run }: Submission): Promise<string> {
  const { script, arguments: entryPointArguments, sparkSubmitParameters } = settingsFor(run);
  const start = new StartJobRunCommand({
    applicationId,
    // EMR Serverless recognizes a repetition by it.
    clientToken: `${run.id}-${run.attempt}`,
    name,
    executionRoleArn: variable("JOB_ROLE_ARN"),
    jobDriver: { sparkSubmit: { entryPoint: script, entryPointArguments, sparkSubmitParameters } },
  });
  return String((await client.send(start)).jobRunId);
}

/**
 * An event has neither the name of the job run nor the reason of a failure.
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/using-eventbridge.html
 */
async function read({ jobRunId, state }: { jobRunId?: string; state?: JobRunState }): Promise<Progress | undefined> {
  if (!jobRunId || !state) return undefined;
  const { jobRun } = await client.send(new GetJobRunCommand({ applicationId, jobRunId }));
  const { name, stateDetails } = jobRun ?? {};
  if (!name) return undefined;
  const failed = states[state] === "FAILED";
  return { name, submissionId: jobRunId, state: states[state], reason: failed ? stateDetails : undefined };
}
