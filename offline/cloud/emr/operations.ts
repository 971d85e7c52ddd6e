import { defineService } from "../core/defineService";
import { type AddStepsInput, addSteps } from "./addSteps";
import type { Cluster, ClusterState } from "./cluster";
import { describeCluster, describeInstances, describeStep, summarizeCluster } from "./describe";
import type { Emr } from "./emr";
import { invalid, invalidRequest } from "./errors";
import type { Nodes } from "./model";
import type { Step, StepState } from "./step";

/** The size of a page. */
const PAGE = { clusters: 50, steps: 50, instances: 2000 };
/** The most ids in one request. */
const MOST = { terminated: 10, listed: 10, cancelled: 256 };

type ClusterInput = { ClusterId: string };
type ListClustersInput = {
  ClusterStates?: ClusterState[];
  /** Milliseconds since 1970. */
  CreatedAfter?: number;
  CreatedBefore?: number;
};
type ListInstancesInput = {
  InstanceGroupId?: string;
  InstanceGroupTypes?: Nodes["role"][];
  InstanceFleetId?: string;
  InstanceFleetType?: Nodes["role"];
  InstanceStates?: string[];
};
type ListStepsInput = { StepStates?: StepState[]; StepIds?: string[] };
type CancelStepsInput = { StepIds: string[]; StepCancellationOption?: "SEND_INTERRUPT" | "TERMINATE_PROCESS" };

/** The operations of Amazon EMR on the program's clusters and their steps. */
export const emr = defineService<Emr>(
  "emr",
  {
    AddJobFlowSteps: (emr, input: AddStepsInput & { JobFlowId: string }) => ({
      StepIds: addSteps(findJobFlow(emr, input.JobFlowId), input).map(({ id }) => id),
    }),
    CancelSteps: (emr, input: ClusterInput & CancelStepsInput) => cancelSteps(findCluster(emr, input), input),
    DescribeCluster: (emr, input: ClusterInput) => ({ Cluster: describeCluster(findCluster(emr, input)) }),
    DescribeStep: (emr, input: ClusterInput & { StepId: string }) => ({
      Step: describeStep(findStep(findCluster(emr, input), input.StepId)),
    }),
    ListClusters: (emr, input: ListClustersInput, { page }) =>
      page(findClusters(emr, input), { most: PAGE.clusters, show: summarizeCluster }),
    ListInstances: (emr, input: ClusterInput & ListInstancesInput, { page }) =>
      page(findInstances(findCluster(emr, input), input), { most: PAGE.instances }),
    ListSteps: (emr, input: ClusterInput & ListStepsInput, { page }) =>
      page(findSteps(findCluster(emr, input), input), {
        most: PAGE.steps,
        show: describeStep,
        positionOf: ({ sequence }) => (isSelective(input) ? sequence : -sequence),
      }),
    TerminateJobFlows: terminateClusters,
  },
  { signingName: "elasticmapreduce" },
);

/** The oldest operations call clusters job flows, and have another error for unknown ones. */
function findJobFlow(emr: Emr, id: string): Cluster {
  const cluster = emr.find(id);
  if (cluster) return cluster;
  throw invalid(`Specified job flow ID does not exist. ${emr.existing}, not ${id}`);
}

function findCluster(emr: Emr, { ClusterId }: ClusterInput): Cluster {
  const cluster = emr.find(ClusterId);
  if (cluster) return cluster;
  throw invalidRequest(`Cluster id '${ClusterId}' is not valid. ${emr.existing}`);
}

function findStep({ steps }: Cluster, id: string): Step {
  const step = steps.find((one) => one.id === id);
  if (!step) throw invalidRequest(`Step id '${id}' is not valid.`);
  return step;
}

/** Whether a value is wanted; an empty list wants all. */
function isAmong<T>(wanted: T[] = [], one: T): boolean {
  return wanted.length === 0 || wanted.includes(one);
}

function findClusters(emr: Emr, input: ListClustersInput): Cluster[] {
  const { ClusterStates, CreatedAfter = -Infinity, CreatedBefore = Infinity } = input;
  return emr.all.filter(
    ({ state, createdAt }) => isAmong(ClusterStates, state) && createdAt > CreatedAfter && createdAt < CreatedBefore,
  );
}

function findInstances(cluster: Cluster, input: ListInstancesInput): object[] {
  const { fleets, id, nodes } = cluster.definition;
  const wrong = Object.keys(input).find((name) => name.startsWith(fleets ? "InstanceGroup" : "InstanceFleet"));
  if (wrong) {
    throw invalidRequest(`${wrong} does not apply to ${id}, whose nodes are instance ${fleets ? "fleets" : "groups"}`);
  }
  const { InstanceGroupId, InstanceFleetId, InstanceGroupTypes, InstanceFleetType, InstanceStates } = input;
  const wanted = InstanceGroupId ?? InstanceFleetId;
  const roles = InstanceFleetType ? [InstanceFleetType] : InstanceGroupTypes;
  const chosen = nodes.filter((one) => one.id === (wanted ?? one.id) && isAmong(roles, one.role));
  const state = cluster.endedAt === undefined ? "RUNNING" : "TERMINATED";
  return isAmong(InstanceStates, state) ? describeInstances(cluster, chosen) : [];
}

/** Steps that are asked for by id or state are listed in their order, and all others newest first. */
function isSelective({ StepIds = [], StepStates = [] }: ListStepsInput): boolean {
  return StepIds.length > 0 || StepStates.length > 0;
}

function findSteps(cluster: Cluster, { StepIds = [], StepStates }: ListStepsInput): Step[] {
  if (StepIds.length > MOST.listed) {
    throw invalidRequest(`StepIds has ${StepIds.length} ids, but at most ${MOST.listed} are allowed`);
  }
  const named = StepIds.length > 0 ? StepIds.map((id) => findStep(cluster, id)) : cluster.steps;
  return named.filter(({ state }) => isAmong(StepStates, state));
}

function cancelSteps(cluster: Cluster, { StepIds, StepCancellationOption }: CancelStepsInput): object {
  if (StepIds.length === 0 || StepIds.length > MOST.cancelled) {
    throw invalidRequest(`StepIds has ${StepIds.length} ids, but 1 to ${MOST.cancelled} are allowed`);
  }
  const killAfterMilliseconds = StepCancellationOption === "TERMINATE_PROCESS" ? 0 : undefined;
  const steps = StepIds.map((id) => findStep(cluster, id));
  const CancelStepsInfoList = steps.map((step) => {
    const { id: StepId, state } = step;
    if (cluster.cancel(step, killAfterMilliseconds)) return { StepId, Status: "SUBMITTED" };
    return { StepId, Status: "FAILED", Reason: `The step is already ${state}` };
  });
  return { CancelStepsInfoList };
}

/** Terminates all of the clusters or none. */
function terminateClusters(emr: Emr, { JobFlowIds }: { JobFlowIds: string[] }): void {
  if (JobFlowIds.length === 0 || JobFlowIds.length > MOST.terminated) {
    throw invalid(`JobFlowIds has ${JobFlowIds.length} ids, but 1 to ${MOST.terminated} are allowed`);
  }
  const clusters = JobFlowIds.map((id) => findJobFlow(emr, id));
  const guarded = clusters.filter(({ definition, ending }) => definition.terminationProtected && !ending);
  if (guarded.length > 0) {
    const names = guarded.map(({ definition }) => definition.id).join(", ");
    throw invalid(
      `Could not shut down one or more job flows since they are termination protected: ${names}. Set terminationProtection to false first`,
    );
  }
  for (const cluster of clusters) cluster.terminate("USER_REQUEST", "Terminated by user request");
}
