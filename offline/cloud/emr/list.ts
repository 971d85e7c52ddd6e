import { choiceFilter, readPage } from "../core/list";
import { asNumber, asText, asTexts } from "../core/resources";
import type { Input } from "../core/types";
import { CLUSTER_STATES, type Cluster } from "./cluster";
import { describeInstances, describeStep, summarizeCluster } from "./describe";
import type { Emr } from "./emr";
import { invalid, invalidRequest } from "./errors";
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
  const isWanted = choiceFilter(input, "StepStates", STEP_STATES, invalid);
  if (ids.length > MAX_STEP_IDS)
    throw invalidRequest(`StepIds has ${ids.length} ids, but at most ${MAX_STEP_IDS} are allowed`);
  const named = ids.length > 0 ? ids.map((id) => findStep(cluster, id)) : cluster.steps;
  const found = named.filter(({ state }) => isWanted(state));
  const newestFirst = ids.length === 0 && asTexts(input.StepStates).length === 0;
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
  const isWanted = choiceFilter(input, "ClusterStates", CLUSTER_STATES, invalid);
  const after = asNumber(input.CreatedAfter) ?? -Infinity;
  const before = asNumber(input.CreatedBefore) ?? Infinity;
  const found = emr.all.filter(
    ({ state, createdAt }) => isWanted(state) && createdAt / 1000 > after && createdAt / 1000 < before,
  );
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
  const isWanted = choiceFilter(input, "InstanceStates", INSTANCE_STATES, invalid);
  const types = fleets ? asTexts([input.InstanceFleetType].filter(Boolean)) : asTexts(input.InstanceGroupTypes);
  const wanted = asText(input[`${own}Id`]);
  const chosen = nodes.filter(
    (one) => (!wanted || one.id === wanted) && (types.length === 0 || types.includes(one.role)),
  );
  const state = cluster.endedAt === undefined ? "RUNNING" : "TERMINATED";
  const all = isWanted(state) ? describeInstances(cluster, chosen) : [];
  const { page, next } = readPage(all, INSTANCE_PAGE, input, "Marker", invalidRequest);
  return { Instances: page, ...next };
}
