import * as pulumi from "@pulumi/pulumi";
import { closest } from "fastest-levenshtein";
import { type ComputeType, Nat } from "pulumi-graviton";

const settings = new pulumi.Config();
const keys: string[] = [];

/** Notes a key that is read: all of them together are those that a stack may have. */
function key(name: string): string {
  keys.push(`${settings.name}:${name}`);
  return name;
}

const authorizations = ["iam", "none"] as const;

/** Where Spark runs. */
export const DataPlatform = {
  /** Nowhere: there is no data lake either. */
  None: "none",
  /** On an EMR cluster, which ends after an hour without work. */
  Cluster: "cluster",
  /** On EMR Serverless, which stops after a quarter of an hour without work. */
  Serverless: "serverless",
} as const;
export type DataPlatform = (typeof DataPlatform)[keyof typeof DataPlatform];

const vpcId = settings.get(key("vpcId"));

/** What a stack may choose: set in its Pulumi.STACK.yaml, else as Pulumi.yaml says. */
export const config = {
  /** Who may call the API: callers who sign with AWS credentials, or anyone. */
  apiAuth: settings.require<(typeof authorizations)[number]>(key("apiAuth"), { allowedValues: [...authorizations] }),
  /** The origin of the web page that may call the API, or `*`. */
  corsOrigin: settings.get(key("corsOrigin")),
  /** How long log groups keep what is written to them. */
  logRetentionDays: settings.requireNumber(key("logRetentionDays")),
  /** Tables can be deleted neither by AWS nor by Pulumi until this is taken back. */
  protectData: settings.requireBoolean(key("protectData")),
  /** Alarms are raised, to a topic of the stack's own. */
  alarms: settings.requireBoolean(key("alarms")),
  /** Where jobs and a cluster run: in a VPC of the stack's own, or in one that is there already. */
  network: {
    vpcId,
    /** That VPC's private subnets. */
    subnetIds: settings.getObject<string[]>(key("subnetIds")),
    /** Their route tables, for endpoints of S3 and DynamoDB, if it has none yet. */
    routeTableIds: settings.getObject<string[]>(key("routeTableIds")),
    /** How a VPC of the stack's own reaches the Internet. */
    nat: settings.get<Nat>(key("nat"), { allowedValues: Object.values(Nat) }),
    /** AWS's services that are reached without the Internet. */
    interfaceEndpoints: settings.getObject<string[]>(key("interfaceEndpoints")),
    /** Let EMR's managed policy put machines there; of a VPC that is there the tags are its owner's. */
    privateSubnetTags: vpcId === undefined ? { "for-use-with-amazon-emr-managed-policies": "true" } : undefined,
  },
  /** What jobs run on, in the order in which it is tried. */
  jobsRunOn: settings.requireObject<ComputeType[]>(key("jobsRunOn")),
  /** Where Spark runs. */
  dataPlatform: settings.require<DataPlatform>(key("dataPlatform"), { allowedValues: Object.values(DataPlatform) }),
  /** Where in S3 a zip with certificates is, to encrypt what goes between a cluster's nodes. */
  emrCertificates: settings.get(key("emrCertificates")),
  /** Who is written to when an alarm is raised; AWS asks them to confirm. */
  alarmEmail: settings.get(key("alarmEmail")),
};

const mistakes = unknownKeys();

// Said here, as the policy that demands it knows the cluster's settings only once its key is there, midway in `pulumi up`.
if (config.dataPlatform === DataPlatform.Cluster && config.protectData && config.emrCertificates === undefined) {
  mistakes.push(
    "emrCertificates is missing: with protectData, what goes between a cluster's nodes is encrypted. " +
      "Write pulumi config set emrCertificates s3://BUCKET/certificates.zip",
  );
}
if (mistakes.length > 0) throw new pulumi.RunError(mistakes.join("\n"));

/** Other namespaces are their providers' own. */
function unknownKeys(): string[] {
  const given = Object.keys(pulumi.runtime.allConfig()).filter((name) => name.startsWith(`${settings.name}:`));
  const unknown = given.filter((name) => !keys.includes(name));
  return unknown.map((name) => `${name} is not a setting of this program; did you mean ${closest(name, keys)}?`);
}
