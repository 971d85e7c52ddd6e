import type { ClusterDefinition } from "./model";
import type { Step, StepState } from "./step";

const WARNINGS = ["CANCEL_PENDING", "CANCELLED", "INTERRUPTED"];

/**
 * The event of a step that has come into its state.
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-elasticmapreduce.html
 */
export function stepEvent(step: Step, { id: clusterId, name: clusterName }: ClusterDefinition) {
  const { id: stepId, state, config } = step;
  const { name, actionOnFailure } = config;
  const where = `in Amazon EMR cluster ${clusterId} (${clusterName})`;
  const message = `Step ${stepId} (${name}) ${sentences[state](step, where)}`;
  const severity = state === "FAILED" ? "ERROR" : WARNINGS.includes(state) ? "WARN" : "INFO";
  return {
    source: "aws.emr",
    detailType: "EMR Step Status Change",
    detail: { severity, actionOnFailure, stepId, name, clusterId, state, message },
  };
}

type Sentence = (step: Step, where: string) => string;

/** How the message goes on, in each state. */
const sentences: Record<StepState, Sentence> = {
  PENDING: (step, where) => {
    const cluster = where.replace(/^in/, "to");
    return `was added ${cluster} at ${minute(step.createdAt)} and is pending execution.`;
  },
  CANCEL_PENDING: (_, where) => `is being cancelled ${where} since ${minute(Date.now())}.`,
  RUNNING: ({ startedAt }, where) => `started running ${where} at ${minute(startedAt)}.`,
  COMPLETED: ({ startedAt = 0, endedAt = 0 }, where) => {
    const minutes = Math.floor((endedAt - startedAt) / 60_000);
    const ran = `The step started running at ${minute(startedAt)} and took ${minutes} minutes to complete.`;
    return `completed execution ${where} at ${minute(endedAt)}. ${ran}`;
  },
  CANCELLED: ({ endedAt }, where) => `was cancelled ${where} at ${minute(endedAt)}.`,
  FAILED: ({ endedAt }, where) => `failed ${where} at ${minute(endedAt)}.`,
  INTERRUPTED: ({ endedAt }, where) => `was interrupted ${where} at ${minute(endedAt)}.`,
};

/** Such as `2026-11-28 01:20 UTC`. */
function minute(time = 0): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
