import { readBody } from "../core/body";
import { answerJson, JSON_1_1 } from "../core/json";
import { refuse } from "../core/refusal";
import { Refused } from "../core/refused";
import { asMap, asText, asTexts, type Settings } from "../core/resources";
import type { Service } from "../core/types";
import { addSteps } from "./addSteps";
import type { Cluster } from "./cluster";
import { describeCluster, describeStep } from "./describe";
import type { Emr } from "./emr";
import { findStep, listClusters, listInstances, listSteps } from "./list";

/** Of one TerminateJobFlows. */
const MAX_CLUSTERS = 10;
/** Of one CancelSteps. */
const MAX_STEPS = 256;

const OPERATIONS: Record<string, (emr: Emr, request: Settings) => object> = {
  AddJobFlowSteps: (emr, request) => {
    const steps = addSteps(findJobFlow(emr, asText(request.JobFlowId) ?? ""), request);
    return { StepIds: steps.map(({ id }) => id) };
  },
  CancelSteps: cancelSteps,
  DescribeCluster: (emr, request) => ({ Cluster: describeCluster(findCluster(emr, request)) }),
  DescribeStep: (emr, request) => {
    const cluster = findCluster(emr, request);
    return { Step: describeStep(findStep(cluster, asText(request.StepId) ?? "")) };
  },
  ListClusters: listClusters,
  ListInstances: (emr, request) => listInstances(findCluster(emr, request), request),
  ListSteps: (emr, request) => listSteps(findCluster(emr, request), request),
  TerminateJobFlows: terminateClusters,
};

/** Amazon EMR's own API as far as steps go. */
export function createEmr(emr: Emr): Service {
  return async (request, response) => {
    const name = String(request.headers["x-amz-target"] ?? "").replace(/^ElasticMapReduce\./, "");
    const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
    if (!operation) {
      const message = `elasticmapreduce ${name} is not emulated offline, only ${Object.keys(OPERATIONS).join(", ")} are. Point elasticmapreduce elsewhere with --endpoint elasticmapreduce=http://HOST:PORT`;
      return refuse(request, response, 501, "NotEmulated", message);
    }
    try {
      const body = (await readBody(request)).toString();
      answerJson(response, operation(emr, asMap(JSON.parse(body || "{}"))), JSON_1_1);
    } catch (error) {
      if (error instanceof Refused) return refuse(request, response, error.status, error.code, error.message);
      if (!(error instanceof SyntaxError)) throw error;
      refuse(request, response, 400, "SerializationException", `The request is not JSON: ${error.message}`);
    }
  };
}

/** The operations from before there were clusters call them job flows, and refuse otherwise. */
function findJobFlow(emr: Emr, id: string): Cluster {
  const cluster = emr.find(id);
  if (cluster) return cluster;
  throw new Refused(`Specified job flow ID does not exist: ${id}. ${existing(emr)}`, "ValidationException");
}

function findCluster(emr: Emr, { ClusterId }: Settings): Cluster {
  const cluster = emr.find(asText(ClusterId) ?? "");
  if (cluster) return cluster;
  throw new Refused(`Cluster id '${ClusterId ?? ""}' is not valid. ${existing(emr)}`, "InvalidRequestException");
}

function existing(emr: Emr): string {
  const clusters = emr.all.map(({ definition }) => `${definition.id} (${definition.name})`);
  return `There is: ${clusters.join(", ") || "none"}`;
}

/** @see https://docs.aws.amazon.com/emr/latest/APIReference/API_CancelSteps.html */
function cancelSteps(emr: Emr, request: Settings): object {
  const cluster = findCluster(emr, request);
  const ids = asTexts(request.StepIds);
  if (ids.length === 0 || ids.length > MAX_STEPS) {
    throw new Refused(`StepIds has ${ids.length} ids, but 1 to ${MAX_STEPS} go`, "InvalidRequestException");
  }
  const killAfterMilliseconds = request.StepCancellationOption === "TERMINATE_PROCESS" ? 0 : undefined;
  const steps = ids.map((id) => findStep(cluster, id));
  const CancelStepsInfoList = steps.map((step) => {
    const { id: StepId, state } = step;
    if (cluster.cancel(step, killAfterMilliseconds)) return { StepId, Status: "SUBMITTED" };
    return { StepId, Status: "FAILED", Reason: `The step is ${state} already` };
  });
  return { CancelStepsInfoList };
}

/** All of the clusters or none. @see https://docs.aws.amazon.com/emr/latest/APIReference/API_TerminateJobFlows.html */
function terminateClusters(emr: Emr, request: Settings): object {
  const ids = asTexts(request.JobFlowIds);
  if (ids.length === 0 || ids.length > MAX_CLUSTERS) {
    throw new Refused(`JobFlowIds has ${ids.length} ids, but 1 to ${MAX_CLUSTERS} go`, "ValidationException");
  }
  const clusters = ids.map((id) => findJobFlow(emr, id));
  const guarded = clusters.filter(({ definition, ending }) => definition.terminationProtected && !ending);
  if (guarded.length > 0) {
    const names = guarded.map(({ definition }) => definition.id).join(", ");
    throw new Refused(
      `Could not shut down one or more job flows since they are termination protected: ${names}. Set terminationProtection to false first`,
      "ValidationException",
    );
  }
  for (const cluster of clusters) cluster.terminate("USER_REQUEST", "Terminated by user request");
  return {};
}
