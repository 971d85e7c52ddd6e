import * as emr from "@pulumi/aws/emr";
import type * as pulumi from "@pulumi/pulumi";
import type { EmrClusterArgs, EmrNodesArgs } from "./args";
import { SpotAllocationStrategy, SpotTimeoutAction } from "./args";
import type { EmrScalingArgs } from "./capacityArgs";
import { ScalingUnit, VolumeType } from "./capacityArgs";
import { hasGroups, hasOwnDisks, type Nodes, nodesOf } from "./rules/nodes";

type Role = "primary" | "core" | "task";

/** A fleet in EMR's form; with a strategy it chooses among 30 types instead of 5. */
export function fleetOf(role: Role, nodes: Nodes, args: EmrClusterArgs) {
  const { bidPercentage, volumes, ...spot }: EmrNodesArgs = args[role] ?? {};
  const maySpot = nodes.spot > 0 || (role !== "primary" && args.scaling !== undefined);
  const spotSpecification = {
    allocationStrategy: spot.spotAllocationStrategy ?? SpotAllocationStrategy.PriceCapacityOptimized,
    timeoutDurationMinutes: spot.spotTimeoutMinutes ?? 30,
    timeoutAction: spot.spotTimeoutAction ?? SpotTimeoutAction.SwitchToOnDemand,
  };
  return {
    name: role,
    targetOnDemandCapacity: nodes.onDemand,
    targetSpotCapacity: nodes.spot,
    instanceTypeConfigs: nodes.types.map(({ type, weight }) => ({
      instanceType: type,
      weightedCapacity: weight,
      bidPriceAsPercentageOfOnDemandPrice: bidPercentage,
      ebsConfigs: ebsOf(type, volumes),
    })),
    launchSpecifications: {
      onDemandSpecifications: [{ allocationStrategy: "lowest-price" }],
      ...(maySpot && { spotSpecifications: [spotSpecification] }),
    },
  };
}

/** A group in EMR's form. */
export function groupOf(role: Role, { types, onDemand }: Nodes, args: EmrClusterArgs) {
  const instanceType = types[0]?.type ?? "";
  return { name: role, instanceType, instanceCount: onDemand, ebsConfigs: ebsOf(instanceType, args[role]?.volumes) };
}

/**
 * EMR also adds a volume to types without disks, but an older and slower one. The operations a second of gp3 are
 * explicit: if EMR returned its default, the provider would see a change, and a changed volume replaces the cluster.
 */
function ebsOf(instanceType: string, volumes: EmrNodesArgs["volumes"]) {
  const own = volumes ?? (hasOwnDisks(instanceType) ? [] : [{ size: 64 }]);
  return own.map(({ size, type = VolumeType.Gp3, iops, count = 1 }) => ({
    size,
    type,
    iops: iops ?? (type === VolumeType.Gp3 ? 3000 : undefined),
    volumesPerInstance: count,
  }));
}

/**
 * The sizes that managed scaling changes, which an update must not change back: for a core fleet, that replaces the
 * cluster.
 */
export function scaledSizes(args: EmrClusterArgs): string[] {
  if (args.scaling === undefined) return [];
  return hasGroups(args) ? ["instanceCount"] : ["targetOnDemandCapacity", "targetSpotCapacity"];
}

/**
 * What EMR cannot change about a fleet of task nodes: a cluster has one for good, so another one replaces the cluster.
 */
export function fixedTaskFleet(args: EmrClusterArgs): string | undefined {
  const { task } = nodesOf(args);
  if (task === undefined || hasGroups(args)) return undefined;
  const { instanceTypeConfigs, launchSpecifications } = fleetOf("task", task, args);
  return JSON.stringify([instanceTypeConfigs, launchSpecifications]);
}

/** Task nodes, if there are any. They terminate with the cluster, so they need not be removed from it first. */
export function createTaskNodes(
  name: string,
  args: EmrClusterArgs,
  cluster: emr.Cluster,
  opts: pulumi.CustomResourceOptions,
): void {
  const { task } = nodesOf(args);
  if (task === undefined) return;
  const options = { ...opts, deletedWith: cluster, ignoreChanges: scaledSizes(args) };
  const place = { clusterId: cluster.id };
  if (hasGroups(args)) new emr.InstanceGroup(`${name}-task`, { ...place, ...groupOf("task", task, args) }, options);
  else new emr.InstanceFleet(`${name}-task`, { ...place, ...fleetOf("task", task, args) }, options);
}

/**
 * The limits of managed scaling, if it is on. A cluster has one such policy, without a name: new limits can only be set
 * after the old ones are deleted, or they would be deleted with them.
 */
export function createScaling(
  name: string,
  args: EmrClusterArgs,
  cluster: emr.Cluster,
  opts: pulumi.CustomResourceOptions,
): void {
  const { scaling } = args;
  if (scaling === undefined) return;
  const { minimum, maximum, maximumCore, maximumOnDemand = onDemandLimit(args, scaling), unit } = scaling;
  const limits = {
    unitType: hasGroups(args) ? (unit ?? ScalingUnit.Instances) : "InstanceFleetUnits",
    minimumCapacityUnits: minimum,
    maximumCapacityUnits: maximum,
    maximumCoreCapacityUnits: maximumCore,
    maximumOndemandCapacityUnits: maximumOnDemand,
  };
  const policy = { clusterId: cluster.id, computeLimits: [limits] };
  new emr.ManagedScalingPolicy(name, policy, { ...opts, deletedWith: cluster, deleteBeforeReplace: true });
}

/**
 * EMR takes On-Demand instances first: without a limit on them, a cluster that begins on Spot would not grow on it. The
 * provider treats 0 as absent if `maximumCore` is set.
 */
function onDemandLimit(args: EmrClusterArgs, { maximum, maximumCore }: EmrScalingArgs): number {
  const { core, task } = nodesOf(args);
  if (core.spot + (task?.spot ?? 0) === 0) return maximum;
  return Math.max(core.onDemand + (task?.onDemand ?? 0), maximumCore === undefined ? 0 : 1);
}
