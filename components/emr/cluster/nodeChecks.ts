import { sizesOf, vcpusOf } from "../../graviton/families";
import { emrEquivalent, emrSupport, emrSupports, gravitonFamilies } from "../../graviton/index";
import { Workload } from "../../graviton/workload";
import { listOf, type Mistakes } from "../../validation";
import type { EmrClusterArgs, EmrNodesArgs } from "./args";
import { ScalingUnit } from "./capacityArgs";
import { defaultSize, hasGroups, nodesOf, workloadTypes } from "./rules/nodes";
import { mostVolumes, volumeMistakes } from "./rules/volumes";

const ofSpot = ["bidPercentage", "spotAllocationStrategy", "spotTimeoutMinutes", "spotTimeoutAction"] as const;

/** Finds the mistakes in a cluster's machines. The release label must be complete. */
export function checkNodes(mistakes: Mistakes, args: EmrClusterArgs): void {
  for (const role of ["primary", "core", "task"] as const) {
    // A role that is not mentioned has defaults, which depend on the release and the workload.
    const nodes = args[role] ?? (role === "task" ? undefined : {});
    if (nodes) checkRole(mistakes, role, nodes, args);
  }
  checkPrimaryUnits(mistakes, args);
  const { core, task } = nodesOf(args);
  mistakes.check(core.onDemand + core.spot > 0, "core", "has no units; write 1 or more of `onDemand` or `spot`");
  const idle = task !== undefined && task.onDemand + task.spot === 0;
  mistakes.check(!idle, "task", "has no units; write 1 or more of `onDemand` or `spot`, or leave `task` out");
}

function checkRole(mistakes: Mistakes, path: string, nodes: EmrNodesArgs, args: EmrClusterArgs): void {
  const { spot = 0 } = nodes;
  for (const property of spot > 0 ? [] : ofSpot) {
    const unused = nodes[property] !== undefined;
    mistakes.from(`${path}.spot`).check(!unused, `${path}.${property}`, "does nothing without `spot`; leave it out");
  }
  // The provider asks for Spot in a group by a price, which EMR accepts only in dollars.
  const reason = 'is for fleets; leave it out, or write `instances: "INSTANCE_FLEET"`';
  mistakes.check(spot === 0 || !hasGroups(args), `${path}.spot`, reason);
  checkTypes(mistakes, path, nodes, args);
  checkVolumes(mistakes, `${path}.volumes`, nodes, args);
}

function checkPrimaryUnits(mistakes: Mistakes, args: EmrClusterArgs): void {
  const { onDemand, spot } = nodesOf(args).primary;
  if (args.highAvailability) {
    const reason = `is ${onDemand}; with \`highAvailability\` write 3, or leave it out`;
    mistakes.check(onDemand === 3 || spot > 0, "primary.onDemand", reason);
    mistakes.check(
      spot === 0,
      "primary.spot",
      "cannot be combined with `highAvailability`; leave it out, as EMR then allows On-Demand only",
    );
    return;
  }
  const total = onDemand + spot;
  const reason = `has ${total} units; write 1 of \`onDemand\` or of \`spot\`, or \`highAvailability\` for three`;
  mistakes.check(total === 1, "primary", reason);
}

function checkTypes(mistakes: Mistakes, path: string, nodes: EmrNodesArgs, args: EmrClusterArgs): void {
  const { instanceTypes } = nodes;
  if (instanceTypes === undefined) {
    checkChoice(mistakes, path, nodes, args);
    return;
  }
  for (const property of ["workload", "size"] as const) {
    const reason = "does nothing with `instanceTypes`; write one of them";
    mistakes.check(nodes[property] === undefined, `${path}.${property}`, reason);
  }
  const types = `${path}.instanceTypes`;
  const fits = instanceTypes.length <= 1 || !hasGroups(args);
  const instead = 'write one, or `instances: "INSTANCE_FLEET"` for several';
  mistakes.check(fits, types, `has ${instanceTypes.length}; ${instead}`);
  for (const [index, type] of instanceTypes.entries()) {
    const reason = typeMistake(args.releaseLabel, type);
    if (reason) mistakes.add(`${types}[${index}]`, reason);
    const again = instanceTypes.indexOf(type) < index;
    mistakes.check(!again, `${types}[${index}]`, `"${type}" is listed twice; write it once`);
  }
}

/** Finds out why a workload and a size match no type, if they match none. */
function checkChoice(mistakes: Mistakes, path: string, nodes: EmrNodesArgs, args: EmrClusterArgs): void {
  const { size = defaultSize, workload = args.workload ?? Workload.General } = nodes;
  const families: readonly string[] | undefined = gravitonFamilies[workload];
  if (families === undefined || workloadTypes(args.releaseLabel, workload, size).length > 0) return;
  const oldest = [...families].reverse().find((family) => sizesOf(family).includes(size));
  const support = oldest === undefined ? undefined : emrSupport(args.releaseLabel, `${oldest}.${size}`);
  const sizes = new Set(families.flatMap(sizesOf).filter((one) => /^\d*xlarge$/.test(one)));
  const reason =
    support?.supported === false
      ? `; ${support.reason}`
      : `, which no type for "${workload}" has; write ${listOf([...sizes])}`;
  mistakes.add(`${path}.size`, `is "${size}"${reason}`);
}

