import { asText, asTexts } from "../core/resources";
import { JSON_1_1, type Service, speakJson, targetOf } from "../core/service";
import type { Input } from "../core/types";
import { addSteps } from "./addSteps";
import type { Cluster } from "./cluster";
import { describeCluster, describeStep } from "./describe";
import { Emr } from "./emr";
import { invalid, invalidRequest } from "./errors";
import { findStep, listClusters, listInstances, listSteps } from "./list";

/** In one TerminateJobFlows. */
const MAX_CLUSTERS = 10;
/** In one CancelSteps. */
const MAX_STEPS = 256;

const OPERATIONS: Record<string, (emr: Emr, input: Input) => object> = {
  AddJobFlowSteps: (emr, input) => {
    const steps = addSteps(findJobFlow(emr, asText(input.JobFlowId) ?? ""), input);
    return { StepIds: steps.map(({ id }) => id) };
  },
  CancelSteps: cancelSteps,
  DescribeCluster: (emr, input) => ({ Cluster: describeCluster(findCluster(emr, input)) }),
  DescribeStep: (emr, input) => {
    const cluster = findCluster(emr, input);
    return { Step: describeStep(findStep(cluster, asText(input.StepId) ?? "")) };
  },
  ListClusters: listClusters,
  ListInstances: (emr, input) => listInstances(findCluster(emr, input), input),
  ListSteps: (emr, input) => listSteps(findCluster(emr, input), input),
  TerminateJobFlows: terminateClusters,
};

/** The step operations of Amazon EMR's API. */
export class EmrService extends Emr implements Service {
  readonly handle = speakJson<Emr>(this, {
    name: "elasticmapreduce",
    operations: OPERATIONS,
    read: (request) => ({ operation: targetOf(request) }),
    malformed: "SerializationException",
    contentType: JSON_1_1,
  });
}

/** The oldest operations call clusters job flows, and have another error for unknown ones. */
function findJobFlow(emr: Emr, id: string): Cluster {
  const cluster = emr.find(id);
  if (cluster) return cluster;
  throw invalid(`Specified job flow ID does not exist: ${id}. ${existing(emr)}`);
}

function findCluster(emr: Emr, { ClusterId }: Input): Cluster {
  const cluster = emr.find(asText(ClusterId) ?? "");
  if (cluster) return cluster;
  throw invalidRequest(`Cluster id '${ClusterId ?? ""}' is not valid. ${existing(emr)}`);
}

function existing(emr: Emr): string {
  const clusters = emr.all.map(({ definition }) => `${definition.id} (${definition.name})`);
  return `The program has ${clusters.join(", ") || "none"}`;
}

/** @see https://docs.aws.amazon.com/emr/latest/APIReference/API_CancelSteps.html */
function cancelSteps(emr: Emr, input: Input): object {
  const cluster = findCluster(emr, input);
  const ids = asTexts(input.StepIds);
  if (ids.length === 0 || ids.length > MAX_STEPS) {
    throw invalidRequest(`StepIds has ${ids.length} ids, but 1 to ${MAX_STEPS} are allowed`);
  }
  const killAfterMilliseconds = input.StepCancellationOption === "TERMINATE_PROCESS" ? 0 : undefined;
  const steps = ids.map((id) => findStep(cluster, id));
  const CancelStepsInfoList = steps.map((step) => {
    const { id: StepId, state } = step;
    if (cluster.cancel(step, killAfterMilliseconds)) return { StepId, Status: "SUBMITTED" };
    return { StepId, Status: "FAILED", Reason: `The step is already ${state}` };
  });
  return { CancelStepsInfoList };
}

/** Terminates all of the clusters or none. @see https://docs.aws.amazon.com/emr/latest/APIReference/API_TerminateJobFlows.html */
function terminateClusters(emr: Emr, input: Input): object {
  const ids = asTexts(input.JobFlowIds);
  if (ids.length === 0 || ids.length > MAX_CLUSTERS) {
    throw invalid(`JobFlowIds has ${ids.length} ids, but 1 to ${MAX_CLUSTERS} are allowed`);
  }
  const clusters = ids.map((id) => findJobFlow(emr, id));
  const guarded = clusters.filter(({ definition, ending }) => definition.terminationProtected && !ending);
  if (guarded.length > 0) {
    const names = guarded.map(({ definition }) => definition.id).join(", ");
    throw invalid(
      `Could not shut down one or more job flows since they are termination protected: ${names}. Set terminationProtection to false first`,
    );
  }
  for (const cluster of clusters) cluster.terminate("USER_REQUEST", "Terminated by user request");
  return {};
}
