import type { Graph } from "../../engine/graph";
import { reveal } from "../../engine/values";
import {
  asList,
  asMap,
  asNumber,
  asStrings,
  asText,
  isGiven,
  ownResources,
  type PlainResource,
  type Settings,
} from "../core/resources";
import { idOf } from "./ids";

const ROLES = ["MASTER", "CORE", "TASK"] as const;

/** The machines of one role: an instance group, or an instance fleet. */
export interface Nodes {
  id: string;
  role: (typeof ROLES)[number];
  instanceType: string;
  onDemand: number;
  spot: number;
}

/** A cluster as the program describes it. */
export interface ClusterDefinition {
  id: string;
  arn: string;
  name: string;
  /** The number of steps that may run at a time. */
  stepConcurrency: number;
  terminationProtected: boolean;
  /** True if it should end with its last step; offline it stays up. */
  autoTerminate: boolean;
  fleets: boolean;
  nodes: Nodes[];
  /** Spark properties for every job. */
  sparkDefaults: Record<string, string>;
  /** The resource's outputs, for settings that are only shown. */
  settings: Settings;
}

/** The clusters of a program. Settings are not validated: the components and policies do that. */
export function readClusters(graph: Graph): ClusterDefinition[] {
  const groups = ownResources(graph, "aws:emr/instanceGroup:InstanceGroup");
  const fleets = ownResources(graph, "aws:emr/instanceFleet:InstanceFleet");
  return ownResources(graph, "aws:emr/cluster:Cluster").map((one) => readCluster(one, groups, fleets));
}

function readCluster(
  { name, settings, resource }: PlainResource,
  groups: PlainResource[],
  fleets: PlainResource[],
): ClusterDefinition {
  const id = asText(settings.id) ?? name;
  const own = (nodes: PlainResource) => nodes.settings.clusterId === id;
  return {
    id,
    arn: asText(settings.arn) ?? "",
    name: asText(settings.name) ?? name,
    stepConcurrency: asNumber(settings.stepConcurrencyLevel) ?? 1,
    terminationProtected: settings.terminationProtection === true,
    // The outputs always have it.
    autoTerminate: reveal(resource.inputs.keepJobFlowAliveWhenNoSteps) === false,
    fleets: isGiven(settings.masterInstanceFleet),
    nodes: [
      ...ROLES.flatMap((role) => readBuiltIn(id, role, settings)),
      ...fleets.filter(own).map((fleet) => readFleet(id, "TASK", fleet.settings)),
      ...groups.filter(own).map((group) => readGroup(id, "TASK", group.settings)),
    ],
    sparkDefaults: readSparkDefaults(settings.configurationsJson ?? settings.configurations),
    settings,
  };
}

/** Task nodes are resources of their own. */
function readBuiltIn(clusterId: string, role: Nodes["role"], settings: Settings): Nodes[] {
  const name = role.toLowerCase();
  const { [`${name}InstanceFleet`]: fleet, [`${name}InstanceGroup`]: group } = settings;
  return [
    ...(isGiven(fleet) ? [readFleet(clusterId, role, asMap(fleet))] : []),
    ...(isGiven(group) ? [readGroup(clusterId, role, asMap(group))] : []),
  ];
}

function readGroup(clusterId: string, role: Nodes["role"], settings: Settings): Nodes {
  const count = asNumber(settings.instanceCount) ?? 1;
  const onSpot = Boolean(settings.bidPrice);
  return {
    id: idOf("ig-", 13, `${clusterId} ${role} ${settings.name} ${settings.instanceType}`),
    role,
    instanceType: asText(settings.instanceType) ?? "",
    onDemand: onSpot ? 0 : count,
    spot: onSpot ? count : 0,
  };
}

/** All of the first type, as only AWS knows which of the types EMR would choose. */
function readFleet(clusterId: string, role: Nodes["role"], settings: Settings): Nodes {
  const [first = {}] = asList(settings.instanceTypeConfigs);
  const weight = role === "MASTER" ? 1 : (asNumber(first.weightedCapacity) ?? 1);
  const count = (units: unknown) => Math.ceil((asNumber(units) ?? 0) / weight);
  return {
    id: idOf("if-", 13, `${clusterId} ${role} ${settings.name}`),
    role,
    instanceType: asText(first.instanceType) ?? "",
    onDemand: count(settings.targetOnDemandCapacity),
    spot: count(settings.targetSpotCapacity),
  };
}

/** From configurations in the format of EMR's API. */
function readSparkDefaults(json: unknown): Record<string, string> {
  const found = readConfigurations(json).find(({ Classification }) => Classification === "spark-defaults");
  return asStrings(found?.Properties);
}

/** Configurations in the format of EMR's API; none if they are not JSON, as the older argument may be a URL. */
export function readConfigurations(json: unknown): Settings[] {
  try {
    return asList(JSON.parse(String(json)));
  } catch {
    return [];
  }
}
