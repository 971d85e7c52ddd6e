import { emrSupports } from "../../../graviton/emr";
import { gravitonFamilies, sizesOf, vcpusOf } from "../../../graviton/families";

/** The arguments of a role's machines. */
interface NodesArgs {
  onDemand?: number;
  spot?: number;
  workload?: keyof typeof gravitonFamilies;
  size?: string;
  instanceTypes?: string[];
}

/** The arguments that determine a cluster's machines. */
export interface ClusterNodesArgs {
  releaseLabel: string;
  workload?: NodesArgs["workload"];
  instances?: string;
  primary?: NodesArgs;
  core?: NodesArgs;
  task?: NodesArgs;
  highAvailability?: boolean;
}

/** A type of a role's machines, and the units that one such machine counts as. */
interface WeightedType {
  type: string;
  weight: number;
}

/** The machines of one role. */
export interface Nodes {
  /** The only type of a group, or the types that a fleet chooses among, preferred ones first. */
  types: WeightedType[];
  /** On-Demand units. */
  onDemand: number;
  /** Spot units. */
  spot: number;
}

/** The machines of each role; a cluster without `task` has no such nodes. */
export interface ClusterNodes {
  primary: Nodes;
  core: Nodes;
  task?: Nodes;
}

/** The default size of a workload's types: EMR's smallest on Graviton. */
export const defaultSize = "xlarge";

/** The machines that a cluster's arguments ask for, which must have no mistakes. */
export function nodesOf(args: ClusterNodesArgs): ClusterNodes {
  return {
    // A primary node counts as one unit, whatever its size. @see Amazon EMR API, InstanceTypeConfig, WeightedCapacity
    primary: withoutWeights(roleNodes(args, args.primary ?? {}, args.highAvailability ? 3 : 1)),
    core: roleNodes(args, args.core ?? {}, 1),
    ...(args.task && { task: roleNodes(args, args.task, 0) }),
  };
}

/** Whether the cluster has groups of one type instead of fleets. */
export function hasGroups({ instances }: ClusterNodesArgs): boolean {
  return instances === "INSTANCE_GROUP";
}

/** Whether a Graviton type has its own disks: a `d` after the `g`, or storage optimized. */
export function hasOwnDisks(type: string): boolean {
  return /^(?:i[a-z]*\d|[a-z]+\d+g[a-z]*d)/.test(type);
}

/** Types of a size that suit a workload and that the release runs on, the newest family first. */
export function workloadTypes(releaseLabel: string, workload: keyof typeof gravitonFamilies, size: string): string[] {
  // Other languages, and casts, may pass a workload that does not exist.
  const families: readonly string[] = gravitonFamilies[workload] ?? [];
  return families
    .filter((family) => sizesOf(family).includes(size))
    .map((family) => `${family}.${size}`)
    .filter((type) => emrSupports(releaseLabel, type));
}

function roleNodes(args: ClusterNodesArgs, role: NodesArgs, units: number): Nodes {
  const { spot = 0, onDemand = spot > 0 ? 0 : units, size = defaultSize } = role;
  const workload = role.workload ?? args.workload ?? "general";
  const types = role.instanceTypes ?? workloadTypes(args.releaseLabel, workload, size);
  return { types: weighted(hasGroups(args) ? types.slice(0, 1) : types), onDemand, spot };
}

function withoutWeights(nodes: Nodes): Nodes {
  return { ...nodes, types: nodes.types.map(({ type }) => ({ type, weight: 1 })) };
}

/** The smallest type counts as one unit, the others in proportion to their vCPUs, rounded down. */
function weighted(types: string[]): WeightedType[] {
  const vcpus = types.map((type) => vcpusOf(...familyAndSize(type)) ?? 1);
  const least = Math.min(...vcpus);
  return types.map((type, index) => ({ type, weight: Math.floor((vcpus[index] ?? least) / least) }));
}

function familyAndSize(type: string): [family: string, size: string] {
  const [family = "", size = ""] = type.split(".");
  return [family, size];
}