/** Why a release does not run on a type, if it does not. */
function typeMistake(releaseLabel: string, type: string): string | undefined {
  const support = emrSupport(releaseLabel, type);
  if (support.supported === false) {
    const instead = emrEquivalent(type)?.type;
    return instead ? `is "${type}", which is x86; write "${instead}"` : `is "${type}"; ${support.reason}`;
  }
  // EMR lists r8gn and a few others even for releases that came before arm64; m6g is in all that have it.
  if (!emrSupports(releaseLabel, "m6g.xlarge")) {
    return `is "${type}", but ${releaseLabel} came before EMR's support for arm64; write emr-6.1.0 or later`;
  }
  const [family = "", size = ""] = type.split(".");
  const sizes = sizesOf(family).filter((one) => /^\d*xlarge$/.test(one));
  if (sizes.length === 0 || sizes.includes(size)) return undefined;
  return `is "${type}", but ${family} has no such size; write ${listOf(sizes)}`;
}

function checkVolumes(mistakes: Mistakes, path: string, { volumes = [] }: EmrNodesArgs, args: EmrClusterArgs): void {
  // If a fleet has several kinds, the provider silently drops them all.
  const kinds = `has ${volumes.length} kinds, but a fleet allows one`;
  const instead = 'write one with a `count`, or `instances: "INSTANCE_GROUP"`';
  mistakes.from("instances").check(volumes.length <= 1 || hasGroups(args), path, `${kinds}; ${instead}`);
  for (const [index, volume] of volumes.entries()) {
    const place = `${path}[${index}]`;
    const own = mistakes.from(`${place}.size`);
    for (const [property, reason] of volumeMistakes(volume)) own.add(`${place}.${property}`, reason);
  }
  const count = volumes.reduce((total, volume) => total + (volume.count ?? 1), 0);
  mistakes.check(
    count <= mostVolumes,
    path,
    `come to ${count}; EMR allows ${mostVolumes} per node: write fewer, larger ones`,
  );
}

/** Finds the mistakes in managed scaling: in its limits, and in the nodes that a cluster begins with. */
export function checkScaling(mistakes: Mistakes, args: EmrClusterArgs): void {
  const { scaling } = args;
  if (scaling === undefined) return;
  const { minimum, maximum, maximumCore, maximumOnDemand, unit } = scaling;
  const least = `is ${maximum}; write ${minimum} units or more, as \`minimum\` says`;
  mistakes.from("scaling.minimum").check(maximum >= minimum, "scaling.maximum", least);
  for (const [property, limit = 0] of Object.entries({ maximumCore, maximumOnDemand })) {
    const reason = `is ${limit}; write up to ${maximum} units, as \`maximum\` says`;
    mistakes.from("scaling.maximum").check(limit <= maximum, `scaling.${property}`, reason);
  }
  // The provider treats 0 as absent there.
  const lost = maximumCore !== undefined && maximumOnDemand === 0;
  const instead = "write 1 or more, or leave out `maximumCore`";
  mistakes.check(!lost, "scaling.maximumOnDemand", `is 0, which gets lost with \`maximumCore\`; ${instead}`);
  const forGroups = unit === undefined || hasGroups(args);
  const reason =
    'is for groups; leave it out, as fleets are counted in their own units, or write `instances: "INSTANCE_GROUP"`';
  mistakes.check(forGroups, "scaling.unit", reason);

  const { core, task } = nodesOf(args);
  const inVcpus = hasGroups(args) && unit === ScalingUnit.Vcpus;
  const counted = (nodes = core) => (inVcpus ? vcpusOfType(nodes.types[0]?.type) : 1);
  const onDemand = core.onDemand * counted() + (task ? task.onDemand * counted(task) : 0);
  const atFirst = {
    maximum: onDemand + core.spot * counted() + (task ? task.spot * counted(task) : 0),
    maximumCore: (core.onDemand + core.spot) * counted(),
    maximumOnDemand: onDemand,
  };
  for (const limit of ["maximum", "maximumCore", "maximumOnDemand"] as const) {
    const most = scaling[limit];
    const fits = most === undefined || atFirst[limit] <= most;
    const instead = `write ${atFirst[limit]} or more, or fewer nodes`;
    mistakes.check(fits, `scaling.${limit}`, `is ${most}, but the cluster begins with ${atFirst[limit]}; ${instead}`);
  }
}

function vcpusOfType(type = ""): number {
  const [family = "", size = ""] = type.split(".");
  return vcpusOf(family, size) ?? 1;
}
