import { isNewerThanKnown, isOlder, missedFloor, parseRelease } from "../../../graviton/emrReleases";

interface Application {
  /** The first releases that have it, oldest first, if some on Graviton lack it. */
  floors?: string[];
  /** The last release that has it. */
  last?: string;
  /** It does not share the nodes through YARN. */
  offYarn?: boolean;
  /** The `emr-spark-` releases have it too. */
  ofSparkReleases?: boolean;
}

/** Applications as EMR spells them. @see Amazon EMR Release Guide, "Application versions" of each major version */
const applications: Record<string, Application> = {
  AmazonCloudWatchAgent: { floors: ["7.0.0"], ofSparkReleases: true },
  Delta: { floors: ["6.9.0"], ofSparkReleases: true },
  Flink: {},
  Ganglia: { last: "6.15.0" },
  HBase: { offYarn: true },
  HCatalog: {},
  Hadoop: {},
  Hive: {},
  Hudi: { ofSparkReleases: true },
  Hue: {},
  Iceberg: { floors: ["6.5.0"], ofSparkReleases: true },
  JupyterEnterpriseGateway: { floors: ["5.32.0", "6.2.0"], ofSparkReleases: true },
  JupyterHub: {},
  Livy: { ofSparkReleases: true },
  MXNet: { last: "6.15.0" },
  Mahout: { last: "5.36.2" },
  Oozie: {},
  Phoenix: { offYarn: true },
  Pig: {},
  Presto: { offYarn: true },
  PrestoSQL: { floors: ["6.1.0"], last: "6.3.1", offYarn: true },
  Spark: { ofSparkReleases: true },
  Sqoop: { last: "6.15.0" },
  TensorFlow: {},
  Tez: {},
  Trino: { floors: ["6.4.0"], offYarn: true },
  Zeppelin: {},
  ZooKeeper: {},
};

/**
 * Variants of the same program, of which a cluster allows one.
 * @see "Considerations with Presto on Amazon EMR"
 */
const prestos = ["Presto", "PrestoSQL", "Trino"];

/**
 * The installed applications: those in the arguments, or Spark, with Hadoop if the release has it as an application.
 */
export function applicationsOf(args: { releaseLabel: string; applications?: string[] }): string[] {
  return args.applications ?? (isSparkRelease(args.releaseLabel) ? ["Spark"] : ["Hadoop", "Spark"]);
}

/**
 * The applications that YARN does not manage. With them, EMR neither scales a cluster nor terminates an idle one.
 * @see Amazon EMR Management Guide, "Using managed scaling in Amazon EMR", "Using an auto-termination policy"
 */
export function offYarn(installed: string[]): string[] {
  return installed.filter((name) => applications[name]?.offYarn);
}

/** What is wrong with one of a cluster's applications, if anything. */
export function applicationMistake(releaseLabel: string, installed: string[], index: number): string | undefined {
  const name = installed[index] ?? "";
  if (installed.indexOf(name) < index) return `"${name}" is listed twice; write it once`;
  const other = prestos.includes(name) && installed.slice(0, index).find((one) => prestos.includes(one));
  if (other) return `"${name}" cannot be combined with ${other}; write one of them, and another cluster for the other`;
  return unknownMistake(releaseLabel, name);
}

function unknownMistake(releaseLabel: string, name: string): string | undefined {
  const release = parseRelease(releaseLabel);
  const application = applications[name];
  if (application === undefined) {
    const meant = Object.keys(applications).find((known) => known.toLowerCase() === name.toLowerCase());
    if (meant !== undefined) return `is "${name}"; write "${meant}", as EMR spells it`;
    if (isNewerThanKnown(release)) return undefined;
    return `is "${name}", which EMR does not have; write some of ${Object.keys(applications).join(", ")}`;
  }
  const { floors = [], last } = application;
  const floor = missedFloor(release, floors);
  if (floor !== undefined) return `"${name}" is not in ${releaseLabel}; write emr-${floor} or later, or leave it out`;
  if (last !== undefined && isOlder(last, release)) {
    return `"${name}" is not in ${releaseLabel}; ${successor(name) ?? `leave it out, or write emr-${last}`}`;
  }
  if (!isSparkRelease(releaseLabel) || application.ofSparkReleases || isNewerThanKnown(release)) return undefined;
  return `"${name}" is not in ${releaseLabel}, which has Spark and little else; leave it out, or write an emr-7 release`;
}

function successor(name: string): string | undefined {
  return name === "PrestoSQL" ? 'write "Trino", as it is called now' : undefined;
}

function isSparkRelease(releaseLabel: string): boolean {
  return releaseLabel.startsWith("emr-spark-");
}
