import { EMRClient, type StepState } from "@aws-sdk/client-emr";
import { submitterOptions } from "../../batch/submission/submitOnce";
import { addStep } from "../../emr/submission/addStep";
import { pipeline } from "./pipeline";
import { clientOptions, type Progress, type Submission, settingsFor, variable } from "./platform";
import type { RunState } from "./runs";

const clients = { client: new EMRClient(clientOptions), submitter: new EMRClient(submitterOptions) };
const cluster = variable("CLUSTER_ID");

const states: Record<StepState, RunState> = {
  PENDING: "PENDING",
  RUNNING: "RUNNING",
  CANCEL_PENDING: "RUNNING",
  COMPLETED: "SUCCEEDED",
  CANCELLED: "FAILED",
  FAILED: "FAILED",
  INTERRUPTED: "FAILED",
};

/** Runs a step of an EMR cluster for each object. */
export const handler = pipeline({ submit, read });

function submit({ name, run, perhapsSubmitted }: Submission): Promise<string> {
  const command = {
    name,
    words: ["spark-submit", ...settingsFor(run).arguments],
    role: process.env.EXECUTION_ROLE_ARN,
  };
  return addStep(clients, cluster, command, perhapsSubmitted ? Date.parse(run.attemptedAt) : undefined);
}

interface StepDetail {
  name?: string;
  stepId?: string;
  state?: StepState;
  message?: string;
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-elasticmapreduce.html */
async function read({ name, stepId: submissionId, state, message }: StepDetail): Promise<Progress | undefined> {
  if (!name || !submissionId || !state) return undefined;
  return { name, submissionId, state: states[state], reason: states[state] === "FAILED" ? message : undefined };
}
