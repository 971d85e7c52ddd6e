import { AwsError } from "../core/awsError";
import { readChoices, readPage } from "../core/list";
import { asNumber, asText, asTexts } from "../core/resources";
import type { Input } from "../core/types";
import { CLUSTER_STATES, type Cluster } from "./cluster";
import { describeInstances, describeStep, summarizeCluster } from "./describe";
import type { Emr } from "./emr";
import { STEP_STATES, type Step } from "./step";

const PAGE = 50;
/** Of ListInstances. */
const INSTANCE_PAGE = 2000;
const MAX_STEP_IDS = 10;
const INSTANCE_STATES = ["AWAITING_FULFILLMENT", "PROVISIONING", "BOOTSTRAPPING", "RUNNING", "TERMINATED"];

/**
 * Newest first, unless steps are requested by id or state.
 * @throws AwsError if the API would refuse the request
 * @see https://docs.aws.amazon.com/emr/latest/APIReference/API_ListSteps.html
 */
export function listSteps(cluster: Cluster, input: Input): object {
  const ids = asTexts(input.StepIds);
  const states = readStates(input, "StepStates", STEP_STATES);
  if (ids.length > MAX_STEP_IDS)
    throw invalidRequest(`StepIds has ${ids.length} ids, but at most ${MAX_STEP_IDS} are allowed`);
  const named = ids.length > 0 ? ids.map((id) => findStep(cluster, id)) : cluster.steps;
  const found = named.filter(({ state }) => states.length === 0 || states.includes(state));
  const newestFirst = ids.length === 0 && states.length === 0;
  const position = ({ sequence }: Step) => (newestFirst ? -sequence : sequence);
  const { page, next } = readPage(found, PAGE, input, "Marker", invalidRequest, position);
  return { Steps: page.map(describeStep), ...next };
}

export function findStep({ steps }: Cluster, id: string): Step {
  const step = steps.find((one) => one.id === id);
  if (!step) throw invalidRequest(`Step id '${id}' is not valid.`);
  return step;
}

/** @see https://docs.aws.amazon.com/emr/latest/APIReference/API_ListClusters.html */
export function listClusters(emr: Emr, input: Input): object {
  const states = readStates(input, "ClusterStates", CLUSTER_STATES);
  const after = asNumber(input.CreatedAfter) ?? -Infinity;
  const before = asNumber(input.CreatedBefore) ?? Infinity;
  const found = emr.all.filter(({ state, createdAt }) => {
    const inTime = createdAt / 1000 > after && createdAt / 1000 < before;
    return inTime && (states.length === 0 || states.includes(state));
  });
  const { page, next } = readPage(found, PAGE, input, "Marker", invalidRequest);
  return { Clusters: page.map(summarizeCluster), ...next };
}

/** @see https://docs.aws.amazon.com/emr/latest/APIReference/API_ListInstances.html */
export function listInstances(cluster: Cluster, input: Input): object {
  const { fleets, id, nodes } = cluster.definition;
  const [own, other] = fleets ? ["InstanceFleet", "InstanceGroup"] : ["InstanceGroup", "InstanceFleet"];
  const wrong = [`${other}Id`, `${other}Type`, `${other}Types`].find((name) => input[name] !== undefined);
  if (wrong)
    throw invalidRequest(`${wrong} does not apply to ${id}, whose nodes are instance ${fleets ? "fleets" : "groups"}`);
  const states = readStates(input, "InstanceStates", INSTANCE_STATES);
  const types = fleets ? asTexts([input.InstanceFleetType].filter(Boolean)) : asTexts(input.InstanceGroupTypes);
  const wanted = asText(input[`${own}Id`]);
  const chosen = nodes.filter(
    (one) => (!wanted || one.id === wanted) && (types.length === 0 || types.includes(one.role)),
  );
  const state = cluster.endedAt === undefined ? "RUNNING" : "TERMINATED";
  const all = states.length === 0 || states.includes(state) ? describeInstances(cluster, chosen) : [];
  const { page, next } = readPage(all, INSTANCE_PAGE, input, "Marker", invalidRequest);
  return { Instances: page, ...next };
}

function readStates(input: Input, name: string, known: readonly string[]): string[] {
  return readChoices(input, name, known, (message) => new AwsError("ValidationException", message));
}

export function invalidRequest(message: string): AwsError {
  return new AwsError("InvalidRequestException", message);
}
