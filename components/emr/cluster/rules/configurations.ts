import { isOlder, missedFloor, parseRelease } from "../../../graviton/emrReleases";
import { applicationsOf, offYarn } from "./applications";
import { type ClusterNodesArgs, nodesOf } from "./nodes";

/** The arguments that determine a cluster's settings. */
export interface ConfigurationsArgs extends ClusterNodesArgs {
  applications?: string[];
  configurations?: Settings;
  scaling?: object;
}

/** Classification → property → value. */
type Settings = Record<string, Record<string, string>>;

/** A configuration in EMR's form. @see Amazon EMR API, Configuration */
export interface Configuration {
  Classification: string;
  Properties: Record<string, string>;
  Configurations?: Configuration[];
}

/**
 * A cluster's settings: the user's over the defaults, property by property. There are few defaults, as EMR's own are
 * good: executors come and go with the work, plans adapt to the data, and Java is built for arm64.
 * `maximizeResourceAllocation` is left to the user: it sizes executors for one type, where a fleet has several, and
 * leaves nothing for other applications.
 * @see Amazon EMR Release Guide, "Configure applications", "Configure Spark"
 */
export function configurationsOf(args: ConfigurationsArgs): Configuration[] {
  const defaults: Settings = { ...driversOnCoreNodes(args), ...replicatedBlocks(args) };
  const own = args.configurations ?? {};
  const names = new Set([...Object.keys(defaults), ...Object.keys(own)]);
  return [...names].map((name) => configuration(name, { ...defaults[name], ...own[name] }));
}

function configuration(Classification: string, Properties: Record<string, string>): Configuration {
  if (!Classification.endsWith("-env")) return { Classification, Properties };
  return { Classification, Properties: {}, Configurations: [{ Classification: "export", Properties }] };
}

/**
 * If task nodes are on Spot, application masters stay on the core nodes: losing one would lose the whole job. Release 5
 * does so by itself, and managed scaling supports it from 7.2 on.
 * @see Amazon EMR Management Guide, "Cluster configuration guidelines and best practices", YARN node labels
 */
function driversOnCoreNodes(args: ConfigurationsArgs): Settings {
  const release = parseRelease(args.releaseLabel);
  if (isOlder(release, "6.0.0") || (args.scaling && missedFloor(release, ["7.2.0"]))) return {};
  const { core, task } = nodesOf(args);
  if (core.spot > 0 || !task?.spot || offYarn(applicationsOf(args)).length > 0) return {};
  return {
    "yarn-site": {
      "yarn.node-labels.enabled": "true",
      "yarn.node-labels.am.default-node-label-expression": "CORE",
    },
  };
}

/**
 * With fewer than four core nodes HDFS keeps each block once, so a cluster that survives the loss of a primary node
 * would not survive that of a core node.
 * @see Amazon EMR Management Guide, "Considerations and best practices when you create an Amazon EMR cluster with
 * multiple primary nodes"
 */
function replicatedBlocks(args: ConfigurationsArgs): Settings {
  if (!args.highAvailability) return {};
  const { onDemand, spot } = nodesOf(args).core;
  return onDemand + spot > 1 && onDemand + spot < 4 ? { "hdfs-site": { "dfs.replication": "2" } } : {};
}
