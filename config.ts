import * as pulumi from "@pulumi/pulumi";
import { closest } from "fastest-levenshtein";
import { type ComputeType, Nat } from "pulumi-graviton";

const settings = new pulumi.Config();
const keys: string[] = [];

/** Records a key that is read; a stack may set these keys and no others. */
function key(name: string): string {
  keys.push(`${settings.name}:${name}`);
  return name;
}

const authorizations = ["iam", "none"] as const;

/** Where Spark runs. */
export const DataPlatform = {
  /** Nowhere, and without a data lake. */
  None: "none",
  /** On an EMR cluster, which terminates after an hour without work. */
  Cluster: "cluster",
  /** On EMR Serverless, which stops after a quarter of an hour without work. */
  Serverless: "serverless",
} as const;
export type DataPlatform = (typeof DataPlatform)[keyof typeof DataPlatform];

/** The kind of the API. */
export const ApiKind = {
  /** API Gateway checks parameters, returns the API's document, and writes its own errors as the functions do. */
  Rest: "REST",
  /** Costs about a third, and adds less latency. */
  Http: "HTTP",
} as const;
export type ApiKind = (typeof ApiKind)[keyof typeof ApiKind];

const vpcId = settings.get(key("vpcId"));

/** A stack's settings, from its Pulumi.STACK.yaml, with defaults from Pulumi.yaml. */
export const config = {
  /** Who may call the API: callers who sign with AWS credentials, or anyone. */
  apiAuth: settings.require<(typeof authorizations)[number]>(key("apiAuth"), { allowedValues: [...authorizations] }),
  /** The kind of the API. */
  apiKind: settings.require<ApiKind>(key("apiKind"), { allowedValues: Object.values(ApiKind) }),
  /** The origin of the web page that may call the API, or `*`. */
  corsOrigin: settings.get(key("corsOrigin")),
  /** How long log groups keep their events. */
  logRetentionDays: settings.requireNumber(key("logRetentionDays")),
  /** Pulumi deletes no tables, and neither the data lake's buckets nor its key; AWS guards the tables as well. */
  protectData: settings.requireBoolean(key("protectData")),
  /** One customer key encrypts tables, logs, function environments, the alarms' topic and the data lake. */
  customerKey: settings.requireBoolean(key("customerKey")),
  /** Creates alarms, a topic that they notify, and a dashboard. */
  alarms: settings.requireBoolean(key("alarms")),
  /** Where jobs and a cluster run: in a VPC that the stack creates, or in an existing one. */
  network: {
    vpcId,
    /** The existing VPC's private subnets. */
    subnetIds: settings.getObject<string[]>(key("subnetIds")),
    /** Their route tables, to add endpoints for S3 and DynamoDB if the VPC has none yet. */
    routeTableIds: settings.getObject<string[]>(key("routeTableIds")),
    /** How a VPC that the stack creates reaches the Internet. */
    nat: settings.get<Nat>(key("nat"), { allowedValues: Object.values(Nat) }),
    /** AWS services that are reached without the Internet. */
    interfaceEndpoints: settings.getObject<string[]>(key("interfaceEndpoints")),
    /** Lets EMR's managed policy launch instances there; the owner of an existing VPC sets its tags. */
    privateSubnetTags: vpcId === undefined ? { "for-use-with-amazon-emr-managed-policies": "true" } : undefined,
  },
  /** A fixed number of shards for the stream of item events; on demand without it. */
  eventShards: settings.getNumber(key("eventShards")),
  /** The time zone of working hours, in which instances are started and stopped. */
  timeZone: settings.require(key("timeZone")),
  /** What jobs run on, in order of preference. */
  jobsRunOn: settings.requireObject<ComputeType[]>(key("jobsRunOn")),
  /** Where Spark runs. */
  dataPlatform: settings.require<DataPlatform>(key("dataPlatform"), { allowedValues: Object.values(DataPlatform) }),
  /** The S3 address of a zip with certificates, which encrypt the traffic between a cluster's nodes. */
  emrCertificates: settings.get(key("emrCertificates")),
  /** Who receives an email when an alarm is raised; AWS asks them to confirm. */
  alarmEmail: settings.get(key("alarmEmail")),
};

const mistakes = unknownKeys();

// Checked here, because the policy that demands it sees the cluster's settings only after its key is created, halfway
// through `pulumi up`.
if (config.dataPlatform === DataPlatform.Cluster && config.protectData && config.emrCertificates === undefined) {
  mistakes.push(
    "emrCertificates is missing: protectData requires encrypted traffic between a cluster's nodes. " +
      "Write pulumi config set emrCertificates s3://BUCKET/certificates.zip",
  );
}
if (mistakes.length > 0) throw new pulumi.RunError(mistakes.join("\n"));

/** Other namespaces belong to their providers. */
function unknownKeys(): string[] {
  const given = Object.keys(pulumi.runtime.allConfig()).filter((name) => name.startsWith(`${settings.name}:`));
  const unknown = given.filter((name) => !keys.includes(name));
  return unknown.map((name) => `${name} is not a setting of this program; did you mean ${closest(name, keys)}?`);
}
