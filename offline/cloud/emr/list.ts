import { readPage } from "../core/page";
import { Refused } from "../core/refused";
import { asNumber, asText, asTexts, type Settings } from "../core/resources";
import { CLUSTER_STATES, type Cluster } from "./cluster";
import { describeInstances, describeStep, summarizeCluster } from "./describe";
import type { Emr } from "./emr";
import { STEP_STATES, type Step } from "./step";

const PAGE = 50;
/** Of one ListInstances. */
const INSTANCE_PAGE = 2000;
const MAX_STEP_IDS = 10;
const INSTANCE_STATES = ["AWAITING_FULFILLMENT", "PROVISIONING", "BOOTSTRAPPING", "RUNNING", "TERMINATED"];

/**
 * The newest step first, unless some are asked for by id or state.
 * @throws Refused for what the API refuses
 * @see https://docs.aws.amazon.com/emr/latest/APIReference/API_ListSteps.html
 */
export function listSteps(cluster: Cluster, request: Settings): object {
  const ids = asTexts(request.StepIds);
  const states = readStates(request, "StepStates", STEP_STATES);
  if (ids.length > MAX_STEP_IDS) throw invalid(`StepIds has ${ids.length} ids, but at most ${MAX_STEP_IDS} go`);
  const named = ids.length > 0 ? ids.map((id) => findStep(cluster, id)) : cluster.steps;
  const found = named.filter(({ state }) => states.length === 0 || states.includes(state));
  const newestFirst = ids.length === 0 && states.length === 0;
  const position = ({ sequence }: Step) => (newestFirst ? -sequence : sequence);
  const { page, Marker } = readMarked(found, PAGE, request.Marker, position);
  return { Steps: page.map(describeStep), ...(Marker && { Marker }) };
}

export function findStep({ steps }: Cluster, id: string): Step {
  const step = steps.find((one) => one.id === id);
  if (!step) throw invalid(`Step id '${id}' is not valid.`);
  return step;
}

/** @see https://docs.aws.amazon.com/emr/latest/APIReference/API_ListClusters.html */
export function listClusters(emr: Emr, request: Settings): object {
  const states = readStates(request, "ClusterStates", CLUSTER_STATES);
  const after = asNumber(request.CreatedAfter) ?? -Infinity;
  const before = asNumber(request.CreatedBefore) ?? Infinity;
  const found = emr.all.filter(({ state, createdAt }) => {
    const inTime = createdAt / 1000 > after && createdAt / 1000 < before;
    return inTime && (states.length === 0 || states.includes(state));
  });
  const { page, Marker } = readMarked(found, PAGE, request.Marker);
  return { Clusters: page.map(summarizeCluster), ...(Marker && { Marker }) };
}

/** @see https://docs.aws.amazon.com/emr/latest/APIReference/API_ListInstances.html */
export function listInstances(cluster: Cluster, request: Settings): object {
  const { fleets, id, nodes } = cluster.definition;
  const [own, other] = fleets ? ["InstanceFleet", "InstanceGroup"] : ["InstanceGroup", "InstanceFleet"];
  const wrong = [`${other}Id`, `${other}Type`, `${other}Types`].find((name) => request[name] !== undefined);
  if (wrong) throw invalid(`${wrong} is not for ${id}, whose nodes are instance ${fleets ? "fleets" : "groups"}`);
  const states = readStates(request, "InstanceStates", INSTANCE_STATES);
  const types = fleets ? asTexts([request.InstanceFleetType].filter(Boolean)) : asTexts(request.InstanceGroupTypes);
  const wanted = asText(request[`${own}Id`]);
  const chosen = nodes.filter(
    (one) => (!wanted || one.id === wanted) && (types.length === 0 || types.includes(one.role)),
  );
  const state = cluster.endedAt === undefined ? "RUNNING" : "TERMINATED";
  const all = states.length === 0 || states.includes(state) ? describeInstances(cluster, chosen) : [];
  const { page, Marker } = readMarked(all, INSTANCE_PAGE, request.Marker);
  return { Instances: page, ...(Marker && { Marker }) };
}

function readMarked<T>(all: T[], most: number, marker: unknown, positionOf?: (one: T) => number) {
  try {
    const { page, next } = readPage(all, most, asText(marker), positionOf);
    return { page, ...(next && { Marker: next }) };
  } catch (error) {
    throw invalid(`Marker is not valid: ${(error as Error).message}`);
  }
}

function readStates(request: Settings, name: string, known: readonly string[]): string[] {
  const states = asTexts(request[name]);
  const unknown = states.find((state) => !known.includes(state));
  if (unknown === undefined) return states;
  throw new Refused(`${name} has "${unknown}", but there is ${known.join(", ")}`, "ValidationException");
}

function invalid(message: string): Refused {
  return new Refused(message, "InvalidRequestException");
}
