import { type BucketFolders, fileOf, toLocal } from "./objects";

/** The arguments of spark-submit. */
export interface SparkCommand {
  options: string[];
  /** The script or jar. */
  application: string;
  /** The application's own arguments. */
  args: string[];
}

/** Options without a value. @see https://spark.apache.org/docs/latest/submitting-applications.html */
const FLAGS = ["--help", "-h", "--supervise", "--usage-error", "--verbose", "-v", "--version"];
/** Where the application runs in the cloud; here always on this machine. */
const PLACES = ["--master", "--deploy-mode"];
/** Options with lists of files that the application needs. */
const FILES = ["--jars", "--py-files", "--files", "--archives"];
/** The same, as properties. */
const FILE_PROPERTIES = ["spark.jars", "spark.submit.pyFiles", "spark.files", "spark.archives"];

/**
 * Parses the arguments of spark-submit.
 * @throws Error if there is no application among them
 */
export function readSparkCommand(words: string[]): SparkCommand {
  const options: string[] = [];
  for (let position = 0; position < words.length; ) {
    const [word = "", value] = words.slice(position, position + 2);
    if (!word.startsWith("-")) {
      return { options, application: word, args: words.slice(position + 1) };
    }
    const single = FLAGS.includes(word) || word.includes("=");
    const given = single ? [word] : [word, ...(value === undefined ? [] : [value])];
    if (!PLACES.includes(word.replace(/=.*$/s, ""))) options.push(...given);
    position += given.length;
  }
  throw new Error("spark-submit has no script or jar among its arguments");
}

/** The files in S3 that the application needs to start. */
export function filesOf({ options, application }: SparkCommand): string[] {
  const lists = valuesOf(options, ...FILES);
  const properties = propertiesOf(options);
  const inProperties = FILE_PROPERTIES.map((name) => properties[name] ?? "");
  const files = [application, ...[...lists, ...inProperties].flatMap((list) => list.split(","))];
  // An alias may follow an archive.
  return files.map((file) => file.trim().replace(/#.*$/, "")).filter((file) => /^s3[an]?:/.test(file));
}

/** Properties that set the driver's environment, on a cluster and on a serverless application. */
const VARIABLE = /^spark\.(?:yarn\.appMasterEnv|emr-serverless\.driverEnv)\.(.+)$/;
/** Paths in the cloud's images. */
const PATH_VARIABLE = /^(?:PATH|PYTHONPATH|JAVA_HOME|SPARK_|PYSPARK_|HADOOP_)/;

/** The environment variables that the job sets. */
export function environmentOf({ options }: SparkCommand): Record<string, string> {
  const variables = Object.entries(propertiesOf(options)).flatMap(([property, value]) => {
    const name = VARIABLE.exec(property)?.[1];
    return name && !PATH_VARIABLE.test(name) ? [[name, value]] : [];
  });
  return Object.fromEntries(variables);
}

/** The settings of a cluster that affect a job's results, without classes that only EMR has. */
function portable(settings: Record<string, string>): Record<string, string> {
  const kept = Object.entries(settings).filter(
    ([name, value]) => /^spark\.sql\./.test(name) && !/^com\.amazon/.test(value),
  );
  return Object.fromEntries(kept);
}

/** The properties given with `--conf`. */
function propertiesOf(options: string[]): Record<string, string> {
  const pairs = valuesOf(options, "--conf", "-c").map((pair) => /^([^=]*)=(.*)$/s.exec(pair) ?? []);
  return Object.fromEntries(pairs.flatMap(([, name, value]) => (name && value !== undefined ? [[name, value]] : [])));
}

function valuesOf(options: string[], ...names: string[]): string[] {
  return options.flatMap((word, position) => {
    const [, name = word, value = options[position + 1]] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    return names.includes(name) && value !== undefined ? [value] : [];
  });
}

/** Defaults for a run on one machine, which the job may override. */
const LOCAL_PROPERTIES = {
  "spark.log.level": "WARN",
  "spark.ui.enabled": "false",
  // Hadoop's default leaves a checksum beside each file, which would become an object too.
  "spark.hadoop.fs.file.impl": "org.apache.hadoop.fs.RawLocalFileSystem",
};

/** The arguments of spark-submit for a run on this machine, with folders in place of buckets. */
export function toLocalArguments(
  { options, application, args }: SparkCommand,
  defaults: Record<string, string>,
  buckets: BucketFolders,
): string[] {
  const properties = { ...LOCAL_PROPERTIES, ...portable(defaults) };
  return [
    ...["--master", "local[*]"],
    ...Object.entries(properties).flatMap(([name, value]) => ["--conf", `${name}=${toLocal(value, buckets)}`]),
    ...options.map((word) => toLocal(word, buckets)),
    // A path, as spark-submit does not accept URIs with spaces.
    fileOf(application, buckets) ?? application,
    ...args.map((word) => toLocal(word, buckets, "file://")),
  ];
}

/** Splits text as a shell does: into words between spaces, with quotes around words that contain spaces. */
export function splitWords(text: string): string[] {
  const words = text.matchAll(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/gs);
  return [...words].map(([word]) =>
    word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/gs, (_, double?: string, single?: string, escaped?: string) => {
      return double?.replace(/\\(["\\$`])/g, "$1") ?? single ?? escaped ?? "";
    }),
  );
}
