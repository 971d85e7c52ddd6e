/** The classifications that begin with a word, and the applications that provide them. */
interface Classifications {
  /** What follows the word and a hyphen; an empty one is the word itself. */
  suffixes: string[];
  /** One of them must be installed; if absent, every cluster has it. */
  applications?: string[];
  /** Each catalog has one, with any name. */
  connectors?: boolean;
}

const presto = ["config", "env", "exchange-manager", "log", "node", "password-authenticator"];

const withHive = ["Hive", "HCatalog", "Presto", "PrestoSQL", "Trino"];

const withTableFormats = ["Spark", "Hive", "Flink", "Presto", "PrestoSQL", "Trino"];

/** Combined from all releases. @see Amazon EMR Release Guide, "Configuration classifications" of each release */
const classifications: Record<string, Classifications> = {
  capacity: { suffixes: ["scheduler"] },
  cloudwatch: { suffixes: ["logs"] },
  container: { suffixes: ["executor", "log4j"] },
  core: { suffixes: ["site"] },
  delta: { suffixes: ["defaults"], applications: [...withTableFormats, "Delta"] },
  docker: { suffixes: ["conf"] },
  emr: { suffixes: ["metrics"], applications: ["AmazonCloudWatchAgent"] },
  emrfs: { suffixes: ["site"] },
  flink: {
    suffixes: ["conf", "log4j", "log4j-cli", "log4j-session", "log4j-yarn-session"],
    applications: ["Flink"],
  },
  hadoop: {
    suffixes: [
      "env",
      "log4j",
      "ssl-client",
      "ssl-server",
      "kms-acls",
      "kms-env",
      "kms-java-home",
      "kms-log4j",
      "kms-site",
    ],
  },
  hbase: {
    suffixes: ["", "env", "log4j", "log4j2", "metrics", "policy", "site"],
    applications: ["HBase", "Phoenix"],
  },
  hcatalog: {
    suffixes: [
      ...["env", "server-jndi", "server-proto-hive-site"],
      ...["webhcat-env", "webhcat-log4j", "webhcat-log4j2", "webhcat-site"],
    ],
    applications: withHive,
  },
  hdfs: { suffixes: ["encryption-zones", "env", "site"] },
  hive: {
    suffixes: [
      ...["", "beeline-log4j2", "env", "exec-log4j", "exec-log4j2", "llap-daemon-log4j2"],
      ...["log4j", "log4j2", "parquet-logging", "site"],
    ],
    applications: withHive,
  },
  hiveserver2: { suffixes: ["site"], applications: ["Hive"] },
  httpfs: { suffixes: ["env", "site"] },
  hudi: { suffixes: ["defaults", "env"], applications: [...withTableFormats, "Hudi"] },
  hue: { suffixes: ["ini"], applications: ["Hue"] },
  iceberg: { suffixes: ["defaults"], applications: [...withTableFormats, "Iceberg"] },
  jupyter: {
    suffixes: ["hub-conf", "notebook-conf", "s3-conf", "sparkmagic-conf"],
    applications: ["JupyterHub", "JupyterEnterpriseGateway"],
  },
  livy: { suffixes: ["conf", "env", "log4j", "log4j2"], applications: ["Livy"] },
  mapred: { suffixes: ["env", "site"] },
  oozie: { suffixes: ["env", "log4j", "site"], applications: ["Oozie"] },
  phoenix: { suffixes: ["hbase-metrics", "hbase-site", "log4j", "metrics"], applications: ["Phoenix"] },
  pig: { suffixes: ["env", "log4j", "properties"], applications: ["Pig"] },
  presto: { suffixes: presto, connectors: true, applications: ["Presto"] },
  prestosql: { suffixes: presto, connectors: true, applications: ["PrestoSQL"] },
  ranger: { suffixes: ["kms-db-ca", "kms-dbks-site", "kms-env", "kms-log4j", "kms-logback", "kms-site"] },
  recordserver: { suffixes: ["conf", "env", "log4j", "log4j2"] },
  spark: {
    suffixes: ["", "defaults", "env", "hive-site", "log4j", "log4j2", "metrics"],
    applications: ["Spark"],
  },
  sqoop: { suffixes: ["env", "oraoop-site", "site"], applications: ["Sqoop"] },
  tez: { suffixes: ["site"], applications: ["Tez", "Hive"] },
  trino: { suffixes: presto, connectors: true, applications: ["Trino"] },
  yarn: { suffixes: ["env", "site"] },
  zeppelin: { suffixes: ["env", "log4j", "log4j2", "site"], applications: ["Zeppelin"] },
  zookeeper: { suffixes: ["config", "log4j", "logback"] },
};

/** What is wrong with one of a cluster's classifications, if anything. */
export function classificationMistake(name: string, installed: string[]): string | undefined {
  const [word = "", ...rest] = name.split("-");
  const suffix = rest.join("-");
  const known = classifications[word];
  if (known === undefined) return "is not a classification of EMR's; write one such as `spark-defaults` or `yarn-site`";
  if (!known.suffixes.includes(suffix) && !(known.connectors && /^connector-[\w-]+$/.test(suffix))) {
    const instead = known.suffixes.map((one) => `\`${one === "" ? word : `${word}-${one}`}\``);
    if (known.connectors) instead.push(`\`${word}-connector-CATALOG\``);
    return `is not a classification of EMR's; write ${instead.join(", ")}`;
  }
  const { applications } = known;
  if (applications === undefined || applications.some((application) => installed.includes(application)))
    return undefined;
  return (
    `is for ${applications.join(" or ")}, which is not installed here; add it to \`applications\`, or leave this ` +
    "out"
  );
}
